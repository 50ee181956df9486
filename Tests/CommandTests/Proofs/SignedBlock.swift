import Foundation
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// A log of one block in which one organisation signs whatever a test puts before it.
struct SignedBlock {
  static let origin = "one.example/log"
  static let name = "one.example"

  let policy: Policy
  private let keys: OrganisationKeys

  /// Entries of the block, header and seal left out.
  var entries: [[UInt8]] = []
  /// The chain that the header names.
  var chain = Hash.sha256([1])
  var time = Timestamp(seconds: 10_000)
  var state = Hash.zero
  var transactions: UInt32 = 0
  /// The last word on the bytes of the signed header.
  var bendHeader: (inout [UInt8]) -> Void = { _ in }

  init() throws {
    func key(_ number: UInt8) throws -> SigningKey { try SigningKey(seed: [UInt8](repeating: number, count: 32)) }
    keys = OrganisationKeys(vote: try key(61), cosign: try key(62), log: try key(63))
    policy = try EndorserSet([Endorser(ordinal: 0, name: SignedBlock.name, keys: keys.publicKeys)])
      .policy(origin: SignedBlock.origin)
  }

  /// Everything of the log that a proof is made of.
  struct Log {
    let seal: SealProof
    let leaves: [Hash]
    let entries: [[UInt8]]

    func path(_ index: UInt64) throws -> [Data] {
      try InclusionProof.build(index: index, leaves: leaves).path.map { Data($0.bytes) }
    }
  }

  func log() throws -> Log {
    let fields = Header(
      chain: chain, epoch: 0, sequence: 1, previous: chain, certificate: [], proposer: 0)
    let batch = try Batch(fields, entries: entries, signedBy: keys.vote)
    var header = batch.signedHeader
    bendHeader(&header)
    let seal = Seal(
      height: 1, time: time, batch: Batch.hash(ofSignedHeader: header), state: state, results: .zero,
      transactions: transactions, failed: 0, rows: 0, steps: 0)
    let all = [[0]] + [Entry.make(.header, header)] + entries + [seal.entry]
    let leaves = all.map { Hash.leaf($0) }
    let index = UInt64(all.count - 1)
    let checkpoint = try UnverifiedCheckpoint(
      signing: Checkpoint(
        origin: Array(SignedBlock.origin.utf8), size: UInt64(all.count), root: MerkleTree.treeRoot(of: leaves)),
      by: [NoteSigner(name: NoteName(SignedBlock.origin), seed: keys.log.seed)])
    let cosigner = try NoteCosigner(name: NoteName(SignedBlock.name + "/executor"), seed: keys.cosign.seed)
    let signed = try checkpoint.adding([checkpoint.cosignature(by: cosigner, at: time.seconds)])
    let path = try InclusionProof.build(index: index, leaves: leaves).path.map { Data($0.bytes) }
    return Log(
      seal: SealProof(
        index: index, seal: Data(seal.entry), header: Data(all[1]), path: path,
        checkpoint: String(decoding: signed.bytes, as: UTF8.self)),
      leaves: leaves, entries: all)
  }
}
