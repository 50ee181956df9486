import Contracts
import HeartChain
import Ledger
import MutualAid
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Node

/// Ways, impact, gifts and changes in a search index that is fed block by block.
@Suite struct LotWaysTests {
  /// Two givers' rice becomes one lot, which is handed over in two blocks; one gift waits for a code.
  private struct Kitchen {
    var chain: TestChain
    let index: SearchIndex
    var memory = WayIndex()
    var blocks: [ExecutedBlock<ChainState>] = []
    private var made: UInt64 = 0

    static let code = "claim code"

    init() throws {
      let network = try TestNetwork(heartsNamed: "heart")
      chain = try TestChain(network, watching: .everybody)
      index = try SearchIndex.inMemory(chain: network.genesis.chain)
      try add(chain.block())
      let now = chain.nextTime
      try perform(
        Hearts.openProject(from: now, to: now.adding(days: 9), place: 1, description: .label("project", 1)),
        by: officer(2))
      try tell([gift(5000, from: 1), gift(3000, from: 2), gift(70, from: 2)])
      var waiting = try gift(400, from: 1)
      waiting.reason = GiftBinding.claim.rawValue
      waiting.party = try SigningKey(label: Kitchen.code).publicKey.address.key
      try tell([waiting])
      var pool = TraceEvent(.repacked, unit: .gram, time: chain.nextTime)
      pool.parts = [(0, 5000), (1, 2000), (1, 6900)].map { TracePart(lot: $0.0, quantity: $0.1) }
      pool.inputs = 2
      pool.quantity = 100
      try tell([pool])
      try tell([handOver(4, 1000)])
      try perform(Hearts.redeem(gift: 3), by: person(3), with: [SigningKey(label: Kitchen.code)])
      try perform(Hearts.give(hearts: 50, to: 0), by: person(2))
      try tell([handOver(4, 5000)])
    }

    var hearts: Hearts { chain.chain.app.hearts }
    var ways: LotWays { ways(limit: LotWays.maximumEvents) }
    func ways(limit: Int) -> LotWays { LotWays(index, at: chain.chain.height, limit: limit) }

    func person(_ number: Int) throws -> SigningKey { try SigningKey(label: "person \(number)") }
    func officer(_ place: Int) -> SigningKey { chain.network.organisations[place].officer }

    private func gift(_ grams: Int64, from person: Int) throws -> TraceEvent {
      var event = TraceEvent(.donated, unit: .gram, time: chain.nextTime)
      event.gift = TestKind.rice.rawValue
      event.quantity = grams
      event.place = 620_100
      event.reason = GiftBinding.address.rawValue
      event.party = try self.person(person).publicKey.address.key
      return event
    }

    private func handOver(_ lot: UInt32, _ grams: Int64) -> TraceEvent {
      var event = TraceEvent(.handedOver, unit: .gram, time: chain.nextTime)
      event.lot = lot
      event.quantity = grams
      event.party = .label("kitchen", 1)
      return event
    }

    private mutating func tell(_ events: [TraceEvent]) throws {
      let next = hearts.books.count > 2 ? hearts.books[2].next : 1
      try perform(Hearts.trace(first: next), by: officer(2), rows: events.map(\.row))
    }

    mutating func perform(
      _ action: Action, by key: SigningKey, with others: [SigningKey] = [], rows: [[UInt8]] = []
    ) throws {
      made += 1
      let unsigned = try UnsignedTransaction(
        chain: chain.chain.id, sender: key.publicKey.address, expiry: chain.nextTime.adding(seconds: 300),
        id: Array(Hash.label("kitchen", made).bytes.prefix(16)), action: action,
        manifest: rows.isEmpty ? nil : Manifest(rows: rows))
      let entry = Entry.make(.transaction, try unsigned.signed(by: [key] + others))
      let block = try chain.block([entry] + RowEntries.pack(rows))
      try #require(block.codes.joined().allSatisfy { $0 == .success }, "\(block.codes.joined().map(\.name))")
      try add(block)
    }

    private mutating func add(_ block: ExecutedBlock<ChainState>) throws {
      blocks.append(block)
      memory.add(block.app.steps)
      try index.feed([IndexedBlock(block)])
    }
  }

