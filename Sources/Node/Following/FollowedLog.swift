internal import Contracts
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// A log that is copied from a source, every block executed and compared before it counts.
///
/// What a checkpoint covers is written only when the checkpoint, its certificate and every block before it were
/// found right; so the files are at all times those of a log that was verified from its genesis.
struct FollowedLog {
  /// What one checkpoint brought.
  struct Progress: Sendable {
    let checkpoint: [UInt8]
    let chain: Chain<ChainState>
    /// The newest of the blocks, for the search index; older ones it reads from the log.
    let blocks: [IndexedBlock]
    /// Results of the blocks within ten minutes of the last one, and that one, for the next snapshot.
    let results: [(time: Timestamp, results: BlockResults)]
    let last: (block: ExecutedBlock<ChainState>, certifiers: EndorserSet)?
  }

  /// The chain as it was opened.
  let opened: OpenedChain
  /// The chain after the last block whose entries are in the writer's hands.
  private(set) var chain: Chain<ChainState>
  /// The checkpoint on the last published block; `nil` before the first.
  private(set) var checkpoint: [UInt8]?
  private let log: LogDirectory
  private var writer: LogWriter
  /// Whether the endorsers changed and the proof of it is not kept here yet.
  private var lacksChange = false

  /// Opens the copy in a data directory; one that is empty begins with the genesis that lies there.
  ///
  /// - Parameter progress: called with entries replayed and entries in all.
  /// - Throws: `node.unusable_directory` where the directory holds no chain, or other entries than its checkpoint
  ///   says; `AuditFailure`, `StorageError`.
  init(_ paths: ChainPaths, disk: some Disk, logger: Logger, progress: (UInt64, UInt64) -> Void) throws {
    log = LogDirectory(paths.log, disk: disk)
    let checkpoint = try log.read("checkpoint")
    let unverified = try checkpoint.map { try UnverifiedCheckpoint($0) }
    let genesis = try ChainStart.genesis(paths, log: log, disk: disk, size: unverified?.checkpoint.size)
    self.checkpoint = checkpoint
    opened = try OpenedChain(
      log, genesis: genesis, head: unverified.map { LogHead(size: $0.checkpoint.size, root: $0.checkpoint.root) },
      snapshots: SnapshotStore(paths.snapshots, disk: disk), logger: logger, progress: progress)
    chain = opened.chain
    guard let unverified else {
      // Not as a new log: files of a first checkpoint that never counted may lie there.
      writer = try LogWriter(resuming: paths.log, disk: disk, upTo: 0, synced: true)
      try writer.append([Entry.make(.genesis, genesis.bytes)])
      try writer.write(policy: chain.app.endorsers.policy(origin: genesis.origin).text, height: 0)
      return
    }
    let size = unverified.checkpoint.size
    try CheckpointAudit.check(unverified, certifiers: chain.certifiers, origin: genesis.origin)
    writer = try LogWriter(resuming: paths.log, disk: disk, upTo: size, synced: true)
  }

