import Storage
import TestSupport
import Testing

/// A journal written in the same steps every time, and what must be found in it.
struct JournalRun {
  static let directory = "data/journal"

  /// Records of each sync.
  let groups: [[JournalRecord]]
  let segmentBytes: Int
  /// The step after which everything before is released; `nil` for never.
  var releaseAfter: Int?

  init(seed: UInt64, groups count: Int, largest: Int = 700, segmentBytes: Int = 4096) {
    var random = SeededGenerator(seed: seed)
    self.segmentBytes = segmentBytes
    groups = (0..<count).map { _ in
      (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let size = Int.random(in: 0...largest, using: &random)
        return JournalRecord(
          kind: UInt8.random(in: 0...255, using: &random),
          body: (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
      }
    }
  }

  var records: [JournalRecord] { groups.flatMap { $0 } }

  /// The records of so many groups.
  func count(of groups: Int) -> Int { self.groups.prefix(groups).reduce(0) { $0 + $1.count } }

  /// What a run has come to.
  struct State {
    /// Groups whose sync returned.
    var acknowledged = 0
    /// Records that were released, at most: up to this one nothing need be there.
    var released = 0
  }

  /// Opens the journal, checks what is in it, and goes on from there to the end.
  func go(on disk: some Disk, _ state: inout State, _ comment: Comment) throws {
    let (journal, found, _) = try Journal.open(Self.directory, disk: disk, segmentBytes: segmentBytes)
    let done = try check(found, state, comment)
    state.acknowledged = done
    for number in done..<groups.count {
      for record in groups[number] { try journal.append(record.kind, record.body) }
      try journal.sync()
      state.acknowledged = number + 1
      if number == releaseAfter {
        state.released = count(of: number + 1)
        try journal.release(below: journal.mark())
      }
    }
  }

  /// Checks that the records are whole groups, all that were acknowledged and at most one more. Returns how many.
  @discardableResult
  func check(_ found: [JournalRecord], _ state: State, _ comment: Comment) throws -> Int {
    for done in [state.acknowledged, state.acknowledged + 1] where done <= groups.count {
      let wanted = Array(records.prefix(count(of: done)))
      // Released segments may be gone, whole ones from the beginning.
      let missing = wanted.count - found.count
      if missing >= 0, missing <= state.released, Array(wanted.dropFirst(missing)) == found { return done }
    }
    Issue.record("\(comment): \(found.count) records after \(state.acknowledged) groups")
    throw Wrong()
  }

  struct Wrong: Error {}
}
