import Consortium
import Contracts
import Foundation
import Ledger
import TestSupport
import TransparencyLog

@testable import MutualAid

/// A chain on which everything has happened that bad input needs to be bad in one thing only.
///
/// Two plans were opened on 2026-01-01: 0 with a notice for each case, 1 with a calendar. Their waiting
/// periods of 30 days are over, for it is 2026-02-10, 00:00 in UTC+8.
struct Village: Sendable {
  var chain: TestChain

  /// Memberships 0, 1 and 2: adults of plan 0 with 100 yuan each, paid in on the first day.
  static let adults: [UInt32] = [0, 1, 2]
  /// Membership 3: five years old, in plan 0 with 100 yuan.
  static let child: UInt32 = 3
  /// Membership 4: in plan 0, has never paid.
  static let unpaid: UInt32 = 4
  /// Membership 5: in plan 1 with 100 yuan.
  static let calendarPayer: UInt32 = 5
  /// Membership 6: in plan 1, has never paid.
  static let calendarUnpaid: UInt32 = 6
  /// The owners by membership.
  static let owners = Result {
    try (UInt64(0)...6).map { try TestPerson($0 + 1, birthMonth: $0 == 3 ? 2020 * 12 + 5 : 1990 * 12 + 5) }
  }
  /// An account that the platform registered and that belongs to nobody else.
  static let bystander = Result { try SigningKey(label: "bystander") }

  /// Ordinal of an identity authority that no plan names.
  static let otherIdentity = "other-identity.example"

  /// An organisation that investigates other cases, and may decide those it did not.
  static let otherInvestigator = "other-inquiry.example"

  private static let start = Result { try Village() }

  /// A copy of the village.
  static func fresh() throws -> Village { try start.get() }

  private init() throws {
    let network = try TestNetwork(
      endorsers: 4,
      more: [
        ("insurer.example", .insurer), ("charity.example", .charity), (Village.otherIdentity, .identity),
        (Village.otherInvestigator, [.investigator, .insurer]),
      ])
    chain = try TestChain(network)
    // Aid is for adults only, so that there is an age for which nothing is paid.
    let plain = try TestConvention.plain { wire in
      wire.aid[0].fromYears = 18
      wire.waitingIllness = .refund
      wire.contest.objections = 1
      wire.contest.objectionsAYear = 1
      (wire.contest.jurors, wire.contest.quorum) = (3, 2)
      wire.fastTrack.amount = 300 * Amount.microPerYuan
      wire.fastTrack.cases = 2
      wire.fastTrack.total = 500 * Amount.microPerYuan
      wire.fastTrack.windowDays = 20
      wire.fastTrack.loss = .shared
      wire.windDown.claimsDays = 90
    }
    for convention in [plain, try TestConvention.calendar()] {
      let code = try chain.openPlan(convention)
      precondition(code == .success)
    }
    let people = try Village.owners.get()
    try chain.join(Array(people[0...3]), plan: 0, paying: 100)
    try chain.join([people[4]], plan: 0, paying: 0)
    try chain.join([people[5]], plan: 1, paying: 100)
    try chain.join([people[6]], plan: 1, paying: 0)
    let bystander = try Village.bystander.get().publicKey.address.bytes
    try chain.perform(Consortium.registerAction(), by: officer(.platform), rows: [bystander])
    chain.advance(days: 40)
    try chain.block()
  }

  // MARK: Who

  func officer(_ role: Role) -> SigningKey { chain.network.organisation(role).officer }

  func organisation(named name: String) -> TestOrganisation {
    guard let found = chain.network.organisations.first(where: { $0.name == name }) else {
      preconditionFailure("no organisation \(name)")
    }
    return found
  }

  func owner(of membership: UInt32) throws -> SigningKey { try Village.owners.get()[Int(membership)].key }

  // MARK: When

  /// The day so many days after 2026-01-01, counted as cases count it.
  func day(_ offset: Int) -> UInt32 { UInt32(CivilDate(TestNetwork.start).dayNumber + offset) }

  /// The day of the next block.
  var today: UInt32 { UInt32(CivilDate(chain.nextTime).dayNumber) }

  // MARK: What