  @Test func waysAreThoseOfTheIndexInMemoryAndLeadToTheRecords() throws {
    let kitchen = try Kitchen()
    let hearts = kitchen.hearts
    #expect(hearts.lots.count == 5)
    for lot in 0..<UInt32(hearts.lots.count) {
      let way = try #require(try kitchen.ways.way(of: lot))
      #expect(way == kitchen.memory.way(of: lot))
      #expect(way.verify(hearts.lots[Int(lot)]))
      #expect(try kitchen.ways.descendants(of: lot) == kitchen.memory.descendants(of: lot))
      let own = try kitchen.ways.steps(of: lot, skipping: 0, limit: .max)
      #expect(own == way.steps.filter { ($0.sources + $0.made).contains(lot) })
      #expect(try LotWays(kitchen.index).way(of: lot) == way)
      let expected = Impact(of: lot, in: kitchen.memory, isVoid: { _ in false })
      #expect(try kitchen.ways.impact(of: lot, in: hearts) == expected)
      #expect((expected == nil) == (lot == 4), "only lot 4 began as no gift")
    }
    let impact = try #require(try kitchen.ways.impact(of: 1, in: hearts))
    // ⌊6000 × 1971 ÷ 6900⌋
    #expect(impact.given == 3000 && impact.quantity(.handedOver) == 1713 && impact.quantity(.inStore) == 1258)
    #expect(try kitchen.ways.way(of: 99) == nil)
    #expect(try kitchen.ways.descendants(of: 99).isEmpty)
    #expect(try kitchen.ways.impact(of: 99, in: hearts) == nil)
  }

  @Test func whatWasReadToFollowALotIsHandedOnInTheOrderOfTheChain() throws {
    let kitchen = try Kitchen()
    let all = kitchen.blocks.flatMap(\.app.steps)
    for (lot, lots) in [(0, [0, 4]), (1, [1, 4]), (2, [2]), (4, [4]), (99, [])] as [(UInt32, [UInt32])] {
      let reach = try kitchen.ways.reach(of: lot)
      #expect(reach.lots == lots && reach.isWhole, "\(lot)")
      let expected = all.filter { step in lots.contains { step.sources.contains($0) || step.made.contains($0) } }
      #expect(reach.steps == expected, "\(lot)")
    }
    #expect(try kitchen.ways.reach(of: 0).steps.count == 4, "a gift, one repacking and two times a meal")
    // The gift and the repacking are the first lot's, and three the other's: the repacking counts again for it.
    for limit in 0...5 {
      let reach = try kitchen.ways(limit: limit).reach(of: 0)
      #expect(reach.isWhole == (limit == 5), "\(limit)")
      #expect(reach.lots == (limit == 5 ? [0, 4] : limit >= 2 ? [0] : []), "\(limit)")
      #expect(reach.steps.count == (limit == 5 ? 4 : limit >= 2 ? 2 : 0), "\(limit)")
    }
  }

  @Test func giftsAndChangesAreListedByAddress() throws {
    let kitchen = try Kitchen()
    let hearts = kitchen.hearts
    func key(_ label: String) throws -> Hash { try SigningKey(label: label).publicKey.address.key }
    for (label, gifts) in [
      ("person 1", [0]), ("person 2", [2, 1]), ("person 3", [3]), (Kitchen.code, [3]), ("stranger", []),
    ] as [(String, [UInt32])] {
      let party = try key(label)
      #expect(try kitchen.ways.gifts(of: party, before: nil, limit: 10) == gifts, "\(label)")
      #expect(try kitchen.ways.gifts(of: party, before: gifts.first, limit: 10) == Array(gifts.dropFirst()))
      #expect(try kitchen.ways.gifts(of: party, before: nil, limit: 1) == Array(gifts.prefix(1)))
      let changes = try kitchen.ways.changes(of: party)
      let giver = hearts.givers.find(GiverRecord.key(of: party)).map { hearts.givers[$0] }
      #expect(changes.count == Int(giver?.changes ?? 0))
      #expect(changes.reduce(Hash.zero) { $1.history(after: $0) } == giver?.history ?? .zero)
      var paged: [LotWays.PlacedChange] = []
      while let next = try kitchen.ways.changes(of: party, before: paged.last?.place, limit: 1).first {
        paged.append(next)
      }
      #expect(paged.map(\.change) == changes.reversed())
      #expect(try kitchen.ways.changes(of: party, before: nil, limit: 2).map(\.change) == changes.suffix(2).reversed())
    }
    #expect(try kitchen.ways.changes(of: key("person 2")).map(\.kind) == [.minted, .minted, .given])
    #expect(try kitchen.ways.changes(of: key("person 3")).map(\.kind) == [.claimed])
    // Nobody, and what is no address.
    for party in [Hash.zero, Hash.label("no address", 1)] {
      #expect(try kitchen.ways.gifts(of: party, before: nil, limit: 10).isEmpty)
      #expect(try kitchen.ways.changes(of: party).isEmpty)
      #expect(try kitchen.ways.changes(of: party, before: nil, limit: 9).isEmpty)
    }
  }

