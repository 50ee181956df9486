internal import Foundation
public import Ledger
internal import TransparencyLog

/// A record of the state with everything that proves it, down to the signed checkpoint: what a node gives for
/// `/v1/proofs/{table}/{ordinal}`.
public struct ProvenState: Codable, Hashable, Sendable {
  /// The version of the format.
  public static let format = "tongzhou-state-proof/v1"
  /// The most bytes of a file.
  public static let maximumByteCount = 2_000_000

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The table with its place under the state root.
  public var table: Statement.ProvenTable
  /// The record with its place in the table.
  public var record: Statement.ProvenRecord
  /// The seal that names the state root.
  public var seal: SealProof

  /// Reads a proof; `proof.malformed` for what is none.
  public init(json: [UInt8]) throws(ProofError) {
    guard json.count <= ProvenState.maximumByteCount,
      let proof = try? JSONDecoder().decode(ProvenState.self, from: Data(json)),
      proof.format.utf8.elementsEqual(ProvenState.format.utf8)
    else { throw ProofError(.malformed, "not a state proof of format 1") }
    self = proof
  }

  /// What a valid proof says.
  public struct Proven<Record: Sendable>: Sendable {
    /// The record.
    public let record: Record
    /// Records in its table.
    public let count: UInt64
    /// The seal of the block after which it stood so.
    public let seal: Seal
  }

  /// Checks that a record stood in the state of the chain, offline.
  ///
  /// - Parameters:
  ///   - table: the table's name, in version 1 of its layout.
  ///   - ordinal: the record's.
  ///   - chain: the pinned chain.
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`, `proof.not_included`.
  public func verify<Record: FixedLayoutRecord>(
    _ type: Record.Type, table name: String, ordinal: UInt64, chain: TrustedChain
  ) throws(ProofError) -> Proven<Record> {
    guard self.chain.utf8.elementsEqual(chain.id.description.utf8) else {
      throw ProofError(.wrongChain, "the proof is of chain \(self.chain)")
    }
    let seal = try seal.verify(chain: chain.id, policy: chain.policy).seal
    guard let root = Hash(table.root) else { throw ProofError(.malformed, "a root has 32 bytes") }
    let bytes = Array(record.record)
    let proof = StateProof(
      table: TableProof(
        table: TableSummary(name: table.name, version: table.version, count: table.count, root: root),
        index: table.index, tableCount: table.tables, path: try SealProof.hashes(table.path)),
      record: RecordProof(ordinal: record.ordinal, record: bytes, path: try SealProof.hashes(record.path)))
    guard record.ordinal == ordinal, bytes.count == Record.byteCount,
      proof.verify(name: name, version: 1, under: seal.state)
    else { throw ProofError(.notIncluded, "record \(ordinal) of \(name) is not in the state") }
    let found = Record(from: bytes.span.bytes)
    guard found.canonicalBytes == bytes else {
      throw ProofError(.malformed, "record \(ordinal) of \(name) is not in canonical form")
    }
    return Proven(record: found, count: table.count, seal: seal)
  }
}
