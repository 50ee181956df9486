import Consortium
import Ledger
import TestSupport
import Testing

@testable import MutualAid

/// One action that would be good from the right sender, and what every other sender is told.
struct RoleCase: Sendable, CustomTestStringConvertible {
  /// Who may send it.
  enum Right: Sendable {
    /// Officers of every organisation with one of these roles.
    case role(Role)
    /// Officers of the plan's own custodian.
    case custodian
    /// Officers of one organisation.
    case named(String)
    /// The owner of a membership, or a newcomer with her attestation; and officers of these roles.
    case person(SigningKey, or: Role)
    /// Officers of the first so many organisations.
    case first(Int)
    /// Whoever likes to.
    case anyone
  }

  let testDescription: String
  let contract: String
  let kind: UInt32
  let right: Right
  /// What an officer of another organisation is told.
  let officer: ErrorCode
  /// What officers of some organisations are told instead, by name.
  let also: [String: ErrorCode]
  /// What a registered account that is no officer is told.
  let bystander: ErrorCode
  /// What an account is told that nobody registered.
  let stranger: ErrorCode
  let make: @Sendable (inout Village) throws -> (Action, rows: [[UInt8]])

  init(
    _ action: MutualAidAction, _ right: Right, officer: ErrorCode = .wrongRole, also: [String: ErrorCode] = [:],
    bystander: ErrorCode = .notAnOfficer,
    stranger: ErrorCode = .unknownSender, _ make: @escaping @Sendable (inout Village) throws -> (Action, [[UInt8]])
  ) {
    testDescription = "\(action)"
    (contract, kind) = (MutualAid.name, action.rawValue)
    self.right = right
    (self.officer, self.bystander, self.stranger) = (officer, bystander, stranger)
    self.also = also
    self.make = make
  }

  init(
    _ action: ConsortiumAction, _ right: Right, officer: ErrorCode = .wrongRole,
    _ make: @escaping @Sendable (inout Village) throws -> (Action, [[UInt8]])
  ) {
    testDescription = "\(action)"
    (contract, kind) = (Consortium.name, action.rawValue)
    self.right = right
    self.officer = officer
    also = [:]
    (bystander, stranger) = (.notAnOfficer, .unknownSender)
    self.make = make
  }

  func isRight(_ organisation: TestOrganisation, in village: Village) -> Bool {
    switch right {
    case .role(let role), .person(_, let role): !organisation.roles.isDisjoint(with: role)
    case .first(let count): organisation.ordinal < count
    case .anyone: true
    case .named(let name): organisation.name == name
    case .custodian: organisation.ordinal == village.chain.network.organisation(.custodian).ordinal
    }
  }
}

/// Every action of both contracts by every sender who may not send it.
@Suite struct RoleTests {
  @Test("only the right senders may do this", arguments: cases.orNone())
  func senders(_ action: RoleCase) throws {
    var village = try Village.fresh()
    let (what, rows) = try action.make(&village)
    #expect(what.contract == action.contract && what.kind == action.kind)
    var rightSenders: [SigningKey] = []
    if case .person(let key, _) = action.right { rightSenders.append(key) }
    var wrongSenders: [(SigningKey, ErrorCode)] = [
      (try Village.bystander.get(), action.bystander), (try SigningKey(label: "stranger"), action.stranger),
    ]
    if case .anyone = action.right {
      rightSenders += wrongSenders.map(\.0)
      wrongSenders = []
    }
    for organisation in village.chain.network.organisations {
      if action.isRight(organisation, in: village) {
        rightSenders.append(organisation.officer)
      } else {
        wrongSenders.append((organisation.officer, action.also[organisation.name] ?? action.officer))
      }
    }
    #expect(!rightSenders.isEmpty)
    for key in rightSenders {
      var copy = village
      #expect(try copy.chain.perform(what, by: key, rows: rows) == .success)
    }
    for (key, code) in wrongSenders {
      try expectRefused(village.sent(what, by: key, rows: rows), on: village.chain, code: code)
    }
  }

  @Test("the table has every action of both contracts once, and the network every role")
  func complete() throws {
    let table = try RoleTests.cases.get()
    let aid = table.filter { $0.contract == MutualAid.name }.map(\.kind)
    #expect(aid == MutualAidAction.allCases.map(\.rawValue))
    let consortium = table.filter { $0.contract == Consortium.name }.map(\.kind)
    #expect(consortium == ConsortiumAction.allCases.map(\.rawValue))
    let roles = try Village.fresh().chain.network.organisations.reduce(into: Role()) { $0.formUnion($1.roles) }
    #expect(roles == .all)
  }

  private static let yuan = Result { try Amount(yuan: 1) }

  static let cases = Result { try aid() + consortium() }

