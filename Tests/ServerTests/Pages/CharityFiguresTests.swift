import Foundation
import HTTPTypes
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Server

/// What a charity's projects come to.
@Suite struct CharityFiguresTests {
  @Test func aCardNamesTheNewestProjectsAndSaysHowManyMoreThereAre() async throws {
    var village = try HeartVillage()
    for _ in 0..<11 {
      try village.openProject(.food, days: 300)
      try village.openProject(.forest, days: 300)
    }
    for _ in 0..<12 { try village.openProject(.food, days: 300) }
    let figures = CharityFigures.all(in: village.hearts, HandOverBook(), silent: [1, 3, 33])
    #expect(figures.count == 2)
    let food = try #require(figures[2])
    let forest = try #require(figures[3])
    #expect(food.projects == 23 && forest.projects == 11)
    let newest: [UInt32] = [33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 20, 18, 16, 14, 12, 10, 8, 6]
    #expect(food.newest == newest)
    #expect(forest.newest == [21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1])
    #expect(food.lateReports == 1 && forest.lateReports == 2)

    let chain = try village.show()
    let page = try await chain.get("/hearts/charities", headers: [.cookie: "lang=en"]).body
    let cards = page.components(separatedBy: "<article").dropFirst()
    let card = try #require(cards.first { $0.contains("food.example") })
    #expect(card.contains("and 3 more projects") && card.components(separatedBy: "/hearts/projects/").count == 21)
    #expect(card.contains("/hearts/projects/6\"") && !card.contains("/hearts/projects/4\""))
    let other = try #require(cards.first { $0.contains("forest.example") })
    #expect(!other.contains("more projects"))
  }

  @Test func figuresAreSumsOverAllProjectsOfACharity() throws {
    let village = try HeartVillage.full()
    let figures = CharityFigures.all(in: village.hearts, HandOverBook(), silent: [])
    let (food, forest) = (try #require(figures[2]), try #require(figures[3]))
    // 300 g of 5 kg, and of money nothing.
    #expect(food.lost(of: .gram) == 60 && food.lost(of: .fen) == 0 && food.lost(of: .piece) == nil)
    #expect(food.openLots == 5 && !food.hasPledges && forest.hasPledges && forest.openLots == 1)
    #expect(figures[4]?.projects == 1 && figures[1] == nil)
  }

  @Test func aMedianIsOverTheNewestProjectsUntilThereAreEnough() throws {
    var village = try HeartVillage()
    let projects = CharityFigures.enoughEndings / HandOverBook.maximumEndings + 2
    for _ in 0..<projects { try village.openProject(.food, days: 300) }
    var book = HandOverBook()
    func add(_ kind: TraceKind, _ lot: UInt32, days: UInt64, times: Int = 1) throws {
      let isGift = kind == .donated
      let event = village.event(kind, lot: isGift ? 0 : lot, 1) { event in
        event.time = event.time.adding(days: days)
        if isGift { event.project = lot } else { event.party = .label("kitchen", 1) }
      }
      let step = Way.Step(
        event: 1, time: event.time, row: event.row, sources: isGift ? [] : [lot], made: isGift ? [lot] : [])
      for _ in 0..<times { try book.add(step) }
    }
    // Of each project one lot. The oldest two took longest.
    for lot in 0..<UInt32(projects) {
      try add(.donated, lot, days: 0)
      try add(.handedOver, lot, days: lot < 2 ? 90 : 3, times: HandOverBook.maximumEndings)
    }
    let figures = try #require(CharityFigures.all(in: village.hearts, book, silent: [])[2])
    let median = try #require(figures.median(of: .handedOver))
    #expect(median.count == CharityFigures.enoughEndings && median.seconds == 3 * Timestamp.day)
    #expect(figures.median(of: .planted) == nil)
  }
}