  /// Takes a checkpoint of the source, with the entries it has beyond what is here.
  ///
  /// - Parameter source: the log's files as of the checkpoint.
  /// - Returns: `nil` where the checkpoint brings nothing new.
  /// - Throws: `AuditFailure` where the source lies, with the place; anything else where it could not be read, or
  ///   the copy not be written: then the same may be tried again.
  mutating func take(_ bytes: [UInt8], from source: some LogSource) throws -> Progress? {
    let unverified: UnverifiedCheckpoint
    do {
      unverified = try UnverifiedCheckpoint(bytes)
    } catch {
      throw AuditFailure(.badCheckpoint, "checkpoint", "\(error)")
    }
    guard unverified.bytes == bytes else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "not in canonical form")
    }
    let claimed = unverified.checkpoint
    let here = checkpoint == nil ? 0 : chain.head.size
    if claimed.size <= here {
      try compare(claimed, with: here)
      try CheckpointAudit.check(unverified, certifiers: chain.certifiers, origin: chain.genesis.origin)
      return nil
    }
    let blocks: Recent
    do {
      blocks = try copy(to: unverified, from: source)
    } catch let failure as AuditFailure {
      throw FollowedLog.bundle(in: source, from: here, claimed) ?? failure
    }
    if lacksChange { lacksChange = try !keepChanges(from: source) }
    try writer.publish(checkpoint: bytes)
    checkpoint = bytes
    return Progress(
      checkpoint: bytes, chain: chain, blocks: blocks.blocks, results: blocks.results.blocks, last: blocks.last)
  }

  /// A checkpoint of what is here already says what is here.
  private func compare(_ claimed: Checkpoint, with here: UInt64) throws {
    var hashes = TileHashSource(treeSize: claimed.size) { [log] coordinate in
      // Of a tile that was narrower then, there need be no file any more; the one that stands begins with it.
      let wide = TileCoordinate.holding(
        level: 8 * coordinate.level, index: coordinate.index * UInt64(TileCoordinate.fullWidth), treeSize: here)
      guard let wide, let bytes = try log.read(wide.path) else {
        throw NodeError(.unusableDirectory, "\(log.path)/\(coordinate.path) is missing")
      }
      return try Tile(Array(Tile(bytes: bytes, width: wide.width).hashes.prefix(coordinate.width)))
    }
    let root = claimed.size == chain.head.size ? chain.head.root : try hashes.root()
    guard root == claimed.root else {
      throw AuditFailure(
        .badCheckpoint, "checkpoint",
        "for \(claimed.size) entries it has the root \(claimed.root), and the log that was verified here \(root)")
    }
  }

  /// Executes and writes what a checkpoint has beyond what is here; all of it was found right when this returns.
  private mutating func copy(to unverified: UnverifiedCheckpoint, from source: some LogSource) throws -> Recent {
    let recent = Recent(origin: chain.genesis.origin)
    var copy = Copy(replay: Replay(after: chain) { try recent.add($0, $1) })
    let size = unverified.checkpoint.size
    let start = chain.head.size
    let full = UInt64(TileCoordinate.fullWidth)
    var waiting = 0
    for coordinate in EntryBundleSequence(from: start / full * full, to: size) {
      guard let bytes = try source.read(coordinate.path) else {
        throw AuditFailure(.missingFile, coordinate.path, "the file is missing")
      }
      let entries: [[UInt8]]
      do {
        entries = try EntryBundle(bytes: bytes, width: coordinate.width).entries
      } catch {
        throw AuditFailure(.wrongFile, coordinate.path, "\(error)")
      }
      let known = start > coordinate.entries.lowerBound ? Int(start - coordinate.entries.lowerBound) : 0
      try copy.replay.add(Array(entries.dropFirst(known)), into: &copy.pending)
      waiting += entries.count
      if waiting >= Replay.groupedEntries {
        if let certified = try copy.step() { try write(certified.entries, recent, upTo: certified.chain) }
        waiting = 0
      }
    }
    let certified = try copy.step()
    try copy.replay.drain()
    let replay = copy.replay
    guard replay.chain.head.size == size else {
      throw AuditFailure(.badBlock, "entry \(size)", "the log ends within a block")
    }
    guard replay.chain.head.root == unverified.checkpoint.root else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "its root is not that of the entries")
    }
    try CheckpointAudit.check(unverified, certifiers: replay.chain.certifiers, origin: chain.genesis.origin)
    for group in [certified, copy.executed].compactMap({ $0 }) {
      try write(group.entries, recent, upTo: group.chain)
    }
    try write(copy.enqueued, recent, upTo: replay.chain)
    return recent
  }

  /// Writes the entries of blocks that were found right.
  private mutating func write(_ entries: [[UInt8]], _ recent: Recent, upTo next: Chain<ChainState>) throws {
    guard next.head.size > chain.head.size else { return }
    try writer.append(entries)
    for (height, policy) in recent.takePolicies(upTo: next.height) {
      try writer.write(policy: policy, height: height)
      lacksChange = true
    }
    chain = next
  }

  /// Keeps the source's proofs of the changes of the endorsers, so that whoever reads this copy comes to the present
  /// policy by them. Nothing here depends on them: a source that lacks them, or shows wrong ones, is followed on.
  private mutating func keepChanges(from source: some LogSource) throws -> Bool {
    guard let bytes = try? source.read(PolicyChanges.path), let changes = try? PolicyChanges(file: bytes),
      var policies = try? TrustedPolicies(
        genesis: ChainState(genesis: chain.genesis).endorsers, origin: chain.genesis.origin),
      (try? policies.follow(changes, chain: chain.id)) != nil, policies.newest.endorsers == chain.app.endorsers
    else { return false }
    try writer.write(policyChanges: changes.json())
    return true
  }

  /// Where entries are not those that the tiles of the source hash, the bundle that was changed: a more exact
  /// place than the block that failed. `nil` where entries and tiles agree, or the tiles do not tell.
  private static func bundle(
    in source: some LogSource, from start: UInt64, _ claimed: Checkpoint
  ) -> AuditFailure? {
    let full = UInt64(TileCoordinate.fullWidth)
    for coordinate in EntryBundleSequence(from: start / full * full, to: claimed.size) {
      guard let tile = try? TileCoordinate(level: 0, index: coordinate.index, width: coordinate.width),
        let bytes = try? source.read(coordinate.path), let hashed = try? source.read(tile.path),
        let entries = try? EntryBundle(bytes: bytes, width: coordinate.width),
        let hashes = try? Tile(bytes: hashed, width: tile.width).hashes
      else { return nil }
      if let place = zip(entries.leafHashes, hashes).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
        let index = coordinate.entries.lowerBound + UInt64(place.offset)
        return AuditFailure(.wrongFile, coordinate.path, "entry \(index) is not the one hashed")
      }
    }
    return nil
  }
}

