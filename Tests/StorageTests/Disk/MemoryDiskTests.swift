import Storage
import TestSupport
import Testing

/// That the disk in memory is as bad as it promises: a test on a disk that forgets nothing proves nothing.
struct MemoryDiskTests {
  /// What a file holds after a crash, over many seeds.
  private func outcomes(_ body: (MemoryDisk) throws -> Void) throws -> Set<[UInt8]?> {
    var found: Set<[UInt8]?> = []
    for seed in 0..<200 {
      let disk = MemoryDisk(seed: UInt64(seed))
      try body(disk)
      disk.restart()
      found.insert(disk.contents["a"])
    }
    return found
  }

  @Test("what was synced with its name stays")
  func synced() throws {
    let found = try outcomes { disk in
      let file = try disk.create("a")
      try file.write([1, 2], at: 0)
      try file.sync()
      try disk.syncDirectory("")
    }
    #expect(found == [[1, 2]])
  }

  @Test("a synced file without a synced name may be gone")
  func name() throws {
    let found = try outcomes { disk in
      let file = try disk.create("a")
      try file.write([1, 2], at: 0)
      try file.sync()
    }
    #expect(found == [nil, [1, 2]])
  }

  @Test("an unsynced write is lost, kept, cut off or kept in later sectors only")
  func torn() throws {
    let found = try outcomes { disk in
      let file = try disk.create("a")
      try disk.syncDirectory("")
      try file.write([UInt8](repeating: 7, count: 1024), at: 0)
    }
    let late = [UInt8](repeating: 0, count: 512) + [UInt8](repeating: 7, count: 512)
    #expect(found.contains([]))
    #expect(found.contains([UInt8](repeating: 7, count: 1024)))
    #expect(found.contains { ($0?.count ?? 0) % 512 > 0 })
    #expect(found.contains(late))
  }

  @Test("a renaming without a synced directory may be lost, never half done")
  func rename() throws {
    let found = try outcomes { disk in
      try disk.replace("a", with: [1])
      try disk.replace("a", with: [2], durability: .buffered)
    }
    #expect(found.isSuperset(of: [[1], [2], []]))
    #expect(found.isSubset(of: [[1], [2], []]))
    let durable = try outcomes { disk in
      try disk.replace("a", with: [1])
      try disk.replace("a", with: [2])
    }
    #expect(durable == [[2]])
  }

  @Test("a failed sync forgets what it could not write, so that a second one does not help")
  func failedSync() throws {
    let found = try outcomes { disk in
      let file = try disk.create("a")
      try disk.syncDirectory("")
      try file.write([1], at: 0)
      disk.fail(at: disk.calls + 1, with: .inputOutput)
      #expect(throws: StorageError(.inputOutput, "")) { try file.sync() }
      try file.sync()
      #expect(try disk.read("a") == [1])
    }
    #expect(found == [[], [1]])
  }

  @Test("a lost sync says that all is well")
  func lostSync() throws {
    let found = try outcomes { disk in
      let file = try disk.create("a")
      try disk.syncDirectory("")
      try file.write([1], at: 0)
      disk.fail(at: disk.calls + 1, with: .lostSync)
      try file.sync()
    }
    #expect(found == [[], [1]])
  }

  @Test("after the power went nothing works until it is back")
  func power() throws {
    let disk = MemoryDisk(seed: 3)
    try disk.replace("a", with: [1])
    disk.fail(at: disk.calls + 1, with: .crash)
    #expect(throws: StorageError(.inputOutput, "")) { try disk.replace("a", with: [2]) }
    #expect(disk.isDown)
    #expect(throws: StorageError(.inputOutput, "")) { try disk.read("a") }
    disk.restart()
    #expect(try disk.read("a") == [1])
  }

  @Test("a full disk takes what fits and goes on when there is room")
  func capacity() throws {
    let disk = MemoryDisk(seed: 3)
    let file = try disk.create("a")
    disk.limit(to: 3)
    #expect(throws: StorageError(.diskFull, "")) { try file.write([1, 2, 3, 4], at: 0) }
    #expect(try disk.read("a") == [1, 2, 3])
    try file.write([5, 6, 7], at: 0)
    disk.limit(to: nil)
    try file.write([8], at: 3)
    #expect(try disk.read("a") == [5, 6, 7, 8])
  }

  @Test("a flipped bit is on the disk at once")
  func flip() throws {
    let disk = MemoryDisk(seed: 3)
    try disk.replace("a", with: [1, 1])
    disk.flip("a", byte: 1, bit: 3)
    disk.restart()
    #expect(try disk.read("a") == [1, 9])
  }
}
