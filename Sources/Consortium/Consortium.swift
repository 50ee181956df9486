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
  public internal(set) var organisations = AuthenticatedTable<OrganisationRecord>(name: "organisations", version: 1)
  /// Their officers.
  public internal(set) var officers = AuthenticatedTable<OfficerRecord>(name: "officers", version: 1)
  /// Accounts registered as senders.
  public private(set) var accounts = UniqueKeyTable<AccountRecord>(name: "accounts", version: 1)
  /// Manifests of attestations.
  public private(set) var attestations = AuthenticatedTable<AttestationManifestRecord>(
    name: "attestations", version: 1)
  /// Proposals, votes, keys and pauses, behind one reference: they are seldom looked at, and a consortium is copied
  /// often.
  var boxed: Boxed<Governance> { didSet { summaries = [] } }
  /// Their parts of the state root; empty since one of them changed.
  private var summaries: [TableSummary] = []

  /// The organisations that endorse; derived from the table.
  public internal(set) var endorsers = EndorserSet([])
  /// Officers sorted by address; derived.
  private var officerIndex: [(address: Address, organisation: UInt16, ordinal: UInt32)] = []
  /// Officers with another key than their first; derived, and empty on most chains.
  private var rotated: [(address: Address, key: PublicKey)] = []
  /// Proposals to which something can still happen, by ordinal; derived.
  var open: [UInt32] = []
  /// The moment from which a proposal's step is due; derived.
  public internal(set) var nextDue: Timestamp?
  /// The last pause of each scope and plan, running or over; derived.
  public internal(set) var pauses: [Pause] = []

  /// What evidence about this chain has to name.
  let chain: Hash
  let origin: String

  /// The consortium of a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    chain = genesis.chain
    origin = genesis.origin
    let beginning = try Beginning(payload: genesis.payload(of: Consortium.name))
    guard (1...Consortium.maximumOrganisations).contains(beginning.organisations.count) else {
      throw LedgerError(.badGenesis, "one to \(Consortium.maximumOrganisations) organisations")
    }
    var governance = Governance()
    for rule in beginning.rules { governance.rules.append(RuleRecord(rule)) }
    governance.parameters.append(ParametersRecord(beginning.parameters))
    boxed = .value(governance)
    for entry in beginning.organisations {
      do throws(LedgerError) {
        try check(new: entry)
      } catch {
        // To a genesis it is all one which of its organisations cannot be.
        throw LedgerError(.badGenesis, error.message)
      }
      add(entry, at: genesis.time)
    }
    reindex()
  }

  /// Nobody's, of no chain.
  package init() {
    chain = .zero
    origin = ""
    boxed = .value(Governance())
  }

  /// The consortium that consists of these tables.
  ///
  /// - Throws: `state.wrong_image` for tables of another version.
  public init(genesis: Genesis, image: StateImage) throws(StateError) {
    chain = genesis.chain
    origin = genesis.origin
    boxed = .value(try Governance(image: image))
    try image.read(&organisations)
    try image.read(&officers)
    try image.read(&accounts)
    try image.read(&attestations)
    for ordinal in 0..<organisations.count where organisations[ordinal].isEndorser {
      guard organisations[ordinal].keys != nil else {
        throw StateError(.wrongImage, "organisation \(ordinal) has no usable keys")
      }
    }
    reindex()
    reopen()
  }

  /// The tables by which the organisations change the rules and themselves.
  public var governance: Governance { boxed.wrapped }

  /// The tables as a snapshot holds them.
  public mutating func images() -> [TableImage] {
    [organisations.image(), officers.image(), accounts.image(), attestations.image()] + boxed.wrapped.images()
  }

  /// Makes anew what is derived of organisations and officers.
  mutating func reindex() {
    officerIndex = []
    rotated = []
    for ordinal in 0..<officers.count {
      let record = officers[ordinal]
      guard record.isActive, organisations[Int(record.organisation)].standing != .removed else { continue }
      officerIndex.append((record.address, record.organisation, UInt32(ordinal)))
      if let key = try? PublicKey(record.key.bytes), key.address != record.address {
        rotated.append((record.address, key))
      }
    }
    officerIndex.sort { $0.address < $1.address }
    endorsers = endorserSet()
  }
}

