import Storage
import TestSupport
import Testing

/// Crashes, failed calls and full disks at every call of a journal's life.
struct JournalCrashTests {
  private static func run() -> JournalRun {
    var run = JournalRun(seed: 11, groups: 24)
    run.releaseAfter = 15
    return run
  }

  private static func calls() throws -> Int {
    let disk = MemoryDisk(seed: 0)
    var state = JournalRun.State()
    try run().go(on: disk, &state, "calm")
    return disk.calls
  }

  @Test("what was acknowledged is there after a crash at any call, in whole groups, and the journal goes on")
  func everyCall() throws {
    let run = Self.run()
    for call in 1...(try Self.calls()) {
      for seed in 0..<12 {
        let disk = MemoryDisk(seed: UInt64(seed * 10_000 + call))
        var state = JournalRun.State()
        disk.fail(at: call, with: .crash)
        let comment: Comment = "call \(call), seed \(seed)"
        #expect(throws: StorageError.self, comment) { try run.go(on: disk, &state, comment) }
        disk.restart()
        try run.go(on: disk, &state, comment)
        disk.restart()
        let (_, found, cut) = try Journal.open(JournalRun.directory, disk: disk)
        try run.check(found, state, comment)
        #expect(state.acknowledged == run.groups.count && cut == 0, comment)
      }
    }
  }

  @Test("a failed call stops the journal; what opening it again returns is durable from then on")
  func failures() throws {
    let run = Self.run()
    for call in 1...(try Self.calls()) {
      for (seed, fault) in [MemoryDisk.Fault.inputOutput, .diskFull, .inputOutput].enumerated() {
        let disk = MemoryDisk(seed: UInt64(seed * 10_000 + call))
        var state = JournalRun.State()
        disk.fail(at: call, with: fault)
        let comment: Comment = "call \(call), \(fault), seed \(seed)"
        do {
          try run.go(on: disk, &state, comment)
          Issue.record("nothing failed: \(comment)")
        } catch let error as StorageError {
          #expect(error.code == (fault == .diskFull ? .diskFull : .inputOutput), comment)
        }
        let (_, found, _) = try Journal.open(JournalRun.directory, disk: disk)
        state.acknowledged = try run.check(found, state, comment)
        // Had opening only read, the power would now take what the failed sync left in memory.
        disk.restart()
        let (_, again, cut) = try Journal.open(JournalRun.directory, disk: disk)
        #expect(again == found && cut == 0, comment)
        try run.go(on: disk, &state, comment)
      }
    }
  }

  @Test("crash upon crash, nothing acknowledged is lost")
  func again() throws {
    let run = JournalRun(seed: 12, groups: 60)
    for seed in UInt64(0)..<200 {
      var random = SeededGenerator(seed: seed)
      let disk = MemoryDisk(seed: seed)
      var state = JournalRun.State()
      while state.acknowledged < run.groups.count {
        disk.fail(at: disk.calls + Int.random(in: 1...40, using: &random), with: .crash)
        do {
          try run.go(on: disk, &state, "seed \(seed)")
        } catch is StorageError {
          try #require(disk.isDown, "seed \(seed)")
        }
        disk.restart()
      }
    }
  }

  @Test("a disk that lies about syncs may lose records, but what is read is whole and in order")
  func lostSyncs() throws {
    let run = JournalRun(seed: 13, groups: 12)
    var codes: Set<StorageError.Code> = []
    var short = 0
    for seed in UInt64(0)..<300 {
      var random = SeededGenerator(seed: seed)
      let disk = MemoryDisk(seed: seed)
      for call in 1...200 where Int.random(in: 0..<3, using: &random) == 0 { disk.fail(at: call, with: .lostSync) }
      var state = JournalRun.State()
      try run.go(on: disk, &state, "seed \(seed)")
      disk.restart()
      do {
        let (_, found, _) = try Journal.open(JournalRun.directory, disk: disk)
        // A lost first segment looks like a released one; nothing is lost within.
        let isRun = (0...run.records.count).contains { run.records.dropFirst($0).starts(with: found) }
        #expect(isRun, "seed \(seed)")
        if found.count < run.records.count { short += 1 }
      } catch {
        codes.insert(error.code)
      }
    }
    #expect(short > 0)
    #expect(codes == [.damaged])
  }

  @Test("on a full disk it stops, and goes on when there is room")
  func full() throws {
    let run = JournalRun(seed: 14, groups: 40)
    let disk = MemoryDisk(seed: 2)
    var state = JournalRun.State()
    for room in stride(from: 2000, to: 60_000, by: 2000) {
      disk.limit(to: room)
      do {
        try run.go(on: disk, &state, "room \(room)")
        return #expect(state.acknowledged == run.groups.count)
      } catch let error as StorageError {
        #expect(error.code == .diskFull)
        #expect(disk.used <= room)
      }
    }
    Issue.record("never finished")
  }
}
