internal import Contracts
internal import Foundation
public import Ledger
public import Logging
internal import MutualAid
public import Storage
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// A chain that this node endorses and serves.
public final class NodeChain: ServedChain {
  /// Transactions that wait for their block at one time; beyond this a sender is told to come again.
  public static let waitingLimit = 16_384

  /// See ``ServedChain``.
  public let name: String
  /// See ``ServedChain``.
  public let log: LogDirectory
  /// See ``ServedChain``.
  public let index: SearchIndex

  /// The height of the snapshot that the start began with; 0 when the whole log was replayed.
  public let startedFrom: UInt64

  private let genesis: Genesis
  private let loop: ChainLoop
  private let publisher: Publisher
  private let indexer: Indexer
  private let snapshotter: Snapshotter
  private let shown: Shown
  private let waiting = Atomic(0)
  private let isStopping = Atomic(false)

  /// What readers see, shared with the publisher.
  private final class Shown: Sendable {
    let view: Mutex<PublishedView?>
    let updates = Updates()

    init(_ first: PublishedView?) { view = Mutex(first) }
  }

  /// Opens a chain of a data directory and replays its log; ``run()`` lets it live.
  ///
  /// - Parameters:
  ///   - clock: what time it is.
  ///   - schedule: how often to write snapshots.
  ///   - retry: how long to wait before a write that the disk refused is tried again.
  ///   - progress: called with entries replayed and entries in all.
  public init(
    _ paths: ChainPaths, disk: some Disk = PosixDisk(), clock: @escaping @Sendable () -> Timestamp, logger: Logger,
    schedule: SnapshotSchedule = SnapshotSchedule(), retry: Duration = .seconds(1),
    progress: (UInt64, UInt64) -> Void = { _, _ in }
  ) throws {
    let start = try ChainStart.open(
      paths, disk: disk, keys: KeyDirectory(paths.keys).endorser, logger: logger, progress: progress)
    let (chain, checkpoint) = (start.chain, start.checkpoint)
    let genesis = chain.genesis
    let log = LogDirectory(paths.log, disk: disk)
    let snapshots = SnapshotStore(paths.snapshots, disk: disk)
    // Where the log was put back to an earlier state, from a backup perhaps, the index is of blocks that never were.
    if try SearchIndex.open(path: paths.index, chain: genesis.chain).height > chain.height {
      SearchIndex.remove(path: paths.index)
    }
    let index = try SearchIndex.open(path: paths.index, chain: genesis.chain)
    let indexer = Indexer(index: index, height: chain.height, logger: logger) { after, upTo, feed in
      try Indexer.read(
        log, genesis: genesis, snapshots: snapshots, after: after, upTo: upTo, logger: logger, feed)
    }
    let patience = DiskPatience(chain: paths.chain, retry: retry, logger: logger)
    let snapshotter = Snapshotter(
      store: snapshots, opened: start.opened, schedule: schedule, patience: patience)
    let shown = Shown(checkpoint.map { PublishedView(chain, checkpoint: $0) })
    let queue = BoundedQueue<Publication>(limit: Publisher.depth)
    let (writer, resume) = (start.writer, start.resumeWriter)
    let loop = ChainLoop(start, clock: clock, publications: queue, patience: patience, logger: logger)
    publisher = Publisher(
      origin: genesis.origin, queue: queue, writer: writer, resume: resume, patience: patience
    ) { publications, checkpoint in
      guard let last = publications.last else { return }
      let block = last.block.block
      shown.view.withLock { view in
        view = PublishedView(
          genesis: genesis, app: block.app, height: block.seal.height, time: block.seal.time, head: block.head,
          checkpoint: checkpoint, certifiers: last.certifiers)
      }
      for publication in publications {
        for settled in publication.settled {
          for continuation in settled.waiters { continuation.resume(returning: settled.placement) }
        }
        indexer.add(BlockToIndex(publication.block.block))
        snapshotter.add(publication.block.block, certifiers: publication.certifiers)
        shown.updates.send(publication.block.block.seal.height)
      }
      loop.release(below: last.mark, sequence: block.batch.header.sequence)
    }
    self.name = paths.chain
    self.log = log
    self.index = index
    startedFrom = start.opened.snapshot.height
    self.genesis = genesis
    self.loop = loop
    self.indexer = indexer
    self.snapshotter = snapshotter
    self.shown = shown
  }

  /// See ``ServedChain``.
  public var hasHearts: Bool? { ChainState.hasHearts(genesis) }

  /// See ``ServedChain``.
  public var view: PublishedView? { shown.view.withLock { $0 } }

  /// See ``ServedChain``.
  public func updates() -> AsyncStream<UInt64> { shown.updates.stream() }

  /// See ``ServedChain``.
  public func submit(_ entries: [[UInt8]]) async throws -> Placement {
    guard let entry = entries.first, entry.first == EntryKind.transaction.rawValue,
      entries.dropFirst().allSatisfy({ $0.first == EntryKind.rows.rawValue })
    else { throw LedgerError(.malformed, "one transaction, then its rows") }
    guard !isStopping.load(ordering: .relaxed) else { throw NodeError(.stopping, "the node is stopping") }
    let (count, _) = waiting.add(1, ordering: .relaxed)
    defer { waiting.subtract(1, ordering: .relaxed) }
    guard count < NodeChain.waitingLimit else {
      throw NodeError(.busy, "\(NodeChain.waitingLimit) transactions wait already; come again in a moment")
    }
    let transaction = try VerifiedTransaction.verify(entry: entry, chain: genesis.chain, reader: ChainState.read)
    return try await loop.submit(Submission(transaction, entries: entries))
  }

  /// Lets the chain live until the task is cancelled; then what is under way goes to the disk.
  public func run() async {
    publisher.start()
    indexer.start()
    snapshotter.start()
    while !Task.isCancelled {
      loop.tick()
      try? await Task.sleep(for: .seconds(1))
    }
    // The loop's thread ends below; who came to it afterwards would wait for ever.
    isStopping.store(true, ordering: .relaxed)
    // Both first: each may be waiting for the other, and that one for a disk that is full.
    loop.giveUp()
    publisher.giveUp()
    await loop.stop()
    publisher.stop()
    indexer.stop()
    snapshotter.stop()
    shown.updates.finish()
    loop.end()
  }
}
