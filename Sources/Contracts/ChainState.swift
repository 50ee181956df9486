public import Consortium
public import HeartChain
public import Ledger
public import MutualAid
public import TransparencyLog

/// The application of a chain, whichever of the contracts its genesis names: what a node, an audit and a follower run.
///
/// A chain has members or hearts, never both: illness and gifts must not be linked.
public struct ChainState: RestorableApplication {
  /// Whether it is the chain of hearts that lives.
  public let isHearts: Bool
  // Both are there, the other one empty and never touched. Asking an optional copies its contract more often than
  // asking a stored part does, and there are several questions to a transaction.
  var aidPart: AidChain
  var heartPart: HeartChain

  /// A mutual-aid chain's state.
  public init(_ aid: AidChain) {
    isHearts = false
    aidPart = aid
    heartPart = HeartChain()
  }

  /// A state of a chain of hearts.
  public init(_ heart: HeartChain) {
    isHearts = true
    aidPart = AidChain()
    heartPart = heart
  }

  /// The mutual-aid chain; `nil` on one of hearts.
  public var aid: AidChain? { isHearts ? nil : aidPart }

  /// The chain of hearts; `nil` on one of mutual aid.
  public var heart: HeartChain? { isHearts ? heartPart : nil }

  /// The state that a genesis describes.
  ///
  /// - Throws: `genesis.invalid` where a contract cannot start from its part, or where both are named.
  public init(genesis: Genesis) throws(LedgerError) {
    switch try ChainState.isHearts(genesis) {
    case true: self.init(try HeartChain(genesis: genesis))
    case false: self.init(try AidChain(genesis: genesis))
    }
  }

  /// The state that consists of these tables, watching nothing.
  public init(genesis: Genesis, image: StateImage) throws(StateError) {
    switch try? ChainState.isHearts(genesis) {
    case true: self.init(try HeartChain(genesis: genesis, image: image))
    case false, nil: self.init(try AidChain(genesis: genesis, image: image))
    }
  }

  /// Whether a genesis is one of a chain of hearts; of one that names members and hearts nobody can say.
  public static func hasHearts(_ genesis: Genesis) -> Bool? { try? isHearts(genesis) }

  private static func isHearts(_ genesis: Genesis) throws(LedgerError) -> Bool {
    let names = { (name: String) in genesis.contracts.contains { $0.name.utf8.elementsEqual(name.utf8) } }
    guard names(Hearts.name) else { return false }
    guard !names(MutualAid.name) else {
      throw LedgerError(.badGenesis, "a chain has members or hearts, not both")
    }
    return true
  }
}

extension ChainState {
  /// Who the organisations are; every chain has its own.
  public var consortium: Consortium { isHearts ? heartPart.consortium : aidPart.consortium }

  /// Plans, members, cases and money. A chain of hearts has none: there every table is empty.
  public var mutualAid: MutualAid { aidPart.mutualAid }

  /// Gifts, hearts and ways. A mutual-aid chain has none: there every table is empty.
  public var hearts: Hearts { heartPart.hearts }
}

extension ChainState {
  /// Forgets what was noted of the block before.
  public mutating func beginBlock() { if isHearts { heartPart.beginBlock() } else { aidPart.beginBlock() } }

  /// The organisations that endorse.
  public var endorsers: EndorserSet { isHearts ? heartPart.endorsers : aidPart.endorsers }

  /// The key an account signs with now, where it is not its first.
  public func currentKey(of account: Address) -> PublicKey? {
    isHearts ? heartPart.currentKey(of: account) : aidPart.currentKey(of: account)
  }

  /// Whether an account signs for an organisation.
  public func isOfficer(_ account: Address) -> Bool {
    isHearts ? heartPart.isOfficer(account) : aidPart.isOfficer(account)
  }

  /// Reads ahead what a contract gains by; contracts have different names, so one never reads another's.
  public static func read(_ action: Action) -> (any Sendable)? { AidChain.read(action) }

  /// Whether a sender is known or shows by the action who she is.
  public func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    if isHearts { try heartPart.admit(transaction, at: time) } else { try aidPart.admit(transaction, at: time) }
  }

  /// Hands an action to its contract.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    if isHearts {
      try heartPart.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    } else {
      try aidPart.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    }
  }

  /// The moment from which a step is due.
  public var nextDue: Timestamp? { isHearts ? heartPart.nextDue : aidPart.nextDue }

  /// Runs the first due step.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    isHearts ? heartPart.runDueStep(at: time) : aidPart.runDueStep(at: time)
  }

  /// The root over all tables.
  public mutating func stateRoot() -> Hash { commitment().root }

  /// All tables of its contracts.
  public mutating func image() -> StateImage { isHearts ? heartPart.image() : aidPart.image() }

  /// All tables, for proofs.
  public mutating func commitment() -> StateCommitment { isHearts ? heartPart.commitment() : aidPart.commitment() }

  /// The proof that a record stands in a table; `nil` for an unknown table or ordinal. ``stateRoot()`` must have
  /// been called since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    isHearts
      ? heartPart.recordProof(table: table, ordinal: ordinal) : aidPart.recordProof(table: table, ordinal: ordinal)
  }
}
