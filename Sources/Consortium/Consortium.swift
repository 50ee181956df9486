public import Ledger
public import TransparencyLog

/// The contract "consortium": who the organisations are, who signs for them, whom they registered and
/// attested.
public struct Consortium: Sendable {
  /// The contract's name in actions and in the genesis.
  public static let name = "consortium"
  /// The most organisations of one chain.
  public static let maximumOrganisations = 256

  /// The organisations, by ordinal.
  public private(set) var organisations = AuthenticatedTable<OrganisationRecord>(name: "organisations", version: 1)
  /// Their officers.
  public private(set) var officers = AuthenticatedTable<OfficerRecord>(name: "officers", version: 1)
  /// Accounts registered as senders.
  public private(set) var accounts = UniqueKeyTable<AccountRecord>(name: "accounts", version: 1)
  /// Manifests of attestations.
  public private(set) var attestations = AuthenticatedTable<AttestationManifestRecord>(
    name: "attestations", version: 1)

  /// The organisations that endorse; derived from the table.
  public private(set) var endorsers = EndorserSet([])
  /// Officers sorted by address, with their organisation; derived.
  private var officerIndex: [(address: Address, organisation: UInt16)] = []

  /// The consortium of a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    let entries = try Consortium.organisations(in: genesis.payload(of: Consortium.name))
    guard (1...Consortium.maximumOrganisations).contains(entries.count) else {
      throw LedgerError(.badGenesis, "one to \(Consortium.maximumOrganisations) organisations")
    }
    var endorsers: [Endorser] = []
    var names: [InlineName] = []
    var keys: [PublicKey] = []
    for (ordinal, entry) in entries.enumerated() {
      guard let name = InlineName(entry.name), !names.contains(name) else {
        throw LedgerError(.badGenesis, "an organisation's name is not usable or stands twice")
      }
      names.append(name)
      organisations.append(OrganisationRecord(name: name, roles: entry.roles, keys: entry.keys))
      if let own = entry.keys {
        keys += [own.vote, own.cosign, own.log]
        endorsers.append(Endorser(ordinal: UInt32(ordinal), name: entry.name, keys: own))
      }
      for officer in entry.officers {
        keys.append(officer)
        officers.append(OfficerRecord(address: officer.address, organisation: UInt16(ordinal)))
        officerIndex.append((officer.address, UInt16(ordinal)))
      }
    }
    keys.sort()
    guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw LedgerError(.badGenesis, "one key stands for two purposes")
    }
    officerIndex.sort { $0.address < $1.address }
    self.endorsers = EndorserSet(endorsers)
  }

  /// The consortium that consists of these tables.
  ///
  /// - Throws: `state.wrong_image` for tables of another version.
  public init(image: StateImage) throws(StateError) {
    try image.read(&organisations)
    try image.read(&officers)
    try image.read(&accounts)
    try image.read(&attestations)
    for ordinal in 0..<officers.count {
      officerIndex.append((officers[ordinal].address, officers[ordinal].organisation))
    }
    officerIndex.sort { $0.address < $1.address }
    var members: [Endorser] = []
    for ordinal in 0..<organisations.count {
      let record = organisations[ordinal]
      guard record.isEndorser else { continue }
      guard let keys = record.keys else { throw StateError(.wrongImage, "organisation \(ordinal) has no usable keys") }
      members.append(Endorser(ordinal: UInt32(ordinal), name: record.name.string, keys: keys))
    }
    endorsers = EndorserSet(members)
  }

  /// The tables as a snapshot holds them.
  public mutating func images() -> [TableImage] {
    [organisations.image(), officers.image(), accounts.image(), attestations.image()]
  }
}

extension Consortium {
  /// The organisation an officer signs for; `nil` for other accounts.
  public func organisation(ofOfficer address: Address) -> UInt16? {
    var low = 0
    var high = officerIndex.count
    while low < high {
      let middle = (low + high) / 2
      if officerIndex[middle].address < address { low = middle + 1 } else { high = middle }
    }
    return low < officerIndex.count && officerIndex[low].address == address ? officerIndex[low].organisation : nil
  }

  /// The organisation a sender signs for, if it has one of the roles.
  ///
  /// - Throws: `consortium.not_an_officer`, `consortium.wrong_role`.
  public func requireOfficer(_ sender: Address, role: Role) throws(LedgerError) -> UInt16 {
    guard let organisation = organisation(ofOfficer: sender) else {
      throw LedgerError(.notAnOfficer, "the sender signs for no organisation")
    }
    guard !organisations[Int(organisation)].roles.isDisjoint(with: role) else {
      throw LedgerError(.wrongRole, "the sender's organisation may not do this")
    }
    return organisation
  }

  /// The roles of an organisation.
  ///
  /// - Throws: `consortium.unknown_organisation`.
  public func roles(of organisation: UInt32) throws(LedgerError) -> Role {
    guard Int(organisation) < organisations.count else {
      throw LedgerError(.unknownOrganisation, "no organisation \(organisation)")
    }
    return organisations[Int(organisation)].roles
  }

  /// Whether an account was registered by an organisation.
  public func isRegistered(_ account: Address) -> Bool { accounts.find(account.key) != nil }

  /// Checks that a row stands in a manifest of attestations for its plan, and is in time.
  ///
  /// - Parameter path: from the row's leaf hash.
  /// - Throws: `attestation.unknown_manifest`, `attestation.not_proven`, `attestation.expired`.
  public func prove(
    _ attestation: Attestation, manifest: UInt32, path: FoldedPath, by organisation: UInt16, at time: Timestamp
  ) throws(LedgerError) {
    guard Int(manifest) < attestations.count else {
      throw LedgerError(.unknownAttestations, "no manifest \(manifest)")
    }
    let record = attestations[Int(manifest)]
    guard record.plan == attestation.plan, record.organisation == organisation else {
      throw LedgerError(.unknownAttestations, "manifest \(manifest) is not of the plan's identity authority")
    }
    guard let root = try? path.root(size: UInt64(record.count)), root == record.root else {
      throw LedgerError(.attestationNotProven, "the row is not in manifest \(manifest)")
    }
    guard time <= attestation.expiry else { throw LedgerError(.attestationExpired, "attested too long ago") }
  }

  /// The tables' parts of the state root.
  public mutating func tableSummaries() -> [TableSummary] {
    [organisations.summary(), officers.summary(), accounts.summary(), attestations.summary()]
  }
}

extension Consortium {
  mutating func add(_ record: AttestationManifestRecord) { attestations.append(record) }

  mutating func register(_ account: Address, by organisation: UInt16) -> Bool {
    (try? accounts.insert(AccountRecord(key: account.key, registrar: organisation))) != nil
  }
}
