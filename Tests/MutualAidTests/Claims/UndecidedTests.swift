import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Cases on which no two organisations agree in time.
@Suite struct UndecidedTests {
  private func status(_ village: Village, _ number: UInt32) -> CaseRecord.Status {
    village.chain.state.cases[Int(number)].status
  }

  /// A case of membership 0 that was reported, and on which platform and auditor say opposite things.
  private func disputed(found: Bool, _ village: inout Village) throws -> UInt32 {
    try village.ready()
    let number = try village.assigned(0)
    try village.succeed(village.investigate(number, confirmed: found), by: village.officer(.investigator))
    for (role, approve) in [(Role.platform, true), (.auditor, false)] {
      try village.succeed(MutualAid.decide(caseOrdinal: number, approve: approve), by: village.officer(role))
    }
    return number
  }

  @Test("after the convention's days, and not a second before, a case of two minds comes before a jury")
  func atTheDay() throws {
    var village = try Village.fresh()
    let number = try disputed(found: true, &village)
    let report = try #require(village.chain.state.report(on: number))
    #expect(report.decideBy == report.reportedAt.adding(days: 14))
    village.chain.clock = Timestamp(seconds: report.decideBy.seconds - 1)
    try village.chain.block()
    #expect(status(village, number) == .reported)
    village.chain.advance(seconds: 1)
    try village.chain.block()
    #expect(status(village, number) == .contested)
    #expect(village.chain.state.report(on: number)?.isUndecided == true)
    #expect(village.chain.state.openDraw == 0)
    // Decisions come too late now.
    let late = try village.sent(
      MutualAid.decide(caseOrdinal: number, approve: true), by: village.organisation(named: "charity.example").officer)
    try expectRefused(late, on: village.chain, code: .wrongCaseState)
  }

  @Test("a third organisation before the day decides, and nothing comes after")
  func decidedInTime() throws {
    var village = try Village.fresh()
    let number = try disputed(found: true, &village)
    try village.succeed(
      MutualAid.decide(caseOrdinal: number, approve: true), by: village.organisation(named: "charity.example").officer)
    village.chain.advance(days: 20)
    try village.chain.block()
    #expect(status(village, number) == .confirmed)
    #expect(village.chain.state.report(on: number)?.isUndecided == false)
  }

  @Test("the jury decides", arguments: [true, false], [true, false])
  func judged(_ found: Bool, _ approve: Bool) throws {
    var village = try Village.fresh()
    let number = try disputed(found: found, &village)
    village.chain.advance(days: 14)
    try village.chain.block()
    try village.draw(0)
    #expect(status(village, number) == .hearing)
    try village.judge(approve: approve)
    #expect(status(village, number) == (approve ? .confirmed : .rejected))
    #expect(village.chain.state.cases[Int(number)].marks.contains(.heard))
    try village.chain.state.recount()
  }

  /// Who approved before the jury failed, what the investigator found, and what stands then.
  @Test(
    "when the jury fails, the finding stands only if another organisation said the same",
    arguments: [(true, true, true), (true, false, false), (false, true, false), (false, false, false)])
  func failed(_ found: Bool, _ approved: Bool, _ stands: Bool) throws {
    var village = try Village.fresh()
    for organisation in village.chain.network.organisations.prefix(2) {
      try village.succeed(
        MutualAid.commitDice(tip: village.dice(UInt64(organisation.ordinal)).tip), by: organisation.officer)
    }
    let number = try village.assigned(0)
    try village.succeed(village.investigate(number, confirmed: found), by: village.officer(.investigator))
    if approved {
      try village.succeed(MutualAid.decide(caseOrdinal: number, approve: true), by: village.officer(.platform))
    }
    village.chain.advance(days: 14)
    try village.chain.block()
    #expect(status(village, number) == .contested)
    // Nobody has volunteered.
    try village.draw(0)
    #expect(village.chain.state.juries[0].verdict == .noQuorum)
    #expect(status(village, number) == (stands ? .confirmed : .rejected))
    // No member has judged it, so that members may object to it in its notice.
    #expect(!village.chain.state.cases[Int(number)].marks.contains(.heard))
    if stands {
      try village.succeed(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
      try village.succeed(village.objection(to: number, by: 1), by: village.owner(of: 1))
      #expect(status(village, number) == .contested)
      try village.draw(1)
      #expect(status(village, number) == .confirmed)
      #expect(village.chain.state.cases[Int(number)].marks.contains(.heard))
    } else {
      try village.succeed(
        MutualAid.appeal(caseOrdinal: number, evidence: .reference), by: village.owner(of: 0))
      #expect(status(village, number) == .contested)
    }
  }

  @Test("a case taken back waits no longer")
  func withdrawn() throws {
    var village = try Village.fresh()
    let number = try disputed(found: true, &village)
    try village.succeed(MutualAid.withdrawCase(number), by: village.owner(of: 0))
    village.chain.advance(days: 20)
    try village.chain.block()
    #expect(status(village, number) == .withdrawn)
    #expect(village.chain.state.waitingReports.isEmpty)
  }
}
