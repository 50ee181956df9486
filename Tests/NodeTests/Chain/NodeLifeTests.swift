import Consortium
import Ledger
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Node

/// The life of a node without faults.
@Suite struct NodeLifeTests {
  @Test("transactions are acknowledged, and are there after stopping and starting", arguments: [1, 4])
  func restart(organisations: Int) async throws {
    let node = try NodeOnDisk(organisations: organisations)
    for round in 1...3 {
      try await node.run { chain in
        #expect(node.lost(in: chain) == [])
        try await node.submit(20, to: chain, atOnce: 5)
        #expect(node.lost(in: chain) == [])
        #expect(node.acknowledged.withLock { $0.count } == 20 * round)
      }
      // Stopping wrote a snapshot of the last block, and the start goes from there.
      let height = try node.audit().height
      #expect(try SnapshotStore(node.paths.snapshots, disk: node.disk).heights().first == height)
      let chain = try node.open()
      #expect(chain.startedFrom == height && chain.view?.height == height)
      #expect(node.lost(in: chain) == [])
    }
    let log = try LogFsck(node.paths.log, disk: node.disk).run()
    #expect(log.isGood && log.findings == [])
  }

  @Test("what a node acknowledged is there after a kill at once, without a snapshot of it", arguments: [1, 4])
  func kill(organisations: Int) async throws {
    let node = try NodeOnDisk(organisations: organisations)
    let disk = node.disk
    for _ in 0..<4 {
      try await node.run { chain in
        #expect(node.lost(in: chain) == [])
        try await node.submit(6, to: chain, atOnce: 2)
        disk.fail(at: disk.calls + 1, with: .crash)
      }
      disk.restart()
    }
    try await node.run { chain in
      #expect(node.lost(in: chain) == [])
      try await node.submit(1, to: chain)
    }
    #expect(try SnapshotStore(node.paths.snapshots, disk: disk).heights().count == 1)
    #expect(node.lost(in: try node.open()) == [])
  }

  @Test("snapshots are written while blocks go on, and the two newest are kept")
  func snapshots() async throws {
    let node = try NodeOnDisk()
    let store = SnapshotStore(node.paths.snapshots, disk: node.disk)
    try await node.run(schedule: SnapshotSchedule(blocks: 3)) { chain in
      try await node.submit(30, to: chain)
      for _ in 0..<500 where try store.heights().count < 2 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(try store.heights().count == 2)
    }
    let heights = try store.heights()
    let height = try node.audit().height
    #expect(heights.count == 2 && heights[0] == height)
    // A node that starts between them replays the rest and says no less.
    try store.remove(height)
    let chain = try node.open()
    #expect(chain.startedFrom == heights[1] && chain.view?.height == height)
    #expect(node.lost(in: chain) == [])
  }

  @Test("a log put back to an earlier state takes the search index back with it")
  func putBack() async throws {
    let node = try NodeOnDisk()
    try await node.run { chain in try await node.submit(5, to: chain) }
    let early = node.disk.contents
    try await node.run { chain in try await node.submit(5, to: chain) }
    let (old, new) = (try #require(early[String(node.paths.log.dropFirst()) + "/checkpoint"]), try node.audit().height)
    #expect(try node.open().index.height == new)
    // Everything as in the backup.
    for path in node.disk.contents.keys where early[path] == nil { try node.disk.remove("/" + path) }
    for (path, bytes) in early { node.disk.edit("/" + path) { $0 = bytes } }
    #expect(node.disk.contents[String(node.paths.log.dropFirst()) + "/checkpoint"] == old)
    node.acknowledged.withLock { $0 = $0.filter { $0 <= 5 } }
    try await node.run { chain in
      #expect(try #require(chain.view).height < new)
      #expect(node.lost(in: chain) == [])
      try await node.submit(2, to: chain)
      for _ in 0..<500 where try chain.index.height < chain.view?.height ?? 0 {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(try chain.index.height == chain.view?.height)
    }
  }
}
