public import Consortium
public import Ledger
public import TransparencyLog

/// The application of a mutual-aid chain: the contracts "consortium" and "mutual-aid".
public struct AidChain: Application {
  /// Who the organisations are.
  public private(set) var consortium: Consortium
  /// Plans, members, cases and money.
  public internal(set) var mutualAid: MutualAid
  /// What was committed to last; derived.
  private var committed = StateCommitment([])

  /// Notes from now on, block by block, the changes of some or all memberships.
  public mutating func watch(_ watched: Watched) { mutualAid.watched = watched }

  /// The state of a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    consortium = try Consortium(genesis: genesis)
    mutualAid = try MutualAid(genesis: genesis)
  }

  /// An empty state without organisations, of no chain: what stands where a chain has none of this.
  package init() {
    consortium = Consortium()
    mutualAid = MutualAid()
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

  /// The key of an officer or of an owner who signs with another than her first.
  public func currentKey(of account: Address) -> PublicKey? {
    // Of the table alone: to be asked, the whole contract would be copied, for every transaction.
    consortium.currentKey(of: account) ?? mutualAid.accountKeys.changedKey(of: account)
  }

  /// Whether an account signs for an organisation.
  public func isOfficer(_ account: Address) -> Bool { consortium.organisation(ofOfficer: account) != nil }

  /// Whether a sender is registered, is an officer, owns the membership or carries an attestation.
  public func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    switch transaction.action.belongs(to: MutualAid.name) {
    case true: try mutualAid.admit(transaction, consortium: consortium, at: time)
    case false:
      guard isConsortium(transaction) else {
        throw LedgerError(.unknownAction, "this chain has no contract of that name")
      }
      guard isOfficer(transaction.sender) || consortium.isRegistered(transaction.sender) else {
        // Evidence proves itself, whoever brings it.
        if transaction.action.kind == ConsortiumAction.evidence.rawValue {
          try consortium.checkEvidence(transaction.action.payload)
          return
        }
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
      if let change = Consortium.proposedChange(transaction.action) {
        try mutualAid.check(change, consortium: consortium)
      }
      try consortium.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
      mutualAid.pauses = consortium.pauses
    } else {
      try mutualAid.execute(transaction, rows: rows, consortium: consortium, at: time, outcomes: &outcomes)
    }
  }

  private func isConsortium(_ transaction: VerifiedTransaction) -> Bool {
    transaction.action.belongs(to: Consortium.name)
  }

  /// The moment from which a step is due.
  public var nextDue: Timestamp? {
    guard let governance = consortium.nextDue else { return mutualAid.nextDue }
    return mutualAid.nextDue.map { min($0, governance) } ?? governance
  }

  /// Runs the first due step; at the same moment what the organisations decided comes first.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    if let due = consortium.nextDue, due <= time, mutualAid.nextDue.map({ due <= $0 }) ?? true {
      return runGovernance(at: time)
    }
    return mutualAid.runDueStep(at: time)
  }

  private mutating func runGovernance(at time: Timestamp) -> Bool {
    var aid = mutualAid
    let before = consortium
    let ran = consortium.runDueStep(at: time) { (change) throws(LedgerError) in
      try aid.carryOut(change, consortium: before, at: time)
    }
    aid.pauses = consortium.pauses
    mutualAid = aid
    return ran
  }

  /// All tables, for proofs.
  public mutating func commitment() -> StateCommitment {
    consortium.commit(to: &committed)
    mutualAid.commit(to: &committed)
    committed.finish()
    return committed
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
    self.init(consortium: try Consortium(genesis: genesis, image: image), mutualAid: try MutualAid(image: image))
    mutualAid.pauses = consortium.pauses
  }
}
