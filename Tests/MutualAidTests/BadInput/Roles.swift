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
  /// What a registered account that is no officer is told.
  let bystander: ErrorCode
  /// What an account is told that nobody registered.
  let stranger: ErrorCode
  let make: @Sendable (inout Village) throws -> (Action, rows: [[UInt8]])

  init(
    _ action: MutualAidAction, _ right: Right, officer: ErrorCode = .wrongRole, bystander: ErrorCode = .notAnOfficer,
    stranger: ErrorCode = .unknownSender, _ make: @escaping @Sendable (inout Village) throws -> (Action, [[UInt8]])
  ) {
    testDescription = "\(action)"
    (contract, kind) = (MutualAid.name, action.rawValue)
    self.right = right
    (self.officer, self.bystander, self.stranger) = (officer, bystander, stranger)
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
    (bystander, stranger) = (.notAnOfficer, .unknownSender)
    self.make = make
  }

  func isRight(_ organisation: TestOrganisation, in village: Village) -> Bool {
    switch right {
    case .role(let role), .person(_, let role): !organisation.roles.isDisjoint(with: role)
    case .first(let count): organisation.ordinal < count
    case .anyone: true
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
        wrongSenders.append((organisation.officer, action.officer))
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
    return [
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
      RoleCase(.investigate, .role(.investigator)) { village in (try village.investigate(village.filed(0)), []) },
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
