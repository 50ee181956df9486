internal import Contracts
internal import Foundation
internal import Ledger
internal import Logging
internal import Metrics
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// How often a node writes a snapshot. One is also written when it stops.
public struct SnapshotSchedule: Sendable {
  /// Blocks after which the next snapshot is due; 1 or more.
  public var blocks: UInt64
  /// Log entries after which the next snapshot is due; 1 or more.
  public var entries: UInt64

  /// A schedule: whatever is reached first.
  public init(blocks: UInt64 = 4096, entries: UInt64 = 500_000) {
    self.blocks = max(1, blocks)
    self.entries = max(1, entries)
  }
}

/// Writes snapshots beside the running chain.
///
/// On a thread of its own, from a copy of the state that shares its pages with the chain's: blocks never wait.
final class Snapshotter: Sendable {
  /// A block's place.
  struct Place: Sendable {
    var height: UInt64
    var size: UInt64
  }

  private struct State: Sendable {
    var recent: RecentResults
    /// The newest block whose state can be kept, and what a snapshot of it needs.
    var newest: ExecutedBlock<ChainState>?
    /// Where the last snapshot was tried, and the height of the last one written.
    var tried: Place
    var written: UInt64
    var isStopping = false
  }

  private let store: SnapshotStore
  private let chain: Hash
  private let schedule: SnapshotSchedule
  private let patience: DiskPatience
  private let state: Mutex<State>
  private let wakeUp = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameter opened: the chain that goes on from here.
  init(store: SnapshotStore, opened: OpenedChain, schedule: SnapshotSchedule, patience: DiskPatience) {
    self.store = store
    chain = opened.chain.id
    self.schedule = schedule
    self.patience = patience
    let newest = opened.last.flatMap { $0.block.app.endorsers == $0.certifiers ? $0.block : nil }
    state = Mutex(
      State(recent: opened.recent, newest: newest, tried: opened.snapshot, written: opened.snapshot.height))
  }

  func start() {
    let thread = Thread { [self] in
      while true {
        wakeUp.wait()
        if state.withLock(\.isStopping) { break }
        if let (recent, block) = due() { write(recent, block) }
      }
      if let (recent, block) = unwritten() { write(recent, block) }
      ended.signal()
    }
    thread.name = "tongzhou snapshots"
    thread.stackSize = 8 << 20
    thread.start()
    // After a long replay one is due at once.
    wakeUp.signal()
  }

  /// Takes note of a block that stands in the log for good; never waits.
  ///
  /// - Parameter certifiers: the organisations that certified it.
  func add(_ block: ExecutedBlock<ChainState>, certifiers: EndorserSet) {
    add([(block.seal.time, BlockResults(block))], newest: block, certifiers: certifiers)
  }

  /// The same for several blocks, of which only the newest is at hand with its state.
  ///
  /// - Parameter results: of all of them that lie within ten minutes of the newest, oldest first.
  func add(
    _ results: [(time: Timestamp, results: BlockResults)], newest block: ExecutedBlock<ChainState>,
    certifiers: EndorserSet
  ) {
    let isDue = state.withLock { state in
      for result in results { state.recent.add(result.results, at: result.time) }
      // After a block that changes the organisations, those that certified it stand in no table any more.
      state.newest = block.app.endorsers == certifiers ? block : nil
      return state.newest != nil && isTime(for: block, state)
    }
    if isDue { wakeUp.signal() }
  }

  /// Ends what is under way, writes a snapshot of the last block, and returns when it is durable.
  func stop() {
    state.withLock { $0.isStopping = true }
    wakeUp.signal()
    ended.wait()
  }

  private func isTime(for block: ExecutedBlock<ChainState>, _ state: borrowing State) -> Bool {
    block.seal.height >= state.tried.height + schedule.blocks
      || block.log.size >= state.tried.size + schedule.entries
  }

  /// The newest block if a snapshot is due, with what is said of it.
  private func due() -> (RecentResults, ExecutedBlock<ChainState>)? {
    state.withLock { state in
      guard let block = state.newest, isTime(for: block, state) else { return nil }
      state.tried = Place(height: block.seal.height, size: block.log.size)
      return (state.recent, block)
    }
  }

  private func unwritten() -> (RecentResults, ExecutedBlock<ChainState>)? {
    state.withLock { state in
      guard let block = state.newest, block.seal.height > state.written else { return nil }
      return (state.recent, block)
    }
  }

  private func write(_ recent: RecentResults, _ block: ExecutedBlock<ChainState>) {
    let began = ContinuousClock.now
    let isLast = state.withLock(\.isStopping)
    do {
      var app = block.app
      let image = app.image()
      let head = SnapshotHead(
        chain: chain, height: block.seal.height, beforeSeal: block.beforeSeal, results: recent.results, image: image)
      let bytes = try store.write(head, image) { [self] in !isLast && state.withLock(\.isStopping) }
      guard let bytes else { return }
      state.withLock { $0.written = block.seal.height }
      let name = [("chain", patience.chain)]
      Gauge(label: "tongzhou_snapshot_height", dimensions: name).record(Int64(clamping: block.seal.height))
      Metrics.Timer(label: "tongzhou_snapshot_write", dimensions: name).recordNanoseconds(
        Int64((ContinuousClock.now - began) / .nanoseconds(1)))
      patience.logger.info(
        "snapshot written",
        metadata: [
          "height": "\(block.seal.height)", "bytes": "\(bytes)", "took": "\(ContinuousClock.now - began)",
        ])
    } catch {
      // It only saves time: the next one is tried when it is due.
      patience.note(.snapshot, error)
    }
  }
}
