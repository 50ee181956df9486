import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Owners and insured, illness while waiting, groups, consents.
@Suite struct OwnershipTests {
  @Test("a child who comes of age takes her membership over in the month in which she turns 18")
  func comingOfAge() throws {
    var village = try Village.fresh()
    let (parent, own) = (try village.owner(of: Village.child), try Village.key("child, grown up"))
    try village.succeed(
      MutualAid.setPayee(membership: Village.child, commitment: .label("parent's", 1)), by: parent)
    let before = village.chain.state.memberships[Int(Village.child)]
    // Born in June 2020.
    let birthday = CivilDate.midnight(month: (2020 + 18) * 12 + 5)
    village.chain.clock = Timestamp(seconds: birthday.seconds - 1)
    try village.chain.block()
    let early = try village.attested(Village.child, for: own.publicKey.address)
    #expect(
      try village.chain.perform(MutualAid.takeOver(membership: Village.child, early), by: own) == .notOfAge)
    village.chain.advance(seconds: 1)
    try village.chain.block()
    #expect(
      try village.chain.perform(MutualAid.takeOver(membership: Village.child, early), by: own) == .notAttestedAnew)
    let proven = try village.attested(Village.child, for: own.publicKey.address)
    try village.succeed(MutualAid.takeOver(membership: Village.child, proven), by: own)
    let after = village.chain.state.memberships[Int(Village.child)]
    #expect(after.owner == own.publicKey.address && after.exhaustsAt == before.exhaustsAt)
    #expect(after.waitingFrom == before.waitingFrom && after.number == before.number)
    #expect(after.history != before.history)
    #expect(village.payee(of: Village.child) == .zero)
    #expect(try village.chain.perform(MutualAid.leave(membership: Village.child), by: parent) == .notTheOwner)
    #expect(try village.chain.perform(MutualAid.leave(membership: Village.child), by: own) == .success)
    try village.chain.state.recount()
  }

  @Test(
    "who falls ill while waiting gets her shares back as far as the reserve reaches, and her balance",
    arguments: [0, 250, 1_000] as [Int64])
  func illness(_ reserve: Int64) throws {
    var village = try Village.fresh()
    if reserve > 0 {
      try village.succeed(
        MutualAid.contribute(plan: 0, amount: Amount(yuan: reserve), reference: .reference),
        by: village.officer(.custodian))
    }
    // Aid is 1,000 yuan: four give all their 100, and she gives 600 of her 700.
    let membership = try village.chain.join([try TestPerson(40)], plan: 0, paying: 700)[0]
    _ = try village.settled(1)
    #expect(village.chain.state.plans[0].cumulative == 600 * Amount.microPerYuan)
    try village.succeed(village.illness(of: membership), by: TestPerson(40).key)
    let state = village.chain.state
    #expect(state.memberships[Int(membership)].status == .ended)
    let back = min(600, reserve) * Amount.microPerYuan
    let refunds = (0..<state.refunds.count).map { state.refunds[$0] }
    #expect(refunds.filter { $0.kind == .shares }.map(\.amount) == (back > 0 ? [back] : []))
    #expect(refunds.filter { $0.kind == .balance }.map(\.amount) == [100 * Amount.microPerYuan])
    #expect(state.plans[0].money.reserve == reserve * Amount.microPerYuan - back)
    #expect(state.illness(of: membership)?.shares == back && state.illness(of: membership)?.status == .paidBack)
    try state.recount()
    for ordinal in refunds.indices {
      try village.succeed(
        MutualAid.confirmRefund(refund: UInt32(ordinal), reference: .reference), by: village.officer(.custodian))
    }
    #expect(village.chain.state.plans[0].money.refundsDue == 0)
    try village.chain.state.recount()
  }

  @Test("one organisation's report ends nobody's membership; a second one's of the same does, behind open notices")
  func reportedByTwo() throws {
    var village = try Village.fresh()
    let membership = try village.waiting(TestPerson(40))
    let report = try village.illness(of: membership)
    try village.succeed(report, by: village.officer(.hospital))
    #expect(village.chain.state.memberships[Int(membership)].status == .active)
    // Another day: that is the last word now, and the hospital has not said it.
    village.chain.advance(days: 1)
    try village.succeed(village.illness(of: membership), by: village.officer(.auditor))
    #expect(village.chain.state.memberships[Int(membership)].status == .active)
    _ = try village.noticed(1)
    try village.succeed(
      village.illness(of: membership, on: village.today), by: village.officer(.hospital))
    #expect(village.chain.state.memberships[Int(membership)].status == .leaving)
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(village.chain.state.memberships[Int(membership)].status == .ended)
    #expect(village.chain.state.illness(of: membership)?.second == 5)
    try village.chain.state.recount()
  }

  @Test("a convention's next version may pay shares back, and a diagnosis is judged by the rules of its day")
  func waitingIllnessIsARule() throws {
    #expect(try TestConvention.plain().waitingIllness == .nothing)
    #expect(try TestConvention.plain { $0.waitingIllness = .refund }.waitingIllness == .refund)
    #expect(throws: LedgerError.self) { try TestConvention.plain { $0.waitingIllness = .UNRECOGNIZED(2) } }
  }

  @Test("a group enrols in bulk, each row with an outcome of its own, and each membership is its owner's")
  func enrolment() throws {
    var village = try Village.fresh()
    let number = try village.group()
    let people = try (50..<54).map { try TestPerson($0) }
    var rows = try village.enrolments(people)
    rows.append(rows[0])
    // A path with one bit changed.
    rows[1][rows[1].count - 1] ^= 1
    let entries = try village.sent(MutualAid.enrol(group: number), by: Village.payer.get(), rows: rows)
    let codes = try village.chain.block(entries).codes
    #expect(codes == [[.success], [.success, .attestationNotProven, .success, .success, .alreadyMember]])
    let state = village.chain.state
    #expect(state.members(ofGroup: number) == [7, 8, 9] && state.groups[Int(number)].members == 3)
    #expect(state.memberships[8].owner == people[2].key.publicKey.address)
    #expect(state.memberships[8].marks == .inGroup)
    #expect(try village.chain.perform(MutualAid.leave(membership: 9), by: people[3].key) == .success)
    #expect(village.chain.state.members(ofGroup: number) == [7, 8])
  }

  @Test("who is in one group with the aided is her relation, and nobody else is")
  func related() throws {
    var village = try Village.fresh()
    _ = try village.staff()
    let other = try village.group()
    let rows = try village.enrolments([TestPerson(60)])
    try village.succeed(MutualAid.enrol(group: other), by: Village.payer.get(), rows: rows)
    let state = village.chain.state
    #expect(state.areRelated(7, 8) && state.areRelated(8, 7))
    #expect(!state.areRelated(7, 10) && !state.areRelated(7, 0) && !state.areRelated(0, 1))
    try village.succeed(MutualAid.leaveGroup(membership: 8), by: TestPerson(51).key)
    #expect(!village.chain.state.areRelated(7, 8))
  }

  @Test("a payment for a group is split in whole fen, the first members get what is left over")
  func split() throws {
    var village = try Village.fresh()
    let number = try village.staff()
    let before = village.chain.state.plans[0].money
    // 10.01 yuan each would be too little for one of them; 31 yuan and two fen.
    try village.succeed(village.groupPayment(number, fen: 3_102), by: village.officer(.custodian))
    var state = village.chain.state
    let balances = (7..<10).map { state.memberships[$0].balance(cumulative: state.plans[0].cumulative) }
    #expect(balances == [10_340_000, 10_340_000, 10_340_000])
    try village.succeed(
      village.groupPayment(number, fen: 302, reference: .label("second", 1)), by: village.officer(.custodian))
    state = village.chain.state
    #expect((7..<10).map { state.memberships[$0].exhaustsAt } == [11_350_000, 11_350_000, 11_340_000])
    #expect(state.plans[0].money.deposits - before.deposits == 34_040_000)
    #expect(state.plans[0].nextDeposit == 7 && state.groups[Int(number)].paid == 34_040_000)
    // Who left the group, or the plan, gets nothing of the next payment.
    try village.succeed(MutualAid.leaveGroup(membership: 7), by: TestPerson(50).key)
    try village.succeed(MutualAid.leave(membership: 8), by: TestPerson(51).key)
    try village.succeed(
      village.groupPayment(number, fen: 5, reference: .label("third", 1)), by: village.officer(.custodian))
    state = village.chain.state
    #expect(state.memberships[9].exhaustsAt == 11_390_000)
    try state.recount()
    try village.succeed(MutualAid.leave(membership: 9), by: TestPerson(52).key)
    try village.succeed(
      village.groupPayment(number, fen: 5, reference: .label("fourth", 1)), by: village.officer(.custodian))
    #expect(village.chain.state.plans[0].money.suspense == 50_000)
    try village.chain.state.recount()
  }

  @Test("a consent is in force until its end, or until it is taken back")
  func consents() throws {
    var village = try Village.fresh()
    let owner = try village.owner(of: 0)
    try village.succeed(village.consent(of: 0), by: owner)
    let given = village.chain.state.consents[0]
    #expect(given.isInForce(at: village.chain.nextTime) && !given.isInForce(at: given.until))
    try village.succeed(MutualAid.withdrawConsent(0), by: owner)
    #expect(!village.chain.state.consents[0].isInForce(at: village.chain.nextTime))
    #expect(try village.chain.perform(MutualAid.withdrawConsent(0), by: owner) == .unknownConsent)
  }
}
