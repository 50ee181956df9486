public import Consortium
internal import Foundation
public import Ledger
public import MutualAid
public import TransparencyLog

extension NodeClient {
  /// Seconds from now until a transaction expires: half of what the chain allows, so that a clock that is some
  /// minutes wrong does no harm.
  public static let expirySeconds: UInt64 = 300

  /// Signs an action with a new random id.
  ///
  /// - Parameters:
  ///   - account: the sender, where the key is not her first.
  ///   - others: who signs besides the sender, such as a gift's claim code.
  public static func sign(
    _ action: Action, by key: SigningKey, as account: Address? = nil, with others: [SigningKey] = [],
    rows: [[UInt8]] = [], chain: TrustedChain
  ) throws(LedgerError) -> [UInt8] {
    let now = Timestamp(seconds: UInt64(Date().timeIntervalSince1970))
    return try sign(action, by: key, as: account, with: others, rows: rows, chain: chain.id, at: now)
  }

  /// The same on a chain of this id, at a time that somebody else tells.
  public static func sign(
    _ action: Action, by key: SigningKey, as account: Address? = nil, with others: [SigningKey] = [],
    rows: [[UInt8]] = [], chain: Hash, at now: Timestamp
  ) throws(LedgerError) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let words = [generator.next(), generator.next()]
    let id = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    return try UnsignedTransaction(
      chain: chain, sender: account ?? key.publicKey.address, expiry: now.adding(seconds: expirySeconds), id: id,
      action: action, manifest: rows.isEmpty ? nil : Manifest(rows: rows)
    ).signed(by: [key] + others)
  }

  /// Signs an action, hands it in and waits until it is final.
  ///
  /// - Throws: what ``submit(_:rows:on:chain:)`` throws, and ``ClientError`` with the contract's code where the
  ///   transaction is in the log and the rules refused it.
  public func perform(
    _ action: Action, by key: SigningKey, as account: Address? = nil, with others: [SigningKey] = [],
    rows: [[UInt8]] = [], on name: String, chain: TrustedChain
  ) async throws -> Submission {
    try await perform(
      signed: NodeClient.sign(action, by: key, as: account, with: others, rows: rows, chain: chain), rows: rows,
      on: name, chain: chain)
  }

  /// The same with an envelope that is signed already.
  public func perform(
    signed envelope: [UInt8], rows: [[UInt8]] = [], on name: String, chain: TrustedChain
  ) async throws -> Submission {
    let done = try await submit(envelope, rows: rows, on: name, chain: chain)
    guard done.succeeded else {
      throw ClientError(
        ClientError.Code(done.code), "transaction \(done.transaction) is in the log, and the rules refused it")
    }
    return done
  }

  /// The identity authority attests people; each gets what a join carries.
  public func attest(
    _ people: [Attestation], plan: UInt16, by officer: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> (submission: Submission, proven: [ProvenAttestation]) {
    let rows = people.map(\.canonicalBytes)
    let submission = try await perform(
      Consortium.attestAction(plan: plan), by: officer, rows: rows, on: name, chain: chain)
    guard let manifest = try await attestations(Manifest(rows: rows), on: name, chain: chain) else {
      throw ClientError(.unproven, "the manifest is not in the state")
    }
    let paths = InclusionPaths(rows.map { Hash.leaf($0) })
    let proven = people.enumerated().map { index, attestation in
      ProvenAttestation(
        attestation: attestation, manifest: manifest, index: UInt32(index),
        path: paths.path(to: index))
    }
    return (submission, proven)
  }

  /// The custodian reports deposits to a plan, each with an outcome of its own.
  ///
  /// Where somebody else's report came first, it is numbered anew and signed again.
  public func deposit(
    _ deposits: [Deposit], plan: UInt16, by officer: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> Submission {
    let rows = deposits.map(\.canonicalBytes)
    var tries = 0
    while true {
      let first = try await self.plan(plan, on: name, chain: chain).nextDeposit
      do {
        return try await perform(
          MutualAid.deposits(plan: plan, first: first), by: officer, rows: rows, on: name, chain: chain)
      } catch let error as ClientError where error.code.name == ErrorCode.depositOutOfTurn.name && tries < 8 {
        tries += 1
      }
    }
  }
}