extension Consortium {
  /// The officer of an address.
  private func place(ofOfficer address: Address) -> Int? {
    var low = 0
    var high = officerIndex.count
    while low < high {
      let middle = (low + high) / 2
      if officerIndex[middle].address < address { low = middle + 1 } else { high = middle }
    }
    return low < officerIndex.count && officerIndex[low].address == address ? low : nil
  }

  /// The organisation an officer signs for; `nil` for other accounts.
  public func organisation(ofOfficer address: Address) -> UInt16? {
    place(ofOfficer: address).map { officerIndex[$0].organisation }
  }

  /// Ordinal of an officer who signs for an organisation.
  func officer(_ address: Address) -> Int? { place(ofOfficer: address).map { Int(officerIndex[$0].ordinal) } }

  /// The key an officer signs with, where it is not her first.
  public func currentKey(of account: Address) -> PublicKey? {
    if rotated.isEmpty { return nil }
    return rotated.first { $0.address == account }?.key
  }

  /// The organisation a sender signs for, if it and she have one of the roles.
  ///
  /// - Throws: `consortium.not_an_officer`, `consortium.suspended`, `consortium.wrong_role`.
  public func requireOfficer(_ sender: Address, role: Role) throws(LedgerError) -> UInt16 {
    let (ordinal, record, roles) = try signer(sender)
    guard !record.roles.intersection(roles).isDisjoint(with: role) else {
      throw LedgerError(.wrongRole, "the sender's organisation, or she for it, may not do this")
    }
    return ordinal
  }

  /// The organisation for which a sender speaks where the organisations decide.
  ///
  /// - Throws: `consortium.not_an_officer`, `consortium.suspended`, `consortium.wrong_role`.
  public func requireDelegate(_ sender: Address) throws(LedgerError) -> UInt16 {
    let (ordinal, _, roles) = try signer(sender)
    guard roles.contains(.delegate) else {
      throw LedgerError(.wrongRole, "the sender does not speak for her organisation")
    }
    return ordinal
  }

  private func signer(_ sender: Address) throws(LedgerError) -> (UInt16, OrganisationRecord, Role) {
    guard let place = place(ofOfficer: sender) else {
      throw LedgerError(.notAnOfficer, "the sender signs for no organisation")
    }
    let entry = officerIndex[place]
    let record = organisations[Int(entry.organisation)]
    guard record.standing == .active else { throw LedgerError(.organisationSuspended, "it is suspended") }
    return (entry.organisation, record, officers[Int(entry.ordinal)].roles)
  }

  /// The roles of an organisation; none once it was removed.
  ///
  /// - Throws: `consortium.unknown_organisation`.
  public func roles(of organisation: UInt32) throws(LedgerError) -> Role {
    guard Int(organisation) < organisations.count else {
      throw LedgerError(.unknownOrganisation, "no organisation \(organisation)")
    }
    let record = organisations[Int(organisation)]
    return record.standing == .removed ? [] : record.roles
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

  /// Hands all tables in, always in this order.
  public mutating func commit(to commitment: inout StateCommitment) {
    if summaries.isEmpty {
      var governance = boxed.wrapped
      let found = governance.summaries()
      boxed = .value(governance)
      summaries = found
    }
    commitment.take(&organisations)
    commitment.take(&officers)
    commitment.take(&accounts)
    commitment.take(&attestations)
    for summary in summaries { commitment.take(summary) }
  }
}

extension Consortium {
  mutating func add(_ record: AttestationManifestRecord) { attestations.append(record) }

  mutating func register(_ account: Address, by organisation: UInt16) -> Bool {
    (try? accounts.insert(AccountRecord(key: account.key, registrar: organisation))) != nil
  }
}
