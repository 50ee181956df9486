internal import Contracts
internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// Feeds the search index, which may lag: a reader of the log never waits for it.
///
/// When it has fallen too far behind, or starts on an index that lacks blocks, it replays the log's files up to
/// where the blocks it is handed begin.
final class Indexer: Sendable {
  typealias Feed = @Sendable (_ after: UInt64, _ upTo: UInt64, _ feed: ([IndexedBlock]) throws -> Void) throws -> Void

  /// Blocks kept for the index before it has to read them from the log.
  static let depth = 1024

  /// How far the index steps back behind what cannot wait: on a busy machine it gets about a tenth of what any other
  /// thread gets. With nothing but what the others leave it would stand still there, and the pages with it.
  private static let niceness: Int32 = 10

  /// A block that was handed over: as it was executed, or what the index keeps of it already.
  private enum Handed: Sendable {
    case executed(BlockToIndex)
    case indexed(IndexedBlock)

    var height: UInt64 {
      switch self {
      case .executed(let block): block.seal.height
      case .indexed(let block): block.height
      }
    }

    var indexed: IndexedBlock {
      switch self {
      case .executed(let block): block.indexed
      case .indexed(let block): block
      }
    }
  }

  private let index: SearchIndex
  private let queue = BoundedQueue<Handed>(limit: Indexer.depth)
  private let replay: Feed
  private let logger: Logger
  private let newest: Mutex<UInt64>
  private let isStopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - height: the last block that stands in the log already.
  ///   - replay: gives the blocks after a height, up to another, out of the log's files.
  init(index: SearchIndex, height: UInt64, logger: Logger, replay: @escaping Feed) {
    self.index = index
    self.replay = replay
    self.logger = logger
    newest = Mutex(height)
  }

  func start() {
    let thread = Thread { [self] in
      // What can be made again at any time must not slow down what cannot: on Linux this is about the one thread.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Indexer.niceness)
      catchUp()
      while true {
        let blocks = queue.takeAll()
        if blocks.isEmpty { break }
        feed(blocks)
      }
      ended.signal()
    }
    thread.name = "tongzhou search index"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Takes a published block; never waits. What finds no room is read from the log later.
  func add(_ block: BlockToIndex) { add(.executed(block)) }

  /// The same for a block whose state the caller does not keep.
  func add(_ block: IndexedBlock) { add(.indexed(block)) }

  private func add(_ block: Handed) {
    newest.withLock { $0 = block.height }
    _ = queue.offer(block)
  }

  /// Ends soon, also while it reads a long log: what the index lacks then is read at the next start.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    queue.close()
    ended.wait()
  }

  private func feed(_ blocks: [Handed]) {
    do {
      let known = try index.height
      let next = blocks.filter { $0.height > known }
      guard let first = next.first else { return }
      guard first.height == known + 1 else { return catchUp() }
      try index.feed(next.map(\.indexed))
    } catch {
      logger.error("search index not fed", metadata: ["error": "\(error)"])
    }
  }

  private func catchUp() {
    do {
      let known = try index.height
      let target = newest.withLock { $0 }
      guard known < target else { return }
      logger.info("search index reads the log", metadata: ["after": "\(known)", "up to": "\(target)"])
      try replay(known, target) { blocks in
        if isStopping.load(ordering: .relaxed) { throw CancellationError() }
        try index.feed(blocks)
      }
    } catch is CancellationError {
      return
    } catch {
      logger.error("search index not fed", metadata: ["error": "\(error)"])
    }
  }

  /// Replays a log's files and hands over the blocks after a height, 64 at a time.
  ///
  /// - Parameter snapshots: where to begin, if one is not later than that height.
  static func read(
    _ log: LogDirectory, genesis: Genesis, snapshots: SnapshotStore, after: UInt64, upTo: UInt64, logger: Logger,
    _ feed: ([IndexedBlock]) throws -> Void
  ) throws {
    guard let bytes = try log.read("checkpoint") else { return }
    let checkpoint = try UnverifiedCheckpoint(bytes).checkpoint
    try withoutActuallyEscaping(feed) { feed in
      let slices = Slices(after: after, upTo: upTo, feed)
      _ = try OpenedChain(
        log, genesis: genesis, head: LogHead(size: checkpoint.size, root: checkpoint.root), snapshots: snapshots,
        highest: after, logger: logger, observe: { block, _ in try slices.add(block) })
      try slices.finish()
    }
  }

  /// Gathers blocks for the index. Some may come twice: when a snapshot turns out bad, the replay begins anew.
  private final class Slices {
    private var next: UInt64
    private let last: UInt64
    private let feed: ([IndexedBlock]) throws -> Void
    private var blocks: [IndexedBlock] = []

    init(after: UInt64, upTo: UInt64, _ feed: @escaping ([IndexedBlock]) throws -> Void) {
      next = after + 1
      last = upTo
      self.feed = feed
    }

    func add(_ block: ExecutedBlock<ChainState>) throws {
      guard block.seal.height == next, next <= last else { return }
      blocks.append(IndexedBlock(block))
      next += 1
      if blocks.count >= 64 { try finish() }
    }

    func finish() throws {
      if !blocks.isEmpty { try feed(blocks) }
      blocks = []
    }
  }
}
