import TransparencyLog

@testable import Ledger

/// The smallest contract: it counts transactions.
struct TallyChain: Application {
  let endorsers: EndorserSet
  private var count: UInt64 = 0

  init(genesis: Genesis) throws(LedgerError) {
    let payload = try genesis.payload(of: "tally")
    var members: [Endorser] = []
    for start in stride(from: 0, to: payload.count, by: 96) {
      var keys: [PublicKey] = []
      for part in 0..<3 { keys.append(try PublicKey(Array(payload[(start + 32 * part)..<(start + 32 * part + 32)]))) }
      members.append(
        Endorser(
          ordinal: UInt32(members.count), name: "org\(members.count)",
          keys: EndorserKeys(vote: keys[0], cosign: keys[1], log: keys[2])))
    }
    endorsers = EndorserSet(members)
  }

  func currentKey(of account: Address) -> PublicKey? { nil }
  func isOfficer(_ account: Address) -> Bool { true }
  func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {}

  mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    count += 1
  }

  var nextDue: Timestamp? { nil }
  mutating func runDueStep(at time: Timestamp) -> Bool { false }

  mutating func stateRoot() -> Hash {
    .sha256((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
  }
}

/// Organisations, a chain and everything that can be signed for it.
struct Organisations {
  static let start = Timestamp(seconds: 1_790_000_000)

  let keys: [OrganisationKeys]
  let genesis: Genesis

  init(_ count: Int = 4, limits: Limits = Limits(), name: String = "tally") throws {
    var seed: UInt8 = 0
    func next() throws -> SigningKey {
      seed += 1
      return try SigningKey(seed: [UInt8](repeating: seed, count: 32))
    }
    keys = try (0..<count).map { _ in OrganisationKeys(vote: try next(), cosign: try next(), log: try next()) }
    let payload = keys.flatMap { own in
      own.vote.publicKey.bytes + own.cosign.publicKey.bytes + own.log.publicKey.bytes
    }
    genesis = try Genesis(
      name: name, origin: "\(name).example/log", time: Self.start, limits: limits, contracts: [("tally", payload)])
  }

  var set: EndorserSet {
    EndorserSet(
      keys.enumerated().map { Endorser(ordinal: UInt32($0), name: "org\($0)", keys: $1.publicKeys) })
  }

  func chain() throws -> Chain<TallyChain> { try Chain(genesis: genesis) }

  /// A transaction of anybody.
  func transaction(_ number: UInt8, payload: [UInt8] = [], at now: Timestamp = start) throws -> VerifiedTransaction {
    let key = try SigningKey(seed: [UInt8](repeating: 200, count: 32))
    let unsigned = try UnsignedTransaction(
      chain: genesis.chain, sender: key.publicKey.address, expiry: now.adding(seconds: 300),
      id: [UInt8](repeating: number, count: 16), action: Action(contract: "tally", kind: 1, payload: payload))
    return try .verify(envelope: unsigned.signed(by: [key]), chain: genesis.chain)
  }

  /// Cosignatures of some members on a head, a second apart, in the order of the members.
  func cosignatures(on head: LogHead, by members: [Int], origin: String? = nil) throws -> [EndorserCosignature] {
    let text = head.text(origin: origin ?? genesis.origin)
    return try members.map {
      try EndorserCosignature(text: text, time: Self.start.adding(seconds: UInt64($0)), key: keys[$0].cosign)
    }
  }

  /// The certificate of some members: sorted by key.
  func certificate(on head: LogHead, by members: [Int]) throws -> [EndorserCosignature] {
    try cosignatures(on: head, by: members).sorted { $0.key < $1.key }
  }

  /// A header that fits a chain, for a batch to be built on.
  func header(after chain: Chain<TallyChain>, by proposer: UInt32 = 0) throws -> Header {
    let members = Array(0..<chain.certifiers.quorum)
    return Header(
      chain: chain.id, epoch: chain.epoch, sequence: chain.sequence + 1, previous: chain.previous,
      certificate: chain.height == 0 ? [] : try certificate(on: chain.head, by: members), count: 0, root: .zero,
      proposer: proposer)
  }

  /// A valid batch after a chain.
  func batch(
    after chain: Chain<TallyChain>, _ transactions: [VerifiedTransaction] = [], by proposer: Int = 0
  ) throws -> Batch {
    try Batch(
      header(after: chain, by: UInt32(proposer)), entries: transactions.map(\.entry), signedBy: keys[proposer].vote)
  }

  /// A chain after one block with one transaction.
  func chainWithOneBlock() throws -> Chain<TallyChain> {
    var chain = try chain()
    let batch = try batch(after: chain, [transaction(1)])
    let certificate = try chain.validate(batch, at: 1)
    chain.commit(try chain.execute(PreparedBatch(batch, chain: genesis.chain), certificate: certificate))
    return chain
  }

  /// A statement with nothing behind it.
  func statement(sequence: UInt64 = 1, root: UInt8 = 3) -> Statement {
    Statement(
      chain: genesis.chain, epoch: 0, sequence: sequence, batch: .sha256([1]), size: 4, root: .sha256([root]))
  }
}

extension VerifiedTransaction {
  /// The entry that carries it.
  var entry: [UInt8] { Entry.make(.transaction, envelope) }
}
