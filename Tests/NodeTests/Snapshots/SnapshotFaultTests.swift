import Ledger
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Node

/// Damage to snapshots, and crashes while they are written.
struct SnapshotFaultTests {
  private let history: KeptHistory

  init() throws {
    history = try KeptHistory(seed: 1, blocks: 24)
    try history.write(at: 10)
    try history.write(at: 20)
  }

  private func isGood(_ disk: MemoryDisk, _ height: UInt64) -> Bool {
    (try? SnapshotStore(KeptHistory.snapshots, disk: disk).open(height).read()) != nil
  }

  @Test("every changed byte, every missing end and every added byte is noticed")
  func everyByte() throws {
    let path = history.store.path(of: 20)
    let good = try #require(history.disk.contents[String(path.dropFirst())])
    let disk = history.disk.copy(seed: 2)
    #expect(isGood(disk, 20))
    for place in good.indices {
      disk.edit(path) { $0[place] ^= 1 << UInt8(place % 8) }
      #expect(!isGood(disk, 20), "byte \(place)")
      disk.edit(path) { $0 = good }
    }
    var length = 0
    while length < good.count {
      disk.edit(path) { $0 = Array(good.prefix(length)) }
      #expect(!isGood(disk, 20), "\(length) bytes")
      length += 1 + length / 40
    }
    disk.edit(path) { $0 = good + [0] }
    #expect(!isGood(disk, 20))
    disk.edit(path) { $0 = good }
    #expect(isGood(disk, 20))
  }

  @Test("a start falls back to the older snapshot, and to the whole log when no snapshot is good")
  func fallsBack() throws {
    let end = history.blocks[23].head
    for (bad, expected) in [([], 20), ([20], 10), ([10, 20], 0), ([10], 20)] as [([UInt64], UInt64)] {
      let disk = history.disk.copy(seed: 3)
      for height in bad { disk.edit(history.store.path(of: height)) { $0[$0.count / 2] ^= 16 } }
      let opened = try history.open(on: disk)
      #expect(opened.snapshot.height == expected)
      #expect(opened.chain.head == end)
      #expect(opened.replayed == 24 - expected)
    }
  }

  @Test("a crash or a failed call at every moment of writing leaves a directory to start from")
  func everyCall() throws {
    let (head, image) = history.snapshot(at: 23)
    let trial = history.disk.copy(seed: 4)
    try SnapshotStore(KeptHistory.snapshots, disk: trial).write(head, image)
    let calls = trial.calls
    #expect(calls > 6)
    for call in 1...calls {
      for (seed, fault) in [MemoryDisk.Fault.crash, .crash, .crash, .crash, .inputOutput, .diskFull].enumerated() {
        let disk = history.disk.copy(seed: UInt64(seed * 1000 + call))
        disk.fail(at: call, with: fault)
        let store = SnapshotStore(KeptHistory.snapshots, disk: disk)
        #expect(throws: StorageError.self) { try store.write(head, image) }
        disk.restart()
        let heights = try store.heights()
        #expect(heights.contains(20), "call \(call) \(fault)")
        for height in heights { #expect(isGood(disk, height), "call \(call) \(fault): \(height)") }
        let opened = try history.open(on: disk)
        #expect(opened.chain.head == history.chain.head)
        #expect(opened.snapshot.height == heights.max(), "call \(call) \(fault)")
        // The next one goes through and leaves nothing behind.
        try store.write(head, image)
        #expect(try store.heights() == [23, 20])
        #expect(disk.contents.keys.allSatisfy { !$0.hasSuffix(".tmp") })
      }
    }
  }

  @Test("a cancelled snapshot leaves nothing, and a full disk leaves the older ones")
  func cancelled() throws {
    let (head, image) = history.snapshot(at: 23)
    var asked = 0
    let size = try history.store.write(head, image) {
      asked += 1
      return asked == 3
    }
    #expect(size == nil && asked == 3)
    #expect(try history.store.heights() == [20, 10])
    history.disk.limit(to: history.disk.used + 500)
    #expect(throws: StorageError(.diskFull, "")) { try history.store.write(head, image) }
    #expect(history.disk.contents.keys.allSatisfy { !$0.hasSuffix(".tmp") })
    #expect(try history.open().snapshot.height == 20)
    history.disk.limit(to: nil)
    try history.store.write(head, image)
    #expect(try history.open().snapshot.height == 23)
  }
}