  private static func aid() throws -> [RoleCase] {
    let newcomer = try TestPerson(20)
    let owner = try Village.owners.get()[0].key
    return try [
      RoleCase(.openPlan, .role(.platform)) { _ in
        (try MutualAid.openPlan(TestConvention.plain(key: "one-more"), custodian: 1, identity: 2), [])
      },
      // Whoever carries another's row is no better for being an officer.
      RoleCase(
        .join, .person(newcomer.key, or: []), officer: .attestationMismatch, bystander: .attestationMismatch,
        stranger: .attestationMismatch
      ) { village in
        (try TestChain.join(village.chain.attest([newcomer.attestation(plan: 0)], plan: 0)[0]), [])
      },
      RoleCase(.deposits, .custodian) { village in
        let first = village.chain.state.plans[0].nextDeposit
        return (try MutualAid.deposits(plan: 0, first: first), [DepositTests.deposit(1_000_000)])
      },
      RoleCase(.fileCase, .person(owner, or: .hospital), stranger: .notTheOwner) { village in
        (try village.file(0, on: village.today), [])
      },
      RoleCase(.investigate, .named("inquiry.example"), also: [Village.otherInvestigator: .notAssigned]) { village in
        (try village.investigate(village.assigned(0)), [])
      },
      RoleCase(.publishNotice, .role(.platform)) { village in
        (try MutualAid.publishNotice(caseOrdinal: village.confirmed(0)), [])
      },
      RoleCase(.confirmPayout, .custodian) { village in
        let number = try village.settled(0)
        return (try MutualAid.confirmPayout(caseOrdinal: number, amount: yuan.get(), reference: .reference), [])
      },
      RoleCase(
        .leave, .person(owner, or: []), officer: .notTheOwner, bystander: .notTheOwner, stranger: .notTheOwner
      ) { _ in (try MutualAid.leave(membership: 0), []) },
      RoleCase(.confirmRefund, .custodian) { village in
        try village.succeed(MutualAid.leave(membership: 0), by: owner)
        return (try MutualAid.confirmRefund(refund: 0, reference: .reference), [])
      },
      RoleCase(.reverse, .custodian) { _ in
        (try MutualAid.reverse(membership: 0, amount: yuan.get(), reference: .reference), [])
      },
      RoleCase(.contribute, .custodian) { _ in
        (try MutualAid.contribute(plan: 0, amount: yuan.get(), reference: .reference), [])
      },
    ] + contests(owner) + members(owner) + filings(owner)
  }

  /// An action that only the owner of one membership may send.
  static func personal(
    _ action: MutualAidAction, _ key: SigningKey,
    _ make: @escaping @Sendable (inout Village) throws -> (Action, [[UInt8]])
  ) -> RoleCase {
    RoleCase(
      action, .person(key, or: []), officer: .notTheOwner, bystander: .notTheOwner, stranger: .notTheOwner, make)
  }

  private static func contests(_ owner: SigningKey) throws -> [RoleCase] {
    let objector = try Village.owners.get()[1].key
    let juror = try Village.owners.get()[2].key
    return [
      RoleCase(.assign, .role(.platform)) { village in
        (try MutualAid.assign(caseOrdinal: village.filed(0), to: 3), [])
      },
      RoleCase(.decide, .role([.platform, .insurer, .charity, .auditor])) { village in
        (try MutualAid.decide(caseOrdinal: village.reported(0), approve: true), [])
      },
      personal(.withdrawCase, owner) { village in (try MutualAid.withdrawCase(village.filed(0)), []) },
      personal(.object, objector) { village in (try village.objection(to: village.noticed(0), by: 1), []) },
      personal(.appeal, owner) { village in
        (try MutualAid.appeal(caseOrdinal: village.confirmed(0, approve: false), evidence: .reference), [])
      },
      personal(.volunteer, owner) { _ in (try MutualAid.volunteer(membership: 0), []) },
      RoleCase(.commitDice, .role(.all)) { _ in (try MutualAid.commitDice(tip: .reference), []) },
      RoleCase(.revealDice, .role(.all)) { village in
        // One chain for all of them, so that the same preimage is right from each.
        for organisation in village.chain.network.organisations {
          try village.succeed(MutualAid.commitDice(tip: village.dice(0).tip), by: organisation.officer)
        }
        _ = try village.contested(0)
        guard let preimage = village.dice(0).preimage(after: 0) else { throw LedgerError(.noDice, "none") }
        return (try MutualAid.revealDice(draw: 0, preimage: preimage), [])
      },
      personal(.recuse, juror) { village in
        _ = try village.heard(0)
        return (try MutualAid.recuse(jury: 0, membership: 2), [])
      },
      personal(.commitVote, juror) { village in
        _ = try village.heard(0)
        return (try village.vote(of: 2), [])
      },
      personal(.revealVote, juror) { village in
        _ = try village.heard(0)
        try village.succeed(village.vote(of: 2), by: juror)
        village.chain.advance(days: 3)
        try village.chain.block()
        return (try village.opening(of: 2), [])
      },
      RoleCase(.returnPayout, .custodian) { village in
        let number = try village.settled(0)
        try village.succeed(
          MutualAid.confirmPayout(caseOrdinal: number, amount: yuan.get(), reference: .reference),
          by: village.officer(.custodian))
        return (try MutualAid.returnPayout(caseOrdinal: number, amount: yuan.get(), reference: .reference), [])
      },
      RoleCase(.certifyDiagnosis, .role(.hospital)) { village in
        (try MutualAid.certifyDiagnosis(caseOrdinal: village.filed(0), diagnosis: .reference), [])
      },
      RoleCase(.countersign, .role(.insurer)) { village in
        try village.sponsored(yuan: 1000)
        return (try MutualAid.countersign(caseOrdinal: village.certified(0)), [])
      },
      RoleCase(.recover, .custodian) { village in
        let number = try village.advanced(0)
        try village.paid(number)
        try village.examined(number, approve: false)
        return (try MutualAid.recover(caseOrdinal: number, amount: yuan.get(), reference: .reference), [])
      },
    ]
  }

