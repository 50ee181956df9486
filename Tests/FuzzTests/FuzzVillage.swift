import Consortium
import Contracts
import TestSupport

@testable import Ledger
@testable import MutualAid
@testable import TransparencyLog

/// A chain on which each action can succeed once: there is a plan to join, a case in each state, a refund to confirm.
struct FuzzVillage: Sendable {
  /// The chain after its last block.
  private(set) var chain: TestChain
  /// Who may send: the officers of all organisations, seven members, somebody attested who has not joined, and the
  /// members whose cases are contested.
  private(set) var senders: [SigningKey] = []
  /// The attestation of the one who has not joined, in each plan.
  private(set) var joins: [ProvenAttestation] = []
  /// Membership 6's and membership 3's people attested anew, and a row that a group may enrol.
  private(set) var renewed: [ProvenAttestation] = []
  /// See ``renewed``.
  private(set) var enrolment: [UInt8] = []
  /// The state root.
  private(set) var root = Hash.zero

  /// Places among the senders.
  static let (member, newcomer, contester) = (7, 14, 15)

  private static let made = Result { try FuzzVillage() }

  /// The one village that all targets begin with.
  static func shared() throws -> FuzzVillage { try made.get() }

  private init() throws {
    let network = try TestNetwork()
    chain = try TestChain(network)
    for convention in [
      try TestConvention.plain { wire in
        wire.aid[0].amount = 60 * Amount.microPerYuan
        (wire.contest.objections, wire.contest.jurors, wire.contest.quorum) = (1, 3, 2)
        FuzzVillage.advances(&wire)
        wire.waitingIllness = .refund
      }, try .calendarForFuzzing(),
    ] {
      try expect(chain.openPlan(convention))
    }
    let people = try (1...8).map { try TestPerson($0) }
    let contesters = try (20...32).map { try TestPerson($0) }
    senders = network.organisations.map(\.officer) + (people + contesters).map(\.key)
    try chain.join(Array(people[0..<5]), plan: 0, paying: 100)
    try chain.join([people[5]], plan: 1, paying: 100)
    try chain.join([people[6]], plan: 1, paying: 0)
    try chain.join(contesters, plan: 0, paying: 100)
    for plan in 0..<2 {
      joins += try chain.attest([people[7].attestation(plan: UInt16(plan), expiry: .max)], plan: UInt16(plan))
    }
    chain.advance(days: 40)
    try chain.block()
    // Case 0 is settled and its payout due, 1 is confirmed, 2 is filed, 3 is paid in part.
    let officer = { (role: Role) in network.organisation(role).officer }
    for (number, person) in people[0..<3].enumerated() {
      try expect(chain.perform(file(UInt32(number)), by: person.key))
    }
    try expect(chain.perform(file(19), by: contesters[12].key))
    for number in [0, 1, 3] {
      for (action, key) in try network.examination(of: UInt32(number)) { try expect(chain.perform(action, by: key)) }
    }
    for number: UInt32 in [0, 3] {
      try expect(chain.perform(MutualAid.publishNotice(caseOrdinal: number), by: officer(.platform)))
    }
    try expect(chain.perform(MutualAid.leave(membership: 4), by: people[4].key))
    for _ in 0..<3 {
      chain.advance(days: 4)
      try chain.block()
    }
    let payout = try MutualAid.confirmPayout(caseOrdinal: 3, amount: Amount(yuan: 10), reference: .label("payout", 3))
    try expect(chain.perform(payout, by: officer(.custodian)))
    try contest(contesters, network)
    try advance(people[5], network)
    try members(people, network)
    // A proposal by an organisation that does not endorse is open.
    try expect(chain.propose(.suspend(6), by: 4).code)
    var app = chain.chain.app
    root = app.stateRoot()
  }

