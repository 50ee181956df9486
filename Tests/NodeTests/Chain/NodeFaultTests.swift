import Ledger
import Storage
import Synchronization
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Node

/// Disks that fail under a running node.
@Suite struct NodeFaultTests {
  /// Submits until everything is acknowledged or the power goes; then the node is stopped.
  private func submitUntilDown(_ node: NodeOnDisk, _ count: Int) async throws {
    try await node.run { chain in
      let isDone = Flag()
      let submitting = Task {
        try? await node.submit(count, to: chain, atOnce: 2)
        isDone.value.store(true, ordering: .relaxed)
      }
      while !node.disk.isDown && !isDone.value.load(ordering: .relaxed) {
        try await Task.sleep(for: .milliseconds(2))
      }
      submitting.cancel()
    }
  }

  @Test("a crash at any call loses nothing that was acknowledged, and the node starts and goes on", arguments: [1, 4])
  func crash(organisations: Int) async throws {
    let calm = try NodeOnDisk(organisations: organisations)
    try await calm.run { chain in try await calm.submit(6, to: chain, atOnce: 2) }
    let calls = calm.disk.calls
    #expect(calls > 60)
    for call in stride(from: 1, through: calls, by: organisations == 1 ? 3 : 8) {
      let node = try NodeOnDisk(organisations: organisations, seed: UInt64(call))
      node.disk.fail(at: call + 3, with: .crash)
      // Also a node that does not come up because the power goes is one that was started.
      try? await submitUntilDown(node, 6)
      node.disk.heal()
      node.disk.restart()
      try await node.run { chain in
        #expect(node.lost(in: chain) == [], "call \(call)")
        try await node.submit(2, to: chain)
      }
      #expect(node.lost(in: try node.open()) == [], "call \(call)")
      #expect(try node.audit().height > 0)
      let log = try LogFsck(node.paths.log, disk: node.disk).run()
      #expect(log.isGood, "call \(call): \(log.findings)")
    }
  }

  @Test(
    "a call that fails is made good by the running node, whichever it is",
    arguments: [MemoryDisk.Fault.inputOutput, .diskFull])
  func failure(fault: MemoryDisk.Fault) async throws {
    let calm = try NodeOnDisk()
    var before = 0
    try await calm.run { chain in
      before = calm.disk.calls
      try await calm.submit(4, to: chain)
    }
    let calls = calm.disk.calls
    for call in stride(from: before + 1, through: calls, by: 3) {
      let node = try NodeOnDisk(seed: UInt64(call))
      try await node.run { chain in
        node.disk.fail(at: call, with: fault)
        // Two failures in a row, so that making good fails too.
        if call % 3 == 0 { node.disk.fail(at: call + 2, with: fault) }
        try await node.submit(4, to: chain)
        #expect(node.lost(in: chain) == [], "call \(call)")
      }
      node.disk.heal()
      // What the failed calls left in the memory of the operating system only is gone now.
      node.disk.restart()
      #expect(node.lost(in: try node.open()) == [], "call \(call)")
      let log = try LogFsck(node.paths.log, disk: node.disk).run()
      #expect(log.isGood, "call \(call): \(log.findings)")
      #expect(try node.audit().height >= 4)
    }
  }

  @Test(
    "on a full disk nothing is acknowledged and reading goes on; with room it goes on by itself", arguments: [1, 4])
  func full(organisations: Int) async throws {
    let node = try NodeOnDisk(organisations: organisations)
    try await node.run { chain in
      try await node.submit(3, to: chain)
      for room in [0, 200, 900, 2500, 6000] {
        node.disk.limit(to: node.disk.used + room)
        let submitting = Task { try await node.submit(40, to: chain, atOnce: 4) }
        var last = -1
        while node.acknowledged.withLock({ $0.count }) != last {
          last = node.acknowledged.withLock { $0.count }
          try await Task.sleep(for: .milliseconds(40))
        }
        #expect(node.lost(in: chain) == [], "room \(room)")
        #expect(chain.view != nil)
        node.disk.limit(to: nil)
        try await submitting.value
        #expect(node.lost(in: chain) == [])
      }
    }
    node.disk.restart()
    #expect(node.lost(in: try node.open()) == [])
    #expect(try LogFsck(node.paths.log, disk: node.disk).run().isGood)
  }

