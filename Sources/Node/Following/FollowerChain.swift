internal import Contracts
internal import Foundation
internal import Ledger
public import Logging
internal import MutualAid
public import Storage
internal import Synchronization
public import TongzhouClient
public import TransparencyLog

/// A chain that this process follows from the published files of another, and serves to readers.
///
/// It trusts nobody: it starts from a chain id that was pinned, by its operator or by what its data directory holds,
/// executes every block, and holds every checkpoint against the quorum. Of what its source says elsewhere, in its
/// interface, it takes nothing. When the source lies, it stops there, keeps serving what it verified, and says so.
public final class FollowerChain: ServedChain {
  /// See ``ServedChain``.
  public let name: String
  /// See ``ServedChain``.
  public let log: LogDirectory
  /// See ``ServedChain``.
  public let index: SearchIndex
  /// See ``ServedChain``.
  public let hasHearts: Bool?

  /// How often the source is asked for its checkpoint.
  private let interval: Duration
  private let client: NodeClient
  private let remoteName: String?
  private let paths: ChainPaths
  private let follower: Follower
  private let indexer: Indexer
  private let snapshotter: Snapshotter
  private let logger: Logger
  private let updatesOfHeights = Updates()
  private let shown: Mutex<PublishedView?>
  private let trouble = Mutex<NodeError?>(nil)

  /// Opens the copy in a data directory and replays it; ``run()`` follows.
  ///
  /// - Parameters:
  ///   - client: asks the source.
  ///   - remoteName: the chain's name there; `nil` where the client's address is that of the log itself.
  ///   - pinned: the chain id to insist on. Without it, and with an empty directory, the source's word is taken for
  ///     the chain's id, once: it has to be compared with the one that is known.
  ///   - interval: how often the source is asked for its checkpoint.
  ///   - schedule: how often to write snapshots.
  ///   - progress: called with entries replayed and entries in all.
  public static func open(
    _ paths: ChainPaths, from client: NodeClient, log remoteName: String?, pinned: Hash?, disk: some Disk = PosixDisk(),
    every interval: Duration = .seconds(1), schedule: SnapshotSchedule = SnapshotSchedule(), logger: Logger,
    progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) async throws -> FollowerChain {
    let directory = LogDirectory(paths.log, disk: disk)
    if try directory.read("checkpoint") == nil, try disk.read(paths.genesis) == nil {
      let trusted = try await client.trusted(log: remoteName, pinned: pinned)
      if pinned == nil {
        logger.warning(
          "no chain id was pinned; compare this one with the one you know", metadata: ["chain": "\(trusted.id)"])
      }
      try disk.makeDirectory(folder(of: paths.genesis), durability: .synced)
      try disk.replace(paths.genesis, with: trusted.genesis.bytes, durability: .synced)
    }
    return try FollowerChain(
      paths, client: client, remoteName: remoteName, pinned: pinned, disk: disk, interval: interval,
      schedule: schedule, logger: logger, progress: progress)
  }

  private init(
    _ paths: ChainPaths, client: NodeClient, remoteName: String?, pinned: Hash?, disk: some Disk, interval: Duration,
    schedule: SnapshotSchedule, logger: Logger, progress: (UInt64, UInt64) -> Void
  ) throws {
    let followed = try FollowedLog(paths, disk: disk, logger: logger, progress: progress)
    let genesis = followed.chain.genesis
    if let pinned, genesis.chain != pinned {
      throw NodeError(.unusableDirectory, "\(paths.data) holds the chain \(genesis.chain), not the one that was pinned")
    }
    name = paths.chain
    log = LogDirectory(paths.log, disk: disk)
    // Where the log was put back to an earlier state, from a backup perhaps, the index knows more than it may.
    if try SearchIndex.open(path: paths.index, chain: genesis.chain).height > followed.chain.height {
      SearchIndex.remove(path: paths.index)
    }
    index = try SearchIndex.open(path: paths.index, chain: genesis.chain)
    hasHearts = ChainState.hasHearts(genesis)
    self.paths = paths
    self.client = client
    self.remoteName = remoteName
    self.interval = interval
    self.logger = logger
    shown = Mutex(followed.checkpoint.map { PublishedView(followed.chain, checkpoint: $0) })
    indexer = Indexer(index: index, height: followed.chain.height, logger: logger) { [log] after, upTo, feed in
      try Indexer.read(
        log, genesis: genesis, snapshots: SnapshotStore(paths.snapshots, disk: disk), after: after, upTo: upTo,
        logger: logger, feed)
    }
    snapshotter = Snapshotter(
      store: SnapshotStore(paths.snapshots, disk: disk), opened: followed.opened, schedule: schedule,
      patience: DiskPatience(chain: paths.chain, retry: .seconds(1), logger: logger))
    follower = Follower(followed) { try FollowedLog(paths, disk: disk, logger: logger) { _, _ in } }
  }

