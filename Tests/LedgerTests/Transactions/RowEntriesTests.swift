import TestSupport
import Testing

@testable import Ledger

/// Rows packed into entries and taken out again.
struct RowEntriesTests {
  @Test("no rows need no entry; an empty row is a row")
  func smallest() throws {
    #expect(try RowEntries.pack([]) == [])
    #expect(try RowEntries.pack([[]]) == [[4, 0, 0]])
    #expect(RowEntries.unpack([4, 0, 0]) == [[]])
    #expect(try RowEntries.pack([[7], [], [8, 9]]) == [[4, 0, 1, 7, 0, 0, 0, 2, 8, 9]])
  }

  @Test("a row of 65,532 bytes fills an entry; a longer one fits none")
  func largestRow() throws {
    let row = [UInt8](repeating: 5, count: 65_532)
    let entries = try RowEntries.pack([row])
    #expect(entries.map(\.count) == [Entry.maximumBytes])
    #expect(RowEntries.unpack(entries[0]) == [row])
    #expect(try RowEntries.pack([[1], row, [2]]).map(\.count) == [4, Entry.maximumBytes, 4])
    for rows in [[row + [5]], [[1], row + [5]], [[UInt8](repeating: 0, count: 1 << 17)]] {
      #expect(throws: LedgerError(.tooLarge, "")) { try RowEntries.pack(rows) }
    }
  }

  @Test("rows stand in as few entries as hold them", arguments: [0, 1, 44, 72, 1_000, 32_765, 32_766])
  func fewestEntries(length: Int) throws {
    let perEntry = (Entry.maximumBytes - 1) / (length + 2)
    for count in [1, perEntry - 1, perEntry, perEntry + 1, 2 * perEntry, 2 * perEntry + 1] where count > 0 {
      let rows = [[UInt8]](repeating: [UInt8](repeating: 1, count: length), count: count)
      let entries = try RowEntries.pack(rows)
      #expect(entries.count == (count + perEntry - 1) / perEntry)
      #expect(entries.allSatisfy { $0.count <= Entry.maximumBytes && $0[0] == 4 })
      #expect(entries.flatMap { RowEntries.unpack($0) ?? [] } == rows)
    }
  }

  @Test("rows of any lengths come back in their order", arguments: [1, 2, 3] as [UInt64])
  func roundTrips(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let rows = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        let length = Int.random(in: 0...3_000, using: &random)
        return [UInt8](repeating: UInt8.random(in: .min ... .max, using: &random), count: length)
      }
      let entries = try RowEntries.pack(rows)
      #expect(entries.allSatisfy { (2...Entry.maximumBytes).contains($0.count) })
      #expect(entries.flatMap { RowEntries.unpack($0) ?? [] } == rows, "seed \(seed)")
    }
  }

  @Test(
    "lengths that do not add up are no rows",
    arguments: [
      [], [4], [4, 0], [4, 0, 1], [4, 0, 2, 1], [4, 0, 0, 0], [4, 0, 1, 7, 0], [4, 0, 1, 7, 0, 1], [4, 255, 255],
      [4, 0, 1, 7, 255, 255, 1, 2, 3],
    ] as [[UInt8]])
  func malformed(entry: [UInt8]) {
    #expect(RowEntries.unpack(entry) == nil)
  }
}
