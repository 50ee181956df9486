public import Consortium
public import HeartChain
public import Ledger
public import MutualAid
public import TransparencyLog

/// The application of a chain, whichever of the contracts its genesis names: what a node, an audit and a follower run.
///
/// A chain has members or hearts, never both: illness and gifts must not be linked.
public struct ChainState: RestorableApplication {
  // One of the two. Optionals instead of an enumeration, because an optional's value changes in place; one taken out
  // of a case and put back is a copy for that time, and a copy holds on to every page.
  /// The mutual-aid chain; `nil` on one of hearts.
  public internal(set) var aid: AidChain?
  /// The chain of hearts; `nil` on one of mutual aid.
  public internal(set) var heart: HeartChain?

  /// A mutual-aid chain's state.
  public init(_ aid: AidChain) { self.aid = aid }

  /// A state of a chain of hearts.
  public init(_ heart: HeartChain) { self.heart = heart }

  /// The state that a genesis describes.
  ///
  /// - Throws: `genesis.invalid` where a contract cannot start from its part, or where both are named.
  public init(genesis: Genesis) throws(LedgerError) {
    switch try ChainState.isHearts(genesis) {
    case true: heart = try HeartChain(genesis: genesis)
    case false: aid = try AidChain(genesis: genesis)
    }
  }

  /// The state that consists of these tables, watching nothing.
  public init(genesis: Genesis, image: StateImage) throws(StateError) {
    switch try? ChainState.isHearts(genesis) {
    case true: heart = try HeartChain(genesis: genesis, image: image)
    case false, nil: aid = try AidChain(genesis: genesis, image: image)
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
  public var consortium: Consortium { aid?.consortium ?? theHeart.consortium }

  /// What is there where `aid` is not.
  private var theHeart: HeartChain {
    guard let heart else { preconditionFailure("a chain has one of the two") }
    return heart
  }

  /// Plans, members, cases and money. A chain of hearts has none: there every table is empty.
  public var mutualAid: MutualAid { aid?.mutualAid ?? MutualAid() }

  /// Gifts, hearts and ways. A mutual-aid chain has none: there every table is empty.
  public var hearts: Hearts { heart?.hearts ?? Hearts() }
}

extension ChainState {
  /// Forgets what was noted of the block before.
  public mutating func beginBlock() {
    aid?.beginBlock()
    heart?.beginBlock()
  }

  /// The organisations that endorse.
  public var endorsers: EndorserSet { aid?.endorsers ?? theHeart.endorsers }

  /// The key an account signs with now, where it is not its first.
  public func currentKey(of account: Address) -> PublicKey? {
    aid?.currentKey(of: account) ?? heart?.currentKey(of: account)
  }

  /// Whether an account signs for an organisation.
  public func isOfficer(_ account: Address) -> Bool { aid?.isOfficer(account) ?? heart?.isOfficer(account) ?? false }

  /// Reads ahead what a contract gains by; contracts have different names, so one never reads another's.
  public static func read(_ action: Action) -> (any Sendable)? { AidChain.read(action) }

  /// Whether a sender is known or shows by the action who she is.
  public func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    try aid?.admit(transaction, at: time)
    try heart?.admit(transaction, at: time)
  }

  /// Hands an action to its contract.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    try aid?.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    try heart?.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
  }

  /// The moment from which a step is due.
  public var nextDue: Timestamp? { aid?.nextDue ?? heart?.nextDue }

  /// Runs the first due step.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    aid?.runDueStep(at: time) ?? heart?.runDueStep(at: time) ?? false
  }

  /// The root over all tables.
  public mutating func stateRoot() -> Hash { commitment().root }

  /// All tables of its contracts.
  public mutating func image() -> StateImage { aid?.image() ?? heart?.image() ?? StateImage([]) }

  /// All tables, for proofs.
  public mutating func commitment() -> StateCommitment {
    aid?.commitment() ?? heart?.commitment() ?? StateCommitment([])
  }

  /// The proof that a record stands in a table; `nil` for an unknown table or ordinal. ``stateRoot()`` must have
  /// been called since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    aid?.recordProof(table: table, ordinal: ordinal) ?? heart?.recordProof(table: table, ordinal: ordinal)
  }
}
