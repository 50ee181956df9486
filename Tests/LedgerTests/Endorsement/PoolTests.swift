import FoundationEssentials
import Testing
import TransparencyLog

@testable import Ledger

@Suite("Transactions that wait to be proposed")
struct PoolTests {
  private let waiting: [Submission]

  init() throws {
    let envelopes = try Envelopes()
    waiting = try (0..<6 as Range<UInt8>).map { id in
      let envelope = try envelopes.envelope(
        envelopes.body { $0.id = Data([UInt8](repeating: 0, count: 15) + [id]) })
      return Submission(try envelopes.verify(envelope), entries: [Entry.make(.transaction, envelope)])
    }
  }

  private func filled() throws -> Pool {
    var pool = Pool()
    for submission in waiting { try pool.add(submission) }
    return pool
  }

  private func ids(_ submissions: [Submission]) -> [UInt8] { submissions.map { $0.transaction.id[15] } }

  @Test(
    "takes out what is named, in the order it came, and keeps the rest",
    arguments: [
      ([0, 1, 2], [0, 1, 2], [3, 4, 5]), ([2, 0, 1], [0, 1, 2], [3, 4, 5]), ([0, 1, 4], [0, 1, 4], [2, 3, 5]),
      ([5, 3], [3, 5], [0, 1, 2, 4]), ([], [], [0, 1, 2, 3, 4, 5]), ([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], []),
      ([1, 1], [1], [0, 2, 3, 4, 5]), ([0, 0, 2], [0, 2], [1, 3, 4, 5]),
    ] as [([Int], [UInt8], [UInt8])])
  func removes(wanted: [Int], removed: [UInt8], kept: [UInt8]) throws {
    var pool = try filled()
    #expect(ids(pool.remove(wanted.map { waiting[$0].transaction.name })) == removed)
    #expect(ids(pool.waiting) == kept)
    // What was taken out may come again, what was kept may not.
    for (id, submission) in waiting.enumerated() {
      if removed.contains(UInt8(id)) {
        try pool.add(submission)
      } else {
        #expect(throws: LedgerError(.replayed, "")) { try pool.add(submission) }
      }
    }
    #expect(pool.waiting.count == 6)
  }

  @Test("passes over names that do not wait")
  func unknownNames() throws {
    var pool = Pool()
    try pool.add(waiting[1])
    #expect(ids(pool.remove([waiting[0].transaction.name, waiting[1].transaction.name])) == [1])
    #expect(pool.isEmpty)
    #expect(pool.remove([waiting[0].transaction.name]).isEmpty)
  }
}
