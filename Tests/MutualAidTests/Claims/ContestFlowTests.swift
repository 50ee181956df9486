import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// What objections, juries and appeals lead to.
@Suite struct ContestFlowTests {
  private func status(_ village: Village, _ number: UInt32) -> CaseRecord.Status {
    village.chain.state.cases[Int(number)].status
  }

  @Test("a jury that refuses a case ends it, and nobody shares it")
  func rejected() throws {
    var village = try Village.fresh()
    let number = try village.heard(0)
    #expect(village.chain.state.openNotices(of: 0).isEmpty)
    try village.judge(approve: false)
    #expect(status(village, number) == .rejected)
    let state = village.chain.state
    #expect(state.juries[0].verdict == .rejected && state.juries[0].rejecting == 2)
    #expect(state.memberships[0].openCase == 0 && state.settlements.count == 0)
    #expect(state.notices[0].isTakenOut && state.plans[0].noticesDone == 1)
    try state.recount()
  }

  @Test("a case that a jury lets stand is noticed anew and shared")
  func upheld() throws {
    var village = try Village.fresh()
    let number = try village.heard(0)
    try village.judge(approve: true)
    #expect(status(village, number) == .confirmed)
    try village.succeed(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(status(village, number) == .settled)
    #expect(village.chain.state.plans[0].noticesDone == 2)
    try village.chain.state.recount()
  }

  @Test("when jurors do not vote, another jury is drawn once, and then the decision before stands")
  func noQuorum() throws {
    var village = try Village.fresh()
    let number = try village.heard(0)
    village.chain.advance(days: 4)
    try village.chain.block()
    #expect(status(village, number) == .contested)
    #expect(village.chain.state.juries[0].verdict == .noQuorum)
    // Both jurors there are have sat on this case, so that no second jury comes together.
    try village.draw(1)
    #expect(status(village, number) == .confirmed)
    #expect(village.chain.state.cases[Int(number)].marks.contains(.heard))
  }

  @Test(
    "an appeal brings a declined case before a jury, whose majority overturns the refusal", arguments: [true, false])
  func appeal(_ approve: Bool) throws {
    var village = try Village.fresh()
    try village.ready()
    let number = try village.confirmed(0, approve: false)
    #expect(village.chain.state.memberships[0].openCase == 0)
    try village.succeed(MutualAid.appeal(caseOrdinal: number, evidence: .reference), by: village.owner(of: 0))
    #expect(village.chain.state.memberships[0].openCase == number + 1)
    try village.draw(0)
    try village.judge(approve: approve)
    #expect(status(village, number) == (approve ? .confirmed : .rejected))
    #expect(village.chain.state.juries[0].isAppeal)
  }

  @Test("two approvals against one refusal decide, and the refusal stays on record")
  func twoOfThree() throws {
    var village = try Village.fresh()
    let number = try village.reported(0)
    for (role, approve) in [(Role.platform, false), (.charity, true), (.auditor, true)] {
      try village.succeed(MutualAid.decide(caseOrdinal: number, approve: approve), by: village.officer(role))
    }
    let record = village.chain.state.cases[Int(number)]
    #expect(record.status == .confirmed && record.declinedBy == 1)
    #expect(record.approvedBy != record.decidedBy && record.decidedBy == 6)
  }

  @Test("a payout that comes back is due again and paid once more")
  func returned() throws {
    var village = try Village.fresh()
    let number = try village.settled(0)
    let due = Amount(micro: village.chain.state.cases[Int(number)].given)
    let pay = try MutualAid.confirmPayout(caseOrdinal: number, amount: due, reference: .reference)
    try village.succeed(pay, by: village.officer(.custodian))
    #expect(status(village, number) == .paid)
    try village.succeed(
      MutualAid.returnPayout(caseOrdinal: number, amount: due, reference: .reference), by: village.officer(.custodian))
    #expect(status(village, number) == .settled)
    #expect(village.chain.state.plans[0].money.payoutsDue == due.micro)
    #expect(village.chain.state.memberships[0].openCase == number + 1)
    try village.succeed(pay, by: village.officer(.custodian))
    #expect(status(village, number) == .paid && village.chain.state.cases[Int(number)].returnedPayouts == 1)
    try village.chain.state.recount()
  }

  @Test("a silent organisation is left out after a day; without any preimage the draw stays open")
  func silence() throws {
    var village = try Village.fresh()
    try village.ready()
    let number = try village.contested(0)
    village.chain.advance(days: 1)
    try village.chain.block()
    #expect(status(village, number) == .contested && village.chain.state.openDraw == 0)
    guard let preimage = village.dice(0).preimage(after: 0) else { return }
    try village.succeed(
      MutualAid.revealDice(draw: 0, preimage: preimage), by: village.chain.network.organisations[0].officer)
    #expect(status(village, number) == .contested)
    village.chain.advance(days: 1)
    try village.chain.block()
    #expect(status(village, number) == .hearing)
    #expect(village.chain.state.draws[0].reveals == 1 && village.chain.state.draws[0].organisations == 2)
  }

  @Test("anybody finds the seed and the jurors again from public records")
  func recomputed() throws {
    var village = try Village.fresh()
    let number = try village.heard(0)
    let state = village.chain.state
    var bytes = Array("tongzhou/jury-seed/v1".utf8) + [0, 0, 0, 0, 0]
    for organisation: UInt8 in 0..<2 {
      let preimage = try #require(village.dice(UInt64(organisation)).preimage(after: 0))
      bytes += [0, organisation] + preimage.bytes
    }
    #expect(state.draws[0].seed == .sha256(bytes))
    var found: [UInt32] = []
    for drawn in 0..<state.juries[0].drawn {
      let place = MutualAid.pick(state.draws[0].seed, caseOrdinal: number, drawn: drawn, below: 2)
      let membership = state.volunteers[place].membership
      if !found.contains(membership) { found.append(membership) }
    }
    let seated = state.seats(of: 0).reversed().map { state.seats[$0].membership }
    #expect(seated == found && seated.sorted() == [2, Village.child])
  }

  @Test("who leaves waits for the notices published before, not for one that was taken out")
  func leavingAfterTakingOut() throws {
    var village = try Village.fresh()
    try village.ready()
    let number = try village.noticed(0)
    try village.succeed(MutualAid.leave(membership: 2), by: village.owner(of: 2))
    #expect(village.chain.state.memberships[2].status == .leaving)
    try village.succeed(village.objection(to: number, by: 1), by: village.owner(of: 1))
    try village.chain.block()
    #expect(village.chain.state.memberships[2].status == .ended)
    try village.chain.state.recount()
  }

  @Test("a calendar's notice whose only case is withdrawn leads to no settlement, and the queue goes on")
  func emptyCalendarDebit() throws {
    var village = try Village.fresh()
    try village.untilCutOff()
    let number = UInt32(village.chain.state.cases.count - 1)
    try village.succeed(MutualAid.withdrawCase(number), by: village.owner(of: Village.calendarPayer))
    village.chain.advance(days: 8)
    try village.chain.block()
    let state = village.chain.state
    #expect(state.plans[1].nextDebit == .zero && state.settlements.count == 0)
    #expect(state.plans[1].noticesDone == 1)
    try state.recount()
  }
}
