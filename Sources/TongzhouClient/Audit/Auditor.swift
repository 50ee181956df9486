public import Contracts
public import Ledger
public import MutualAid
public import TransparencyLog

/// Replays a whole chain from its public files and checks everything anybody could have bent.
///
/// Nothing is believed: entries are hashed again, every signature and certificate verified, every block
/// executed, every seal compared, the money counted. The audit starts from the genesis hash it is given.
public struct Auditor<Source: LogSource> {
  /// What an audit found in order.
  public struct Report: Sendable {
    /// The chain's id.
    public let chain: Hash
    /// Entries of the log.
    public let entries: UInt64
    /// Blocks executed.
    public let blocks: UInt64
    /// Transactions, and those of them that failed.
    public let transactions: UInt64
    /// See ``transactions``.
    public let failed: UInt64
    /// Files compared byte by byte.
    public let files: Int
    /// The chain as it stands at the end.
    public let final: Chain<ChainState>
    /// The membership that was watched; `nil` for none.
    public let watched: UInt32?
    /// Its changes, oldest first.
    public let changes: [MembershipChange]
  }

  private let source: Source
  private let pinned: Hash?
  private let watched: UInt32?
  private let observe: Replay.Observer?

  /// An audit of the log in a source.
  ///
  /// - Parameters:
  ///   - genesis: the chain's id to insist on; without it the audit proves only that the log is
  ///     consistent in itself, and the caller compares the id in the report.
  ///   - membership: one whose changes to note, for its statement.
  ///   - observe: takes each block once it was executed and its seal compared, with all that the contracts then note of
  ///     it. What it makes of them holds once the audit has ended well.
  public init(
    _ source: Source, genesis: Hash?, watching membership: UInt32? = nil, observe: Replay.Observer? = nil
  ) {
    watched = membership
    self.observe = observe
    self.source = source
    pinned = genesis
  }

  /// Runs the audit.
  ///
  /// - Parameter progress: called with entries done and entries in all.
  /// - Throws: ``AuditFailure``, the first thing that is wrong.
  public func run(progress: (UInt64, UInt64) -> Void = { _, _ in }) throws -> Report {
    let bytes = try require("checkpoint")
    let unverified: UnverifiedCheckpoint
    do {
      unverified = try UnverifiedCheckpoint(bytes)
    } catch {
      throw AuditFailure(.badCheckpoint, "checkpoint", "\(error)")
    }
    guard unverified.bytes == bytes else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "not in canonical form")
    }
    try checkSignatures(unverified)
    let size = unverified.checkpoint.size
    var files = FileAudit(source: source, size: size, root: unverified.checkpoint.root)
    var replay: Replay?
    var pending: [LoggedBlock] = []
    do {
      try read(size, &files, &replay, &pending, progress)
    } catch {
      // What was read before it and not executed yet comes first in the log.
      try replay?.execute(&pending)
      throw error
    }
    guard var replay else { throw AuditFailure(.badCheckpoint, "checkpoint", "the log is empty") }
    try replay.finish()
    guard replay.chain.height > 0 else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "a checkpoint is issued after a seal, and there is none")
    }
    guard files.root == unverified.checkpoint.root else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "its root is not that of the entries")
    }
    try CheckpointAudit.check(
      unverified, certifiers: replay.chain.certifiers, origin: replay.chain.genesis.origin)
    let policies = try checkPolicies(replay)
    let compared = try files.finish(policies: policies)
    return Report(
      chain: replay.chain.id, entries: size, blocks: replay.chain.height, transactions: replay.transactions,
      failed: replay.failed, files: compared, final: replay.chain, watched: watched, changes: replay.changes)
  }

  /// Reads every bundle; whole blocks gather until there is enough to verify on all cores.
  private func read(
    _ size: UInt64, _ files: inout FileAudit<Source>, _ replay: inout Replay?, _ pending: inout [LoggedBlock],
    _ progress: (UInt64, UInt64) -> Void
  ) throws {
    var waiting = 0
    for coordinate in EntryBundleSequence(treeSize: size) {
      let (entries, leaves) = try files.bundle(coordinate)
      if replay == nil {
        replay = try Replay(genesis: entries[0], pinned: pinned, watching: watched, observe: observe)
        try replay?.add(Array(entries.dropFirst()), leaves: Array(leaves.dropFirst()), into: &pending)
      } else {
        try replay?.add(entries, leaves: leaves, into: &pending)
      }
      waiting += entries.count
      if waiting >= Replay.groupedEntries {
        try replay?.enqueue(&pending)
        waiting = 0
      }
      progress(min(coordinate.entries.upperBound, size), size)
    }
    try replay?.execute(&pending)
  }

  private func require(_ path: String) throws -> [UInt8] {
    guard let bytes = try source.read(path) else { throw AuditFailure(.missingFile, path, "the file is missing") }
    return bytes
  }

  /// A first look at the checkpoint with the policies there are, so that a damaged checkpoint is named as such;
  /// which policy it has to fulfil is decided by the replay. After a change of the organisations that is not the
  /// newest one: the set before a block certifies it.
  private func checkSignatures(_ unverified: UnverifiedCheckpoint) throws {
    var refusal: AuditFailure?
    for path in try policyPaths() {
      let policy: Policy
      do {
        policy = try Policy(text: require(path))
      } catch let error as TransparencyLogError {
        throw AuditFailure(.wrongFile, path, "\(error)")
      }
      do {
        _ = try policy.verify(unverified)
        return
      } catch {
        refusal = refusal ?? AuditFailure(.badCheckpoint, "checkpoint", "under \(path): \(error)")
      }
    }
    if let refusal { throw refusal }
  }

  /// The policies in the source, the newest first; none where it cannot be listed.
  private func policyPaths() throws -> [String] {
    guard let files = try source.files() else { return [] }
    let heights = files.compactMap { path -> UInt64? in
      guard path.hasPrefix("policy/"), let height = UInt64(path.dropFirst("policy/".utf8.count)),
        path == "policy/\(height)"
      else { return nil }
      return height
    }
    return heights.isEmpty ? ["policy/0"] : heights.sorted(by: >).map { "policy/\($0)" }
  }

  /// Every set of endorsers there ever was has its policy, and what is called the present one is the last.
  private func checkPolicies(_ replay: Replay) throws -> [String] {
    let origin = replay.chain.genesis.origin
    var paths: [String] = []
    for (height, endorsers) in replay.endorserSets {
      let path = "policy/\(height)"
      guard try require(path) == endorsers.policy(origin: origin).text else {
        throw AuditFailure(.wrongFile, path, "not the policy of the organisations at this height")
      }
      paths.append(path)
    }
    // In a directory this name is a folder; a server may give a file by it.
    if try source.files()?.contains("policy") ?? true, let present = try source.read("policy") {
      guard present == (try replay.chain.app.endorsers.policy(origin: origin).text) else {
        throw AuditFailure(.wrongFile, "policy", "not the policy of the organisations now")
      }
      paths.append("policy")
    }
    if let bytes = try source.read(PolicyChanges.path) {
      try PolicyAudit.check(bytes, against: replay.endorserSets, genesis: replay.chain.genesis, to: replay.chain.height)
      paths.append(PolicyChanges.path)
    }
    return paths
  }
}
