import Consortium
import Contracts
import Ledger
import Testing
import TransparencyLog

@testable import MutualAid
@testable import Simulator
@testable import TongzhouClient

/// A rule that four organisations break together.
protocol Lie: Sendable {
  /// Runs a due step the wrong way; false if none is due.
  static func runDueStep(_ app: inout AidChain, at time: Timestamp) -> Bool
  /// When a step is said to be due.
  static func nextDue(_ app: AidChain) -> Timestamp?
  /// What is done to the state after a transaction.
  static func bend(_ state: inout MutualAid, after transaction: VerifiedTransaction)
}

extension Lie {
  static func runDueStep(_ app: inout AidChain, at time: Timestamp) -> Bool { app.runDueStep(at: time) }
  static func nextDue(_ app: AidChain) -> Timestamp? { app.nextDue }
  static func bend(_ state: inout MutualAid, after transaction: VerifiedTransaction) {}
}

/// Nobody lies.
enum Honest: Lie {}

/// Every settlement takes a millionth more from each member.
enum WrongShare: Lie {
  static func runDueStep(_ app: inout AidChain, at time: Timestamp) -> Bool {
    let before = app.mutualAid.settlements.count
    guard app.runDueStep(at: time) else { return false }
    guard app.mutualAid.settlements.count > before else { return true }
    let payers = Int64(app.mutualAid.balances(of: 0).members)
    app.mutualAid.plans.update(0) {
      $0.cumulative += 1
      $0.money.fees += payers
    }
    app.mutualAid.settlements.update(before) {
      $0.share += 1
      $0.cumulative += 1
      $0.collected += payers
    }
    return true
  }
}

/// Nothing that is due happens.
enum MissedStep: Lie {
  static func runDueStep(_ app: inout AidChain, at time: Timestamp) -> Bool { false }
  static func nextDue(_ app: AidChain) -> Timestamp? { nil }
}

/// A member's balance grows by a yuan that nobody paid, and the books are made to agree.
enum MoneyOutOfNothing: Lie {
  static func bend(_ state: inout MutualAid, after transaction: VerifiedTransaction) {
    guard transaction.action.kind == MutualAidAction.deposits.rawValue else { return }
    state.receive(Amount(micro: 0), membership: 0, at: .zero)
    let old = state.memberships[0].exhaustsAt
    _ = state.indexes[0].exhaustion.remove(old)
    state.indexes[0].exhaustion.insert(old + 1_000_000)
    state.memberships.update(0) { $0.exhaustsAt += 1_000_000 }
    state.plans.update(0) { $0.money.deposits += 1_000_000 }
  }
}

/// The application of a chain whose organisations tell one lie.
struct LyingChain<Untruth: Lie>: Application {
  private var app: AidChain

  init(genesis: Genesis) throws(LedgerError) { app = try AidChain(genesis: genesis) }

  var endorsers: EndorserSet { app.endorsers }
  var nextDue: Timestamp? { Untruth.nextDue(app) }
  func currentKey(of account: Address) -> PublicKey? { app.currentKey(of: account) }
  func isOfficer(_ account: Address) -> Bool { app.isOfficer(account) }
  func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    try app.admit(transaction, at: time)
  }
  mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    try app.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    Untruth.bend(&app.mutualAid, after: transaction)
  }
  mutating func runDueStep(at time: Timestamp) -> Bool { Untruth.runDueStep(&app, at: time) }
  mutating func stateRoot() -> Hash { app.stateRoot() }
}

/// An audit executes everything anew: a quorum of signatures under a lie does not help.
@Suite struct LyingOrganisationsTests {
  private func audit<Untruth: Lie>(
    _ lie: Untruth.Type, forged: Bool = false,
    prepare: @escaping Network<LyingChain<Untruth>>.Preparation = { PreparedBatch($0, chain: $1.chain) }
  ) throws -> Auditor<FilesSource>.Report {
    var history = try ShortHistory<LyingChain<Untruth>>(prepare: prepare)
    defer { history.remove() }
    try history.run(forged: forged)
    return try Auditor(FilesSource(history.path), genesis: history.consortium.genesis.chain).run()
  }

  private func failure(_ body: () throws -> Auditor<FilesSource>.Report) throws -> AuditFailure {
    try #require(throws: AuditFailure.self) { _ = try body() }
  }

  @Test func honestOrganisationsPass() throws {
    let report = try audit(Honest.self)
    let state = report.final.app.mutualAid
    #expect(state.settlements.count == 1)
    #expect(state.settlements[0].share == 3_000_000, "the cap of three yuan")
    #expect(state.cases[0].given == 9_000_000, "three members gave three yuan each")
    #expect(report.failed == 0)
  }

  @Test func aWrongShareIsFound() throws {
    let found = try failure { try audit(WrongShare.self) }
    #expect(found.code == .wrongSeal)
    #expect(found.message.contains("another state"))
  }

  @Test func aMissedDueStepIsFound() throws {
    let found = try failure { try audit(MissedStep.self) }
    #expect(found.code == .wrongSeal)
    #expect(found.message.contains("due steps"))
  }

  @Test func anAmountOutOfNothingIsFound() throws {
    let found = try failure { try audit(MoneyOutOfNothing.self) }
    #expect(found.code == .wrongSeal)
    #expect(found.message.contains("another state"))
  }

  @Test func aSkippedSignatureCheckIsFound() throws {
    let found = try failure {
      try audit(Honest.self, forged: true) { batch, genesis in
        PreparedBatch(
          batch,
          items: batch.entries.map { entry in
            guard entry.first == EntryKind.transaction.rawValue,
              let transaction = try? VerifiedTransaction.decodeUnsigned(
                entry: entry, chain: genesis.chain)
            else { return PreparedBatch.item(entry, chain: genesis.chain) }
            return .transaction(transaction)
          })
      }
    }
    #expect(found.code == .wrongSeal)
    #expect(found.message.contains("results"))
  }
}