  private static func filings(_ owner: SigningKey) throws -> [RoleCase] {
    let volunteer = try Village.owners.get()[2].key
    return [
      RoleCase(.reserveStatement, .custodian) { village in (try ReserveTests.statement(village), []) },
      RoleCase(.registerRecord, .role(.hospital)) { _ in (try MutualAid.registerRecord(.reference), []) },
      RoleCase(
        .nameHelper, .person(owner, or: []), officer: .notTheOwner, bystander: .notTheOwner, stranger: .notTheOwner
      ) { _ in (try MutualAid.nameHelper(membership: 0, helper: Village.helper(0)), []) },
      RoleCase(.askFieldCheck, .named("inquiry.example"), also: [Village.otherInvestigator: .notAssigned]) { village in
        (try MutualAid.askFieldCheck(caseOrdinal: village.assigned(0)), [])
      },
      RoleCase(.sendFieldCheck, .role(.platform)) { village in
        try village.ready()
        try village.asked()
        return (try MutualAid.sendFieldCheck(0, membership: 2), [])
      },
      RoleCase(
        .reportFieldCheck, .person(volunteer, or: []), officer: .notTheOwner, bystander: .notTheOwner,
        stranger: .notTheOwner
      ) { village in
        try village.sentOut()
        return (try MutualAid.reportFieldCheck(0, agrees: true, report: .reference), [])
      },
      RoleCase(
        .complain, .person(owner, or: []), officer: .notTheOwner, bystander: .notTheOwner, stranger: .notTheOwner
      ) { _ in
        (
          try MutualAid.complain(
            membership: 0, about: .organisation, ordinal: 1, reason: .money, content: .reference), []
        )
      },
      // The custodian that the complaint is about, and the platform.
      RoleCase(.answerComplaint, .first(2), officer: .notConcerned) { village in
        try village.complain(1)
        return (try MutualAid.answer(complaint: 0, with: .reference), [])
      },
    ]
  }

  private static func consortium() throws -> [RoleCase] {
    let newcomer = try TestPerson(20)
    return [
      // Every organisation may register accounts.
      RoleCase(.register, .role(.all)) { _ in (Consortium.registerAction(), [newcomer.key.publicKey.address.bytes]) },
      RoleCase(.attest, .role(.identity)) { _ in
        (try Consortium.attestAction(plan: 0), [newcomer.attestation(plan: 0).canonicalBytes])
      },
      RoleCase(.propose, .role(.all)) { _ in (try Consortium.propose(.suspend(4)), []) },
      // Four endorse, and the hospital, which does not, has proposed.
      RoleCase(.vote, .first(4), officer: .noElector) { village in
        let proposal = try village.chain.propose(.suspend(6), by: 4).proposal
        return (try village.chain.ballot(proposal), [])
      },
      RoleCase(.withdraw, .first(1), officer: .notTheProposer) { village in
        let proposal = try village.chain.propose(.suspend(6)).proposal
        return (try Consortium.withdraw(proposal: proposal), [])
      },
      RoleCase(.callPause, .first(4), officer: .noElector) { _ in (try Consortium.callPause(.joins, plan: 0), []) },
      RoleCase(.evidence, .anyone) { village in
        (try Consortium.submitEvidence(EvidenceTests.twoVotes(by: 3, on: village.chain)), [])
      },
    ]
  }
}

extension Result where Failure == any Error {
  /// The cases of a table for a test's arguments, which may not throw: none where it could not be made,
  /// and the test of its completeness says so.
  func orNone<Case>() -> [Case] where Success == [Case] { (try? get()) ?? [] }
}