/// Groups of blocks on their way: some are read, the next are being verified, the ones before are executed.
///
/// An executed group is certified once the header after it was executed too.
private struct Copy {
  var replay: Replay
  var pending: [LoggedBlock] = []
  private(set) var enqueued: [[UInt8]] = []
  private(set) var executed: (entries: [[UInt8]], chain: Chain<ChainState>)?

  init(replay: Replay) { self.replay = replay }

  /// Moves every group on by one.
  ///
  /// - Returns: the group that is certified now.
  mutating func step() throws -> (entries: [[UInt8]], chain: Chain<ChainState>)? {
    let next = pending.flatMap(\.entries)
    try replay.enqueue(&pending)
    let certified = executed
    executed = enqueued.isEmpty ? nil : (enqueued, replay.chain)
    enqueued = next
    return certified
  }
}

/// What the search index and a snapshot keep of the blocks of a replay, and the policies it came to.
private final class Recent {
  /// Transactions in blocks that are kept; older ones the index reads from the log.
  private static let limit = 200_000

  private let origin: String
  private(set) var blocks: [IndexedBlock] = []
  private(set) var results = RecentResults()
  private(set) var last: (block: ExecutedBlock<ChainState>, certifiers: EndorserSet)?
  private var transactions = 0
  private var policies: [(height: UInt64, text: [UInt8])] = []

  init(origin: String) { self.origin = origin }

  func add(_ block: ExecutedBlock<ChainState>, _ certifiers: EndorserSet) throws {
    blocks.append(IndexedBlock(block))
    results.add(BlockResults(block), at: block.seal.time)
    last = (block, certifiers)
    transactions += 1 + block.batch.entries.count
    if transactions > 2 * Recent.limit {
      // The newest half stays.
      let kept = blocks.count / 2
      blocks.removeFirst(blocks.count - kept)
      transactions /= 2
    }
    guard block.app.endorsers != certifiers else { return }
    policies.append((block.seal.height, try block.app.endorsers.policy(origin: origin).text))
  }

  func takePolicies(upTo height: UInt64) -> [(height: UInt64, text: [UInt8])] {
    defer { policies.removeAll { $0.height <= height } }
    return policies.filter { $0.height <= height }
  }
}
