import Foundation
import HTTPTypes
import HeartChain
import Ledger
import Node
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("Public notices of a chain of hearts")
struct HeartNoticeTests {
  private func text(_ chain: ShownChain, _ address: String, _ language: String = "en") async throws -> String {
    let answer = try await chain.get(address, headers: [.cookie: "lang=\(language)"])
    #expect(answer.status == .ok, "\(address)")
    #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    #expect(!answer.body.contains("⟦"), "\(address)")
    return answer.body
  }

  @Test("every sign stands there once, with what it says and the records that prove it")
  func signs() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let page = try await text(chain, "/hearts/signs")
    #expect(page.contains("There are 9 signs"))
    for title in [
      "The term is over, and not distributed: 2.7 kg", "The term is over, and not distributed: 95.00 yuan",
      "The term is over, and not planted: 9 trees", "A report is overdue", "Money was spent on overhead only",
      "Back and forth between bank.example and food.example", "Round through 3 organisations",
      "food.example told of more than it had", "food.example showed a picture or receipt again",
    ] {
      #expect(page.components(separatedBy: ">\(title)</h2>").count == 2, "\(title)")
    }
    #expect(page.contains("bank.example → food.example → school.example, and back to bank.example."))
    #expect(page.contains("The least of these flows is 10.00 yuan"))
    #expect(page.contains("An auditor recorded that two of them are related."))
    #expect(page.contains("The ledger refused it: the organisation&#39;s event 8."))
    for record in ["projects%2F0", "projects%2F1", "projects%2F2", "trace_books%2F2", "relations%2F0"] {
      #expect(page.contains("href=\"/verify?file=%2Fv1%2Fproofs%2F\(record)"), "\(record)")
    }
    #expect(page.contains("not that anybody cheated"))
    #expect(try await text(chain, "/hearts/signs", "zh").contains("经过 3 家机构，转了一圈"))
  }

  @Test("a list of signs goes on where it stopped")
  func pages() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let first = try await text(chain, "/hearts/signs?before=4")
    #expect(first.components(separatedBy: "<article").count == 5)
    #expect(try await text(chain, "/hearts/signs?before=0").components(separatedBy: "<article").count == 1)
  }

  @Test("a project's notice says what came in, what became of it and what is left beyond the term")
  func project() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let page = try await text(chain, "/hearts/projects/0")
    #expect(page.contains("Its term is over, and not all is distributed"))
    for (name, value) in [
      ("Given", "5 kg"), ("Handed over or spent", "2 kg"), ("Lost", "300 g"), ("Left", "2.7 kg"),
      ("Given", "100.00 yuan"), ("Handed over or spent", "5.00 yuan"), ("Left", "95.00 yuan"),
    ] {
      #expect(page.contains("<dt>\(name)</dt><dd>\(value)</dd>"), "\(name) \(value)")
    }
    #expect(page.contains("Beyond the term, not distributed: 95.00 yuan, 2.7 kg."))
    #expect(page.contains("<dt>Overhead</dt><dd>5.00 yuan</dd>"))
    #expect(page.contains("Of what was spent, overhead is 100.0 %."))
    #expect(page.contains("No report has been published yet."))
    #expect(page.contains("href=\"/v1/hearts/exports/iati.xml?project=0\""))
    #expect(page.contains(village.hearts.projects[0].description.description))
    // Its own signs, and not those of others.
    #expect(page.components(separatedBy: "<article").count == 4)
    let forest = try await text(chain, "/hearts/projects/1")
    #expect(forest.contains("<dt>Pledged</dt><dd>9 trees</dd>") && forest.contains("<dt>Planted</dt><dd>0 trees</dd>"))
    #expect(forest.contains("Beyond the term, not planted: 9 trees."))
    #expect(try await text(chain, "/hearts/projects/2").contains("It is running"))
    let all = try await text(chain, "/hearts/projects")
    #expect(all.contains("3 projects, the newest first"))
    #expect(all.contains("<a href=\"/hearts/projects/0\">Project 0</a>"))
  }

  @Test("a charity's card says how fast it is, what is lost and what is overdue")
  func charities() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let page = try await text(chain, "/hearts/charities")
    #expect(page.contains("<dd>2 days (once so far)</dd>"))
    #expect(page.contains("<dd>6.0 %</dd>"))
    let cards = page.components(separatedBy: "<article").dropFirst()
    #expect(cards.count == 3)
    // Lots 0 to 5 are of the food bank's project; of lot 1 nothing is left.
    #expect(cards.contains { $0.contains("food.example") && $0.contains("<dt>Lots not all given out</dt><dd>5</dd>") })
    #expect(cards.contains { $0.contains("school.example") && $0.contains("<dd class=\"bad\">1</dd>") })
  }

  @Test("the feed tells each sign once, and the same again as long as nothing changes")
  func feed() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    let feed = try FeedDocument(try await chain.get("/hearts/signs.atom?lang=en").body)
    #expect(feed.page == "/hearts/signs?lang=en" && feed.address == "/hearts/signs.atom?lang=en")
    #expect(feed.entries.count == 9 && Set(feed.entries.map(\.id)).count == 9)
    #expect(feed.entries.map(\.updated) == feed.entries.map(\.updated).sorted(by: >))
    try village.block()
    #expect(try FeedDocument(try await village.show().get("/hearts/signs.atom?lang=en").body).entries == feed.entries)
    // What is left past a term is no news again when it changes.
    #expect(try village.tell(.food, [village.event(.corrected, lot: 0, 100)]) == [.success])
    let less = try FeedDocument(try await village.show().get("/hearts/signs.atom?lang=en").body)
    #expect(less.entries.map(\.id) == feed.entries.map(\.id) && less.entries != feed.entries)
    // One more event that the ledger refused is another entry; what has not changed stays.
    try village.tell(.food, [village.event(.handedOver, lot: 0, 2801) { $0.party = .label("kitchen", 3) }])
    let later = try FeedDocument(try await village.show().get("/hearts/signs.atom?lang=en").body)
    #expect(Set(later.entries.map(\.id)).intersection(feed.entries.map(\.id)).count == 8)
    let zh = try FeedDocument(try await chain.get("/hearts/signs.atom?lang=zh").body)
    #expect(zh.entries.map(\.id) == feed.entries.map(\.id) && zh.title != feed.title)
  }

  @Test("a sign of an event too old to be found has no time, and stays the same whatever is told afterwards")
  func old() throws {
    var village = try HeartVillage.full()
    func refused() -> [FoundSign] {
      FoundSign.all(in: village.hearts, at: village.now, manifests: 1).filter {
        switch $0.sign {
        case .overdrawn, .repeated: true
        default: false
        }
      }
    }
    // The newest manifest holds one of the two events, until another manifest comes.
    try village.tell(.food, [village.event(.stored, lot: 0)])
    let signs = refused()
    #expect(signs.map(\.time) == [.zero, .zero] && signs.allSatisfy { $0.places.map(\.table) == ["trace_books"] })
    village.chain.advance(days: 1)
    try village.tell(.food, [village.event(.stored, lot: 0)])
    #expect(refused().map(FoundSign.key) == signs.map(FoundSign.key))
  }

  @Test("strange addresses get a page that says so")
  func errors() async throws {
    var village = try HeartVillage()
    let chain = try village.show()
    for (address, status) in [
      ("/hearts/projects/0", HTTPResponse.Status.notFound), ("/hearts/projects/x", .badRequest),
      ("/hearts/signs?before=x", .badRequest), ("/hearts/projects?before=-1", .badRequest),
    ] {
      #expect(try await chain.get(address).status == status, "\(address)")
    }
    #expect(try await text(chain, "/hearts/signs").contains("There is no sign at present."))
    #expect(try await text(chain, "/hearts/projects").contains("There is no project yet."))
    let charities = try await text(chain, "/hearts/charities")
    #expect(charities.contains("food.example") && charities.contains("It has opened no project of its own"))
    #expect(!charities.contains("<dl class=\"facts\">") && !charities.contains("<ul class=\"roles\">"))
  }

  @Test("how long gifts take is a median over the last endings, and what was mixed is as old as its oldest part")
  func handOvers() throws {
    let start = HeartVillageTime.start
    func step(
      _ kind: TraceKind, days: UInt64, sources: [UInt32] = [], made: [UInt32] = [],
      _ fill: (inout TraceEvent) -> Void = { _ in }
    ) -> Way.Step {
      var event = TraceEvent(kind, unit: .gram, time: start.adding(days: days))
      event.quantity = 1
      fill(&event)
      return Way.Step(event: 1, time: event.time, row: event.row, sources: sources, made: made)
    }
    func handOver(_ lot: UInt32, days: UInt64) -> Way.Step {
      step(.handedOver, days: days, sources: [lot]) { $0.party = .label("kitchen", 1) }
    }
    var book = HandOverBook()
    for (lot, day) in [(UInt32(0), UInt64(0)), (1, 4), (2, 9)] {
      try book.add(step(.donated, days: day, made: [lot]) { $0.project = 7 })
    }
    try book.add(
      step(.repacked, days: 10, sources: [1, 2], made: [3]) {
        $0.quantity = 0
        $0.parts = [TracePart(lot: 1, quantity: 1), TracePart(lot: 2, quantity: 1), TracePart(lot: 1, quantity: 2)]
        $0.inputs = 2
      })
    func median(_ ending: HandOverBook.Ending, _ project: UInt32) -> (seconds: UInt64, count: Int)? {
      HandOverBook.median(book.seconds(of: ending, in: project))
    }
    #expect(median(.handedOver, 7) == nil)
    try book.add(handOver(0, days: 1))
    #expect(median(.handedOver, 7)?.seconds == Timestamp.day)
    try book.add(handOver(3, days: 10))
    try book.add(handOver(3, days: 11))
    let third = try #require(median(.handedOver, 7))
    #expect(third.seconds == 6 * Timestamp.day && third.count == 3)
    #expect(median(.handedOver, 6) == nil && median(.planted, 7) == nil)
    for _ in 0..<HandOverBook.maximumEndings { try book.add(handOver(3, days: 5)) }
    #expect(median(.handedOver, 7)?.count == HandOverBook.maximumEndings)
    #expect(median(.handedOver, 7)?.seconds == Timestamp.day)
  }
}

/// Where the times of these tests begin.
private enum HeartVillageTime {
  static let start = Timestamp(seconds: 1_767_196_800)
}
