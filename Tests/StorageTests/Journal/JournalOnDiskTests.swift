import Foundation
import Storage
import TestSupport
import Testing

/// A journal in files of the operating system.
struct JournalOnDiskTests {
  @Test("it is read back after every sync, cut where its end is torn and released, as in memory")
  func life() throws {
    let path = NSTemporaryDirectory() + "tongzhou-journal-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = JournalRun(seed: 31, groups: 40)
    var written: [JournalRecord] = []
    for group in run.groups {
      let (journal, found, cut) = try Journal.open(path, disk: PosixDisk(), segmentBytes: 8192)
      #expect(found == written && cut == 0)
      for record in group { try journal.append(record.kind, record.body) }
      try journal.sync()
      written += group
    }
    let segments = try PosixDisk().files(below: path)
    #expect(segments.count > 2)
    let last = try #require(try PosixDisk().open(path + "/" + segments[segments.count - 1], .writing))
    try last.write([1, 2, 3], at: last.size())
    let (journal, found, cut) = try Journal.open(path, disk: PosixDisk(), segmentBytes: 8192)
    #expect(found == written && cut == 3)
    try journal.release(below: journal.mark())
    #expect(try PosixDisk().files(below: path) == [segments[segments.count - 1]])
  }
}
