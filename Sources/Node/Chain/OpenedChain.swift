internal import Contracts
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// A chain as its log's files give it: from the newest good snapshot and the blocks after it.
struct OpenedChain: Sendable {
  /// The chain after the last published block.
  private(set) var chain: Chain<ChainState>
  /// The results of the last ten minutes.
  private(set) var recent = RecentResults()
  /// Where the snapshot stands that it was made from; height 0 for the genesis.
  private(set) var snapshot = Snapshotter.Place(height: 0, size: 0)
  /// The last block, if it was replayed, with those who certified it.
  private(set) var last: (block: ExecutedBlock<ChainState>, certifiers: EndorserSet)?
  /// Blocks that were executed.
  private(set) var replayed: UInt64 = 0

  /// Opens a chain.
  ///
  /// - Parameters:
  ///   - head: size and root of the log by its checkpoint; `nil` before the first block.
  ///   - snapshots: tried from the newest on; one that is not good is passed over and said so in the log.
  ///   - highest: snapshots of later blocks are not looked at.
  ///   - observe: called with each block that is replayed.
  init(
    _ log: LogDirectory, genesis: Genesis, head: LogHead?, snapshots: SnapshotStore, highest: UInt64 = .max,
    logger: Logger, progress: (UInt64, UInt64) -> Void = { _, _ in },
    observe: @escaping Replay.Observer = { _, _ in }
  ) throws {
    if let head {
      for height in try snapshots.heights() where height <= highest {
        do {
          self.chain = try Self.atGenesis(genesis)
          try restore(snapshots.open(height), log, size: head.size)
          try replay(log, to: head, progress: progress, observe: observe)
          return
        } catch let error as ObserverFailure {
          throw error.cause
        } catch {
          logger.warning("snapshot passed over", metadata: ["height": "\(height)", "error": "\(error)"])
        }
      }
    }
    chain = try Self.atGenesis(genesis)
    (recent, snapshot, last, replayed) = (RecentResults(), Snapshotter.Place(height: 0, size: 0), nil, 0)
    guard let head else { return }
    do {
      try replay(log, to: head, progress: progress, observe: observe)
    } catch let error as ObserverFailure {
      throw error.cause
    }
  }

  private static func atGenesis(_ genesis: Genesis) throws -> Chain<ChainState> {
    var app = try ChainState(genesis: genesis)
    app.watchEverything()
    return try Chain(genesis: genesis, app: app)
  }

  private mutating func restore(_ file: SnapshotFile, _ log: LogDirectory, size: UInt64) throws {
    let restored = try SnapshotRestore(genesis: chain.genesis, log: log, size: size)(file)
    (chain, recent, last, replayed) = (restored.chain, restored.recent, nil, 0)
    snapshot = Snapshotter.Place(height: chain.height, size: chain.head.size)
  }

  /// What an observer threw is no fault of the snapshot.
  private struct ObserverFailure: Error { let cause: any Error }

  /// Executes the blocks of the log's files that follow the chain, and compares the root in the end.
  private mutating func replay(
    _ log: LogDirectory, to head: LogHead, progress: (UInt64, UInt64) -> Void, observe: @escaping Replay.Observer
  ) throws {
    let noted = Noted(recent)
    var replay = Replay(after: chain) { block, certifiers in
      noted.add(block, certifiers)
      do { try observe(block, certifiers) } catch { throw ObserverFailure(cause: error) }
    }
    var pending: [LoggedBlock] = []
    var waiting = 0
    let start = chain.log.size
    let full = UInt64(TileCoordinate.fullWidth)
    for coordinate in EntryBundleSequence(from: start / full * full, to: head.size) {
      guard let entries = try log.entries(coordinate) else {
        throw NodeError(.unusableDirectory, "\(log.path)/\(coordinate.path) is missing")
      }
      let known = start > coordinate.entries.lowerBound ? Int(start - coordinate.entries.lowerBound) : 0
      try replay.add(Array(entries.dropFirst(known)), into: &pending)
      // Whole blocks gather until there is enough to verify on all cores.
      waiting += entries.count
      if waiting >= Replay.groupedEntries {
        try replay.enqueue(&pending)
        waiting = 0
      }
      progress(coordinate.entries.upperBound, head.size)
    }
    try replay.execute(&pending)
    guard replay.chain.head == head else {
      throw NodeError(.unusableDirectory, "the log's entries are not those of its checkpoint")
    }
    chain = replay.chain
    (recent, last, replayed) = (noted.recent, noted.last, noted.count)
  }

  /// Collects what a replay passes by.
  private final class Noted {
    var recent: RecentResults
    var last: (block: ExecutedBlock<ChainState>, certifiers: EndorserSet)?
    var count: UInt64 = 0

    init(_ recent: RecentResults) { self.recent = recent }

    func add(_ block: ExecutedBlock<ChainState>, _ certifiers: EndorserSet) {
      recent.add(BlockResults(block), at: block.seal.time)
      last = (block, certifiers)
      count += 1
    }
  }
}
