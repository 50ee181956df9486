internal import Consortium
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// People who are attested, join and pay, group after group.
struct Load: Sendable {
  let node: NodeClient
  let name: String
  let chain: TrustedChain
  let officers: Officers
  let group: Int
  let tally: LoadTally
  let pace: Pace
  /// The custodian numbers his deposits: one report at a time.
  let custodian: Turnstile

  /// What an organisation's keys and a plan's rules are for a lane.
  private struct Desk: Sendable {
    let plan: UInt16
    let rules: Convention
    let identity: SigningKey
    let custodian: SigningKey
  }

  /// Goes on until the task is cancelled.
  ///
  /// - Throws: what is wrong on this side: keys that are missing, a file that cannot be written, and a receipt that
  ///   does not hold. What the node refuses, or does not answer, is counted.
  func run(lane: Int) async throws {
    var desk: Desk?
    while !Task.isCancelled {
      do {
        let known: Desk
        if let desk { known = desk } else { known = try await open(lane: lane) }
        desk = known
        try await people(known)
      } catch is CancellationError {
        return
      } catch let error as ClientError {
        if Task.isCancelled { return }
        await tally.failed(error)
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  private func open(lane: Int) async throws -> Desk {
    let plans = try await node.record(PlanRecord.self, table: "plans", ordinal: 0, on: name, chain: chain).count
    let plan = UInt16(UInt64(lane) % plans)
    let record = try await node.plan(plan, on: name, chain: chain)
    return Desk(
      plan: plan, rules: try await node.convention(of: plan, on: name, chain: chain),
      identity: try await officers.key(of: record.identity, node, on: name, chain: chain),
      custodian: try await officers.key(of: record.custodian, node, on: name, chain: chain))
  }

  /// One group from attestation to deposit.
  private func people(_ desk: Desk) async throws {
    let keys = try (0..<group).map { _ in try BackupSecret.random().key(chain: chain.id, plan: UInt32(desk.plan)) }
    let now = Timestamp.wallClock
    let authority = IdentityAuthority(officer: desk.identity)
    let rows = try keys.map { key in
      try authority.attest(
        plan: desk.plan, owner: key.publicKey.address, identity: key.publicKey.address.bytes,
        born: Load.birthMonth, rules: desk.rules, at: now)
    }
    try await pace.wait()
    let attested = try await node.attest(rows, plan: desk.plan, by: desk.identity, on: name, chain: chain)
    try await tally.acknowledged(attested.submission, .attestation)
    let memberships = try await withThrowingTaskGroup(of: UInt32?.self) { tasks in
      for (key, proven) in zip(keys, attested.proven) {
        tasks.addTask { try await join(key, proven, plan: desk.plan) }
      }
      return try await tasks.reduce(into: [UInt32]()) { if let membership = $1 { $0.append(membership) } }
    }
    guard !memberships.isEmpty else { return }
    let deposits = memberships.map { membership in
      Deposit(membership: membership, amount: Load.amount, reference: Commitment(to: []).hash)
    }
    try await pace.wait()
    let done = try await custodian.alone {
      try await node.deposit(deposits, plan: desk.plan, by: desk.custodian, on: name, chain: chain)
    }
    try await tally.acknowledged(done, .deposit)
  }

  /// Joins, and finds the membership; `nil` where the node did not take it, which is counted.
  private func join(_ key: SigningKey, _ proven: ProvenAttestation, plan: UInt16) async throws -> UInt32? {
    do {
      try await pace.wait()
      let action = try MutualAid.join(
        proven, insured: Commitment(to: []).hash, health: Commitment(to: []).hash)
      let done = try await node.perform(action, by: key, on: name, chain: chain)
      try await tally.acknowledged(done, .join)
      return try await node.membership(of: key.publicKey.address, plan: plan, on: name, chain: chain)
    } catch let error as ClientError {
      if Task.isCancelled { throw CancellationError() }
      await tally.failed(error)
      return nil
    }
  }

  /// May 1990.
  private static let birthMonth: UInt16 = 1990 * 12 + 4
  /// Enough for a first deposit anywhere.
  private static let amount = Amount(micro: 100 * Amount.microPerYuan)
}

/// Counts, and writes ids to the file of acknowledgements.
actor LoadTally {
  /// What a transaction does.
  enum Kind { case attestation, join, deposit }

  private let file: FileHandle
  private var counts: [Kind: Int] = [:]
  private var errors: [String: Int] = [:]

  /// - Throws: `encoding.malformed` where the file cannot be opened.
  init(_ path: String) throws {
    let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw LedgerError(.malformed, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Notes a transaction whose receipt was verified; its line is with the system when this returns.
  func acknowledged(
    _ submission: NodeClient.Submission, _ kind: Kind
  ) throws {
    try file.write(contentsOf: Data("\(submission.transaction)\n".utf8))
    counts[kind, default: 0] += 1
  }

  /// Counts something that went wrong.
  func failed(_ error: ClientError) { errors[error.code.name, default: 0] += 1 }

  func result(seconds: Double) -> BenchLoad.Result {
    let all = counts.values.reduce(0, +)
    return BenchLoad.Result(
      seconds: seconds, attestations: counts[.attestation] ?? 0, joins: counts[.join] ?? 0,
      deposits: counts[.deposit] ?? 0, acknowledged: all, acknowledgedPerSecond: Double(all) / seconds, errors: errors)
  }
}

/// Lets no more pass than so many a second.
actor Pace {
  private let interval: Duration
  private var next = ContinuousClock.now

  init(rate: Int) { interval = .seconds(1) / rate }

  /// Waits for a turn.
  func wait() async throws {
    let turn = max(next, .now)
    next = turn + interval
    try await Task.sleep(until: turn, clock: .continuous)
  }
}

/// Lets one through at a time, in the order in which they came.
actor Turnstile {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Runs something while nothing else runs.
  nonisolated func alone<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    await enter()
    do {
      let value = try await body()
      await leave()
      return value
    } catch {
      await leave()
      throw error
    }
  }

  private func enter() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