  /// The entries of a signed transaction.
  mutating func sent(_ action: Action, by key: SigningKey, rows: [[UInt8]] = []) throws -> [[UInt8]] {
    try chain.transaction(action, by: key, rows: rows)
  }

  /// The same for a message that the builders of actions would not make.
  mutating func sent(_ kind: MutualAidAction, _ payload: [UInt8], by key: SigningKey) throws -> [[UInt8]] {
    try sent(Action(contract: MutualAid.name, kind: kind.rawValue, payload: payload), by: key)
  }

  /// What a good block does; stops the test where it does not.
  mutating func succeed(_ action: Action, by key: SigningKey, rows: [[UInt8]] = []) throws {
    let code = try chain.perform(action, by: key, rows: rows)
    guard code == .success else { throw LedgerError(code, "this was to succeed") }
  }

  /// An empty block on a copy.
  func idle() throws -> ExecutedBlock<ChainState> {
    var copy = chain
    return try copy.block()
  }

  // MARK: Cases

  func file(_ membership: UInt32, on day: UInt32) throws -> Action {
    try MutualAid.fileCase(
      membership: membership, diseaseClass: 1, diagnosed: day, documents: .label("documents", UInt64(membership)))
  }

  func investigate(_ number: UInt32, confirmed: Bool = true) throws -> Action {
    try MutualAid.investigate(caseOrdinal: number, confirmed: confirmed, report: .label("report", UInt64(number)))
  }

  /// Files a case of today by its owner; its ordinal.
  mutating func filed(_ membership: UInt32) throws -> UInt32 {
    let number = UInt32(chain.state.cases.count)
    try succeed(file(membership, on: today), by: owner(of: membership))
    return number
  }

  /// The same, and the platform hands it to the investigator.
  mutating func assigned(_ membership: UInt32) throws -> UInt32 {
    let number = try filed(membership)
    let to = chain.network.organisation(.investigator).ordinal
    try succeed(MutualAid.assign(caseOrdinal: number, to: to), by: officer(.platform))
    return number
  }

  /// The same, and the investigator reports.
  mutating func reported(_ membership: UInt32) throws -> UInt32 {
    let number = try assigned(membership)
    try succeed(investigate(number), by: officer(.investigator))
    return number
  }

  /// The same, and two organisations approve it, or decline it.
  mutating func confirmed(_ membership: UInt32, approve: Bool = true) throws -> UInt32 {
    let number = try reported(membership)
    for role in [Role.platform, .auditor] {
      try succeed(MutualAid.decide(caseOrdinal: number, approve: approve), by: officer(role))
    }
    return number
  }

  /// The same, and the platform publishes it.
  mutating func noticed(_ membership: UInt32) throws -> UInt32 {
    let number = try confirmed(membership)
    try succeed(MutualAid.publishNotice(caseOrdinal: number), by: officer(.platform))
    return number
  }

  /// The same, and it is shared. Aid is 1,000 yuan and four members have 100 each, so all run dry, and 400
  /// yuan are due.
  mutating func settled(_ membership: UInt32) throws -> UInt32 {
    let number = try noticed(membership)
    chain.advance(days: 3)
    try chain.block()
    return number
  }
}

extension Village {
  /// A sponsor's money for plan 0's reserve.
  mutating func sponsored(yuan: Int64) throws {
    try succeed(
      MutualAid.contribute(plan: 0, amount: Amount(yuan: yuan), reference: .reference), by: officer(.custodian))
  }

  /// Files a case of today for which the hospital signs.
  mutating func certified(_ membership: UInt32) throws -> UInt32 {
    let number = try filed(membership)
    try succeed(MutualAid.certifyDiagnosis(caseOrdinal: number, diagnosis: .reference), by: officer(.hospital))
    return number
  }

  /// The same, and an insurer signs: 300 yuan are advanced out of a reserve of 1,000.
  mutating func advanced(_ membership: UInt32) throws -> UInt32 {
    try sponsored(yuan: 1000)
    let number = try certified(membership)
    try succeed(MutualAid.countersign(caseOrdinal: number), by: officer(.insurer))
    return number
  }

  /// The case of an advance goes on: investigated and decided.
  mutating func examined(_ number: UInt32, approve: Bool) throws {
    for (action, key) in try chain.network.examination(of: number, approve: approve) { try succeed(action, by: key) }
  }

