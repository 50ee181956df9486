import Foundation
import TransparencyLog

@testable import Consortium
@testable import Ledger
@testable import TongzhouClient

/// Organisations that come, go and change their keys, and what they sign: the last entries of blocks and no more.
struct PolicyStory {
  static let origin = "village.example/log"

  /// One of them.
  struct Organisation {
    let name: String
    var keys: OrganisationKeys
    var standing = OrganisationRecord.Standing.active

    /// - Parameter number: the first of three numbers that its keys are made of.
    init(_ name: String, _ number: UInt8) throws {
      self.name = name
      keys = try Organisation.keys(number)
    }

    static func keys(_ number: UInt8) throws -> OrganisationKeys {
      let made = try (0..<3).map { try SigningKey(seed: [UInt8](repeating: number + UInt8($0), count: 32)) }
      return OrganisationKeys(vote: made[0], cosign: made[1], log: made[2])
    }
  }

  let chain = Hash.sha256([1])
  /// Four that endorse at first.
  let first: [Organisation]
  /// The third has another key for cosignatures.
  let rotated: [Organisation]
  /// Then the fourth is suspended, and then removed.
  let suspended: [Organisation]
  let removed: [Organisation]

  init() throws {
    let all = try ["a.example", "b.example", "c.example", "d.example"].enumerated().map {
      try Organisation($1, UInt8(10 * $0 + 10))
    }
    first = all
    var next = all
    let new = try Organisation.keys(100)
    next[2].keys = OrganisationKeys(vote: all[2].keys.vote, cosign: new.cosign, log: all[2].keys.log)
    rotated = next
    next[3].standing = .suspended
    suspended = next
    next[3].standing = .removed
    removed = next
  }

  static func records(_ organisations: [Organisation]) throws -> [OrganisationRecord] {
    try organisations.map { organisation in
      guard let name = InlineName(organisation.name) else { throw LedgerError(.malformed, "no name") }
      var record = OrganisationRecord(name: name, roles: .auditor, keys: organisation.keys.publicKeys)
      record.standing = organisation.standing
      return record
    }
  }

  static func policy(_ organisations: [Organisation]) throws -> Policy {
    try Consortium.endorsers(records(organisations)).policy(origin: origin)
  }

  /// The policies that begin with those four.
  func policies() throws -> TrustedPolicies {
    try TrustedPolicies(genesis: Consortium.endorsers(PolicyStory.records(first)), origin: PolicyStory.origin)
  }

  /// A checkpoint with the log signature of the first signer and the cosignatures of all.
  static func checkpoint(_ head: LogHead, by signers: [Organisation]) throws -> UnverifiedCheckpoint {
    let text = head.text(origin: origin)
    var lines = [try NoteSigner(name: NoteName(origin), seed: signers[0].keys.log.seed).sign(text: text)]
    for signer in signers {
      lines.append(
        try NoteCosigner(name: NoteName(signer.name + "/executor"), seed: signer.keys.cosign.seed)
          .cosign(text: text, timestamp: 1_000))
    }
    return try UnverifiedCheckpoint(note: SignedNote(text: text, signatures: lines))
  }

  /// The block of a height after which the organisations are these, signed by some; a log of `size` entries ends with
  /// it, and `more` follow before the checkpoint.
  func change(
    to organisations: [Organisation], height: UInt64, size: Int, by signers: [Organisation], more: Int = 0
  ) throws -> PolicyChange {
    let records = try PolicyStory.records(organisations)
    let root = MerkleTree.treeRoot(of: records.map { Hash.leaf($0.canonicalBytes) })
    let summary = TableSummary(name: "organisations", version: 1, count: UInt64(records.count), root: root)
    let state = Hash.leaf(summary.leafBytes ?? [])
    let header = Header(
      chain: chain, epoch: 0, sequence: height, previous: chain, certificate: [], proposer: 0)
    let batch = try Batch(header, entries: [], signedBy: signers[0].keys.vote)
    let seal = Seal(
      height: height, time: Timestamp(seconds: 10_000 + height), batch: batch.hash, state: state, results: .zero,
      transactions: 0, failed: 0, rows: 0, steps: 0)
    let opened = Entry.make(.header, batch.signedHeader)
    let filler = (0..<(size - 2)).map { Hash.sha256([UInt8($0 & 255), UInt8($0 >> 8)]) }
    let leaves =
      filler + [Hash.leaf(opened), Hash.leaf(seal.entry)] + (0..<more).map { Hash.sha256([9, UInt8($0)]) }
    let head = LogHead(size: UInt64(leaves.count), root: MerkleTree.treeRoot(of: leaves))
    let path = try InclusionProof.build(index: UInt64(size - 1), leaves: leaves).path
    return PolicyChange(
      seal: SealProof(
        index: UInt64(size - 1), seal: Data(seal.entry), header: Data(opened), path: path.map { Data($0.bytes) },
        checkpoint: String(decoding: try PolicyStory.checkpoint(head, by: signers).bytes, as: UTF8.self)),
      table: ProvenTable(TableProof(table: summary, index: 0, tableCount: 1, path: [])),
      organisations: ProvenRecords(
        RecordsProof(records: records.enumerated().map { (UInt64($0), $1.canonicalBytes) }, hashes: [])))
  }

  /// The three changes, each certified by those who endorsed before it, at the sizes 10, 20 and 30.
  func changes() throws -> PolicyChanges {
    var changes = PolicyChanges(chain: chain)
    changes.add(try change(to: rotated, height: 3, size: 10, by: Array(first[1...])))
    changes.add(try change(to: suspended, height: 5, size: 20, by: Array(rotated[1...])))
    changes.add(try change(to: removed, height: 8, size: 30, by: Array(suspended[..<3])))
    return changes
  }
}
