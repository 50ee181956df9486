import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Reserve statements that cannot be, and joins that wait for one.
@Suite struct ReserveTests {
  @Test("a bad statement, and a join without a good one, is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a statement or a join just within the rules is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  /// A statement for plan 0, whose custodian holds the 400 yuan of four members.
  static func statement(
    _ village: Village, number: UInt32 = 1, secondsAgo: UInt64 = 0, ahead: UInt64 = 0, plan: UInt16 = 0,
    held: Int64 = 400_000_000, drawn: Int64 = 0
  ) throws -> Action {
    try MutualAid.reserveStatement(
      plan: plan, number: number,
      asOf: Timestamp(seconds: village.chain.nextTime.seconds - secondsAgo + ahead), held: Amount(micro: held),
      feesDrawn: Amount(micro: drawn), evidence: .reference)
  }

  private static func stating(
    _ what: String, _ code: ErrorCode, _ make: @escaping @Sendable (inout Village) throws -> Action
  ) -> BadCase {
    BadCase(what, code) { village in
      let action = try make(&village)
      return try village.sent(action, by: village.officer(.custodian))
    }
  }

  /// A plan that wants a statement every ten days and tolerates a thousandth, with a member's 100 yuan; then a join
  /// after so many days.
  private static func joining(
    _ what: String, _ code: ErrorCode, pause: Bool = true, stated: [(after: UInt64, held: Int64)] = [], after: UInt64,
    seconds: UInt64 = 0
  ) -> BadCase {
    BadCase(what, code) { village in
      try village.openSolvent(pause: pause)
      let newcomer = try TestPerson(31)
      let row = try village.chain.attest([newcomer.attestation(plan: 2)], plan: 2)[0]
      for (index, statement) in stated.enumerated() {
        village.chain.advance(days: statement.after)
        try village.succeed(
          ReserveTests.statement(village, number: UInt32(index) + 1, plan: 2, held: statement.held),
          by: village.officer(.custodian))
      }
      village.chain.advance(days: after, seconds: seconds)
      return try village.sent(TestChain.join(row), by: newcomer.key)
    }
  }

  static let cases: [BadCase] = [
    stating("the second statement first", .statementOutOfTurn) { try statement($0, number: 2) },
    stating("the number 0", .statementOutOfTurn) { try statement($0, number: 0) },
    stating("a statement twice", .statementOutOfTurn) { village in
      try village.succeed(statement(village), by: village.officer(.custodian))
      return try statement(village, number: 1)
    },
    stating("a statement as of the time of the last", .statementNotLater) { village in
      try village.succeed(statement(village), by: village.officer(.custodian))
      return try statement(village, number: 2)
    },
    stating("statements out of order", .statementNotLater) { village in
      try village.succeed(statement(village), by: village.officer(.custodian))
      village.chain.advance(seconds: 60)
      return try statement(village, number: 2, secondsAgo: 3600)
    },
    stating("a statement of the next second", .statementInFuture) { try statement($0, ahead: 1) },
    stating("a statement of no time there is", .statementInFuture) { village in
      var wire = WireReserveStatement()
      (wire.number, wire.asOf) = (1, .max)
      wire.evidence = .init(Hash.reference.bytes)
      return try MutualAid.action(.reserveStatement, wire)
    },
    stating("a statement of seven days and a second ago", .statementTooOld) {
      try statement($0, secondsAgo: 7 * 86_400 + 1)
    },
    stating("less than nothing held", .badStatement) { try statement($0, held: -1) },
    stating("more fees drawn than were collected", .badStatement) { try statement($0, drawn: 1) },
    stating("a statement of no plan", .unknownPlan) { try statement($0, plan: 9) },
    stating("a statement without evidence", .malformed) { village in
      var wire = WireReserveStatement()
      wire.number = 1
      wire.asOf = village.chain.nextTime.seconds
      return try MutualAid.action(.reserveStatement, wire)
    },
    joining("a new plan without a statement", .statementMissing, after: 10, seconds: 1),
    BadCase("a group enrolling without a statement", .statementMissing) { village in
      try village.openSolvent(pause: true)
      let group = try village.group(plan: 2)
      let rows = try village.enrolments([TestPerson(31)], plan: 2)
      village.chain.advance(days: 10, seconds: 1)
      return try village.sent(MutualAid.enrol(group: group), by: Village.payer.get(), rows: rows)
    },
    joining("a statement that has grown too old", .statementMissing, stated: [(1, 100_000_000)], after: 10, seconds: 1),
    joining("a statement short by more than is tolerated", .reservesShort, stated: [(1, 99_899_999)], after: 0),
    joining(
      "a good statement, and a short one after it", .reservesShort, stated: [(1, 100_000_000), (1, 0)], after: 0),
  ]

  static let nearMisses: [BadCase] = [
    stating("a statement of now", .success) { try statement($0) },
    stating("a statement of seven days ago", .success) { try statement($0, secondsAgo: 7 * 86_400) },
    stating("a statement that shows a shortage", .success) { try statement($0, held: 0) },
    joining("the last second of a new plan's first days", .success, after: 10),
    joining("the last second of a statement", .success, stated: [(1, 100_000_000)], after: 10),
    joining("as much short as is tolerated", .success, stated: [(1, 99_900_000)], after: 0),
    joining("a short statement, and a good one after it", .success, stated: [(1, 0), (1, 100_000_000)], after: 0),
    joining("no statement where joins do not wait for one", .success, pause: false, after: 30),
  ]

  @Test("what is owed follows every way in and out, and fees stay until they are drawn")
  func owed() throws {
    var village = try Village.fresh()
    func owed() -> Int64 { village.chain.state.owed(by: 0, feesDrawn: 0) }
    #expect(owed() == 400_000_000)
    let bank = village.officer(.custodian)
    try village.succeed(
      MutualAid.contribute(plan: 0, amount: Amount(yuan: 7), reference: .reference), by: bank)
    #expect(owed() == 407_000_000)
    try village.succeed(MutualAid.reverse(membership: 1, amount: Amount(yuan: 5), reference: .reference), by: bank)
    #expect(owed() == 402_000_000)
    try village.succeed(MutualAid.leave(membership: 2), by: village.owner(of: 2))
    #expect(owed() == 402_000_000)
    try village.succeed(MutualAid.confirmRefund(refund: 0, reference: .reference), by: bank)
    #expect(owed() == 302_000_000)
    let number = try village.settled(0)
    #expect(owed() == 302_000_000)
    try village.succeed(
      MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 100), reference: .reference), by: bank)
    #expect(owed() == 202_000_000)
    // A reversal that meets an empty balance: the reserve bears what it has, the rest is the custodian's debt.
    try village.succeed(MutualAid.reverse(membership: 1, amount: Amount(yuan: 50), reference: .reference), by: bank)
    let money = village.chain.state.plans[0].money
    #expect(money.debt > 0 && owed() == 152_000_000 + money.debt)
    #expect(Int128(owed()) == money.sources - Int128(money.payoutsPaid) - Int128(money.refundsPaid))
    try village.succeed(ReserveTests.statement(village, held: 150_000_000), by: bank)
    let last = try #require(village.chain.state.lastStatement(of: 0)?.record)
    #expect(last.owed == owed() && last.shortage == owed() - 150_000_000)
    try village.chain.state.recount()
  }

  @Test("a reversal in the queue counts as gone at once")
  func queued() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    let bank = village.officer(.custodian)
    try village.succeed(MutualAid.reverse(membership: 5, amount: Amount(yuan: 5), reference: .reference), by: bank)
    #expect(village.chain.state.plans[1].reversing == 5_000_000)
    #expect(village.chain.state.owed(by: 1, feesDrawn: 0) == 95_000_000)
  }
}

extension Village {
  /// Opens plan 2, which pauses joins without a good statement; a member has paid in 100 yuan.
  mutating func openSolvent(pause: Bool = true) throws {
    let convention = try TestConvention.plain(key: "solvent") { wire in
      wire.solvency.statementDays = 10
      wire.solvency.tolerancePpm = 1_000
      wire.solvency.pause = pause
    }
    guard try chain.openPlan(convention) == .success else { throw LedgerError(.badConvention, "no plan") }
    // All in one second, so that the plan's days count from here.
    try chain.join([TestPerson(30)], plan: 2, paying: 100)
  }
}
