internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf

extension Consortium {
  /// An officer with her first key.
  public struct FoundingOfficer: Hashable, Sendable {
    /// Her first key; her address follows from it.
    public var key: PublicKey
    /// What she may do of what her organisation may.
    public var roles: Role

    /// An officer; where nothing else is said she may do all that her organisation may, and speaks for it.
    public init(key: PublicKey, roles: Role = .officer) {
      self.key = key
      self.roles = roles
    }
  }

  /// An organisation as a genesis or a proposal describes it.
  public struct FoundingOrganisation: Sendable {
    /// Its name; the cosigner is `<name>/executor`.
    public var name: String
    /// What it may do.
    public var roles: Role
    /// Its endorsing keys; `nil` where it does not endorse.
    public var keys: EndorserKeys?
    /// Its officers.
    public var people: [FoundingOfficer]

    /// The first keys of its officers.
    public var officers: [PublicKey] {
      get { people.map(\.key) }
      set { people = newValue.map { FoundingOfficer(key: $0) } }
    }

    /// An organisation whose officers may do all that it may.
    public init(name: String, roles: Role, keys: EndorserKeys?, officers: [PublicKey]) {
      self.init(name: name, roles: roles, keys: keys, people: officers.map { FoundingOfficer(key: $0) })
    }

    /// An organisation with officers of different roles.
    public init(name: String, roles: Role, keys: EndorserKeys?, people: [FoundingOfficer]) {
      self.name = name
      self.roles = roles
      self.keys = keys
      self.people = people
    }
  }

  /// The contract's part of a genesis.
  ///
  /// - Parameters:
  ///   - rules: those that differ from ``Rule/standard(_:)``.
  ///   - parameters: the numbers; `nil` for the defaults.
  public static func genesisPayload(
    _ organisations: [FoundingOrganisation], rules: [Rule] = [], parameters: GovernanceParameters? = nil
  ) throws(LedgerError) -> [UInt8] {
    var wire = WireConsortiumGenesis()
    wire.organisations = organisations.map(WireOrganisationEntry.init)
    wire.rules = rules.map(\.wire)
    if let parameters { wire.parameters = parameters.wire }
    return try encodedBytes(of: wire)
  }

  /// What a genesis says.
  struct Beginning {
    var organisations: [FoundingOrganisation] = []
    var rules = ProposalKind.allCases.map(Rule.standard)
    var parameters = GovernanceParameters()

    init(payload: [UInt8]) throws(LedgerError) {
      guard let wire = try? WireConsortiumGenesis(serializedBytes: payload) else {
        throw LedgerError(.badGenesis, "the consortium's part does not decode")
      }
      for entry in wire.organisations { organisations.append(try Consortium.organisation(entry, else: .badGenesis)) }
      do throws(LedgerError) {
        for entry in wire.rules {
          let rule = try Rule(entry)
          rules[Int(rule.kind.rawValue) - 1] = rule
        }
        if wire.hasParameters { parameters = try GovernanceParameters(wire.parameters) }
      } catch {
        throw LedgerError(.badGenesis, error.message)
      }
    }
  }

  /// Reads an organisation.
  ///
  /// - Parameter code: for roles nobody knows.
  static func organisation(
    _ entry: WireOrganisationEntry, else code: ErrorCode = .invalidChange
  ) throws(LedgerError) -> FoundingOrganisation {
    guard let roles = Role(known: entry.roles, of: .all) else {
      throw LedgerError(code, "an organisation without a known role")
    }
    var keys: EndorserKeys?
    if entry.endorser {
      keys = EndorserKeys(
        vote: try PublicKey(Array(entry.voteKey)), cosign: try PublicKey(Array(entry.cosignKey)),
        log: try PublicKey(Array(entry.logKey)))
    }
    var people: [FoundingOfficer] = []
    for officer in entry.officers { people.append(try self.officer(officer, else: code)) }
    return FoundingOrganisation(name: entry.name, roles: roles, keys: keys, people: people)
  }

  static func officer(
    _ entry: WireOfficerEntry, else code: ErrorCode = .invalidChange
  ) throws(LedgerError) -> FoundingOfficer {
    guard entry.suite == SignatureSuite.ed25519.rawValue else {
      throw LedgerError(.unknownSuite, "suite \(entry.suite)")
    }
    guard let roles = entry.roles == 0 ? .officer : Role(known: entry.roles, of: .officer) else {
      throw LedgerError(code, "an officer without a known role")
    }
    return FoundingOfficer(key: try PublicKey(Array(entry.publicKey)), roles: roles)
  }
}

extension WireOrganisationEntry {
  init(_ organisation: Consortium.FoundingOrganisation) {
    self.init()
    name = organisation.name
    roles = UInt32(organisation.roles.rawValue)
    if let keys = organisation.keys {
      endorser = true
      voteKey = Data(keys.vote.bytes)
      cosignKey = Data(keys.cosign.bytes)
      logKey = Data(keys.log.bytes)
    }
    officers = organisation.people.map(WireOfficerEntry.init)
  }
}

extension WireOfficerEntry {
  init(_ officer: Consortium.FoundingOfficer) {
    self.init()
    suite = SignatureSuite.ed25519.rawValue
    publicKey = Data(officer.key.bytes)
    roles = officer.roles == .officer ? 0 : UInt32(officer.roles.rawValue)
  }
}
