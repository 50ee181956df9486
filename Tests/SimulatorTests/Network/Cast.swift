import Ledger
import Simulator

/// Organisations with their keys and officers; the same for every run of so many.
struct Cast: Sendable {
  let keys: [OrganisationKeys]
  let officers: [SigningKey]

  /// When every chain of these tests begins.
  static let start = Timestamp(seconds: 1_790_000_000)

  init(count: Int) throws {
    var generator = SplitMix64(seed: UInt64(count))
    var keys: [OrganisationKeys] = []
    var officers: [SigningKey] = []
    for _ in 0..<count {
      keys.append(
        OrganisationKeys(
          vote: try SigningKey(seed: generator.bytes32()), cosign: try SigningKey(seed: generator.bytes32()),
          log: try SigningKey(seed: generator.bytes32())))
      officers.append(try SigningKey(seed: generator.bytes32()))
    }
    self.keys = keys
    self.officers = officers
  }

  /// A chain with a step due every `interval` seconds; none if that is 0.
  func genesis(interval: UInt64 = 0, limits: Limits = Limits()) throws -> Genesis {
    var payload = (0..<8).map { UInt8(truncatingIfNeeded: interval >> (56 - 8 * UInt64($0))) }
    for (own, officer) in zip(keys, officers) {
      let keys = [own.vote, own.cosign, own.log, officer]
      payload += keys.flatMap(\.publicKey.bytes)
    }
    return try Genesis(
      name: "counter", origin: "counter.example/log", time: Self.start, limits: limits,
      contracts: [(CounterChain.name, payload)])
  }

  /// A transaction of one officer that lives ten minutes from `now`.
  func transaction(
    _ number: UInt64, from officer: Int = 0, kind: UInt32 = 1, payload: [UInt8] = [1], at now: Timestamp,
    lives: UInt64 = 600, on genesis: Genesis
  ) throws -> VerifiedTransaction {
    let id = (0..<16).map { $0 < 8 ? 0 : UInt8(truncatingIfNeeded: number >> (120 - 8 * UInt64($0))) }
    let key = officers[officer]
    let unsigned = try UnsignedTransaction(
      chain: genesis.chain, sender: key.publicKey.address, expiry: now.adding(seconds: lives), id: id,
      action: Action(contract: CounterChain.name, kind: kind, payload: payload))
    return try .verify(envelope: unsigned.signed(by: [key]), chain: genesis.chain)
  }
}

extension VerifiedTransaction {
  /// The one entry that carries it.
  var entries: [[UInt8]] { [Entry.make(.transaction, envelope)] }
}
