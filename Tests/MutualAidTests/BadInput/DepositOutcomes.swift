import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// A row of a good manifest that could not simply be credited: its code, and where its money is.
struct OutcomeCase: Sendable, CustomTestStringConvertible {
  /// Where a row's money went.
  enum Place: Sendable {
    case nowhere, suspense, pending, balance
  }

  let testDescription: String
  let code: ErrorCode
  let place: Place
  let plan: UInt16
  private let micro: Int64
  private let make: @Sendable (inout Village) throws -> [[UInt8]]

  /// A case whose closure may lead the village on, and gives the rows; the last one is looked at.
  init(
    _ what: String, _ code: ErrorCode, _ place: Place, plan: UInt16 = 0, micro: Int64,
    _ make: @escaping @Sendable (inout Village) throws -> [[UInt8]]
  ) {
    testDescription = what
    self.code = code
    self.place = place
    self.plan = plan
    self.micro = micro
    self.make = make
  }

  /// Holds the manifest against the same manifest without its last row.
  func check() throws {
    var village = try Village.fresh()
    let rows = try make(&village)
    var without = village
    if rows.count > 1 {
      _ = try without.chain.block(DepositTests.manifest(&without, Array(rows.dropLast()), plan: plan))
    } else {
      try without.chain.block()
    }
    let block = try village.chain.block(DepositTests.manifest(&village, rows, plan: plan))
    #expect(block.codes[0] == [.success], "a row's outcome never refuses the manifest")
    #expect(block.codes[1].last == code, "\(block.names)")

    let (before, after) = (without.chain.state.plans[Int(plan)], village.chain.state.plans[Int(plan)])
    #expect(after.nextDeposit == before.nextDeposit + 1, "the row's number is used up")
    #expect(after.money.deposits - before.money.deposits == (place == .nowhere ? 0 : micro))
    #expect(after.money.suspense - before.money.suspense == (place == .suspense ? micro : 0))
    #expect(after.money.pending - before.money.pending == (place == .pending ? micro : 0))
    let (poorer, richer) = (without.chain.state.balances(of: plan), village.chain.state.balances(of: plan))
    #expect(richer.total - poorer.total == Int128(place == .balance ? micro : 0))
    let refunds = village.chain.state.refunds.count - without.chain.state.refunds.count
    #expect(refunds == (place == .suspense ? 1 : 0))
    if place == .suspense {
      let refund = village.chain.state.refunds[village.chain.state.refunds.count - 1]
      #expect(refund.kind == .suspense && refund.amount == micro && refund.deposit == after.nextDeposit - 1)
    }
    try village.chain.state.recount()
  }
}

/// What became of rows that no balance could take, and of their money afterwards.
@Suite struct DepositOutcomeTests {
  @Test("a row's code says where its money is", arguments: cases)
  func outcome(_ row: OutcomeCase) throws { try row.check() }

  @Test("a suspended credit is paid back once")
  func paidBack() throws {
    var village = try Village.fresh()
    _ = try village.chain.block(DepositTests.manifest(&village, [DepositTests.deposit(1_000_000, for: 99)]))
    #expect(village.chain.state.plans[0].money.suspense == 1_000_000)
    let refund = try MutualAid.confirmRefund(refund: 0, reference: .reference)
    try village.succeed(refund, by: village.officer(.custodian))
    let money = village.chain.state.plans[0].money
    #expect(money.suspense == 0 && money.refundsPaid == 1_000_000)
    try expectRefused(
      village.sent(refund, by: village.officer(.custodian)), on: village.chain, code: .unknownRefund)
  }