  /// Seven members from membership 7 on file cases 4 to 10, which come to stand where each action of a contest can
  /// succeed; the next objects, and the four after that judge.
  private mutating func contest(_ people: [TestPerson], _ network: TestNetwork) throws {
    for organisation in 0..<2 {
      let tip = FuzzVillage.dice(organisation).tip
      try expect(chain.perform(MutualAid.commitDice(tip: tip), by: network.organisations[organisation].officer))
    }
    for juror in 8..<12 {
      try expect(chain.perform(MutualAid.volunteer(membership: UInt32(7 + juror)), by: people[juror].key))
    }
    // The first jury opens its votes, the second votes, and the third is being drawn.
    for (round, person) in [4, 5, 6].enumerated() {
      let number = UInt32(chain.state.cases.count)
      try expect(chain.perform(file(UInt32(7 + person)), by: people[person].key))
      for (action, key) in try network.examination(of: number) { try expect(chain.perform(action, by: key)) }
      try expect(chain.perform(MutualAid.publishNotice(caseOrdinal: number), by: network.organisations[0].officer))
      try expect(chain.perform(FuzzVillage.objection(to: number), by: people[7].key))
      guard round < 2 else { break }
      for organisation in 0..<2 {
        guard let preimage = FuzzVillage.dice(organisation).preimage(after: round) else { continue }
        try expect(
          chain.perform(
            MutualAid.revealDice(draw: UInt32(round), preimage: preimage),
            by: network.organisations[organisation].officer))
      }
      guard round == 0 else { continue }
      for seat in chain.state.seats(of: 0) {
        let membership = chain.state.seats[seat].membership
        try expect(chain.perform(vote(0, membership), by: people[Int(membership) - 7].key))
      }
      chain.advance(days: 3)
      try chain.block()
    }
    for person in 0..<4 {
      let number = UInt32(chain.state.cases.count)
      try expect(chain.perform(file(UInt32(7 + person)), by: people[person].key))
      let steps = try network.examination(of: number, approve: person != 3)
      for (action, key) in steps.prefix([1, 2, 4, 4][person]) { try expect(chain.perform(action, by: key)) }
      if person == 2 {
        try expect(chain.perform(MutualAid.publishNotice(caseOrdinal: number), by: network.organisations[0].officer))
      }
    }
    // Two checks of case 7, one of which a volunteer was sent for, and an open complaint.
    for _ in 0..<2 {
      try expect(chain.perform(MutualAid.askFieldCheck(caseOrdinal: 7), by: network.organisations[3].officer))
    }
    try expect(chain.perform(MutualAid.sendFieldCheck(1, membership: 15), by: network.organisations[0].officer))
    try expect(chain.perform(FuzzVillage.complaint(), by: people[7].key))
  }

  private static func complaint() throws -> Action {
    try MutualAid.complain(
      membership: 14, about: .organisation, ordinal: 1, reason: .money, content: .label("complaint", 1))
  }

  /// What hospitals, custodians, helpers, volunteers and who complains can do.
  private func filings() throws -> [(action: Action, sender: Int, rows: [[UInt8]])] {
    let now = chain.nextTime
    return try [
      (
        MutualAid.reserveStatement(
          plan: 0, number: 1, asOf: now, held: Amount(yuan: 1_000), evidence: .label("reserves", 1)), 1, []
      ),
      (MutualAid.registerRecord(.label("record", 1)), 4, []),
      (
        MutualAid.nameHelper(membership: 14, helper: SigningKey(label: "stranger").publicKey.address),
        Self.contester + 7, []
      ),
      (MutualAid.askFieldCheck(caseOrdinal: 7), 3, []),
      (MutualAid.sendFieldCheck(0, membership: 16), 0, []),
      (MutualAid.reportFieldCheck(1, agrees: true, report: .label("check", 1)), Self.contester + 8, []),
      (FuzzVillage.complaint(), Self.contester + 7, []),
      (MutualAid.answer(complaint: 0, with: .label("answer", 1)), 1, []),
    ]
  }

  fileprivate static func advances(_ wire: inout WireConvention) {
    wire.fastTrack.amount = 20 * Amount.microPerYuan
    wire.fastTrack.cases = 5
    wire.fastTrack.total = 100 * Amount.microPerYuan
    wire.fastTrack.windowDays = 30
    wire.fastTrack.loss = .shared
  }

  /// A hospital has signed for case 1, and case 11, of membership 5 in the other plan, was advanced, paid and declined.
  private mutating func advance(_ person: TestPerson, _ network: TestNetwork) throws {
    let officer = { (role: Role) in network.organisation(role).officer }
    for plan: UInt16 in 0..<2 {
      let gift = try MutualAid.contribute(
        plan: plan, amount: Amount(yuan: 100), reference: .label("gift", UInt64(plan)))
      try expect(chain.perform(gift, by: officer(.custodian)))
    }
    let number = UInt32(chain.state.cases.count)
    try expect(chain.perform(file(5), by: person.key))
    for ordinal in [1, number] {
      let signature = try MutualAid.certifyDiagnosis(
        caseOrdinal: ordinal, diagnosis: .label("diagnosis", UInt64(ordinal)))
      try expect(chain.perform(signature, by: officer(.hospital)))
    }
    try expect(chain.perform(MutualAid.countersign(caseOrdinal: number), by: officer(.insurer)))
    let payout = try MutualAid.confirmPayout(
      caseOrdinal: number, amount: Amount(yuan: 20), reference: .label("advance", 0))
    try expect(chain.perform(payout, by: officer(.custodian)))
    for (action, key) in try network.examination(of: number, approve: false) {
      try expect(chain.perform(action, by: key))
    }
  }

