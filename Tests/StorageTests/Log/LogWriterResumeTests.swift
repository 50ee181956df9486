import Storage
import TestSupport
import Testing
import TransparencyLog

/// Where a log's writer goes on, and where it refuses to.
struct LogWriterResumeTests {
  private let log: GrowingLog
  private let disk = MemoryDisk(seed: 1)

  init() throws {
    log = try GrowingLog(seed: 3, counts: [300, 12])
    try log.write(to: disk)
  }

  private func resume(upTo size: UInt64) throws -> LogWriter {
    try LogWriter(resuming: GrowingLog.directory, disk: disk, upTo: size)
  }

  @Test("another size than the checkpoint's is refused, and so is a new log where one stands")
  func otherSize() throws {
    #expect(throws: StorageError(.foreignDirectory, "")) { try resume(upTo: 300) }
    #expect(throws: StorageError(.foreignDirectory, "")) { try resume(upTo: 313) }
    #expect(throws: StorageError(.foreignDirectory, "")) { try resume(upTo: 0) }
    #expect(throws: StorageError(.foreignDirectory, "")) {
      try LogWriter(creating: GrowingLog.directory, disk: disk, synced: true)
    }
    #expect(try resume(upTo: 312).size == 312)
  }

  @Test("a directory without a checkpoint is resumed at nothing, whatever lies in it")
  func nothing() throws {
    try disk.remove(GrowingLog.directory + "/checkpoint")
    #expect(try LogWriter.size(in: GrowingLog.directory, disk: disk) == nil)
    #expect(try resume(upTo: 0).size == 0)
    #expect(try LogDirectory(GrowingLog.directory, disk: disk).files() == ["policy/0"])
  }

  @Test("a damaged right edge is refused", arguments: ["tile/0/001.p/56", "tile/1/000.p/1", "tile/entries/001.p/56"])
  func edge(path: String) throws {
    let whole = disk.copy(seed: 1)
    disk.flip(GrowingLog.directory + "/" + path, byte: 9, bit: 0)
    #expect(throws: StorageError(.damaged, "")) { try resume(upTo: 312) }
    disk.edit(GrowingLog.directory + "/" + path) { $0.removeLast() }
    #expect(throws: StorageError(.damaged, "")) { try resume(upTo: 312) }
    try disk.remove(GrowingLog.directory + "/" + path)
    #expect(throws: StorageError(.damaged, "")) { try resume(upTo: 312) }
    #expect(try LogWriter(resuming: GrowingLog.directory, disk: whole, upTo: 312).size == 312)
  }

  @Test("a checkpoint that does not read is damage, not the absence of a log")
  func badCheckpoint() throws {
    disk.edit(GrowingLog.directory + "/checkpoint") { $0.removeFirst(20) }
    #expect(throws: StorageError(.damaged, "")) { try resume(upTo: 312) }
    #expect(throws: StorageError(.damaged, "")) { try LogWriter.size(in: GrowingLog.directory, disk: disk) }
  }

  @Test("a missing partial file at the edge is cut from the full one beyond it")
  func cut() throws {
    // As a mirror would have it that fetched full files only, with an older checkpoint.
    let later = MemoryDisk(seed: 2)
    let longer = try GrowingLog(seed: 3, counts: [300, 12, 400])
    try longer.write(to: later)
    try later.replace(GrowingLog.directory + "/checkpoint", with: log.checkpoint(size: 312))
    var writer = try LogWriter(resuming: GrowingLog.directory, disk: later, upTo: 312)
    #expect(try log.verify(later, "cut") == 312)
    try writer.append(longer.steps[2])
    try writer.publish(checkpoint: longer.checkpoint(size: 712))
    #expect(try longer.verify(later, "grown") == 712)
  }

  @Test("the same size is published again without touching what stands")
  func again() throws {
    let before = disk.calls
    var writer = try resume(upTo: 312)
    let opened = disk.calls
    try writer.publish(checkpoint: log.checkpoint(size: 312))
    // The checkpoint alone: created, written, synced, renamed, its name synced.
    #expect(disk.calls - opened <= 8, "\(opened - before) before, \(disk.calls - opened) after")
    #expect(try log.verify(disk, "again") == 312)
  }

  @Test("a log of many levels goes on across the edge of a tile of level 1")
  func levels() throws {
    let large = try GrowingLog(seed: 9, counts: [65_300, 200, 100])
    let base = MemoryDisk(seed: 0)
    let first = try GrowingLog(seed: 9, counts: [65_300])
    try first.write(to: base)
    let calm = base.copy(seed: 0)
    try large.write(to: calm)
    for call in stride(from: 1, to: calm.calls + 1, by: 7) {
      let disk = base.copy(seed: UInt64(call))
      disk.fail(at: call, with: .crash)
      #expect(throws: StorageError.self) { try large.write(to: disk) }
      disk.restart()
      try large.write(to: disk)
      #expect(GrowingLog.files(on: disk) == GrowingLog.files(on: calm), "call \(call)")
    }
    #expect(try large.verify(calm, "calm") == 65_600)
  }
}
