import Consortium
import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Keys of owners: changed, lost, recovered, fought over.
@Suite struct KeyTests {
  private func kinds(_ block: MutualAid, _ membership: UInt32) -> [MembershipChange.Kind] {
    block.noted.filter { $0.membership == membership }.map(\.change.kind)
  }

  @Test("an owner changes her key; the address stays and only the new key speaks for it")
  func rotation() throws {
    var village = try Village.fresh()
    let (old, new) = (try village.owner(of: 0), try Village.key("new"))
    try village.succeed(MutualAid.rotateKey(membership: 0, to: new.publicKey), by: old)
    let address = old.publicKey.address
    #expect(village.chain.chain.app.currentKey(of: address) == new.publicKey)
    #expect(village.chain.state.memberships[0].owner == address)
    try expectRefused(
      village.sent(MutualAid.volunteer(membership: 0), by: old), on: village.chain, code: .wrongSigner)
    #expect(try village.chain.perform(MutualAid.volunteer(membership: 0), by: new, as: address) == .success)
    // And back to the first one.
    let back = try MutualAid.rotateKey(membership: 0, to: old.publicKey)
    #expect(try village.chain.perform(back, by: new, as: address) == .success)
    #expect(try village.chain.perform(MutualAid.leave(membership: 0), by: old) == .success)
  }

  @Test("two organisations recover a lost key; it stands by itself after seven days, and not a second before")
  func recovered() throws {
    var village = try Village.fresh()
    let (old, new) = (try village.owner(of: 0), try Village.key("new"))
    let number = try village.recovering(0)
    #expect(village.chain.state.recoveries[Int(number)].status == .waiting)
    village.chain.advance(seconds: 7 * 86_400 - 1)
    try village.chain.block()
    #expect(village.chain.chain.app.currentKey(of: old.publicKey.address) == nil)
    village.chain.advance(seconds: 1)
    let block = try village.chain.block()
    #expect(block.seal.steps == 1)
    #expect(village.chain.chain.app.currentKey(of: old.publicKey.address) == new.publicKey)
    #expect(village.chain.state.recoveries[Int(number)].status == .done)
    #expect(
      try village.chain.perform(MutualAid.leave(membership: 0), by: new, as: old.publicKey.address) == .success)
  }

  @Test("one organisation alone recovers nothing, and after seven days its word is no longer half of two")
  func alone() throws {
    var village = try Village.fresh()
    let action = try MutualAid.proposeRecovery(membership: 0, to: Village.key("new").publicKey)
    try village.succeed(action, by: village.officer(.platform))
    let other = try MutualAid.proposeRecovery(membership: 0, to: Village.key("other").publicKey)
    try village.succeed(other, by: village.officer(.custodian))
    village.chain.advance(days: 7)
    village.chain.advance(seconds: 1)
    try village.succeed(action, by: village.officer(.auditor))
    #expect((0..<3).allSatisfy { village.chain.state.recoveries[$0].status == .proposed })
    village.chain.advance(days: 30)
    try village.chain.block()
    #expect(try village.chain.chain.app.currentKey(of: village.owner(of: 0).publicKey.address) == nil)
    // Within the seven days of the last, the platform joins it.
    let state = village.chain.state
    #expect(state.waitingRecoveries.isEmpty && state.recovery(of: state.memberships[0].owner) == nil)
  }

  @Test("a veto freezes what is due until the identity authority's word decides", arguments: [true, false])
  func contested(_ isThief: Bool) throws {
    var village = try Village.fresh()
    let number = try village.settled(0)
    let (old, new) = (try village.owner(of: 0), try Village.key("new"))
    let recovery = try village.vetoed(0)
    let account = old.publicKey.address
    #expect(village.chain.state.isFrozen(account))
    let payout = try MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference)
    #expect(try village.chain.perform(payout, by: village.officer(.custodian)) == .accountFrozen)
    village.chain.advance(days: 30)
    try village.chain.block()
    #expect(village.chain.chain.app.currentKey(of: account) == nil, "a thief's veto does not win, nor does hers fail")

    let believed = isThief ? new : old
    let proven = try village.attested(0, for: believed.publicKey.address)
    try village.succeed(MutualAid.proveIdentity(recovery: recovery, proven), by: believed)
    #expect(village.chain.chain.app.currentKey(of: account) == (isThief ? new.publicKey : nil))
    #expect(village.chain.state.recoveries[Int(recovery)].status == (isThief ? .done : .refused))
    #expect(!village.chain.state.isFrozen(account))
    #expect(try village.chain.perform(payout, by: village.officer(.custodian)) == .success)
    try village.chain.state.recount()
  }

  @Test("a payee whom a thief names is never paid once the key is recovered")
  func thiefsPayee() throws {
    var village = try Village.fresh()
    let owner = try village.owner(of: 0)
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: .label("hers", 1)), by: owner)
    village.chain.advance(days: 8)
    try village.succeed(MutualAid.setPayee(membership: 0, commitment: .label("thief", 1)), by: owner)
    village.chain.advance(days: 1)
    _ = try village.recovering(0)
    village.chain.advance(days: 6)
    village.chain.advance(seconds: 86_399)
    #expect(village.payee(of: 0) == .label("hers", 1), "its seven days are over, and the recovery is under way")
    village.chain.advance(days: 1)
    try village.chain.block()
    village.chain.advance(days: 30)
    #expect(village.payee(of: 0) == .label("hers", 1))
    let again = try MutualAid.setPayee(membership: 0, commitment: .label("new", 1))
    #expect(try village.chain.perform(again, by: Village.key("new"), as: owner.publicKey.address) == .success)
    village.chain.advance(days: 7)
    #expect(village.payee(of: 0) == .label("new", 1))
  }

  @Test("an owner's changes of key stand in her history")
  func history() throws {
    let network = try TestNetwork()
    var chain = try TestChain(network, watching: .everybody)
    #expect(try chain.openPlan(TestConvention.plain()) == .success)
    let person = try TestPerson(1)
    try chain.join([person], plan: 0, paying: 10)
    try chain.perform(
      MutualAid.rotateKey(membership: 0, to: Village.key("next").publicKey), by: person.key)
    #expect(kinds(chain.state, 0) == [.rotateKey])
    #expect(chain.state.noted.last?.change.commitment == (try Village.key("next").publicKey.raw))
  }

  @Test("a state made from its tables knows the keys and the recoveries that wait")
  func restored() throws {
    var village = try Village.fresh()
    try village.succeed(
      MutualAid.rotateKey(membership: 1, to: Village.key("one").publicKey), by: village.owner(of: 1))
    _ = try village.recovering(0)
    _ = try village.recovering(2, to: "another")
    var state = village.chain.state
    let again = try MutualAid(image: StateImage(state.images()))
    #expect(again.waitingRecoveries == state.waitingRecoveries && again.nextDue == state.nextDue)
    #expect(try again.changedKey(of: village.owner(of: 1).publicKey.address) == Village.key("one").publicKey)
  }
}