  /// The custodian pays what is due for a case.
  mutating func paid(_ number: UInt32) throws {
    let record = chain.state.cases[Int(number)]
    try succeed(
      MutualAid.confirmPayout(
        caseOrdinal: number, amount: Amount(micro: record.given - record.paid).wholeFen.fen, reference: .reference),
      by: officer(.custodian))
  }

  /// Four of the consortium decide to end a plan's cover, and the time of announcement passes.
  mutating func windDown(_ plan: UInt16) throws {
    try chain.carry(MutualAid.windDown(of: plan))
  }
}

extension Hash {
  /// The reference of a payment in these tests.
  static let reference = Hash.label("a payment's reference", 0)
}

extension Village {
  /// Leads plan 1 to between a cut-off and its debit: a case of membership 5 is noticed on 2026-02-21, and
  /// its debit comes on 2026-02-28.
  mutating func untilCutOff() throws {
    _ = try confirmed(Village.calendarPayer)
    chain.advance(days: 11)
    try chain.block()
    guard chain.state.plans[1].nextDebit != .zero else { throw LedgerError(.wrongCaseState, "no notice runs") }
  }
}

extension Village {
  /// The hash chain of an organisation.
  func dice(_ organisation: UInt64) -> DiceChain { DiceChain(secret: .label("dice", organisation), length: 8) }

  func objection(to number: UInt32, by membership: UInt32) throws -> Action {
    try MutualAid.object(
      to: number, membership: membership, reason: .falseDocuments, evidence: .label("evidence", UInt64(membership)))
  }

  /// A case of a membership in notice, to which membership 1 objects; the draw is open.
  mutating func contested(_ membership: UInt32) throws -> UInt32 {
    let number = try noticed(membership)
    try succeed(objection(to: number, by: 1), by: owner(of: 1))
    return number
  }

  /// Platform and bank have a part in draws, and memberships 2 and 3 are ready to judge.
  mutating func ready() throws {
    for organisation in chain.network.organisations.prefix(2) {
      try succeed(MutualAid.commitDice(tip: dice(UInt64(organisation.ordinal)).tip), by: organisation.officer)
    }
    for membership: UInt32 in [2, Village.child] {
      try succeed(MutualAid.volunteer(membership: membership), by: owner(of: membership))
    }
  }

  /// Platform and bank reveal their next preimages, which closes a draw.
  mutating func draw(_ ordinal: UInt32) throws {
    for organisation in chain.network.organisations.prefix(2) {
      let revealed = Int(chain.state.dice[Int(organisation.ordinal)].revealed)
      guard let preimage = dice(UInt64(organisation.ordinal)).preimage(after: revealed) else { continue }
      try succeed(MutualAid.revealDice(draw: ordinal, preimage: preimage), by: organisation.officer)
    }
  }

  /// A contested case of a membership before its jury, number 0, of memberships 2 and 3.
  mutating func heard(_ membership: UInt32) throws -> UInt32 {
    try ready()
    let number = try contested(membership)
    try draw(0)
    return number
  }

  func salt(of membership: UInt32) -> Hash { .label("salt", UInt64(membership)) }

  func vote(of membership: UInt32, on jury: UInt32 = 0, approve: Bool = true) throws -> Action {
    try MutualAid.commitVote(jury: jury, membership: membership, approve: approve, salt: salt(of: membership))
  }

  func opening(of membership: UInt32, on jury: UInt32 = 0, approve: Bool = true) throws -> Action {
    try MutualAid.revealVote(jury: jury, membership: membership, approve: approve, salt: salt(of: membership))
  }

  /// Both jurors vote and open their votes, and the jury's time passes.
  mutating func judge(jury: UInt32 = 0, approve: Bool) throws {
    for membership: UInt32 in [2, Village.child] {
      try succeed(vote(of: membership, on: jury, approve: approve), by: owner(of: membership))
    }
    chain.advance(days: 3)
    try chain.block()
    for membership: UInt32 in [2, Village.child] {
      try succeed(opening(of: membership, on: jury, approve: approve), by: owner(of: membership))
    }
    chain.advance(days: 1)
    try chain.block()
  }
}
