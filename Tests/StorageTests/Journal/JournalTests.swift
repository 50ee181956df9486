import Storage
import TestSupport
import Testing

/// What a journal holds, refuses and finds wrong, on a disk that works.
struct JournalTests {
  private let disk = MemoryDisk(seed: 1)

  private func write(_ run: JournalRun) throws {
    var state = JournalRun.State()
    try run.go(on: disk, &state, "writing")
  }

  private func open() throws -> (records: [JournalRecord], cut: Int) {
    let (_, records, cut) = try Journal.open(JournalRun.directory, disk: disk)
    return (records, cut)
  }

  private func segments() throws -> [String] { try disk.files(below: JournalRun.directory) }

  @Test("records come back in order, and an empty journal is empty")
  func order() throws {
    #expect(try open().records == [])
    let run = JournalRun(seed: 1, groups: 30)
    try write(run)
    #expect(try open().records == run.records)
    #expect(try segments().count > 3)
    #expect(try segments().first == "00000000000000000000")
  }

  @Test("nothing is on the disk before the sync, one write and one sync bring all of it")
  func groupCommit() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    try journal.append(1, [1])
    try journal.sync()
    let before = disk.calls
    for number in 0..<100 { try journal.append(2, [UInt8(number)]) }
    #expect(disk.calls == before)
    #expect(journal.waitingBytes == 600)
    try journal.sync()
    #expect(disk.calls == before + 2)
    #expect(journal.waitingBytes == 0)
    try journal.sync()
    #expect(disk.calls == before + 2)
    #expect(try Journal.open("journal", disk: disk).1.count == 101)
  }

  @Test("the format is the one that docs/storage.md describes")
  func format() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    try journal.append(7, [0xaa, 0xbb])
    try journal.append(0, [])
    try journal.sync()
    try journal.append(9, [1])
    try journal.sync()
    let bytes = try #require(try disk.read("journal/00000000000000000000"))
    // From Python's hashlib over struct.pack(">QQ", 0, 0) + first, and (">QQ", 0, 24) + second.
    let checks: [[UInt8]] = [
      [0x75, 0x12, 0xcc, 0x30, 0x30, 0x42, 0x51, 0x9c],
      [0x1f, 0xf6, 0xa8, 0x2e, 0x21, 0xd6, 0xc9, 0x5e],
    ]
    let first: [UInt8] = [0, 0, 0, 12, 0, 0, 0, 2, 7, 0xaa, 0xbb, 0, 0, 0, 0, 0]
    let second: [UInt8] = [0, 0, 0, 6, 0, 0, 0, 1, 9, 1]
    #expect(bytes == first + checks[0] + second + checks[1])
  }

  @Test("a flipped bit in the last group cuts it off; anywhere else the journal is damaged, and says where")
  func flips() throws {
    let run = JournalRun(seed: 3, groups: 7, largest: 40, segmentBytes: 300)
    try write(run)
    let names = try segments()
    #expect(names.count > 1)
    for name in names {
      let path = JournalRun.directory + "/" + name
      let whole = try #require(try disk.read(path))
      for byte in whole.indices {
        let other = disk.copy(seed: UInt64(byte))
        other.flip(path, byte: byte, bit: byte % 8)
        do {
          let (_, found, cut) = try Journal.open(JournalRun.directory, disk: other)
          #expect(name == names.last && found == Array(run.records.prefix(run.count(of: 6))), "\(name), \(byte)")
          #expect(cut > 0 && byte >= whole.count - cut)
        } catch {
          #expect(error.code == .damaged)
          #expect(error.message.contains(path), "\(error)")
        }
      }
    }
  }

  @Test("the offset of the damage is where its group begins")
  func offset() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    for number in UInt8(0)..<3 {
      try journal.append(number, [number])
      try journal.sync()
    }
    disk.flip("journal/00000000000000000000", byte: 18 + 9, bit: 0)
    let error = #expect(throws: StorageError.self) { try Journal.open("journal", disk: disk) }
    #expect(error?.code == .damaged)
    #expect(error?.message == "journal/00000000000000000000 is damaged at byte 18")
  }

  @Test("cut at any length the last segment gives whole groups; an earlier one is damaged")
  func truncations() throws {
    let run = JournalRun(seed: 4, groups: 8, largest: 60, segmentBytes: 400)
    try write(run)
    let names = try segments()
    for name in names {
      let path = JournalRun.directory + "/" + name
      for length in 0..<(try #require(try disk.read(path)).count) {
        let other = disk.copy(seed: 1)
        other.edit(path) { $0.removeLast($0.count - length) }
        if name == names.last {
          let (_, found, cut) = try Journal.open(JournalRun.directory, disk: other)
          let done = (0...8).first { run.count(of: $0) == found.count }
          #expect(done != nil && run.records.starts(with: found), "\(length)")
          #expect(try Journal.open(JournalRun.directory, disk: other).cut == 0, "cut \(cut) of \(length)")
        } else {
          #expect(throws: StorageError(.damaged, ""), "\(name), \(length)") {
            try Journal.open(JournalRun.directory, disk: other)
          }
        }
      }
    }
  }

  @Test("an end of zeros or of noise is cut off", arguments: [0, 1, 16, 17, 5000, 400_000])
  func tails(count: Int) throws {
    let run = JournalRun(seed: 5, groups: 3, segmentBytes: 1 << 20)
    try write(run)
    let path = JournalRun.directory + "/" + (try #require(try segments().last))
    var random = SeededGenerator(seed: UInt64(count))
    let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    for tail in [noise, [UInt8](repeating: 0, count: count), [UInt8](repeating: 0, count: count) + noise] {
      disk.edit(path) { $0 += tail }
      let found = try open()
      #expect(found.records == run.records)
      #expect(found.cut == tail.count)
    }
  }

  @Test("a group at another place than it was written for is not valid")
  func replay() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    try journal.append(1, [1])
    try journal.sync()
    let path = "journal/00000000000000000000"
    let group = try #require(try disk.read(path))
    disk.edit(path) { $0 += group }
    let (_, records, cut) = try Journal.open("journal", disk: disk)
    #expect(records.count == 1)
    #expect(cut == group.count)
  }

  @Test("a missing segment is damage, other files are not looked at")
  func missing() throws {
    let run = JournalRun(seed: 6, groups: 30)
    try write(run)
    try disk.replace(JournalRun.directory + "/notes", with: [1])
    try disk.replace(JournalRun.directory + "/000000000000000000zz", with: [1])
    #expect(try open().records == run.records)
    try disk.remove(JournalRun.directory + "/" + segments()[1])
    #expect(throws: StorageError(.damaged, "")) { try open() }
  }

  @Test("releasing removes whole segments before the mark, and numbers go on after all of them were left")
  func release() throws {
    let run = JournalRun(seed: 7, groups: 30, segmentBytes: 2000)
    try write(run)
    let (journal, found, _) = try Journal.open(JournalRun.directory, disk: disk, segmentBytes: 2000)
    let before = try segments()
    let mark = journal.mark()
    for record in found.prefix(12) { try journal.append(record.kind, record.body) }
    try journal.sync()
    try journal.append(1, [])
    try journal.release(below: mark)
    try journal.sync()
    let left = try open().records
    #expect(try segments().count < before.count)
    #expect(left.suffix(13) == (found.prefix(12) + [JournalRecord(kind: 1, body: [])]))
    try journal.release(below: .max)
    #expect(try segments().count == 1)
    #expect(try #require(UInt64(try segments()[0])) >= UInt64(found.count))
    #expect(try open().records.last == JournalRecord(kind: 1, body: []))
  }

  @Test("what is over a limit is refused, and the journal can still be used")
  func limits() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    let largest = [UInt8](repeating: 1, count: Journal.maximumBodyBytes)
    #expect(throws: StorageError(.tooLarge, "")) { try journal.append(1, largest + [1]) }
    for _ in 0..<3 { try journal.append(1, largest) }
    #expect(throws: StorageError(.tooLarge, "")) { try journal.append(1, largest) }
    try journal.sync()
    try journal.append(2, [])
    try journal.sync()
    #expect(try Journal.open("journal", disk: disk).1.map(\.body.count) == [1 << 24, 1 << 24, 1 << 24, 0])
  }

  @Test("after a failure everything is refused until the journal is opened again")
  func gate() throws {
    let (journal, _, _) = try Journal.open("journal", disk: disk)
    try journal.append(1, [1])
    disk.fail(at: disk.calls + 4, with: .inputOutput)
    #expect(throws: StorageError(.inputOutput, "")) { try journal.sync() }
    #expect(throws: StorageError(.stopped, "")) { try journal.sync() }
    #expect(throws: StorageError(.stopped, "")) { try journal.append(1, [1]) }
    let (again, records, _) = try Journal.open("journal", disk: disk)
    #expect(records == [JournalRecord(kind: 1, body: [1])])
    try again.append(2, [2])
    try again.sync()
    #expect(try Journal.open("journal", disk: disk).1.count == 2)
  }
}
