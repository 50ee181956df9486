import Ledger
import TestSupport
import Testing

@testable import MutualAid

/// A plan driven by made-up people takes the contract's own way.
@Suite struct ModelPlanTests {
  private let born = UInt16(1990 * 12)

  private func time(_ year: Int, _ month: Int, _ day: Int) -> Timestamp {
    CivilDate(year: year, month: month, day: day)?.midnight ?? .zero
  }

  private func yuan(_ amount: Int64) -> Amount { Amount(micro: amount * Amount.microPerYuan) }

  /// Ten members with a hundred yuan each since the beginning of 2026.
  private func plan(_ convention: Convention) throws -> ModelPlan {
    var plan = ModelPlan(convention, opening: time(2026, 1, 1))
    for _ in 0..<10 { try plan.deposit(yuan(100), membership: plan.enrol(birthMonth: born)) }
    return plan
  }

  @Test("a case of a calendar is noticed, debited and paid on its days")
  func calendar() throws {
    var plan = try plan(TestConvention.calendar { $0.aid[0].amount = 100 * Amount.microPerYuan })
    plan.advance(to: time(2026, 3, 3))
    let number = try plan.takeUp(4, diseaseClass: 1)
    #expect(plan.caseRecord(number).status == .confirmed)
    plan.advance(to: time(2026, 3, 7))
    #expect(plan.caseRecord(number).status == .noticed && plan.settlementCount == 0)
    // Who leaves now shares it still; who pays in joins the circle afterwards.
    try plan.leave(9)
    #expect(plan.membership(9).status == .leaving)
    let late = try plan.enrol(birthMonth: born)
    #expect(try plan.deposit(yuan(50), membership: late) == .pendingCredit)
    plan.advance(to: time(2026, 3, 14))
    #expect(plan.settlement(0).share == 10 * Amount.microPerYuan && plan.settlement(0).payersBefore == 10)
    #expect(plan.caseRecord(number).status == .paid && plan.caseRecord(number).paid == 100 * Amount.microPerYuan)
    #expect(plan.membership(9).status == .ended && plan.plan.live == 10)
    #expect(plan.funded == (10, (9 * 90 + 50) * Amount.microPerYuan))
    #expect(plan.isBalanced)
  }

  @Test("a case with a notice of its own is shared when that ends")
  func ownNotice() throws {
    var plan = try plan(TestConvention.plain { $0.aid[0].amount = 100 * Amount.microPerYuan })
    plan.advance(to: time(2026, 3, 3))
    let number = try plan.takeUp(4, diseaseClass: 1)
    #expect(plan.caseRecord(number).status == .noticed)
    plan.advance(to: time(2026, 3, 5))
    #expect(plan.settlementCount == 0)
    plan.advance(to: time(2026, 3, 6))
    #expect(plan.settlementCount == 1 && plan.settlement(0).time == time(2026, 3, 6))
    #expect(plan.caseRecord(number).status == .paid && plan.isBalanced)
  }

  @Test("cover ends on the day the convention says, and the balance is owed back")
  func coverEnds() throws {
    var plan = ModelPlan(try TestConvention.plain(), opening: time(2026, 1, 1))
    let ordinal = try plan.enrol(birthMonth: UInt16(1965 * 12 + 5))
    try plan.deposit(yuan(20), membership: ordinal)
    plan.advance(to: time(2035, 5, 31))
    #expect(plan.membership(ordinal).status == .active)
    plan.advance(to: time(2035, 6, 1))
    #expect(plan.membership(ordinal).status == .ended && plan.plan.money.refundsDue == 20 * Amount.microPerYuan)
    #expect(plan.funded == (0, 0) && plan.isBalanced)
  }

  @Test("what the contract refuses is refused with its code")
  func refusals() throws {
    var plan = try plan(TestConvention.plain())
    func refused(_ code: ErrorCode, _ body: (inout ModelPlan) throws -> Void) {
      let error = #expect(throws: LedgerError.self) { try body(&plan) }
      #expect(error?.code == code)
    }
    refused(.tooOld) { _ = try $0.enrol(birthMonth: UInt16(1964 * 12)) }
    refused(.tooYoung) { _ = try $0.enrol(birthMonth: UInt16(2026 * 12)) }
    refused(.tooYoung) { _ = try $0.enrol(birthMonth: UInt16(2030 * 12)) }
    refused(.badDeposit) { try $0.deposit(Amount(micro: 1), membership: 0) }
    refused(.badDeposit) { try $0.deposit(.zero, membership: 0) }
    refused(.waiting) { try $0.takeUp(0, diseaseClass: 1) }
    plan.advance(to: time(2026, 3, 3))
    refused(.notCovered) { try $0.takeUp(0, diseaseClass: 9) }
    let unfunded = try plan.enrol(birthMonth: born)
    refused(.notFunded) { try $0.takeUp(unfunded, diseaseClass: 1) }
    try plan.takeUp(0, diseaseClass: 1)
    refused(.caseOpen) { try $0.takeUp(0, diseaseClass: 1) }
    try plan.leave(1)
    refused(.membershipEnded) { try $0.leave(1) }
    #expect(plan.isBalanced)
  }

  @Test("the clock never goes back")
  func clock() throws {
    var plan = try plan(TestConvention.plain())
    plan.advance(to: time(2026, 2, 1))
    plan.advance(to: time(2026, 1, 15))
    #expect(plan.now == time(2026, 2, 1))
  }
}
