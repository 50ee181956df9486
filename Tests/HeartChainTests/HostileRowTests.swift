import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Rows, records and ways that nobody honest makes.
@Suite struct HostileRowTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func damagedRowsAreRefusedOrMeanWhatTheySay(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    var village = try TraceRuleTests.village()
    let good = TraceRuleTests.cases.map(\.event.row)
    for _ in 0..<40 {
      let rows = (0..<100).map { _ in
        var row = good[Int.random(in: 0..<good.count, using: &dice)]
        for _ in 0..<Int.random(in: 1...4, using: &dice) where !row.isEmpty {
          let place = Int.random(in: 0..<row.count, using: &dice)
          switch Int.random(in: 0..<4, using: &dice) {
          case 0: row[place] = UInt8.random(in: 0...255, using: &dice)
          case 1: row[place] = UInt8.random(in: 0...3, using: &dice)
          case 2: row.removeLast(Int.random(in: 0...min(12, row.count), using: &dice))
          default: row += [UInt8](repeating: UInt8.random(in: 0...255, using: &dice), count: 12)
          }
        }
        return row.isEmpty ? [0] : row
      }
      for row in rows { if let event = try? TraceEvent(row: row) { #expect(event.row == row) } }
      let result = try village.perform(
        Hearts.trace(first: village.next(.food)), by: Village.officer(.food), rows: rows)
      #expect(result.code == .success)
    }
    #expect(village.hearts.brokenInvariant() == nil)
    #expect(village.hearts.books[Village.Place.food.rawValue].refused > 2000)
  }

  @Test func recordsOfAnyBytesAreRead() {
    var dice = SeededGenerator(seed: 5)
    func read<Record: FixedLayoutRecord>(_ type: Record.Type) -> Record {
      let bytes = (0..<Record.byteCount).map { _ in UInt8.random(in: 0...255, using: &dice) }
      return Record(from: bytes.span.bytes)
    }
    for _ in 0..<2000 {
      let lot = read(LotRecord.self)
      #expect(lot.received == lot.passed &+ lot.left &+ lot.handed &+ lot.lost)
      let giver = read(GiverRecord.self)
      #expect(LoveIndex.value(of: giver, formula: read(FormulaRecord.self), at: .max) <= LoveIndex.maximum)
      _ = read(ProjectRecord.self)[.gram].left
      #expect(!read(HeartTotals.self).isBalanced)
      _ = (read(GiftRecord.self), read(GiftKindRecord.self), read(TraceBookRecord.self), read(FlowRecord.self))
      let way = Way(
        of: 1, steps: [Way.Step(event: .max, time: .max, row: lot.canonicalBytes, sources: [1, 2], made: [3, 1])])
      #expect(!way.verify(lot))
    }
  }

  @Test func aSenderWithoutARoleTellsNothing() throws {
    var village = try TraceRuleTests.village()
    let row = try TraceEvent.gift(.rice, 5, project: 0, at: village.time).row
    let person = try Village.person(1)
    #expect(try village.perform(Hearts.trace(first: 1), by: person, rows: [row]).code == .unknownSender)
    #expect(try village.perform(Hearts.trace(first: 1), by: Village.officer(.food)).code == .manifestUnexpected)
    let open = try Hearts.openProject(
      from: village.time, to: village.time.adding(days: 1), place: 1, description: .label("project", 1))
    #expect(try village.perform(open, by: Village.officer(.food), rows: [row]).code == .manifestUnexpected)
  }
}