  @Test("a credit that waits for the debit is placed right after it")
  func placed() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    let row = DepositTests.deposit(5_000_000, for: Village.calendarUnpaid)
    let block = try village.chain.block(DepositTests.manifest(&village, [row], plan: 1))
    #expect(block.codes == [[.success], [.pendingCredit]])
    #expect(!village.chain.state.memberships[Int(Village.calendarUnpaid)].wasFunded)
    village.chain.advance(days: 7)
    try village.chain.block()
    let state = village.chain.state
    #expect(state.plans[1].money.pending == 0)
    let member = state.memberships[Int(Village.calendarUnpaid)]
    // Aid of 1,000 yuan took the 100 yuan of the one payer; who came later paid nothing.
    #expect(state.plans[1].cumulative == 100_000_000)
    #expect(member.balance(cumulative: state.plans[1].cumulative) == 5_000_000)
    #expect(member.waitingFrom == village.chain.chain.time)
    try state.recount()
  }

  @Test("a waiting credit of a member who leaves is suspended after the debit")
  func left() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    let row = DepositTests.deposit(5_000_000, for: Village.calendarUnpaid)
    _ = try village.chain.block(DepositTests.manifest(&village, [row], plan: 1))
    try village.succeed(
      MutualAid.leave(membership: Village.calendarUnpaid), by: village.owner(of: Village.calendarUnpaid))
    village.chain.advance(days: 7)
    try village.chain.block()
    let money = village.chain.state.plans[1].money
    #expect(money.pending == 0 && money.suspense == 5_000_000)
    #expect(village.chain.state.memberships[Int(Village.calendarUnpaid)].status == .ended)
    try village.chain.state.recount()
  }

  @Test("a reference is free again after 90 days and not a second earlier")
  func ninetyDays() throws {
    var village = try Village.fresh()
    let row = DepositTests.deposit(1_000_000)
    _ = try village.chain.block(DepositTests.manifest(&village, [row]))
    village.chain.advance(days: 90)
    let still = try village.chain.block(DepositTests.manifest(&village, [row]))
    #expect(still.codes[1] == [.referenceUsed])
    village.chain.advance(seconds: 1)
    let free = try village.chain.block(DepositTests.manifest(&village, [row]))
    #expect(free.codes[1] == [.success])
    #expect(village.chain.state.plans[0].money.deposits == 402_000_000)
  }

  private static let yuan = Amount.microPerYuan

  static let cases: [OutcomeCase] = [
    OutcomeCase("a reference used in the row before", .referenceUsed, .nowhere, micro: yuan) { _ in
      [DepositTests.deposit(2 * yuan, reference: 1), DepositTests.deposit(yuan, for: 1, reference: 1)]
    },
    OutcomeCase("a reference used by an earlier manifest, of another plan", .referenceUsed, .nowhere, micro: yuan) {
      village in
      let row = DepositTests.deposit(yuan, for: Village.calendarPayer)
      _ = try village.chain.block(DepositTests.manifest(&village, [row], plan: 1))
      return [DepositTests.deposit(yuan)]
    },
    OutcomeCase("a reference used by a suspended credit", .referenceUsed, .nowhere, micro: yuan) { _ in
      [DepositTests.deposit(yuan, for: 99), DepositTests.deposit(yuan)]
    },
    OutcomeCase("a membership to come", .suspended, .suspense, micro: yuan) { _ in
      [DepositTests.deposit(yuan, for: 7)]
    },
    OutcomeCase("the last membership there is a number for", .suspended, .suspense, micro: yuan) { _ in
      [DepositTests.deposit(yuan, for: .max)]
    },
    OutcomeCase("a membership of another plan", .suspended, .suspense, micro: yuan) { _ in
      [DepositTests.deposit(yuan, for: Village.calendarPayer)]
    },
    OutcomeCase("a membership that has ended", .suspended, .suspense, micro: yuan) { village in
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      return [DepositTests.deposit(yuan)]
    },
    OutcomeCase("a fen less than the first deposit", .suspended, .suspense, micro: yuan - Amount.microPerFen) { _ in
      [DepositTests.deposit(yuan - Amount.microPerFen, for: Village.unpaid)]
    },
    OutcomeCase("exactly the first deposit", .success, .balance, micro: yuan) { _ in
      [DepositTests.deposit(yuan, for: Village.unpaid)]
    },
    OutcomeCase("a first deposit between cut-off and debit", .pendingCredit, .pending, plan: 1, micro: 3 * yuan) {
      village in
      try village.untilCutOff()
      return [DepositTests.deposit(3 * yuan, for: Village.calendarUnpaid)]
    },
    OutcomeCase("a second one behind it", .pendingCredit, .pending, plan: 1, micro: yuan) { village in
      try village.untilCutOff()
      return [
        DepositTests.deposit(3 * yuan, for: Village.calendarUnpaid, reference: 1),
        DepositTests.deposit(yuan, for: Village.calendarUnpaid, reference: 2),
      ]
    },
    OutcomeCase("more on a balance between cut-off and debit", .success, .balance, plan: 1, micro: yuan) { village in
      try village.untilCutOff()
      return [DepositTests.deposit(yuan, for: Village.calendarPayer)]
    },
    OutcomeCase("a deposit of who runs dry and is about to leave", .suspended, .suspense, plan: 1, micro: yuan) {
      village in
      try village.untilCutOff()
      try village.succeed(
        MutualAid.leave(membership: Village.calendarUnpaid), by: village.owner(of: Village.calendarUnpaid))
      return [DepositTests.deposit(yuan, for: Village.calendarUnpaid)]
    },
    OutcomeCase("a balance past the end of the index", .suspended, .suspense, micro: Deposit.maximumAmount) {
      village in
      // 919 deposits of 100,000 yuan and the 100 yuan of the first day; the next passes 92 million.
      let full = (0..<919).map { DepositTests.deposit(Deposit.maximumAmount, reference: 1000 + UInt64($0)) }
      _ = try village.chain.block(DepositTests.manifest(&village, full))
      return [DepositTests.deposit(Deposit.maximumAmount, reference: 2)]
    },
  ]
}
