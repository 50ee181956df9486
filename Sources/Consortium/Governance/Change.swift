internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

/// What a proposal changes, read from its content.
public enum Change: Sendable {
  /// A new organisation.
  case addOrganisation(Consortium.FoundingOrganisation)
  /// An organisation leaves for good.
  case removeOrganisation(UInt16)
  /// An organisation may do nothing until further notice.
  case suspend(UInt16)
  /// It may again.
  case unsuspend(UInt16)
  /// What an organisation may do.
  case organisationRoles(UInt16, Role)
  /// A new officer with her first key.
  case addOfficer(UInt16, Consortium.FoundingOfficer)
  /// An officer signs for nobody any more.
  case removeOfficer(Address)
  /// What an officer may do of what her organisation may.
  case officerRoles(Address, Role)
  /// Another key for an officer.
  case rotateOfficer(Address, PublicKey)
  /// Another key for an organisation; not for the purpose `officer`.
  case rotateKey(UInt16, KeyPurpose, PublicKey)
  /// What proposals of a kind need.
  case rule(Rule)
  /// The consortium's numbers.
  case parameters(GovernanceParameters)
  /// A pause, by its ordinal, that goes on until later.
  case extendPause(UInt32, Timestamp)
  /// A pause that ends now.
  case endPause(UInt32)
  /// A plan's next convention: content that the contract "mutual-aid" reads.
  case convention([UInt8])
  /// Who acts for a plan: content that the contract "mutual-aid" reads.
  case offices([UInt8])
  /// A plan is wound down: content that the contract "mutual-aid" reads.
  case windDown([UInt8])

  /// What kind it is.
  public var kind: ProposalKind {
    switch self {
    case .addOrganisation: .addOrganisation
    case .removeOrganisation: .removeOrganisation
    case .suspend: .suspend
    case .unsuspend: .unsuspend
    case .organisationRoles: .organisationRoles
    case .addOfficer: .addOfficer
    case .removeOfficer: .removeOfficer
    case .officerRoles: .officerRoles
    case .rotateOfficer: .rotateOfficer
    case .rotateKey: .rotateKey
    case .rule: .rule
    case .parameters: .parameters
    case .extendPause: .extendPause
    case .endPause: .endPause
    case .convention: .convention
    case .offices: .offices
    case .windDown: .windDown
    }
  }

  /// Reads a proposal's content; only its form is checked.
  ///
  /// - Throws: `encoding.malformed`, `key.unacceptable`, `signature.unknown_suite`, `proposal.invalid_change`.
  public init(content: [UInt8]) throws(LedgerError) {
    guard let wire = try? WirePropose(serializedBytes: content), wire.reasons.isEmpty || Hash(wire.reasons) != nil
    else { throw LedgerError(.malformed, "not a proposal") }
    guard let change = wire.change else { throw LedgerError(.malformed, "a proposal that changes nothing") }
    switch change {
    case .addOrganisation(let wire):
      self = .addOrganisation(try Consortium.organisation(wire.organisation))
    case .removeOrganisation(let wire): self = .removeOrganisation(try Change.ordinal(wire.organisation))
    case .suspend(let wire): self = .suspend(try Change.ordinal(wire.organisation))
    case .unsuspend(let wire): self = .unsuspend(try Change.ordinal(wire.organisation))
    case .organisationRoles(let wire):
      guard let roles = Role(known: wire.roles, of: .all) else { throw Change.invalid("no known role") }
      self = .organisationRoles(try Change.ordinal(wire.organisation), roles)
    case .addOfficer(let wire):
      self = .addOfficer(try Change.ordinal(wire.organisation), try Consortium.officer(wire.officer))
    case .removeOfficer(let wire): self = .removeOfficer(try Change.address(wire.officer))
    case .officerRoles(let wire):
      guard let roles = Role(known: wire.roles, of: .officer) else { throw Change.invalid("no known role") }
      self = .officerRoles(try Change.address(wire.officer), roles)
    case .rotateOfficer(let wire):
      guard wire.suite == SignatureSuite.ed25519.rawValue else {
        throw LedgerError(.unknownSuite, "suite \(wire.suite)")
      }
      self = .rotateOfficer(try Change.address(wire.officer), try PublicKey(Array(wire.publicKey)))
    case .rotateKey(let wire):
      guard let bits = UInt8(exactly: wire.purpose), let purpose = KeyPurpose(rawValue: bits), purpose != .officer
      else { throw Change.invalid("an organisation has no key for this purpose") }
      self = .rotateKey(try Change.ordinal(wire.organisation), purpose, try PublicKey(Array(wire.publicKey)))
    case .rule(let wire): self = .rule(try Rule(wire))
    case .parameters(let wire): self = .parameters(try GovernanceParameters(wire))
    case .extendPause(let wire): self = .extendPause(wire.pause, try Timestamp(validating: wire.until))
    case .endPause(let wire): self = .endPause(wire.pause)
    case .convention(let wire): self = .convention(Array(wire.content))
    case .offices(let wire): self = .offices(Array(wire.content))
    case .windDown(let wire): self = .windDown(Array(wire.content))
    }
  }