  @Test("a node on a full disk stops when told to, and tells those who wait", arguments: [0, 300, 1200, 3000, 8000])
  func stopWhenFull(room: Int) async throws {
    let node = try NodeOnDisk()
    var submitting: Task<Void, any Error>?
    try await node.run { chain in
      try await node.submit(2, to: chain)
      node.disk.limit(to: node.disk.used + room)
      submitting = Task { try await node.submit(200, to: chain, atOnce: 8) }
      try await Task.sleep(for: .milliseconds(60))
    }
    let result = await submitting?.result
    #expect(throws: NodeError(.stopping, "")) { try result?.get() }
    node.disk.limit(to: nil)
    node.disk.restart()
    try await node.run { chain in
      #expect(node.lost(in: chain) == [])
      try await node.submit(2, to: chain)
    }
  }

  @Test("a disk that lies about syncs may lose what it lied about, but the node says so or starts from less")
  func lostSyncs() async throws {
    var outcomes: Set<String> = []
    for seed in UInt64(0)..<24 {
      var random = SeededGenerator(seed: seed)
      let node = try NodeOnDisk(seed: seed)
      for call in 4..<400 where Int.random(in: 0..<6, using: &random) == 0 { node.disk.fail(at: call, with: .lostSync) }
      try await node.run { chain in
        try await node.submit(5, to: chain)
        node.disk.fail(at: node.disk.calls + 1, with: .crash)
      }
      node.disk.restart()
      do {
        let chain = try node.open()
        outcomes.insert(node.lost(in: chain).isEmpty ? "all" : "less")
        if let view = chain.view { #expect(try node.audit().head == view.head) }
      } catch is StorageError {
        outcomes.insert("error")
      } catch is NodeError {
        outcomes.insert("error")
      } catch is AuditFailure {
        outcomes.insert("error")
      } catch is TransparencyLogError {
        outcomes.insert("error")
      }
    }
    #expect(outcomes.contains("error") && outcomes.count > 1)
  }

  @Test("a flipped bit inside the journal keeps the node from starting; a torn end does not")
  func journal() async throws {
    let node = try NodeOnDisk()
    try await node.run { chain in
      try await node.submit(6, to: chain)
      node.disk.fail(at: node.disk.calls + 1, with: .crash)
    }
    node.disk.restart()
    let name = String(repeating: "0", count: 20)
    let path = node.paths.journal + "/" + name
    let good = try #require(node.disk.contents[String(path.dropFirst())])
    #expect(good.count > 1000)
    for byte in stride(from: 3, to: good.count / 2, by: 97) {
      node.disk.flip(path, byte: byte, bit: byte % 8)
      #expect(throws: StorageError(.damaged, ""), "byte \(byte)") { try node.open() }
      node.disk.flip(path, byte: byte, bit: byte % 8)
    }
    // The end of a group that nobody heard of.
    node.disk.edit(path) { $0 += good.prefix(300) }
    try await node.run { chain in
      #expect(node.lost(in: chain) == [])
      try await node.submit(2, to: chain)
    }
    #expect(node.lost(in: try node.open()) == [])
  }
}

extension NodeFaultTests {
  @Test("a chain whose checkpoint is lost is not begun anew over what it signed")
  func lostCheckpoint() async throws {
    let node = try NodeOnDisk()
    try await node.run { chain in try await node.submit(3, to: chain) }
    try node.disk.remove(node.paths.log + "/checkpoint")
    #expect(throws: NodeError(.unusableDirectory, "")) { try node.open() }
    // With nothing but the journal, which still has every value, the same blocks come again.
    let store = SnapshotStore(node.paths.snapshots, disk: node.disk)
    for height in try store.heights() { try store.remove(height) }
    try await node.run { chain in
      for _ in 0..<500 where !node.lost(in: chain).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      #expect(node.lost(in: chain) == [])
      try await node.submit(2, to: chain)
    }
    #expect(try LogFsck(node.paths.log, disk: node.disk).run().isGood)
  }
}

/// Says across tasks that something is done.
private final class Flag: Sendable {
  let value = Atomic(false)
}
