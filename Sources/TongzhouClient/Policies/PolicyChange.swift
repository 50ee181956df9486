internal import Consortium
public import Contracts
internal import Foundation
public import Ledger
internal import MutualAid
internal import TransparencyLog

/// Proof of the set of endorsers after a block that changed it, under the set before.
///
/// The set before a block certifies it, so the checkpoint right after the block is the last one that the old set
/// stands for; the organisations' records in the state that its seal names are the new set. Nothing in between is
/// anybody's word.
public struct PolicyChange: Codable, Hashable, Sendable {
  /// The seal of the block, the last entry of its checkpoint.
  public var seal: SealProof
  /// The table `organisations`.
  public var table: ProvenTable
  /// All its records.
  public var organisations: ProvenRecords
}

extension PolicyChange {
  /// The change that a final block made.
  ///
  /// - Parameter certifiers: the set before the block.
  /// - Throws: `proof.not_found` where the checkpoint lacks a log signature; what a checkpoint throws.
  public init(
    _ certified: CertifiedBlock<ChainState>, certifiers: EndorserSet, origin: String
  ) throws {
    let block = certified.block
    var app = block.app
    guard !certified.logSignatures.isEmpty, let proof = app.commitment().proof(ofTable: PolicyChange.tableName),
      let header = block.entries.first
    else { throw ProofError(.notFound, "the block's checkpoint has no log signature") }
    let checkpoint = try certified.checkpoint(origin: origin, endorsers: certifiers)
    seal = SealProof(
      index: block.head.size - 1, seal: Data(block.seal.entry), header: Data(header),
      // The last leaf's siblings are the perfect subtrees that the leaves before it make, the smallest first.
      path: block.beforeSeal.hashes.reversed().map { Data($0.bytes) },
      checkpoint: String(decoding: checkpoint, as: UTF8.self))
    seal.keepOneLogSignature()
    table = ProvenTable(proof)
    let all = app.consortium.organisations
    organisations = ProvenRecords(
      RecordsProof(records: (0..<all.count).map { (UInt64($0), all[$0].canonicalBytes) }, hashes: []))
  }

  private static let tableName = "organisations"

  /// The set that governs after the change, if the set before certified it.
  ///
  /// - Returns: the set, the block's seal, and the log's head after it.
  /// - Throws: what a seal proof throws; `proof.not_included`, `proof.malformed`.
  func verify(
    chain: Hash, policy: Policy
  ) throws(ProofError) -> (endorsers: EndorserSet, seal: Seal, head: LogHead) {
    let proven = try seal.verify(chain: chain, policy: policy)
    guard proven.checkpoint.size == seal.index + 1 else {
      throw ProofError(.notIncluded, "the checkpoint is not the one right after the block")
    }
    let summary = try table.verified(name: PolicyChange.tableName, under: proven.seal.state)
    let records: [OrganisationRecord] = try organisations.verified(in: summary)
    guard organisations.hashes.isEmpty, UInt64(records.count) == summary.count,
      organisations.records.enumerated().allSatisfy({ $0.element.ordinal == UInt64($0.offset) })
    else { throw ProofError(.notIncluded, "not all organisations") }
    let endorsers = Consortium.endorsers(records)
    guard (1...EndorserSet.maximumCount).contains(endorsers.count) else {
      throw ProofError(.malformed, "a set of \(endorsers.count) endorsers")
    }
    return (endorsers, proven.seal, LogHead(size: proven.checkpoint.size, root: proven.checkpoint.root))
  }

  /// What the seal says of its block, nothing of it checked; `nil` where it does not read.
  var unverifiedHeight: UInt64? { (try? Seal(entry: Array(seal.seal)))?.height }

  /// The set that the records make, nothing of them checked; `nil` where they do not read.
  var unverifiedEndorsers: EndorserSet? {
    var records: [OrganisationRecord] = []
    for item in organisations.records {
      guard item.record.count == OrganisationRecord.byteCount,
        let record = try? OrganisationRecord(canonical: Array(item.record), ordinal: item.ordinal)
      else { return nil }
      records.append(record)
    }
    return Consortium.endorsers(records)
  }
}
