import Contracts
import HeartChain
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// The log of a chain of hearts under the signatures of a quorum, and the proof files of it.
struct HeartFixture: Sendable {
  let giving: TestGiving
  let source: MemorySource
  let policy: Policy

  var chain: Hash { giving.network.genesis.chain }

  static let shared = Result { try HeartFixture() }

  private init() throws {
    let giving = try TestGiving()
    self.giving = giving
    let origin = giving.network.genesis.origin
    let certifiers = giving.chain.chain.certifiers
    policy = try certifiers.policy(origin: origin)
    // A quorum and no more, so that one signature less is too few.
    let signers = giving.network.organisations.compactMap { organisation in
      organisation.endorsing.map { (organisation.name, $0) }
    }.prefix(certifiers.quorum)
    let bare = try UnverifiedCheckpoint(
      signing: Checkpoint(text: giving.chain.chain.head.text(origin: origin)),
      by: signers.prefix(1).map { try NoteSigner(name: NoteName(origin), seed: $0.1.log.seed) })
    let signed = try bare.adding(
      signers.map {
        try bare.cosignature(
          by: NoteCosigner(name: NoteName($0.0 + "/executor"), seed: $0.1.cosign.seed),
          at: giving.chain.chain.time.seconds)
      })
    source = try MemorySource(entries: giving.entries, checkpoint: signed.bytes, policy: policy.text)
  }

  func seal() throws -> SealProof { try SealProof(last: source) }

  /// The way of a lot.
  func way(_ lot: TestGiving.Lot) throws -> ProvenWay {
    try ProvenWay(
      giving.way(of: lot),
      reversal: giving.reversals[lot].map { ProvenWay.Reversal(reason: $0.reason, time: $0.time) },
      state: giving.app, chain: chain, seal: seal())
  }

  /// The proof of a record of the state.
  func proof(_ name: String, _ ordinal: Int) throws -> ProvenState? {
    var app = giving.app
    guard let table = app.commitment().proof(ofTable: name), let record = app.recordProof(table: name, ordinal: ordinal)
    else { return nil }
    return ProvenState(table: table, record: record, chain: chain, seal: try seal())
  }
}

extension HeartFixture {
  /// The tables of the contract "hearts".
  static let tables = [
    "channels", "exhibits", "flows", "formulas", "gift_kinds", "gifts", "givers", "hearts", "index_consents", "lots",
    "partners", "projects", "relations", "trace_books", "trace_manifests",
  ]

  /// The seal of the block before the last.
  func earlierSeal() throws -> SealProof {
    let places = giving.entries.indices.filter { giving.entries[$0].first == EntryKind.transaction.rawValue }
    return try Receipt(entry: UInt64(try #require(places.dropLast().last)), from: source).seal
  }
}
