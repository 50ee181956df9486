public import Consortium
public import Ledger
public import TransparencyLog

/// The application of a mutual-aid chain: the contracts "consortium" and "mutual-aid".
public struct AidChain: Application {
  /// Who the organisations are.
  public private(set) var consortium: Consortium
  /// Plans, members, cases and money.
  public internal(set) var mutualAid: MutualAid

  /// Notes from now on, block by block, the changes of some or all memberships.
  public mutating func watch(_ watched: Watched) { mutualAid.watched = watched }

  /// The state of a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    consortium = try Consortium(genesis: genesis)
    mutualAid = try MutualAid(genesis: genesis)
  }

  /// A state from its contracts' states.
  init(consortium: Consortium, mutualAid: MutualAid) {
    self.consortium = consortium
    self.mutualAid = mutualAid
  }

  /// Forgets the changes noted in the block before.
  public mutating func beginBlock() { mutualAid.noted.removeAll() }

  /// The organisations that endorse.
  public var endorsers: EndorserSet { consortium.endorsers }

  /// No account of this version changes its key.
  public func currentKey(of account: Address) -> PublicKey? { nil }

  /// Whether an account signs for an organisation.
  public func isOfficer(_ account: Address) -> Bool { consortium.organisation(ofOfficer: account) != nil }

  /// Whether a sender is registered, is an officer, owns the membership or carries an attestation.
  public func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    switch transaction.action.contract.utf8.elementsEqual(MutualAid.name.utf8) {
    case true: try mutualAid.admit(transaction, consortium: consortium, at: time)
    case false:
      guard isConsortium(transaction) else {
        throw LedgerError(.unknownAction, "this chain has no contract of that name")
      }
      guard isOfficer(transaction.sender) || consortium.isRegistered(transaction.sender) else {
        throw LedgerError(.unknownSender, "nobody registered this sender")
      }
    }
  }

  /// Reads ahead what is worth it: joins, which carry an attestation with its path.
  public static func read(_ action: Action) -> (any Sendable)? { MutualAid.read(action) }

  /// Hands an action to its contract.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    if isConsortium(transaction) {
      try consortium.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    } else {
      try mutualAid.execute(transaction, rows: rows, consortium: consortium, at: time, outcomes: &outcomes)
    }
  }

  private func isConsortium(_ transaction: VerifiedTransaction) -> Bool {
    transaction.action.contract.utf8.elementsEqual(Consortium.name.utf8)
  }

  /// The moment from which a step is due.
  public var nextDue: Timestamp? { mutualAid.nextDue }

  /// Runs the first due step.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    mutualAid.runDueStep(at: time)
  }

  /// All tables, for proofs.
  public mutating func commitment() -> StateCommitment {
    StateCommitment(consortium.tableSummaries() + mutualAid.tableSummaries())
  }

  /// The proof that a record stands in a table; `nil` for an unknown table or ordinal. ``stateRoot()`` must have
  /// been called since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    consortium.recordProof(table: table, ordinal: ordinal) ?? mutualAid.recordProof(table: table, ordinal: ordinal)
  }

  /// The root over all tables.
  public mutating func stateRoot() -> Hash { commitment().root }
}

extension AidChain: RestorableApplication {
  /// All tables of both contracts.
  public mutating func image() -> StateImage { StateImage(consortium.images() + mutualAid.images()) }

  /// The state that consists of these tables, watching nobody.
  public init(genesis: Genesis, image: StateImage) throws(StateError) {
    self.init(consortium: try Consortium(image: image), mutualAid: try MutualAid(image: image))
  }
}
