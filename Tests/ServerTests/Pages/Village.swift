import Consortium
import Ledger
import MutualAid
import TestSupport
import TransparencyLog

@testable import Server

/// A small chain with one of everything that pages show: a plan with a settled, a noticed and a declined case, a
/// member who left, one who waits, a refused transaction, and a second plan with a calendar.
struct Village {
  var chain: TestChain
  var fixture: PageFixture
  private(set) var members: [UInt32] = []
  private let people: [TestPerson]

  /// Days of 2026-01-01 since 1970.
  static let firstDay: UInt32 = 20_454

  init(endorsers: Int = 4, _ change: (inout WireConvention) -> Void = { _ in }) throws {
    let network = try TestNetwork(endorsers: endorsers)
    chain = try TestChain(network, watching: .everybody)
    fixture = try PageFixture(network)
    people = try (1...5).map { try TestPerson($0) }
    try perform(
      MutualAid.openPlan(
        TestConvention.plain { wire in
          wire.waitingDays = 1
          wire.nameZh = "种子计划"
          wire.nameEn = "Seed plan"
          change(&wire)
        }, custodian: 1, identity: 2), by: network.organisation(.platform).officer)
    try perform(
      MutualAid.openPlan(TestConvention.calendar(), custodian: 1, identity: 2),
      by: network.organisation(.platform).officer)
    try join()
  }

  /// Executes entries in a block, and keeps it.
  @discardableResult
  mutating func block(_ entries: [[UInt8]] = [], isIndexed: Bool = true) throws -> [[ErrorCode]] {
    let block = try chain.block(entries)
    try fixture.add(block, isIndexed: isIndexed)
    return block.codes
  }

  @discardableResult
  mutating func perform(_ action: Action, by key: SigningKey, rows: [[UInt8]] = []) throws -> ErrorCode {
    let entries = try chain.transaction(action, by: key, rows: rows)
    return try block(entries)[0][0]
  }

  /// Four people join and pay 1,000 yuan each; a fifth joins and pays nothing.
  private mutating func join() throws {
    let rows = people.map { $0.attestation(plan: 0) }
    let leaves = rows.map { Hash.leaf($0.canonicalBytes) }
    try perform(
      Consortium.attestAction(plan: 0), by: chain.network.organisation(.identity).officer,
      rows: rows.map(\.canonicalBytes))
    var entries: [[UInt8]] = []
    for (index, row) in rows.enumerated() {
      let path = try InclusionProof.build(index: UInt64(index), leaves: leaves).path
      let proven = ProvenAttestation(attestation: row, manifest: 0, index: UInt32(index), path: path)
      entries += try chain.transaction(TestChain.join(proven), by: people[index].key)
    }
    try block(entries)
    members = [0, 1, 2, 3, 4]
    try deposit([0, 1, 2, 3].map { ($0, 1_000) })
  }

  mutating func deposit(_ credits: [(UInt32, Int64)]) throws {
    let first = chain.state.plans[0].nextDeposit
    let rows = try credits.enumerated().map { index, credit in
      Deposit(
        membership: credit.0, amount: try Amount(yuan: credit.1),
        reference: Hash.label("village", first + UInt64(index))
      ).canonicalBytes
    }
    try perform(
      MutualAid.deposits(plan: 0, first: first), by: chain.network.organisation(.custodian).officer, rows: rows)
  }

  /// Files a case for a member whose diagnosis is of this day.
  mutating func file(_ member: UInt32) throws -> UInt32 {
    let number = UInt32(chain.state.cases.count)
    let today = UInt32((chain.nextTime.seconds + CivilDate.offsetSeconds) / Timestamp.day)
    try perform(
      MutualAid.fileCase(membership: member, diseaseClass: 1, diagnosed: today, documents: .label("documents", 1)),
      by: people[Int(member)].key)
    return number
  }

  mutating func investigate(_ number: UInt32, confirmed: Bool = true) throws {
    for (action, key) in try chain.network.examination(of: number, approve: confirmed) {
      try perform(action, by: key)
    }
  }

  mutating func notice(_ number: UInt32) throws {
    try perform(
      MutualAid.publishNotice(caseOrdinal: number), by: chain.network.organisation(.platform).officer)
  }

  mutating func pay(_ number: UInt32, yuan: Int64) throws {
    try perform(
      MutualAid.confirmPayout(
        caseOrdinal: number, amount: Amount(yuan: yuan), reference: .label("payout", UInt64(number))),
      by: chain.network.organisation(.custodian).officer)
  }

  /// Names a payee, and then signs with another key.
  mutating func affairs(of member: UInt32) throws {
    let key = people[Int(member)].key
    for action in try [
      MutualAid.setPayee(membership: member, commitment: .label("payee", 1)),
      MutualAid.rotateKey(membership: member, to: TestPerson(99).key.publicKey),
    ] {
      guard try perform(action, by: key) == .success else { throw LedgerError(.malformed, "an affair was refused") }
    }
  }

  mutating func leave(_ member: UInt32) throws {
    try perform(MutualAid.leave(membership: member), by: people[Int(member)].key)
  }

  /// One of everything: case 0 is paid, case 1 in notice, case 2 declined, member 3 has left, and a transaction was
  /// refused.
  static func full(_ change: (inout WireConvention) -> Void = { _ in }) throws -> Village {
    var village = try Village(change)
    village.chain.advance(days: 3)
    let first = try village.file(0)
    try village.investigate(first)
    try village.notice(first)
    village.chain.advance(days: 4)
    try village.block()
    village.chain.advance(seconds: 60)
    try village.pay(first, yuan: 1_000)
    let second = try village.file(1)
    try village.investigate(second)
    let third = try village.file(2)
    try village.investigate(third, confirmed: false)
    try village.leave(3)
    try village.notice(second)
    // Refused: the case is in notice already.
    try village.notice(second)
    return village
  }

  /// The chain as pages see it.
  mutating func show() throws -> ShownChain { try fixture.show(chain) }
}
