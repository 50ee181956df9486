import Consortium
import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// A plan's next convention: announced, then binding, and never for what came before.
@Suite struct ConventionChangeTests {
  private static let yuan = Amount.microPerYuan

  /// Plan 0's next version: twice the aid, and ten days more of waiting.
  private static func doubled() throws -> Change {
    try ChangeTests.next { wire in
      wire.aid[0].fromYears = 18
      wire.aid[0].amount = 2_000 * yuan
      wire.waitingDays = 40
    }
  }

  @Test("a convention binds when its timelock is over, and stands in the tables with its beginning")
  func binds() throws {
    var village = try Village.fresh()
    let before = village.chain.state.convention(of: 0)
    let proposal = try village.chain.propose(Self.doubled()).proposal
    try village.chain.vote(proposal, by: [1, 2])
    let due = village.chain.consortium.governance.proposals[Int(proposal)].executesAt
    #expect(due == village.chain.chain.time.adding(days: 30))
    village.chain.clock = Timestamp(seconds: due.seconds - 1)
    try village.chain.block()
    #expect(village.chain.state.convention(of: 0).hash == before.hash)
    village.chain.clock = due
    try village.chain.block()
    let state = village.chain.state
    #expect(state.convention(of: 0).version == 2)
    let record = state.conventions[Int(state.plans[0].convention)]
    #expect(record.plan == 0 && record.version == 2 && record.since == due)
    #expect(state.convention(of: 0, at: Timestamp(seconds: due.seconds - 1)).hash == before.hash)
    #expect(state.convention(of: 0, at: due).version == 2)
    #expect(state.convention(of: 0, at: .zero).hash == before.hash)
    #expect(state.convention(of: 1).version == 1)
    try state.recount()
    // The same from the tables alone.
    var app = village.chain.chain.app
    let again = try AidChain(genesis: village.chain.network.genesis, image: app.image()).mutualAid
    #expect(again.convention(of: 0).version == 2)
    #expect(again.convention(of: 0, at: TestNetwork.start).hash == before.hash)
  }

  @Test("a case is judged by the version of the day of its diagnosis")
  func oldCases() throws {
    var village = try Village.fresh()
    let dayBefore = village.today + 29
    try village.chain.carry(Self.doubled())
    village.chain.advance(days: 3)
    try village.chain.block()
    try village.succeed(village.file(0, on: dayBefore), by: village.owner(of: 0))
    try village.succeed(village.file(1, on: village.today), by: village.owner(of: 1))
    let cases = village.chain.state.cases
    #expect(cases[0].aid == 1_000 * Self.yuan)
    #expect(cases[1].aid == 2_000 * Self.yuan)
  }

  @Test("a table changed in mid-case changes nothing of it")
  func midCase() throws {
    var village = try Village.fresh()
    let number = try village.confirmed(0)
    try village.chain.carry(Self.doubled())
    #expect(village.chain.state.convention(of: 0).version == 2)
    try village.succeed(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(village.chain.state.cases[Int(number)].aid == 1_000 * Self.yuan)
    #expect(village.chain.state.settlements[0].aid == 1_000 * Self.yuan)
    try village.chain.state.recount()
  }

  @Test("who does not like the next version leaves with her balance before it binds")
  func leaving() throws {
    var village = try Village.fresh()
    let proposal = try village.chain.propose(Self.doubled()).proposal
    try village.chain.vote(proposal, by: [1, 2])
    village.chain.advance(days: 29)
    try village.succeed(MutualAid.leave(membership: 2), by: village.owner(of: 2))
    let state = village.chain.state
    #expect(state.convention(of: 0).version == 1)
    #expect(state.memberships[2].status == .ended)
    #expect(state.refunds[0].amount == 100 * Self.yuan && state.refunds[0].membership == 3)
  }

  @Test("a new calendar begins after the debit that runs")
  func calendar() throws {
    var village = try Village.fresh()
    // The change binds on 2026-03-24, between the notice of the 21st and its debit of the 28th.
    village.chain.clock = TestNetwork.start.adding(days: 52)
    let change = try ChangeTests.next(of: 1) { wire in
      wire.calendar.noticeDays = [10, 25]
      wire.calendar.debitDays = [20, 27]
    }
    let proposal = try village.chain.propose(change).proposal
    try village.chain.vote(proposal, by: [1, 2])
    village.chain.clock = TestNetwork.start.adding(days: 70)
    _ = try village.confirmed(Village.calendarPayer)
    village.chain.clock = village.chain.consortium.governance.proposals[Int(proposal)].executesAt
    try village.chain.block()
    let plan = village.chain.state.plans[1]
    #expect(village.chain.state.convention(of: 1).version == 2)
    let april = CivilDate(year: 2026, month: 4, day: 10)?.midnight
    #expect(plan.nextDebit == CivilDate(year: 2026, month: 3, day: 28)?.midnight)
    #expect(plan.nextNotice == april)
    village.chain.clock = TestNetwork.start.adding(days: 87)
    try village.chain.block()
    #expect(village.chain.state.settlements.count == 1 && village.chain.state.plans[1].nextNotice == april)
    try village.chain.state.recount()
  }

  @Test("cover that ends earlier ends for those past it, later for those who join then")
  func ages() throws {
    var village = try Village.fresh()
    func until(_ years: UInt32, version: UInt32) throws -> Change {
      try MutualAid.change(
        convention: TestConvention.plain { wire in
          wire.version = version
          wire.aid[0].fromYears = 18
          wire.aid[0].toYears = years - 1
          wire.ages.joinToYears = years - 1
          wire.ages.coverToYears = years
        }, of: 0)
    }
    // The adults were born in June 1990.
    try village.chain.carry(until(35, version: 2))
    try village.chain.block()
    #expect(Village.adults.allSatisfy { village.chain.state.memberships[Int($0)].status == .ended })
    #expect(village.chain.state.memberships[Int(Village.child)].status == .active)
    try village.chain.carry(until(36, version: 3))
    let joined = try village.chain.join([TestPerson(40)], plan: 0, paying: 100)[0]
    #expect(village.chain.state.memberships[Int(joined)].status == .active)
    village.chain.clock = CivilDate.midnight(month: 2026 * 12 + 5)
    try village.chain.block()
    #expect(village.chain.state.memberships[Int(joined)].status == .ended)
    try village.chain.state.recount()
  }

  @Test("another custodian goes on with the plan's money and numbers")
  func offices() throws {
    var village = try Village.fresh()
    let other = village.chain.network.organisations[6]
    let change = try MutualAid.change(officesOf: 0, custodian: 6, identity: 2)
    try village.chain.carry(change)
    #expect(village.chain.state.plans[0].custodian == 6)
    let first = village.chain.state.plans[0].nextDeposit
    let row = Deposit(membership: 0, amount: try Amount(yuan: 5), reference: .reference).canonicalBytes
    #expect(
      try village.chain.perform(MutualAid.deposits(plan: 0, first: first), by: other.officer, rows: [row]) == .success)
    // The old one may leave now, once plan 1 has another too.
    #expect(try village.chain.propose(.removeOrganisation(1)).code == .organisationInOffice)
  }
}