  /// Recovery 0, of membership 5, waits; recovery 1, of membership 6, is vetoed; membership 3 has given a consent; and
  /// the newcomer pays for a group of one, who is the last sender.
  private mutating func members(_ people: [TestPerson], _ network: TestNetwork) throws {
    for membership: UInt32 in [5, 6] {
      let new = try SigningKey(label: "new \(membership)").publicKey
      for organisation in [0, 5] {
        try expect(
          chain.perform(
            MutualAid.proposeRecovery(membership: membership, to: new), by: network.organisations[organisation].officer)
        )
      }
    }
    try expect(chain.perform(MutualAid.vetoRecovery(1), by: people[6].key))
    var insured = people[3].attestation(plan: 0)
    insured.owner = people[7].key.publicKey.address
    renewed = try chain.attest([people[6].attestation(plan: 1)], plan: 1) + chain.attest([insured], plan: 0)
    try expect(
      chain.perform(
        MutualAid.giveConsent(
          membership: 3, purpose: .research, commitment: .label("text", 1), until: chain.nextTime.adding(days: 9)),
        by: people[3].key))
    let payer = people[7].key
    try expect(
      chain.perform(
        MutualAid.registerGroup(plan: 0, kind: .family, payer: payer.publicKey.address),
        by: network.organisations[0].officer))
    let family = try (97...98).map { try TestPerson($0) }
    let rows = try chain.attest(family.map { $0.attestation(plan: 0) }, plan: 0).map { proven in
      Enrolment.row(proven, insured: .label("insured", 1), health: .label("health", 1))
    }
    try expect(chain.perform(MutualAid.enrol(group: 0), by: payer, rows: [rows[0]]))
    enrolment = rows[1]
    senders.append(family[0].key)
  }

  private static func dice(_ organisation: Int) -> DiceChain {
    DiceChain(secret: .label("dice", UInt64(organisation)), length: 8)
  }

  private static func objection(to number: UInt32) throws -> Action {
    try MutualAid.object(to: number, membership: 14, reason: .other, evidence: .label("evidence", UInt64(number)))
  }

  private func vote(_ jury: UInt32, _ membership: UInt32) throws -> Action {
    try MutualAid.commitVote(
      jury: jury, membership: membership, approve: true, salt: .label("salt", UInt64(membership)))
  }

  /// What can be done about cases 4 to 10.
  private func contests() throws -> [(action: Action, sender: Int, rows: [[UInt8]])] {
    let (first, second) = (chain.state.seats(of: 0)[0], chain.state.seats(of: 1)[0])
    let (opening, voting) = (chain.state.seats[first].membership, chain.state.seats[second].membership)
    let preimage = FuzzVillage.dice(0).preimage(after: 2) ?? .zero
    func sender(_ membership: UInt32) -> Int { Self.contester + Int(membership) - 7 }
    return try [
      (MutualAid.assign(caseOrdinal: 2, to: 3), 0, []),
      (MutualAid.investigate(caseOrdinal: 7, confirmed: true, report: .sha256([3])), 3, []),
      (MutualAid.decide(caseOrdinal: 8, approve: true), 5, []),
      (MutualAid.withdrawCase(5), sender(12), []),
      (FuzzVillage.objection(to: 9), sender(14), []),
      (MutualAid.appeal(caseOrdinal: 10, evidence: .label("appeal", 1)), sender(10), []),
      (MutualAid.volunteer(membership: 14), sender(14), []),
      (MutualAid.commitDice(tip: .label("tip", 1)), 2, []),
      (MutualAid.revealDice(draw: 2, preimage: preimage), 0, []),
      (MutualAid.recuse(jury: 1, membership: voting), sender(voting), []),
      (vote(1, voting), sender(voting), []),
      (
        MutualAid.revealVote(
          jury: 0, membership: opening, approve: true, salt: .label("salt", UInt64(opening))), sender(opening), []
      ),
      (
        MutualAid.returnPayout(caseOrdinal: 3, amount: Amount(yuan: 10), reference: .label("returned", 3)), 1, []
      ),
      (MutualAid.certifyDiagnosis(caseOrdinal: 2, diagnosis: .label("diagnosis", 2)), 4, []),
      (MutualAid.countersign(caseOrdinal: 1), 6, []),
      (MutualAid.recover(caseOrdinal: 11, amount: Amount(yuan: 3), reference: .label("recovered", 11)), 1, []),
    ]
  }

