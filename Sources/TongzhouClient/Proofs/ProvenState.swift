internal import Foundation
public import Ledger
public import TransparencyLog

/// A record of the state with everything that proves it, down to the signed checkpoint: what a node gives for
/// `/v1/proofs/{table}/{ordinal}`.
public struct ProvenState: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-state-proof/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.state-proof+json"
  /// The most bytes of a file.
  public static let maximumByteCount = 2_000_000

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The table with its place under the state root.
  public var table: ProvenTable
  /// The record with its place in the table.
  public var record: ProvenRecord
  /// The seal that names the state root.
  public var seal: SealProof

  /// A proof from its parts.
  public init(table: TableProof, record: RecordProof, chain: Hash, seal: SealProof) {
    format = ProvenState.format
    self.chain = chain.description
    self.table = ProvenTable(table)
    self.record = ProvenRecord(record)
    self.seal = seal
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
  ///   - name: the table's, in version 1 of its layout.
  ///   - ordinal: the record's.
  ///   - chain: the pinned chain.
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`, `proof.not_included`.
  public func verify<Record: FixedLayoutRecord>(
    _ type: Record.Type, table name: String, ordinal: UInt64, chain: TrustedChain
  ) throws(ProofError) -> Proven<Record> {
    let seal = try provenSeal(chain: chain.id, policy: chain.policies.policy(of: self.seal))
    let table = try table.verified(name: name, under: seal.state)
    guard record.ordinal == ordinal else { throw ProofError(.notIncluded, "not record \(ordinal) of \(name)") }
    return Proven(record: try record.verified(in: table), count: table.count, seal: seal)
  }

  /// Checks that the record stood in the table that the file names, offline; what it is, who asks reads himself.
  ///
  /// The record is in canonical form, too, where the table is one that this version knows.
  ///
  /// - Returns: the seal of the block after which it stood so.
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`, `proof.not_included`.
  public func verify(chain: Hash, policy: Policy) throws(ProofError) -> Seal {
    let seal = try provenSeal(chain: chain, policy: policy)
    let summary = try table.verified(name: table.name, under: seal.state)
    if let layout = RecordLayouts.all[table.name] {
      try check(layout, in: summary)
    } else {
      let proof = RecordProof(
        ordinal: record.ordinal, record: Array(record.record), path: try SealProof.hashes(record.path))
      guard proof.verify(in: summary) else {
        throw ProofError(.notIncluded, "record \(record.ordinal) is not in its table")
      }
    }
    return seal
  }

  private func check<Record: FixedLayoutRecord>(_ type: Record.Type, in table: TableSummary) throws(ProofError) {
    let _: Record = try record.verified(in: table)
  }

  private func provenSeal(chain: Hash, policy: Policy) throws(ProofError) -> Seal {
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the proof is of chain \(self.chain)")
    }
    return try seal.verify(chain: chain, policy: policy).seal
  }
}
