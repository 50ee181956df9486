public import Consortium
public import Ledger
public import TransparencyLog

/// The application of a chain of hearts: the contracts "consortium" and "hearts".
///
/// It has a consortium of its own, as each chain does, and accounts with keys of their own: nothing on it links to a
/// membership on a mutual-aid chain.
public struct HeartChain: Application {
  /// Who the organisations are.
  public private(set) var consortium: Consortium
  /// Gifts, hearts and ways.
  public internal(set) var hearts: Hearts
  /// What was committed to last; derived.
  private var committed = StateCommitment([])

  /// The state of a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    consortium = try Consortium(genesis: genesis)
    hearts = try Hearts(genesis: genesis)
  }

  /// An empty state without organisations, of no chain: what stands where a chain has none of this.
  package init() {
    consortium = Consortium()
    hearts = Hearts()
  }

  /// Notes from now on, block by block, what an index needs: accepted events, new gifts and changes of hearts.
  public mutating func watch(_ isWatched: Bool) { hearts.isWatched = isWatched }

  /// Forgets what was noted of the block before.
  public mutating func beginBlock() { hearts.forgetNotes() }

  /// The organisations that endorse.
  public var endorsers: EndorserSet { consortium.endorsers }

  /// The key of an officer who signs with another than her first; givers and partners keep theirs.
  public func currentKey(of account: Address) -> PublicKey? { consortium.currentKey(of: account) }

  /// Whether an account signs for an organisation.
  public func isOfficer(_ account: Address) -> Bool { consortium.organisation(ofOfficer: account) != nil }

  /// Whether a sender is registered, is an officer, or shows by the action itself who she is.
  public func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    guard isConsortium(transaction) || isHearts(transaction) else {
      throw LedgerError(.unknownAction, "this chain has no contract of that name")
    }
    if isOfficer(transaction.sender) || consortium.isRegistered(transaction.sender) { return }
    guard isConsortium(transaction) else { return try hearts.admit(transaction) }
    // Evidence proves itself, whoever brings it.
    guard transaction.action.kind == ConsortiumAction.evidence.rawValue else {
      throw LedgerError(.unknownSender, "nobody registered this sender")
    }
    try consortium.checkEvidence(transaction.action.payload)
  }

  /// Hands an action to its contract.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    guard isConsortium(transaction) else {
      return try hearts.execute(transaction, rows: rows, consortium: consortium, at: time, outcomes: &outcomes)
    }
    if let change = Consortium.proposedChange(transaction.action) { try hearts.check(change) }
    try consortium.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
  }

  private func isConsortium(_ transaction: VerifiedTransaction) -> Bool {
    transaction.action.belongs(to: Consortium.name)
  }

  private func isHearts(_ transaction: VerifiedTransaction) -> Bool {
    transaction.action.belongs(to: Hearts.name)
  }

  /// The moment from which a step is due. Only proposals have steps: what else depends on time is derived.
  public var nextDue: Timestamp? { consortium.nextDue }

  /// Runs the first due step.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    var hearts = hearts
    let ran = consortium.runDueStep(at: time) { (change) throws(LedgerError) in
      try hearts.carryOut(change, at: time)
    }
    self.hearts = hearts
    return ran
  }

  /// All tables, for proofs.
  public mutating func commitment() -> StateCommitment {
    consortium.commit(to: &committed)
    hearts.commit(to: &committed)
    committed.finish()
    return committed
  }

  /// The proof that a record stands in a table; `nil` for an unknown table or ordinal. ``stateRoot()`` must have
  /// been called since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    consortium.recordProof(table: table, ordinal: ordinal) ?? hearts.recordProof(table: table, ordinal: ordinal)
  }

  /// The root over all tables.
  public mutating func stateRoot() -> Hash { commitment().root }
}

extension HeartChain: RestorableApplication {
  /// All tables of both contracts.
  public mutating func image() -> StateImage { StateImage(consortium.images() + hearts.images()) }

  /// The state that consists of these tables, watching nothing.
  public init(genesis: Genesis, image: StateImage) throws(StateError) {
    consortium = try Consortium(genesis: genesis, image: image)
    hearts = try Hearts(image: image)
  }
}
