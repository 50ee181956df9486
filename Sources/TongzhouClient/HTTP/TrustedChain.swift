internal import Contracts
public import Ledger
internal import MutualAid
public import TransparencyLog

/// A chain whose genesis somebody has pinned: what every proof is held against.
public struct TrustedChain: Sendable {
  /// Entry 0, whose hash is the chain's id.
  public let genesis: Genesis
  /// The policies that follow from it, each for the sizes of the log it stands for; those that changes have proven.
  public private(set) var policies: TrustedPolicies

  /// The policy that stands now, as far as is known.
  public var policy: Policy { policies.newest.policy }

  /// The chain's id.
  public var id: Hash { genesis.chain }

  /// The chain of a genesis.
  ///
  /// - Throws: `genesis.invalid` for one that starts no chain.
  public init(_ genesis: Genesis) throws {
    self.genesis = genesis
    policies = try TrustedPolicies(genesis: ChainState(genesis: genesis).endorsers, origin: genesis.origin)
  }

  /// Goes on along proven changes of the endorsers, to the policies that stand later.
  ///
  /// - Returns: the number of changes that were not known.
  /// - Throws: what ``TrustedPolicies/follow(_:chain:)`` throws.
  @discardableResult
  public mutating func follow(_ changes: PolicyChanges) throws(ProofError) -> Int {
    try policies.follow(changes, chain: id)
  }

  /// The chain that begins with an entry, if it is the one that was pinned.
  ///
  /// - Parameter pinned: the chain id to insist on; without it the caller has to compare ``id`` with the one he knows.
  /// - Throws: `audit.bad_block` for no genesis, `audit.wrong_genesis` for another one.
  public init(entry: [UInt8], pinned: Hash?) throws {
    guard entry.first == EntryKind.genesis.rawValue else {
      throw AuditFailure(.badBlock, "entry 0", "the log does not begin with a genesis")
    }
    do {
      try self.init(Genesis(decoding: Array(entry.dropFirst())))
    } catch {
      throw AuditFailure(.wrongGenesis, "entry 0", "\(error)")
    }
    if let pinned, pinned != id { throw AuditFailure(.wrongGenesis, "entry 0", "the chain's id is \(id)") }
  }
}

extension TrustedChain {
  /// The chain that a log's files begin with, if it is the one that was pinned.
  ///
  /// - Throws: `audit.bad_checkpoint`, `audit.missing_file` and `audit.wrong_file` for what is no log, and what
  ///   ``init(entry:pinned:)`` throws.
  public init(of log: some LogSource, pinned: Hash?) throws {
    guard let note = try log.read("checkpoint"), let size = try? UnverifiedCheckpoint(note).checkpoint.size,
      let place = EntryBundleCoordinate.holding(entry: 0, treeSize: size)
    else { throw AuditFailure(.badCheckpoint, "checkpoint", "it does not read, or names no entries") }
    guard let bytes = try log.read(place.path) else {
      throw AuditFailure(.missingFile, place.path, "the file is missing")
    }
    guard let bundle = try? EntryBundle(bytes: bytes, width: place.width) else {
      throw AuditFailure(.wrongFile, place.path, "no bundle of \(place.width) entries")
    }
    try self.init(entry: bundle.entries[0], pinned: pinned)
  }
}
