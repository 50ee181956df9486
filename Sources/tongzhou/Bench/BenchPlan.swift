internal import Consortium
internal import Contracts
internal import Foundation
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// A plan with many members and cases on a chain that lives, made by the transactions that people and organisations
/// would send: attested, joined, paid in, filed, investigated, noticed, shared, paid out.
struct BenchPlan {
  /// Members whose keys are made, who join and who pay at one time.
  private static let group = 65_536
  /// Rows of one manifest; it fits into a batch.
  private static let rows = 4096
  /// Notices are published in so many rounds, one after another has ended; the last round stays open.
  private static let rounds = 10
  /// Transactions under way at one time.
  private static let inFlight = 8192
  let chain: BenchChain
  let node: NodeChain
  let clock: BenchClock

  /// What each member pays in: enough for all cases.
  private var deposit = Amount.zero

  /// Those who joined first, by address.
  private var first: [Address: SigningKey] = [:]

  init(_ chain: BenchChain, _ node: NodeChain, _ clock: BenchClock) {
    self.chain = chain
    self.node = node
    self.clock = clock
  }

  /// Opens the plan and fills it.
  mutating func fill(members: Int, cases: Int) async throws {
    // A case costs a member 3 yuan at most, and less where many share its 300,000.
    deposit = Amount(micro: Int64(100 + min(3, 300_000 / members + 1) * cases) * Amount.microPerYuan)
    try await one(MutualAid.openPlan(BenchPlan.convention(), custodian: 0, identity: 0))
    var bar = ProgressBar("joining")
    for start in stride(from: 0, to: members, by: BenchPlan.group) {
      try await join(start..<min(start + BenchPlan.group, members))
      bar.show(start, of: members)
    }
    bar.finish()
    try await pass(days: 2)
    bar = ProgressBar("sharing")
    for round in 0..<BenchPlan.rounds {
      let range = (cases * round / BenchPlan.rounds)..<(cases * (round + 1) / BenchPlan.rounds)
      try await share(range, isLast: round == BenchPlan.rounds - 1)
      bar.show(range.upperBound, of: cases)
    }
    bar.finish()
    // The index may lag behind; pages are measured when it has all.
    while try node.index.height < node.view?.height ?? 0 { try await Task.sleep(for: .milliseconds(100)) }
  }

  /// The seed plan with a waiting period of a day: more would let the references of the payments expire.
  private static func convention() throws -> Convention {
    let file = ConventionPlaces.path("tongzhou-seed.yaml", in: nil)
    let text = try String(contentsOfFile: file, encoding: .utf8).replacing("waiting: 180 days", with: "waiting: 1 days")
    return try ConventionFile(text: text, file: file).convention
  }

