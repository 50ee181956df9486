import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Storage

@Suite("Lots, gifts and hearts in the search index") struct HeartIndexTests {
  private static func fed(_ seed: UInt64, blocks: Int = 120) throws -> (SearchIndex, SearchModel, RandomBlocks) {
    let index = try SearchIndex.inMemory(chain: testChain, generationRows: 60)
    var random = RandomBlocks(seed: seed)
    let model = SearchModel(blocks: random.blocks(blocks))
    for start in stride(from: 0, to: blocks, by: 7) {
      try index.feed(Array(model.blocks[start..<min(start + 7, blocks)]))
    }
    #expect(try index.read { db in try db.generation() } > 5)
    return (index, model, random)
  }

  @Test("answer as a plain array does", arguments: [1, 2, 3] as [UInt64])
  func model(seed: UInt64) throws {
    let (index, model, random) = try Self.fed(seed)
    let steps = model.steps
    let lots = UInt32(steps.flatMap(\.step.made).count)
    #expect(lots > 100)
    var generator = SeededGenerator(seed: seed)
    for count in [1, 2, 16, 17, 256, 300] {
      let wanted = (0..<count).map { _ in
        let places = (0..<2).map { _ in steps[Int.random(in: 0..<steps.count, using: &generator)].place }
        let isAll = Bool.random(using: &generator)
        return LotPlaces(
          lot: UInt32.random(in: 0..<(lots + 2), using: &generator), first: isAll ? 0 : places[0],
          last: isAll ? .max : places[1])
      }
      let expected = wanted.map(model.places)
      let total = expected.reduce(0) { $0 + $1.count }
      #expect(try index.places(of: wanted, limit: .max) == expected)
      #expect(try index.places(of: wanted, limit: total) == expected)
      if total > 0 { #expect(try index.places(of: wanted, limit: total - 1) == nil) }
      let some = steps.indices.filter { _ in Int.random(in: 0..<steps.count, using: &generator) < count }
      #expect(try index.steps(at: some.map { steps[$0].place }) == some.map { steps[$0].step })
    }
    for placed in steps {
      #expect(try index.step(of: placed.step.event) == placed)
      #expect(IndexedStep.height(place: placed.place) == placed.place >> 24)
    }
    #expect(try index.step(of: 1 << 63) == nil)
    #expect(try index.steps(after: nil, limit: 50) == Array(steps.prefix(50)))
    #expect(try index.steps(after: steps[30].place, limit: 9_999) == Array(steps[31...].prefix(1_000)))
    for party in random.senders {
      for height in [0, 1, 60, 120, UInt64.max] {
        let changes = model.heartChanges(of: party, height: height)
        #expect(try index.heartChanges(of: party, height: height, limit: .max) == changes)
        #expect(try index.heartChanges(of: party, height: height, limit: changes.count) == changes)
        if !changes.isEmpty {
          #expect(try index.heartChanges(of: party, height: height, limit: changes.count - 1) == nil)
        }
        for limit in [1, 7, 999] {
          #expect(try Self.pages(index, of: party, height: height, limit: limit) == changes.reversed())
        }
        #expect(try index.heartChanges(of: party, before: nil, height: height, limit: -1).isEmpty)
        #expect(try index.heartChanges(of: party, before: 0, height: height, limit: 9).isEmpty)
        #expect(
          try index.heartChanges(of: party, before: .max, height: height, limit: 5)
            == index.heartChanges(of: party, before: nil, height: height, limit: 5))
        for (before, limit) in [(nil, 999), (nil, 3), (40, 5), (0, 5), (nil, -1)] as [(UInt32?, Int)] {
          #expect(
            try index.gifts(of: party, before: before, height: height, limit: limit)
              == model.gifts(of: party, before: before, height: height, limit: limit))
        }
      }
    }
  }

  /// All changes of an address, page by page.
  private static func pages(
    _ index: SearchIndex, of party: Address, height: UInt64, limit: Int
  ) throws -> [[UInt8]] {
    var found: [PlacedHeartChange] = []
    while true {
      let page = try index.heartChanges(of: party, before: found.last?.place, height: height, limit: limit)
      #expect(page.count <= limit)
      found += page
      if page.count < limit { break }
    }
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.place > $1.place })
    return found.map(\.bytes)
  }

  @Test("give events by their places only where they are")
  func missing() throws {
    let (index, model, _) = try Self.fed(4)
    let place = try #require(model.steps.first?.place)
    #expect(throws: SearchIndexError(.damaged, "")) { try index.steps(at: [place, place + 900]) }
    #expect(throws: SearchIndexError(.damaged, "")) { try index.steps(at: [UInt64.max]) }
    #expect(try index.steps(at: []).isEmpty)
    #expect(try index.places(of: [], limit: 0) == [])
  }

  @Test("a place tells its block, and the last one of a block is below those of the next")
  func places() {
    for height in [0, 1, 77, IndexedStep.maximumHeight - 1] as [UInt64] {
      let last = IndexedStep.lastPlace(height: height)
      #expect(IndexedStep.height(place: last) == height)
      #expect(Int64(last) + 1 == IndexedStep.place(height: height + 1, position: 0))
      #expect(Int64(last) == IndexedStep.place(height: height, position: IndexedStep.maximumPerBlock - 1))
    }
    #expect(IndexedStep.lastPlace(height: .max) == IndexedStep.lastPlace(height: IndexedStep.maximumHeight))
    #expect(Int64(exactly: IndexedStep.lastPlace(height: .max)) != nil)
  }
}