  /// The folder of a path.
  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// See ``ServedChain``.
  public var view: PublishedView? { shown.withLock { $0 } }

  /// See ``ServedChain``.
  public var fault: NodeError? { trouble.withLock { $0 } }

  /// See ``ServedChain``.
  public func updates() -> AsyncStream<UInt64> { updatesOfHeights.stream() }

  /// A follower takes nothing: `node.read_only`.
  public func submit(_ entries: [[UInt8]]) async throws -> Placement {
    throw NodeError(.readOnly, "this node only follows \(client.address); send it there")
  }

  /// Follows until the task is cancelled. A source that lies is left; what was verified is served on.
  public func run() async {
    indexer.start()
    snapshotter.start()
    while !Task.isCancelled {
      do {
        // A source that is far ahead is asked again at once.
        while try await step() {}
      } catch let failure as AuditFailure where failure.code != .missingFile {
        // A file that is missing proves nothing yet: it may come.
        logger.critical("the source lies; it is not followed any further", metadata: ["failure": "\(failure)"])
        trouble.withLock { $0 = NodeError(.sourceLied, "\(failure)") }
        break
      } catch is CancellationError {
        break
      } catch {
        logger.warning("source not read; trying again", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: interval)
    }
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(1)) }
    updatesOfHeights.finish()
    indexer.stop()
    snapshotter.stop()
    await follower.end()
  }

  /// Takes the source's newest checkpoint.
  ///
  /// - Returns: whether it brought something new.
  private func step() async throws -> Bool {
    let checkpoint = try await client.checkpoint(remoteName)
    if checkpoint == view?.checkpoint { return false }
    var options = RemoteLog.Options()
    options.from = view?.head.size ?? 0
    options.withTiles = false
    // A first copy that was cut off has left what it wrote.
    if view == nil { options.cache = paths.log }
    let source: RemoteLog
    do {
      source = try await client.log(remoteName, checkpoint: checkpoint, options: options)
    } catch let error as TransparencyLogError {
      throw AuditFailure(.badCheckpoint, "checkpoint", "\(error)")
    }
    defer { source.close() }
    let progress = try await withTaskCancellationHandler {
      try await follower.take(checkpoint, from: source)
    } onCancel: {
      source.close()
    }
    guard let progress else { return false }
    shown.withLock { $0 = PublishedView(progress.chain, checkpoint: progress.checkpoint) }
    for block in progress.blocks { indexer.add(block) }
    if let last = progress.last {
      snapshotter.add(progress.results, newest: last.block, certifiers: last.certifiers)
    }
    updatesOfHeights.send(progress.chain.height)
    return true
  }
}

/// Copies on a thread of its own, which may wait for the network and the disk.
private actor Follower {
  private nonisolated let executor = ThreadExecutor(name: "tongzhou follower")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  private let reopen: @Sendable () throws -> FollowedLog
  private var log: FollowedLog?

  init(_ log: sending FollowedLog, reopen: @escaping @Sendable () throws -> FollowedLog) {
    self.log = log
    self.reopen = reopen
  }

  /// - Throws: what `FollowedLog.take` throws. After a write that failed the copy is read from the disk again: of
  ///   what stands there, all up to its checkpoint is right.
  func take(_ checkpoint: [UInt8], from source: RemoteLog) throws -> FollowedLog.Progress? {
    var current = try log ?? reopen()
    log = nil
    do {
      let progress = try current.take(checkpoint, from: source)
      log = current
      return progress
    } catch let error as StorageError {
      throw error
    } catch {
      log = current
      throw error
    }
  }

  /// Ends the thread; to be called last.
  nonisolated func end() async { executor.stop() }
}
