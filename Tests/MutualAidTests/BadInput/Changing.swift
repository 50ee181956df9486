import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Changes that nobody may propose.
@Suite struct ChangeTests {
  @Test("a change that cannot be made is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  private static func proposing(
    _ what: String, _ code: ErrorCode, _ make: @escaping @Sendable (inout Village) throws -> Change
  ) -> BadCase {
    BadCase(what, code) { village in
      let change = try make(&village)
      return try village.sent(Consortium.propose(change), by: village.officer(.platform))
    }
  }

  private static func key(_ label: String) throws -> PublicKey { try SigningKey(label: label).publicKey }

  private static func newcomer(
    _ name: String = "new.example", roles: Role = .hospital, officers: [PublicKey] = []
  ) -> Change {
    .addOrganisation(.init(name: name, roles: roles, keys: nil, officers: officers))
  }

  private static func rule(_ kind: ProposalKind, _ numerator: UInt8, _ denominator: UInt8) -> Change {
    .rule(
      Rule(
        kind: kind, numerator: numerator, denominator: denominator, votingSeconds: 86_400, timelockSeconds: 0))
  }

  /// The next version of plan 0's convention, changed.
  static func next(
    of plan: UInt16 = 0, _ change: @escaping (inout WireConvention) -> Void = { _ in }
  ) throws -> Change {
    let convention =
      plan == 0
      ? try TestConvention.plain { wire in
        wire.version = 2
        change(&wire)
      }
      : try TestConvention.calendar { wire in
        wire.version = 2
        change(&wire)
      }
    return try MutualAid.change(convention: convention, of: plan)
  }

  static let cases: [BadCase] = [
    BadCase("bytes that are no proposal", .malformed) { village in
      try village.sent(
        Action(contract: Consortium.name, kind: ConsortiumAction.propose.rawValue, payload: [0xFF]),
        by: village.officer(.platform))
    },
    BadCase("a proposal that changes nothing", .malformed) { village in
      try village.sent(
        Action(contract: Consortium.name, kind: ConsortiumAction.propose.rawValue, payload: []),
        by: village.officer(.platform))
    },
    proposing("an organisation of another's name", .badName) { _ in newcomer("bank.example") },
    proposing("an organisation without a name", .badName) { _ in newcomer("") },
    proposing("an organisation with a role nobody knows", .invalidChange) { _ in
      newcomer(roles: Role(rawValue: 1 << 12))
    },
    proposing("an organisation with more officers than there may be", .tooManyOrganisations) { _ in
      newcomer(officers: try (0..<65).map { try key("officer \($0)") })
    },
    proposing("an organisation whose officer is another's", .keyInUse) { village in
      newcomer(officers: [village.officer(.custodian).publicKey])
    },
    proposing("an organisation with one officer twice", .keyInUse) { _ in
      newcomer(officers: [try key("new"), try key("new")])
    },
    proposing("removing an organisation there is not", .unknownOrganisation) { _ in .removeOrganisation(99) },
    proposing("removing a plan's custodian", .organisationInOffice) { _ in .removeOrganisation(1) },
    proposing("suspending an organisation twice", .wrongStanding) { village in
      try village.chain.carry(.suspend(4))
      return .suspend(4)
    },
    proposing("suspending more than the quorum can spare", .organisationNeeded) { village in
      try village.chain.carry(.suspend(3))
      return .suspend(2)
    },
    proposing("letting an organisation act that may", .wrongStanding) { _ in .unsuspend(4) },
    proposing("letting an organisation act that was removed", .wrongStanding) { village in
      try village.chain.carry(.removeOrganisation(4))
      return .unsuspend(4)
    },
    proposing("an officer of no organisation", .unknownOrganisation) { _ in
      .addOfficer(99, .init(key: try key("new")))
    },
    proposing("an officer with a key that was changed", .keyInUse) { village in
      let old = village.officer(.hospital).publicKey
      try village.chain.carry(.rotateOfficer(old.address, try key("new")))
      return .addOfficer(5, .init(key: old))
    },
    proposing("removing an officer there is not", .unknownOfficer) { _ in .removeOfficer(try key("new").address) },
    proposing("removing an officer twice", .unknownOfficer) { village in
      let address = village.officer(.hospital).publicKey.address
      try village.chain.carry(.removeOfficer(address))
      return .removeOfficer(address)
    },
    proposing("an officer's key for an organisation", .keyInUse) { village in
      .rotateKey(1, .vote, village.officer(.custodian).publicKey)
    },
    proposing("an endorsing key for who does not endorse", .invalidChange) { _ in
      .rotateKey(5, .vote, try key("new"))
    },
    proposing("a convention by less than half", .invalidChange) { _ in rule(.convention, 2, 5) },
    proposing("who endorses by less than a quorum", .invalidChange) { _ in rule(.addOrganisation, 3, 5) },
    proposing("a threshold nobody can reach", .invalidChange) { _ in rule(.convention, 1, 1) },
    proposing("a threshold that is no fraction", .invalidChange) { _ in rule(.convention, 1, 0) },
    proposing("no time for votes", .invalidChange) { _ in
      .rule(Rule(kind: .convention, numerator: 2, denominator: 3, votingSeconds: 60, timelockSeconds: 0))
    },
    proposing("pauses without an end", .invalidChange) { _ in
      var parameters = GovernanceParameters()
      parameters.pauseSeconds = .max
      return .parameters(parameters)
    },
    proposing("a convention for no plan", .unknownPlan) { _ in
      try MutualAid.change(convention: TestConvention.plain { $0.version = 2 }, of: 9)
    },
    proposing("a convention that is in force", .conventionKnown) { village in
      try MutualAid.change(convention: village.chain.state.convention(of: 0), of: 0)
    },
    proposing("a convention of the version in force", .notTheNext) { _ in
      try next { wire in
        wire.version = 1
        wire.waitingDays = 60
      }
    },
    proposing("a convention under another key", .notTheNext) { _ in try next { $0.key = "other" } },
    proposing("a plan of single notices with a calendar", .otherPayers) { _ in
      try next { wire in
        wire.noticeDays = 0
        wire.calendar.noticeDays = [7]
        wire.calendar.debitDays = [14]
      }
    },
    proposing("payers counted at settlement instead of at notice", .otherPayers) { _ in
      try next(of: 1) { $0.payers = .atSettlement }
    },
    proposing("bytes that are no convention", .conventionNotCanonical) { _ in
      var wire = WireChangeConvention()
      wire.convention.append(0xFF)
      return .convention(try encodedBytes(of: wire))
    },
    proposing("a hospital for custodian", .unfitOrganisation) { _ in
      try MutualAid.change(officesOf: 0, custodian: 4, identity: 2)
    },
  ]
}
