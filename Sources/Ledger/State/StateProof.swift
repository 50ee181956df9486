public import TransparencyLog

/// The proof that a table stands in a state.
public struct TableProof: Equatable, Sendable {
  /// The table's leaf.
  public let table: TableSummary
  /// Its place among the tables sorted by name, from 0.
  public let index: UInt64
  /// The number of tables.
  public let tableCount: UInt64
  /// The siblings from the table's leaf up to the state root (RFC 6962, 2.1.1).
  public let path: [Hash]

  /// A proof from its parts, for instance as received.
  public init(table: TableSummary, index: UInt64, tableCount: UInt64, path: [Hash]) {
    self.table = table
    self.index = index
    self.tableCount = tableCount
    self.path = path
  }

  /// Whether the table of this name and version stands under the state root.
  ///
  /// A name stands in a state once and is part of the leaf, so a wrong `tableCount` gains nothing.
  public func verify(name: String, version: UInt32, under stateRoot: Hash) -> Bool {
    guard table.name == Array(name.utf8), table.version == version, let leaf = table.leafBytes else { return false }
    let proof = InclusionProof(index: index, size: tableCount, path: path)
    return (try? proof.verify(leafHash: .leaf(leaf), root: stateRoot)) != nil
  }
}

/// The proof that a record stands in a table.
public struct RecordProof: Equatable, Sendable {
  /// The record's ordinal.
  public let ordinal: UInt64
  /// The record's canonical bytes.
  public let record: [UInt8]
  /// The siblings from the record's leaf up to the table's root (RFC 6962, 2.1.1).
  public let path: [Hash]

  /// A proof from its parts, for instance as received.
  public init(ordinal: UInt64, record: [UInt8], path: [Hash]) {
    self.ordinal = ordinal
    self.record = record
    self.path = path
  }

  /// Whether the record has this ordinal in the table.
  public func verify(in table: TableSummary) -> Bool {
    let proof = InclusionProof(index: ordinal, size: table.count, path: path)
    return (try? proof.verify(leafHash: .leaf(record), root: table.root)) != nil
  }
}

/// The proof that several records stand in a table.
public struct RecordsProof: Sendable {
  /// The records' canonical bytes, by ascending ordinal.
  public let records: [(ordinal: UInt64, record: [UInt8])]
  /// The roots of the largest subtrees without any of them, from left to right (`SubsetProof`).
  public let hashes: [Hash]

  /// A proof from its parts, for instance as received.
  public init(records: [(ordinal: UInt64, record: [UInt8])], hashes: [Hash]) {
    self.records = records
    self.hashes = hashes
  }

  /// Whether all the records have these ordinals in the table.
  public func verify(in table: TableSummary) -> Bool {
    let leaves = records.map { (index: $0.ordinal, hash: Hash.leaf($0.record)) }
    return (try? SubsetProof(size: table.count, hashes: hashes).verify(leaves: leaves, root: table.root)) != nil
  }
}

/// The proof that a record stands in a state: its path to its table's root, and the table's path to
/// the state root.
public struct StateProof: Equatable, Sendable {
  /// The table's part.
  public let table: TableProof
  /// The record's part.
  public let record: RecordProof

  /// A proof from its parts.
  public init(table: TableProof, record: RecordProof) {
    self.table = table
    self.record = record
  }

  /// Whether the record stands in the table of this name and version under the state root.
  public func verify(name: String, version: UInt32, under stateRoot: Hash) -> Bool {
    table.verify(name: name, version: version, under: stateRoot) && record.verify(in: table.table)
  }
}