  private func expect(_ code: ErrorCode) throws {
    guard code == .success else { throw FuzzFailure(description: "the village could not be built: \(code.name)") }
  }

  private func file(_ membership: UInt32) throws -> Action {
    let today = UInt32(CivilDate(chain.nextTime).dayNumber)
    return try MutualAid.fileCase(membership: membership, diseaseClass: 1, diagnosed: today, documents: .sha256([1]))
  }

  /// For each action something that succeeds, with its sender's place and its rows.
  func good() throws -> [(action: Action, sender: Int, rows: [[UInt8]])] {
    let reference = Hash.label("fuzzing", 1)
    let deposit = Deposit(membership: 3, amount: try Amount(yuan: 5), reference: reference).canonicalBytes
    let strange = try SigningKey(label: "stranger").publicKey.address.bytes
    let row = try TestPerson(99).attestation(plan: 0, expiry: .max).canonicalBytes
    let convention = try TestConvention.plain(key: "another")
    return try [
      (MutualAid.openPlan(convention, custodian: 1, identity: 2), 0, []),
      (TestChain.join(joins[0]), Self.newcomer, []),
      (TestChain.join(joins[1]), Self.newcomer, []),
      (MutualAid.deposits(plan: 0, first: chain.state.plans[0].nextDeposit), 1, [deposit]),
      (file(3), Self.member + 3, []),
      (MutualAid.publishNotice(caseOrdinal: 1), 0, []),
      (MutualAid.confirmPayout(caseOrdinal: 0, amount: Amount(yuan: 60), reference: reference), 1, []),
      (MutualAid.leave(membership: 3), Self.member + 3, []),
      (MutualAid.confirmRefund(refund: 0, reference: reference), 1, []),
      (MutualAid.reverse(membership: 3, amount: Amount(yuan: 5), reference: reference), 1, []),
      (MutualAid.contribute(plan: 0, amount: Amount(yuan: 5), reference: reference), 1, []),
      (Consortium.registerAction(), 0, [strange]),
      (Consortium.attestAction(plan: 0), 2, [row]),
      (chain.ballot(0), 0, []),
      (Consortium.withdraw(proposal: 0), 4, []),
      (Consortium.callPause(.payouts, plan: 0), 0, []),
      (Consortium.submitEvidence(evidence()), 5, []),
    ] + changes().map { (try Consortium.propose($0), 0, []) } + contests() + filings() + membersDo()
  }

  /// Two votes of the platform for one sequence.
  private func evidence() throws -> [UInt8] {
    guard let key = chain.network.organisations[0].endorsing?.vote else { return [] }
    let votes = try (1...2).map { root in
      try SignedStatement(
        Statement(
          chain: chain.chain.id, epoch: 0, sequence: 7, batch: .zero, size: 40, root: .label("root", UInt64(root))),
        domain: Domain.vote, key: key)
    }
    return try Evidence.bytes(.votes, votes[0], votes[1])
  }

  /// A change of each kind that can be proposed here.
  private func changes() throws -> [Change] {
    func key(_ label: String) throws -> PublicKey { try SigningKey(label: label).publicKey }
    let hospital = chain.network.organisations[4].address
    let next = try TestConvention.plain { wire in
      wire.version = 2
      wire.aid[0].amount = 70 * Amount.microPerYuan
    }
    return [
      .addOrganisation(
        .init(
          name: "new.example", roles: .hospital,
          keys: EndorserKeys(vote: try key("v"), cosign: try key("c"), log: try key("l")), officers: [try key("o")])),
      .removeOrganisation(4), .suspend(5), .organisationRoles(4, [.hospital, .charity]),
      .addOfficer(4, .init(key: try key("second"), roles: [.hospital])), .removeOfficer(hospital),
      .officerRoles(hospital, .hospital), .rotateOfficer(hospital, try key("next")),
      .rotateKey(0, .vote, try key("next vote")), .rule(.standard(.convention)), .parameters(GovernanceParameters()),
      try MutualAid.change(convention: next, of: 0),
      try MutualAid.windDown(of: 1),
      try MutualAid.change(officesOf: 0, custodian: 6, identity: 2),
    ]
  }
}

extension Convention {
  fileprivate static func calendarForFuzzing() throws -> Convention {
    try TestConvention.calendar { wire in
      wire.feePpm = 80_000
      wire.beyond = .carry
      FuzzVillage.advances(&wire)
    }
  }
}