  private static func ordinal(_ number: UInt32) throws(LedgerError) -> UInt16 {
    guard let ordinal = UInt16(exactly: number) else {
      throw LedgerError(.unknownOrganisation, "no organisation \(number)")
    }
    return ordinal
  }

  private static func address(_ bytes: Data) throws(LedgerError) -> Address {
    guard let address = Address(bytes) else { throw LedgerError(.malformed, "an address has 20 bytes") }
    return address
  }

  static func invalid(_ message: String) -> LedgerError { LedgerError(.invalidChange, message) }
}

extension Role {
  /// Roles out of a set, at least one; `nil` for others.
  init?(known bits: UInt32, of set: Role) {
    guard let bits = UInt16(exactly: bits), bits != 0, set.isSuperset(of: Role(rawValue: bits)) else { return nil }
    self.init(rawValue: bits)
  }
}

extension Rule {
  /// Reads a rule; `proposal.invalid_change` unless it is sound.
  init(_ wire: WireRule) throws(LedgerError) {
    guard let bits = UInt8(exactly: wire.kind), let kind = ProposalKind(rawValue: bits),
      let numerator = UInt8(exactly: wire.numerator), let denominator = UInt8(exactly: wire.denominator)
    else { throw Change.invalid("a rule for no known kind, or no fraction") }
    self.init(
      kind: kind, numerator: numerator, denominator: denominator, votingSeconds: wire.votingSeconds,
      timelockSeconds: wire.timelockSeconds)
    guard isSound else { throw Change.invalid("a threshold too low or none, or times outside their range") }
  }

  var wire: WireRule {
    var wire = WireRule()
    wire.kind = UInt32(kind.rawValue)
    wire.numerator = UInt32(numerator)
    wire.denominator = UInt32(denominator)
    wire.votingSeconds = votingSeconds
    wire.timelockSeconds = timelockSeconds
    return wire
  }
}

extension GovernanceParameters {
  /// Reads the numbers; `proposal.invalid_change` unless they lie in their ranges.
  init(_ wire: WireParameters) throws(LedgerError) {
    self.init()
    guard let open = UInt16(exactly: wire.openProposals) else { throw Change.invalid("too many open proposals") }
    pauseSeconds = wire.pauseSeconds
    restSeconds = wire.restSeconds
    callSeconds = wire.callSeconds
    openProposals = open
    guard isSound else { throw Change.invalid("a number outside its range") }
  }

  var wire: WireParameters {
    var wire = WireParameters()
    wire.pauseSeconds = pauseSeconds
    wire.restSeconds = restSeconds
    wire.callSeconds = callSeconds
    wire.openProposals = UInt32(openProposals)
    return wire
  }
}
