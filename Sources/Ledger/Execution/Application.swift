public import TransparencyLog

/// The contracts of one chain, with their whole state: what a block is executed on.
///
/// A value: copying it is cheap, and a copy never changes. Nothing in it may differ between two runs
/// over the same entries.
public protocol Application: Sendable {
  /// The state a genesis describes; `genesis.invalid` where a contract cannot start from its part.
  init(genesis: Genesis) throws(LedgerError)

  /// Called before a block's first step: forgets what was only noted of the block before. Changes no table.
  mutating func beginBlock()

  /// The organisations whose quorum certifies the block before which this state stands.
  var endorsers: EndorserSet { get }

  /// The key an account signs with now; `nil` for an account that still has its first key.
  func currentKey(of account: Address) -> PublicKey?

  /// Whether an account is an organisation's officer, whose quota of bytes is larger.
  func isOfficer(_ account: Address) -> Bool

  /// What can be worked out of an action before the state is known: decoding, hashing. Runs on any thread, once for
  /// each transaction; `nil` where there is nothing to gain or the action does not read. A pure function.
  static func read(_ action: Action) -> (any Sendable)?

  /// Cheap check that a sender is known or carries what makes it known; runs before anything is stored.
  func admit(_ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError)

  /// Executes one action at a block time.
  ///
  /// Checks everything first and changes the state only when nothing can fail any more: when it throws,
  /// the state root is what it was.
  ///
  /// - Parameters:
  ///   - rows: the manifest's rows, already held against its root; empty without a manifest.
  ///   - outcomes: one code per row, all `success` at the call; a contract that settles rows one by one
  ///     notes here what became of each.
  mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError)

  /// The moment from which a step is due; `nil` if none is scheduled.
  var nextDue: Timestamp? { get }

  /// Runs the first step due at or before `time`, in the order (time, kind, ordinal); false if none is.
  mutating func runDueStep(at time: Timestamp) -> Bool

  /// The root over all tables, brought up to date.
  mutating func stateRoot() -> Hash
}

extension Application {
  /// Nothing to gain.
  public static func read(_ action: Action) -> (any Sendable)? { nil }

  /// Nothing to forget.
  public mutating func beginBlock() {}
}