  private mutating func join(_ range: Range<Int>) async throws {
    let people = try OnAllCores.map(range.count) { try BenchPerson(range.lowerBound + $0) }
    if first.isEmpty {
      first = Dictionary(people.map { ($0.key.publicKey.address, $0.key) }) { $1 }
    }
    var trees: [InclusionPaths] = []
    let firstManifest = UInt32(try app.consortium.attestations.count)
    for start in stride(from: 0, to: people.count, by: BenchPlan.rows) {
      let rows = people[start..<min(start + BenchPlan.rows, people.count)].map(\.attestation.canonicalBytes)
      try await one(Consortium.attestAction(plan: 0), rows: rows)
      trees.append(InclusionPaths(rows.map { Hash.leaf($0) }))
    }
    let (id, now, made) = (chain.genesis.chain, clock.now, trees)
    let entries = try OnAllCores.map(people.count) { index in
      let (person, place) = (people[index], index % BenchPlan.rows)
      let nullifier = person.attestation.nullifier.bytes
      let action = try MutualAid.join(
        ProvenAttestation(
          attestation: person.attestation, manifest: firstManifest + UInt32(index / BenchPlan.rows),
          index: UInt32(place), path: made[index / BenchPlan.rows].path(to: place)),
        insured: .sha256(nullifier + [1]), health: .sha256(nullifier + [2]))
      return try BenchChain.entry(action, by: person.key, chain: id, at: now)
    }
    try await all(entries)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: BenchPlan.rows) {
      let rows = (start..<min(start + BenchPlan.rows, range.upperBound)).map { membership in
        Deposit(
          membership: UInt32(membership), amount: deposit,
          reference: .sha256(Array("tongzhou bench payment \(membership)".utf8))
        ).canonicalBytes
      }
      try await one(MutualAid.deposits(plan: 0, first: app.mutualAid.plans[0].nextDeposit), rows: rows)
    }
  }

  /// Cases from the claim to the payout, or to the notice.
  private func share(_ range: Range<Int>, isLast: Bool) async throws {
    let (id, now) = (chain.genesis.chain, clock.now)
    let today = UInt32(CivilDate(now).dayNumber)
    let owners = try app.mutualAid.memberships
    let before = try app.mutualAid.cases.count
    try await all(
      range.map { number in
        guard let key = first[owners[number].owner] else {
          throw LedgerError(.unknownMembership, "a member nobody knows")
        }
        let action = try MutualAid.fileCase(
          membership: UInt32(number), diseaseClass: UInt8(1 + number % 28), diagnosed: today,
          documents: .sha256(Array("tongzhou bench documents \(number)".utf8)))
        return try BenchChain.entry(action, by: key, chain: id, at: now)
      })
    let cases = try (before..<app.mutualAid.cases.count).map(UInt32.init)
    try await all(cases.map { try officer(MutualAid.assign(caseOrdinal: $0, to: 0)) })
    try await all(
      cases.map { number in
        try officer(
          MutualAid.investigate(
            caseOrdinal: number, confirmed: true, report: .sha256(Array("tongzhou bench report \(number)".utf8))))
      })
    for decider in chain.deciders {
      try await all(
        cases.map { number in
          try BenchChain.entry(
            MutualAid.decide(caseOrdinal: number, approve: true), by: decider, chain: id, at: now)
        })
    }
    try await all(cases.map { try officer(MutualAid.publishNotice(caseOrdinal: $0)) })
    guard !isLast else { return }
    try await pass(days: 8)
    var waited = 0
    var settled = try app.mutualAid.cases
    while cases.contains(where: { settled[Int($0)].status != .settled }) {
      guard waited < 6000 else { throw NodeError(.notReady, "cases whose notice is over are not shared") }
      waited += 1
      try await Task.sleep(for: .milliseconds(20))
      settled = try app.mutualAid.cases
    }
    let shared = settled
    try await all(
      cases.map { number in
        let given = shared[Int(number)].given
        return try officer(
          MutualAid.confirmPayout(
            caseOrdinal: number, amount: Amount(micro: given - given % Amount.microPerFen),
            reference: .sha256(Array("tongzhou bench payout \(number)".utf8))))
      })
  }

  /// The contracts after the last block that can be seen.
  private var app: ChainState {
    get throws {
      guard let view = node.view else { throw NodeError(.notReady, "the chain has no block yet") }
      return view.app
    }
  }

  /// Time passes, and the chain notices: blocks come until the last is of the new time.
  private func pass(days: UInt64) async throws {
    clock.pass(seconds: days * Timestamp.day)
    let target = clock.now
    var waited = 0
    while let view = node.view, view.time < target {
      try await Task.sleep(for: .milliseconds(100))
      waited += 1
      // The first block after a silence is still of the time before it; the next comes with the heartbeat.
      if waited % 20 == 0 { clock.pass(seconds: 61) }
    }
  }

  private func one(_ action: Action, rows: [[UInt8]] = []) async throws {
    let placement = try await node.submit(chain.officer(action, rows: rows, at: clock.now))
    guard placement.code == .success, placement.rows.allSatisfy({ $0 == .success }) else {
      throw LedgerError(placement.code, "the chain refused what the bench sent, or a row of it")
    }
  }

  private func officer(_ action: Action) throws -> [UInt8] {
    try BenchChain.entry(action, by: chain.officer, chain: chain.genesis.chain, at: clock.now)
  }

  private func all(_ entries: [[UInt8]]) async throws {
    let failed = try await BenchChain.handIn(entries, to: node, inFlight: BenchPlan.inFlight)
    guard failed == 0 else { throw NodeError(.busy, "\(failed) of \(entries.count) transactions were refused") }
  }
}

/// A clock that runs like the machine's, and can be put forward.
final class BenchClock: Sendable {
  private let offset: Mutex<Int64>

  /// - Parameter behind: days by which it is behind at first.
  init(behind days: Int64) { offset = Mutex(-days * Int64(Timestamp.day)) }

  var now: Timestamp {
    Timestamp(seconds: UInt64(Int64(Date().timeIntervalSince1970) + offset.withLock { $0 }))
  }

  func pass(seconds: UInt64) { offset.withLock { $0 += Int64(seconds) } }
}
