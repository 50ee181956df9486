import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Payees, heirs and deaths.
@Suite struct PayeeTests {
  private let hers = Hash.label("payee", 1)
  private let heir = Hash.label("heir", 1)

  @Test("a payee is the one of record seven days after she was named, and not a second before")
  func delay() throws {
    var village = try Village.fresh()
    #expect(village.payee(of: 0) == .zero)
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: hers), by: village.owner(of: 0))
    village.chain.advance(seconds: 7 * 86_400 - 1)
    #expect(village.payee(of: 0) == .zero)
    village.chain.advance(seconds: 1)
    #expect(village.payee(of: 0) == hers)
    // Another change leaves her in place until its own seven days are over.
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: .zero), by: village.owner(of: 0))
    #expect(village.payee(of: 0) == hers)
    village.chain.advance(days: 7)
    #expect(village.payee(of: 0) == .zero)
  }

  @Test("a payout names the payee of record, and so does a refund")
  func paid() throws {
    var village = try Village.fresh()
    let number = try village.settled(0)
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: hers), by: village.owner(of: 0))
    village.chain.advance(days: 7)
    try village.succeed(
      MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference, payee: hers),
      by: village.officer(.custodian))
    try village.succeed(MutualAid.setPayee(membership: 1, commitment: hers), by: village.owner(of: 1))
    try village.chain.deposit([(1, 20)], plan: 0)
    try village.succeed(MutualAid.leave(membership: 1), by: village.owner(of: 1))
    village.chain.advance(days: 7)
    let refund = UInt32(village.chain.state.refunds.count - 1)
    #expect(
      try village.chain.perform(
        MutualAid.confirmRefund(refund: refund, reference: .reference), by: village.officer(.custodian)) == .wrongPayee)
    try village.succeed(
      MutualAid.confirmRefund(refund: refund, reference: .reference, payee: hers), by: village.officer(.custodian))
    try village.chain.state.recount()
  }

  @Test("a death ends cover with its day; an earlier illness is covered, and heirs are paid aid and balance")
  func death() throws {
    var village = try Village.fresh()
    try village.succeed(MutualAid.setHeir(membership: 0, commitment: heir), by: village.owner(of: 0))
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: hers), by: village.owner(of: 0))
    village.chain.advance(days: 7)
    try village.chain.block()
    #expect(village.payee(of: 0) == hers)
    let day = village.today - 2
    try village.succeed(MutualAid.reportDeath(membership: 0, day: day), by: village.officer(.identity))
    let state = village.chain.state
    #expect(state.memberships[0].status == .ended && state.deathDay(of: 0) == day)
    #expect(state.refunds[0].isToHeir && state.refunds[0].amount == 100_000_000)
    #expect(village.payee(of: 0) == heir)
    // The hospital files for her: the day of the death is covered, the next one is not.
    let hospital = village.officer(.hospital)
    #expect(try village.chain.perform(village.file(0, on: day + 1), by: hospital) == .notFunded)
    #expect(try village.chain.perform(village.file(0, on: day), by: hospital) == .success)
    try village.succeed(
      MutualAid.confirmRefund(refund: 0, reference: .reference, payee: heir), by: village.officer(.custodian))
    try village.chain.state.recount()
  }

  @Test("behind an open notice a death waits for the settlement, and an open case's aid goes to the heir")
  func deathInNotice() throws {
    var village = try Village.fresh()
    try village.succeed(MutualAid.setHeir(membership: 0, commitment: heir), by: village.owner(of: 0))
    village.chain.advance(days: 7)
    let number = try village.noticed(0)
    try village.succeed(
      MutualAid.reportDeath(membership: 0, day: village.today), by: village.officer(.identity))
    #expect(village.chain.state.memberships[0].status == .leaving)
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(village.chain.state.memberships[0].status == .ended)
    #expect(village.chain.state.cases[Int(number)].status == .settled)
    let payout = try MutualAid.confirmPayout(
      caseOrdinal: number, amount: Amount(yuan: 400), reference: .reference, payee: heir)
    try village.succeed(payout, by: village.officer(.custodian))
    try village.chain.state.recount()
  }

  @Test("a frozen account's heirs are paid all the same: the dead prove nothing")
  func frozenAndDead() throws {
    var village = try Village.fresh()
    try village.succeed(MutualAid.setHeir(membership: 0, commitment: heir), by: village.owner(of: 0))
    village.chain.advance(days: 7)
    _ = try village.vetoed(0)
    try village.succeed(MutualAid.reportDeath(membership: 0, day: village.today), by: village.officer(.identity))
    try village.succeed(
      MutualAid.confirmRefund(refund: 0, reference: .reference, payee: heir), by: village.officer(.custodian))
  }
}
