import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// How plans end.
@Suite struct WindDownTests {
  private static let yuan = Amount.microPerYuan

  /// A plan that ends when fewer than three members have a balance for ten days, with these members.
  private func plan(
    members: Int, reserve: WireWindDown.Reserve = .members, _ change: (inout WireConvention) -> Void = { _ in }
  ) throws -> (chain: TestChain, people: [TestPerson]) {
    var chain = try TestChain(TestNetwork(endorsers: 4))
    let convention = try TestConvention.plain { wire in
      wire.windDown.minimumMembers = 3
      wire.windDown.afterDays = 10
      wire.windDown.claimsDays = 60
      wire.windDown.reserve = reserve
      change(&wire)
    }
    _ = try chain.openPlan(convention)
    let people = try (0..<UInt64(members)).map { try TestPerson($0 + 1) }
    try chain.join(people, plan: 0, paying: 100)
    return (chain, people)
  }

  private func leave(_ membership: UInt32, _ people: [TestPerson], _ chain: inout TestChain) throws {
    #expect(
      try chain.perform(MutualAid.leave(membership: membership), by: people[Int(membership)].key) == .success)
  }

  @Test("a plan with too few members for long enough ends, and everybody has the balance back")
  func minimum() throws {
    var (chain, people) = try plan(members: 4)
    _ = try chain.perform(
      MutualAid.contribute(plan: 0, amount: Amount(yuan: 31), reference: .label("gift", 0)),
      by: chain.network.organisation(.custodian).officer)
    try leave(0, people, &chain)
    #expect(chain.state.plans[0].belowSince == .zero && chain.state.plans[0].hadMinimum)
    try leave(1, people, &chain)
    #expect(chain.state.plans[0].belowSince != .zero && chain.state.plans[0].standing == .running)
    chain.advance(days: 10)
    try chain.block()
    #expect(chain.state.plans[0].standing == .winding)
    chain.advance(days: 59)
    try chain.block()
    #expect(chain.state.plans[0].standing == .winding && chain.state.plans[0].live == 2)
    chain.advance(days: 1)
    try chain.block()
    let state = chain.state
    #expect(state.plans[0].standing == .closed && state.plans[0].live == 0)
    // Each gets her 100 yuan and half of the reserve.
    let refunds = (0..<state.refunds.count).map { state.refunds[$0] }
    #expect(refunds.map(\.kind) == [.balance, .balance, .balance, .reserve, .balance, .reserve])
    #expect(
      refunds.map(\.amount) == [100_000_000, 100_000_000, 100_000_000, 15_500_000, 100_000_000, 15_500_000])
    #expect(state.plans[0].money.reserve == 0 && state.balances(of: 0).members == 0)
    try state.recount()
  }

  @Test("the reserve goes to a charity where the convention says so")
  func charity() throws {
    var (chain, people) = try plan(members: 3, reserve: .charity)
    _ = try chain.perform(
      MutualAid.contribute(plan: 0, amount: Amount(yuan: 31), reference: .label("gift", 0)),
      by: chain.network.organisation(.custodian).officer)
    try leave(0, people, &chain)
    chain.advance(days: 10)
    try chain.block()
    chain.advance(days: 60)
    try chain.block()
    let state = chain.state
    let last = state.refunds[state.refunds.count - 1]
    #expect(last.kind == .reserve && last.membership == 0 && last.amount == 31 * WindDownTests.yuan)
    let confirm = try MutualAid.confirmRefund(refund: UInt32(state.refunds.count - 1), reference: .label("charity", 0))
    #expect(try chain.perform(confirm, by: chain.network.organisation(.custodian).officer) == .success)
    try chain.state.recount()
  }

  @Test("a plan that never had enough members goes on, and so does one that has enough again in time")
  func goesOn() throws {
    var (small, _) = try plan(members: 2)
    small.advance(days: 100)
    try small.block()
    #expect(small.state.plans[0].standing == .running && small.state.plans[0].belowSince == .zero)

    var (chain, people) = try plan(members: 3)
    try leave(0, people, &chain)
    chain.advance(days: 9)
    try chain.join([TestPerson(9)], plan: 0, paying: 100)
    chain.advance(days: 100)
    try chain.block()
    #expect(chain.state.plans[0].standing == .running && chain.state.plans[0].belowSince == .zero)
  }

  @Test("claims of before are settled while a plan ends, and it waits for them")
  func claims() throws {
    var (chain, people) = try plan(members: 4)
    chain.advance(days: 40)
    try chain.block()
    let day = UInt32(CivilDate(chain.nextTime).dayNumber)
    try leave(0, people, &chain)
    try leave(1, people, &chain)
    chain.advance(days: 10)
    try chain.block()
    chain.advance(days: 50)
    let file = try MutualAid.fileCase(
      membership: 2, diseaseClass: 1, diagnosed: day, documents: .label("documents", 0))
    #expect(try chain.perform(file, by: people[2].key) == .success)
    chain.advance(days: 20)
    try chain.block()
    #expect(chain.state.plans[0].standing == .winding, "a case is open")
    for (action, key) in try chain.network.examination(of: 0) {
      #expect(try chain.perform(action, by: key) == .success)
    }
    #expect(
      try chain.perform(MutualAid.publishNotice(caseOrdinal: 0), by: chain.network.organisation(.platform).officer)
        == .success)
    chain.advance(days: 3)
    try chain.block()
    #expect(chain.state.cases[0].given == 200 * WindDownTests.yuan, "both members give all they have")
    #expect(chain.state.plans[0].standing == .closed)
    try chain.state.recount()
  }

  @Test("what is paid in after the end of cover goes back")
  func lateDeposit() throws {
    var (chain, people) = try plan(members: 3)
    try leave(0, people, &chain)
    chain.advance(days: 10)
    try chain.block()
    #expect(try chain.deposit([(1, 50)], plan: 0) == [.suspended])
    #expect(chain.state.plans[0].money.suspense == 50 * WindDownTests.yuan)
    try chain.state.recount()
  }

  @Test("what is carried at the end is paid by the last shares and the reserve, and lapses beyond")
  func carried() throws {
    var (chain, people) = try plan(members: 4) { wire in
      wire.beyond = .carry
      wire.caps.perCase = 10 * WindDownTests.yuan
    }
    chain.advance(days: 40)
    try chain.block()
    let file = try MutualAid.fileCase(
      membership: 2, diseaseClass: 1, diagnosed: UInt32(CivilDate(chain.nextTime).dayNumber),
      documents: .label("documents", 0))
    #expect(try chain.perform(file, by: people[2].key) == .success)
    for (action, key) in try chain.network.examination(of: 0) { _ = try chain.perform(action, by: key) }
    _ = try chain.perform(
      MutualAid.publishNotice(caseOrdinal: 0), by: chain.network.organisation(.platform).officer)
    chain.advance(days: 3)
    try chain.block()
    #expect(chain.state.cases[0].given == 40 * WindDownTests.yuan)
    #expect(chain.state.plans[0].money.carried == 960 * WindDownTests.yuan)
    _ = try chain.perform(
      MutualAid.contribute(plan: 0, amount: Amount(yuan: 7), reference: .label("gift", 0)),
      by: chain.network.organisation(.custodian).officer)
    try leave(0, people, &chain)
    try leave(1, people, &chain)
    chain.advance(days: 10)
    try chain.block()
    chain.advance(days: 60)
    try chain.block()
    // Two members give 10 yuan more each, the reserve its 7.
    let state = chain.state
    #expect(state.cases[0].given == 67 * WindDownTests.yuan && state.plans[0].money.carried == 0)
    #expect(state.cases[0].carriedAid == 0 && state.plans[0].carriedHead == 0)
    #expect(state.plans[0].standing == .closed)
    try state.recount()
  }

  @Test("a proposal ends a plan after its announcement")
  func proposal() throws {
    var village = try Village.fresh()
    try village.windDown(0)
    #expect(village.chain.state.plans[0].standing == .winding)
    #expect(village.chain.state.plans[1].standing == .running)
  }
}
