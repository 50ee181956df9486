import Storage
import TestSupport
import Testing
import TransparencyLog

/// The power goes at every call of a growing log.
struct LogWriterCrashTests {
  private static let counts = [1, 3, 90, 161, 1, 0, 2, 254, 1, 300, 17]

  /// Goes on after crashes until the log is whole.
  private func finish(_ log: GrowingLog, on disk: MemoryDisk, _ comment: Comment) throws {
    while true {
      do {
        return try log.write(to: disk)
      } catch {
        try #require(disk.isDown, "\(comment): \(error)")
        disk.restart()
        try log.verify(disk, comment)
      }
    }
  }

  @Test("after a crash at any call the files stand under their checkpoint, and the log ends as if nothing had been")
  func everyCall() throws {
    let log = try GrowingLog(seed: 5, counts: Self.counts)
    let calm = MemoryDisk(seed: 0)
    try log.write(to: calm)
    let wanted = GrowingLog.files(on: calm)
    #expect(try log.verify(calm, "calm") == log.entries.count)
    var sizes: Set<Int?> = []
    for call in 1...calm.calls {
      for seed in 0..<3 {
        let disk = MemoryDisk(seed: UInt64(1000 * seed + call))
        disk.fail(at: call, with: .crash)
        let comment: Comment = "call \(call), seed \(seed)"
        #expect(throws: StorageError.self, comment) { try log.write(to: disk) }
        disk.restart()
        sizes.insert(try log.verify(disk, comment))
        try log.write(to: disk)
        #expect(GrowingLog.files(on: disk) == wanted, comment)
        disk.restart()
        #expect(try log.verify(disk, comment) == log.entries.count)
      }
    }
    #expect(sizes.contains(nil) && sizes.count > Self.counts.count - 2, "\(sizes)")
  }

  @Test("crash upon crash, the log gets finished")
  func again() throws {
    let log = try GrowingLog(seed: 6, counts: Self.counts)
    let calm = MemoryDisk(seed: 0)
    try log.write(to: calm)
    for seed in UInt64(0)..<60 {
      var random = SeededGenerator(seed: seed)
      let disk = MemoryDisk(seed: seed)
      var call = 0
      while call < 3000 {
        call += Int.random(in: 1...120, using: &random)
        disk.fail(at: call, with: .crash)
      }
      try finish(log, on: disk, "seed \(seed)")
      #expect(GrowingLog.files(on: disk) == GrowingLog.files(on: calm), "seed \(seed)")
    }
  }

  @Test("a failed call stops the writer; resumed it goes on, also when the disk was full")
  func failures() throws {
    let log = try GrowingLog(seed: 7, counts: Self.counts)
    let calm = MemoryDisk(seed: 0)
    try log.write(to: calm)
    for call in 1...calm.calls {
      for fault in [MemoryDisk.Fault.inputOutput, .diskFull] {
        let disk = MemoryDisk(seed: UInt64(call))
        disk.fail(at: call, with: fault)
        let comment: Comment = "call \(call), \(fault)"
        var code: StorageError.Code?
        do { try log.write(to: disk) } catch let error as StorageError { code = error.code }
        // Removing what is left over of a failed write may fail quietly.
        if let code { #expect(code == (fault == .diskFull ? .diskFull : .inputOutput), comment) }
        try log.verify(disk, comment)
        try log.write(to: disk)
        #expect(GrowingLog.files(on: disk) == GrowingLog.files(on: calm), comment)
        disk.restart()
        #expect(try log.verify(disk, comment) == log.entries.count, comment)
      }
    }
  }

  @Test("a writer that failed once refuses everything")
  func stopped() throws {
    let disk = MemoryDisk(seed: 1)
    let log = try GrowingLog(seed: 1, counts: [5])
    var writer = try LogWriter(creating: "log", disk: disk, synced: true)
    try writer.append(log.entries)
    disk.limit(to: 0)
    #expect(throws: StorageError(.diskFull, "")) { try writer.publish(checkpoint: log.checkpoint(size: 5)) }
    disk.limit(to: nil)
    #expect(throws: StorageError(.stopped, "")) { try writer.append([[1]]) }
    #expect(throws: StorageError(.stopped, "")) { try writer.publish(checkpoint: log.checkpoint(size: 5)) }
    #expect(throws: StorageError(.stopped, "")) { try writer.write(policy: [1], height: 0) }
    #expect(try disk.files(below: "log") == [])
  }
}
