import Contracts
import Ledger
import Logging
import MutualAid
import Storage
import TestSupport
import TransparencyLog

@testable import Node

/// A random history with its log on a disk in memory, from which snapshots of any of its blocks can be made.
struct KeptHistory {
  static let directory = "/data/log/aid"
  static let snapshots = "/data/snapshots/aid"

  let genesis: Genesis
  let blocks: [ExecutedBlock<ChainState>]
  /// Heights of blocks that changed who endorses: of those a node keeps no snapshot.
  let changing: Set<Int>
  /// The chain after the last block.
  let chain: Chain<ChainState>
  let disk = MemoryDisk(seed: 7)

  var log: LogDirectory { LogDirectory(Self.directory, disk: disk) }
  var store: SnapshotStore { SnapshotStore(Self.snapshots, disk: disk) }

  /// A history of so many blocks; its log is written as a node writes it, checkpoint by checkpoint.
  init(seed: UInt64, blocks count: Int) throws {
    var history = try RandomHistory(seed: seed)
    genesis = history.chain.network.genesis
    var blocks: [ExecutedBlock<ChainState>] = []
    var writer = try LogWriter(creating: Self.directory, disk: disk, synced: true)
    try writer.append([Entry.make(.genesis, genesis.bytes)])
    var changing: Set<Int> = []
    for height in 1...count {
      let block = try history.block()
      if block.app.endorsers != history.chain.chain.certifiers { changing.insert(height) }
      blocks.append(block)
      try writer.append(block.entries)
      // What signs it is nobody's business here.
      try writer.publish(checkpoint: Array("unsigned\n".utf8))
    }
    self.blocks = blocks
    self.changing = changing
    chain = history.chain.chain
  }

  /// The first height from one on at which a node may keep a snapshot.
  func kept(from height: Int) -> Int { (height...).first { !changing.contains($0) } ?? height }

  /// What a node would write after a block.
  func snapshot(at height: Int) -> (head: SnapshotHead, image: StateImage) {
    var recent = RecentResults()
    for block in blocks.prefix(height) { recent.add(BlockResults(block), at: block.seal.time) }
    let block = blocks[height - 1]
    var app = block.app
    let image = app.image()
    let head = SnapshotHead(
      chain: genesis.chain, height: block.seal.height, beforeSeal: block.beforeSeal, results: recent.results,
      image: image)
    return (head, image)
  }

  func write(at height: Int) throws {
    let (head, image) = snapshot(at: height)
    try store.write(head, image)
  }

  /// Opens the log up to a block as a node does.
  func open(to height: Int? = nil, on disk: MemoryDisk? = nil) throws -> OpenedChain {
    let disk = disk ?? self.disk
    let last = blocks[(height ?? blocks.count) - 1]
    return try OpenedChain(
      LogDirectory(Self.directory, disk: disk), genesis: genesis, head: last.head,
      snapshots: SnapshotStore(Self.snapshots, disk: disk),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }
}
