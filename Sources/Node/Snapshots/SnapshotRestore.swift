internal import Contracts
internal import Dispatch
internal import Ledger
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// Makes a chain from a snapshot and the log it must agree with.
///
/// A snapshot proves nothing by itself. Its records must give the state root of the seal that stands in the log, and
/// its results the results roots of the seals there; its right edge of the log shows in the root of the log, which
/// whoever goes on from here compares with the checkpoint. What lives for ten minutes is read from the log.
struct SnapshotRestore {
  /// What was made.
  struct Restored {
    let chain: Chain<ChainState>
    let recent: RecentResults
  }

  let genesis: Genesis
  let log: LogDirectory
  /// Entries that the log's checkpoint covers.
  let size: UInt64

  /// Blocks whose transactions are decoded at one time, on all cores.
  private static let slice = 64

  /// - Throws: `StorageError` and `StateError` for a snapshot that is not whole or not of this log.
  func callAsFunction(_ file: SnapshotFile) throws -> Restored {
    let head = file.head
    guard head.chain == genesis.chain, head.size <= size else {
      throw StateError(.wrongImage, "of another chain, or of a block that the log does not have")
    }
    var reader = BackwardReader(log: log, treeSize: size, next: head.size)
    let (recent, older) = try readRecent(head, &reader)
    guard let last = recent.last, last.seal.state == head.stateRoot else {
      throw StateError(.wrongImage, "not the state of the seal of block \(head.height)")
    }
    var app = try ChainState(genesis: genesis, image: file.read())
    app.watchEverything()
    let chain = try Chain(genesis: genesis, app: app, beforeSeal: head.beforeSeal, recent: recent, older: older)
    var results = RecentResults()
    for (block, own) in zip(recent, head.results) { results.add(own, at: block.seal.time) }
    return Restored(chain: chain, recent: results)
  }

  /// The blocks of the last ten minutes, oldest first, and the seal before them.
  private func readRecent(
    _ head: SnapshotHead, _ reader: inout BackwardReader
  ) throws -> (recent: [RecentBlock], older: Seal?) {
    var found: [[RecentBlock]] = []
    var waiting = head.results[...]
    while !waiting.isEmpty {
      var blocks: [(entries: [[UInt8]], results: BlockResults)] = []
      for results in waiting.suffix(Self.slice).reversed() { blocks.append((try reader.block(), results)) }
      waiting = waiting.dropLast(Self.slice)
      found.append(try decode(blocks).reversed())
    }
    let recent = Array(found.reversed().joined())
    // Before the first block stands the genesis.
    let older = reader.next > 1 ? try Seal(entry: reader.entry()) : nil
    guard recent.last?.seal.height == head.height else {
      throw StateError(.wrongImage, "entry \(head.size - 1) does not seal block \(head.height)")
    }
    return (recent, older)
  }

  private func decode(_ blocks: [(entries: [[UInt8]], results: BlockResults)]) throws -> [RecentBlock] {
    let chain = genesis.chain
    let done = Mutex([Result<RecentBlock, StateError>?](repeating: nil, count: blocks.count))
    DispatchQueue.concurrentPerform(iterations: blocks.count) { number in
      let result = Result { () throws(StateError) in
        try RecentBlock(entries: blocks[number].entries, results: blocks[number].results, chain: chain)
      }
      done.withLock { $0[number] = result }
    }
    return try done.withLock(\.self).compactMap { try $0?.get() }
  }
}

/// Reads a log's entries from an index towards its beginning.
private struct BackwardReader {
  let log: LogDirectory
  let treeSize: UInt64
  /// The index after the entry that is read next.
  private(set) var next: UInt64
  private var bundle: (first: UInt64, entries: [[UInt8]])?

  init(log: LogDirectory, treeSize: UInt64, next: UInt64) {
    self.log = log
    self.treeSize = treeSize
    self.next = next
  }

  mutating func entry() throws -> [UInt8] {
    guard next > 0, let place = EntryBundleCoordinate.holding(entry: next - 1, treeSize: treeSize) else {
      throw StateError(.wrongImage, "the log has no entry before its beginning")
    }
    let first = place.entries.lowerBound
    if bundle?.first != first {
      guard let entries = try log.entries(place) else {
        throw StorageError(.damaged, "\(log.path)/\(place.path) is missing")
      }
      bundle = (first, entries)
    }
    next -= 1
    return bundle?.entries[Int(next - first)] ?? []
  }

  /// The entries of the block that ends here, header first.
  mutating func block() throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    while true {
      let entry = try entry()
      entries.append(entry)
      if entry.first == EntryKind.header.rawValue { return entries.reversed() }
    }
  }
}
