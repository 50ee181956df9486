import Consortium
import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// A pause: what waits, what goes on, and that it ends by itself.
@Suite struct PausedPlanTests {
  private static let hour: UInt64 = 3600

  @Test("joins stop with the second call and go on by themselves after 72 hours")
  func joins() throws {
    var village = try Village.fresh()
    let people = try (20...22).map { try TestPerson(UInt64($0)) }
    let rows = try village.chain.attest(people.map { $0.attestation(plan: 0) }, plan: 0)
    func join(_ index: Int) throws -> ErrorCode {
      try village.chain.perform(TestChain.join(rows[index]), by: people[index].key)
    }
    try village.succeed(Consortium.callPause(.joins, plan: 0), by: village.officer(.platform))
    #expect(try join(0) == .success)
    try village.succeed(Consortium.callPause(.joins, plan: 0), by: village.officer(.custodian))
    #expect(try join(1) == .joinsPaused)
    // The other plan goes on, and so do deposits and leaving.
    try village.chain.deposit([(0, 10)], plan: 0)
    try village.chain.join([TestPerson(23)], plan: 1, paying: 100)
    try village.succeed(MutualAid.leave(membership: 1), by: village.owner(of: 1))
    let began = village.chain.consortium.governance.pauses[0].beganAt
    village.chain.clock = began.adding(seconds: 72 * Self.hour - 1)
    #expect(try join(1) == .joinsPaused)
    village.chain.clock = began.adding(seconds: 72 * Self.hour)
    #expect(try join(1) == .success)
  }

  @Test("one call alone lapses")
  func oneCall() throws {
    var village = try Village.fresh()
    try village.succeed(Consortium.callPause(.joins, plan: 0), by: village.officer(.platform))
    village.chain.advance(days: 1)
    try village.succeed(Consortium.callPause(.joins, plan: 0), by: village.officer(.custodian))
    #expect(village.chain.state.pausedUntil(.joins, plan: 0, at: village.chain.chain.time) == nil)
    try village.succeed(Consortium.callPause(.joins, plan: 0), by: village.officer(.identity))
    #expect(village.chain.state.pausedUntil(.joins, plan: 0, at: village.chain.chain.time) != nil)
    let record = village.chain.consortium.governance.pauses[1]
    #expect(record.first == 1 && record.second == 2)
  }

  @Test("a settlement waits for the end of the pause, and nothing is lost")
  func singleNotices() throws {
    var village = try Village.fresh()
    let number = try village.noticed(0)
    village.chain.advance(days: 1)
    try village.pause(.payouts)
    let ends = village.chain.consortium.governance.pauses[0].until
    #expect(village.chain.chain.app.nextDue == village.chain.state.notices[0].endsAt)
    village.chain.advance(days: 2)
    try village.chain.block()
    #expect(village.chain.state.cases[Int(number)].status == .decided && village.chain.state.settlements.isEmpty)
    #expect(village.chain.chain.app.nextDue == ends)
    // Who pays in meanwhile is among the payers; who leaves waits for this settlement, as always.
    try village.chain.deposit([(Village.unpaid, 100)], plan: 0)
    try village.succeed(MutualAid.leave(membership: 2), by: village.owner(of: 2))
    #expect(village.chain.state.memberships[2].status == .leaving)
    village.chain.clock = ends
    try village.chain.block()
    let state = village.chain.state
    #expect(state.settlements.count == 1 && state.settlements[0].payersBefore == 5)
    #expect(state.memberships[2].status == .ended && state.cases[Int(number)].status == .settled)
    try village.succeed(
      MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
      by: village.officer(.custodian))
    try village.chain.state.recount()
  }

  @Test("a calendar's debit waits, notice days within the pause are left out, and their cases come with the next")
  func calendar() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    // Debit on the 28th of February; a pause from the 27th, extended to the 10th of March.
    village.chain.clock = TestNetwork.start.adding(days: 57)
    try village.pause(.payouts, plan: 1)
    let until = TestNetwork.start.adding(days: 68)
    try village.chain.carry(.extendPause(0, until))
    #expect(village.chain.consortium.governance.pauses[0].until == until)
    #expect(village.chain.consortium.governance.pauses[0].proposal == 1)
    let joined = try village.chain.join([TestPerson(24)], plan: 1, paying: 100)[0]
    #expect(village.chain.state.memberships[Int(joined)].queuedCredits == 1)
    // The notice day of the 7th passes.
    village.chain.clock = TestNetwork.start.adding(days: 66)
    try village.chain.block()
    #expect(village.chain.state.settlements.isEmpty)
    #expect(village.chain.state.plans[1].nextNotice == CivilDate(year: 2026, month: 3, day: 21)?.midnight)
    village.chain.clock = until
    try village.chain.block()
    let state = village.chain.state
    #expect(state.settlements.count == 1 && state.settlements[0].time == until)
    // Who paid in after the cut-off did not pay for it, and is funded now.
    #expect(state.settlements[0].payersBefore == 1 && state.memberships[Int(joined)].queuedCredits == 0)
    #expect(state.balances(of: 1).members == 1)
    try state.recount()
  }

  @Test("however late its blocks come, a chain does the same about a pause")
  func lateBlocks() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    village.chain.clock = TestNetwork.start.adding(days: 57)
    try village.pause(.payouts, plan: 1)
    try village.chain.carry(.extendPause(0, TestNetwork.start.adding(days: 68)))
    var often = village.chain
    var seldom = village.chain
    for day in 58...90 {
      often.clock = TestNetwork.start.adding(days: UInt64(day))
      try often.block()
    }
    seldom.clock = often.clock
    try seldom.block()
    #expect(seldom.state.plans[1].nextNotice == often.state.plans[1].nextNotice)
    #expect(seldom.state.settlements.count == often.state.settlements.count)
    #expect(seldom.state.settlements[0].share == often.state.settlements[0].share)
    #expect(seldom.state.notices.count == often.state.notices.count)
  }

  @Test("the organisations end a pause before its time")
  func ended() throws {
    var village = try Village.fresh()
    _ = try village.noticed(0)
    try village.pause(.payouts)
    try village.chain.carry(.endPause(0))
    #expect(village.chain.consortium.governance.pauses[0].until == village.chain.chain.time)
    #expect(village.chain.state.pausedUntil(.payouts, plan: 0, at: village.chain.chain.time) == nil)
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(village.chain.state.settlements.count == 1)
  }

  @Test("where one organisation endorses alone, its call is enough")
  func alone() throws {
    var chain = try TestChain(TestNetwork())
    #expect(try chain.openPlan(TestConvention.plain()) == .success)
    let officer = chain.network.organisations[0].officer
    #expect(try chain.perform(Consortium.callPause(.joins, plan: 0), by: officer) == .success)
    #expect(chain.state.pausedUntil(.joins, plan: 0, at: chain.chain.time) != nil)
  }
}
