public import Foundation
public import Ledger
internal import TransparencyLog

/// A table with its place under the state root.
public struct ProvenTable: Codable, Hashable, Sendable {
  /// The table's name.
  public var name: String
  /// Version of its layout.
  public var version: UInt64
  /// Records in it.
  public var count: UInt64
  /// Its root.
  public var root: Data
  /// Its index among the tables, and their number.
  public var index: UInt64
  /// See ``index``.
  public var tables: UInt64
  /// RFC 6962 inclusion path under the state root.
  public var path: [Data]
}

/// A record with its place in a table.
public struct ProvenRecord: Codable, Hashable, Sendable {
  /// The record's ordinal in its table.
  public var ordinal: UInt64
  /// Its canonical bytes.
  public var record: Data
  /// RFC 6962 inclusion path under the table's root.
  public var path: [Data]
}

/// Several records of one table with one proof for all.
public struct ProvenRecords: Codable, Hashable, Sendable {
  /// One of them.
  public struct Item: Codable, Hashable, Sendable {
    /// The record's ordinal in its table.
    public var ordinal: UInt64
    /// Its canonical bytes.
    public var record: Data
  }

  /// The records, by ascending ordinal.
  public var records: [Item]
  /// Roots of the largest subtrees without any of them, from left to right.
  public var hashes: [Data]
}

extension ProvenTable {
  /// A table with its proof.
  public init(_ proof: TableProof) {
    name = String(decoding: proof.table.name, as: UTF8.self)
    version = UInt64(proof.table.version)
    count = proof.table.count
    root = Data(proof.table.root.bytes)
    index = proof.index
    tables = proof.tableCount
    path = proof.path.map { Data($0.bytes) }
  }

  /// The table, if it stands in the state under this name, in version 1 of its layout.
  ///
  /// - Throws: `proof.malformed`, `proof.not_included`.
  func verified(name expected: String, under state: Hash) throws(ProofError) -> TableSummary {
    guard let root = Hash(root) else { throw ProofError(.malformed, "a root has 32 bytes") }
    guard let version = UInt32(exactly: version) else {
      throw ProofError(.notIncluded, "no table has version \(version)")
    }
    let summary = TableSummary(name: name, version: version, count: count, root: root)
    let proof = TableProof(
      table: summary, index: index, tableCount: tables, path: try SealProof.hashes(path))
    guard proof.verify(name: expected, version: 1, under: state) else {
      throw ProofError(.notIncluded, "\(expected) is not a table of the state")
    }
    return summary
  }
}

extension ProvenRecord {
  /// A record with its proof.
  public init(_ proof: RecordProof) {
    ordinal = proof.ordinal
    record = Data(proof.record)
    path = proof.path.map { Data($0.bytes) }
  }

  /// The record, if it stands in the table.
  ///
  /// - Throws: `proof.malformed`, `proof.not_included`.
  func verified<Record: FixedLayoutRecord>(in table: TableSummary) throws(ProofError) -> Record {
    let bytes = Array(record)
    let proof = RecordProof(ordinal: ordinal, record: bytes, path: try SealProof.hashes(path))
    guard bytes.count == Record.byteCount, proof.verify(in: table) else {
      throw ProofError(.notIncluded, "record \(ordinal) is not in its table")
    }
    return try Record(canonical: bytes, ordinal: ordinal)
  }
}

extension ProvenRecords {
  /// Records with their proof.
  public init(_ proof: RecordsProof) {
    records = proof.records.map { Item(ordinal: $0.ordinal, record: Data($0.record)) }
    hashes = proof.hashes.map { Data($0.bytes) }
  }

  /// The records, if they stand in the table.
  ///
  /// - Throws: `proof.malformed`, `proof.not_included`.
  func verified<Record: FixedLayoutRecord>(in table: TableSummary) throws(ProofError) -> [Record] {
    var known: [Hash] = []
    for data in hashes {
      guard let hash = Hash(data) else { throw ProofError(.malformed, "a hash has 32 bytes") }
      known.append(hash)
    }
    let proof = RecordsProof(records: records.map { ($0.ordinal, Array($0.record)) }, hashes: known)
    guard records.allSatisfy({ $0.record.count == Record.byteCount }), proof.verify(in: table) else {
      throw ProofError(.notIncluded, "the records are not in their table")
    }
    var read: [Record] = []
    for item in records { read.append(try Record(canonical: Array(item.record), ordinal: item.ordinal)) }
    return read
  }
}

extension FixedLayoutRecord {
  /// A record out of its canonical bytes, as many as its layout has.
  ///
  /// Reading puts something in the place of what it does not know; then other bytes come out again.
  init(canonical bytes: [UInt8], ordinal: UInt64) throws(ProofError) {
    self.init(from: bytes.span.bytes)
    guard canonicalBytes == bytes else { throw ProofError(.malformed, "record \(ordinal) is not in canonical form") }
  }
}