  @Test func everythingIsAsOfTheBlockThatIsAskedFor() throws {
    let kitchen = try Kitchen()
    let code = try SigningKey(label: "person 3").publicKey.address.key
    for block in kitchen.blocks {
      let (ways, hearts) = (LotWays(kitchen.index, at: block.seal.height), block.app.hearts)
      for lot in 0..<UInt32(5) {
        let way = try ways.way(of: lot)
        guard Int(lot) < hearts.lots.count else {
          #expect(try way == nil && ways.descendants(of: lot).isEmpty)
          continue
        }
        #expect(way?.verify(hearts.lots[Int(lot)]) == true, "lot \(lot) at \(block.seal.height)")
      }
      let giver = hearts.givers.find(GiverRecord.key(of: code)).map { hearts.givers[$0] }
      #expect(try ways.changes(of: code).count == Int(giver?.changes ?? 0))
      #expect(try ways.changes(of: code, before: nil, limit: 9).count == Int(giver?.changes ?? 0))
      #expect(try ways.gifts(of: code, before: nil, limit: 9).count == Int(giver?.gifts ?? 0))
    }
  }

  @Test func whatTheIndexLacksIsSaid() throws {
    let kitchen = try Kitchen()
    let ahead = LotWays(kitchen.index, at: kitchen.chain.chain.height + 1)
    let lagging = SearchIndexError(.lagging, "")
    let party = Hash.label("no matter", 1)
    #expect(throws: lagging) { try ahead.way(of: 0) }
    #expect(throws: lagging) { try ahead.steps(of: 0, skipping: 0, limit: 1) }
    #expect(throws: lagging) { try ahead.descendants(of: 0) }
    #expect(throws: lagging) { try ahead.impact(of: 0, in: kitchen.hearts) }
    let person = try kitchen.person(1).publicKey.address.key
    #expect(throws: lagging) { try ahead.gifts(of: person, before: nil, limit: 1) }
    #expect(throws: lagging) { try ahead.changes(of: person) }
    #expect(throws: lagging) { try ahead.changes(of: person, before: nil, limit: 1) }
    #expect(try ahead.changes(of: party).isEmpty, "no address has no changes, whenever")
  }

  @Test func moreThanOneAnswerHoldsIsRefused() throws {
    let kitchen = try Kitchen()
    // Lot 4 has three events; of the two lots that went into it counts the gift alone, as the repacking is known.
    for (limit, isEnough) in [(5, true), (4, false), (2, false), (0, false)] {
      let ways = kitchen.ways(limit: limit)
      if isEnough {
        #expect(try ways.way(of: 4)?.steps.count == 5)
      } else {
        #expect(throws: SearchIndexError(.tooLong, "")) { try ways.way(of: 4) }
      }
    }
    let ways = kitchen.ways(limit: 1)
    #expect(throws: SearchIndexError(.tooLong, "")) { try ways.descendants(of: 1) }
    #expect(try ways.descendants(of: 2) == [2])
    // Person 2 has three changes.
    let person = try kitchen.person(2).publicKey.address.key
    #expect(throws: SearchIndexError(.tooLong, "")) { try kitchen.ways(limit: 2).changes(of: person) }
    #expect(try kitchen.ways(limit: 3).changes(of: person).count == 3)
    #expect(try kitchen.ways(limit: 0).changes(of: person, before: nil, limit: 2).count == 2)
  }

  @Test func aLotsOwnEventsHavePages() throws {
    let kitchen = try Kitchen()
    let all = try kitchen.ways.reach(of: 4).steps
    #expect(all.count == 3)
    // However few an answer may be made of, a page of them is one.
    let ways = kitchen.ways(limit: 1)
    for start in 0...4 {
      for limit in 0...4 {
        let page = try ways.steps(of: 4, skipping: start, limit: limit)
        #expect(page == Array(all.dropFirst(start).prefix(limit)), "\(start), \(limit)")
      }
    }
    #expect(try ways.steps(of: 4, skipping: .max, limit: .max).isEmpty)
    #expect(try ways.steps(of: 99, skipping: 0, limit: 5).isEmpty)
  }
}
