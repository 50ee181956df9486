import Contracts
import Exchange
import Foundation
import HTTPTypes
import HeartChain
import Ledger
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("A chain of hearts for programs of others: money exports and signs")
struct HeartExportTests {
  @Test("activities and grants, of all projects or of one, with a tag and packed")
  func exports() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let activities = try await server.get("/v1/hearts/exports/iati.xml")
      #expect(activities.status == .ok && activities.headers[.contentType] == "application/xml; charset=utf-8")
      // Three projects, and the two others that had money of the first.
      #expect(activities.text.components(separatedBy: "<iati-activity ").count == 6)
      #expect(activities.text.contains(">100.00</value>"))
      let tag = try #require(activities.headers[.eTag])
      let path = "/v1/hearts/exports/iati.xml"
      #expect(try await server.get(path, headers: [.ifNoneMatch: tag]).status == .notModified)
      let packed = try await server.get(path, headers: [.acceptEncoding: "gzip"])
      #expect(packed.headers[.contentEncoding] == "gzip" && packed.bytes.count < activities.bytes.count / 3)
      #expect(try await server.get(path + "?project=1").text.components(separatedBy: "<iati-activity ").count == 2)

      let grants = try await server.get("/v1/hearts/exports/360giving.json")
      #expect((try grants.object()["grants"] as? [Any])?.count == 4)
      try await server.refuses("/v1/hearts/exports/360giving.json?project=1", "404 exchange.nothing")
      try await server.refuses(path + "?project=3", "404 http.not_found")
      for project in ["x", "-1", "01", "4294967296"] {
        try await server.refuses(path + "?project=\(project)", "400 http.bad_request")
      }
      try await server.refuses(path + "?project=1&project=2", "400 http.bad_request")
    }
  }

  @Test("signs are the same as on the page, each with records that prove themselves")
  func signs() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let items = try await server.get("/v1/hearts/signs").items()
      let kinds = items.compactMap { $0["kind"] as? String }
      #expect(
        kinds.sorted() == [
          "only_overhead", "overdrawn", "repeated", "ring", "round_trip", "silent", "undistributed", "undistributed",
          "unplanted",
        ])
      let ring = try #require(items.first { $0["kind"] as? String == "ring" })
      #expect(ring["organisations"] as? [Int] == [1, 2, 4] && ring["quantity"] as? Int == 1_000)
      #expect(ring["unit"] as? String == "fen" && ring["related"] as? Bool == true)
      var proven = 0
      for item in items {
        for record in try #require(item["records"] as? [[String: Any]]) {
          let place = "\(record["table"] ?? "")/\(record["ordinal"] ?? "")"
          #expect(try await server.get("/v1/proofs/\(place)").status == .ok, "\(place)")
          proven += 1
        }
      }
      #expect(proven >= 14)
      let first = try await server.get("/v1/hearts/signs?limit=4").object()
      let next = try #require(first["next"] as? String)
      let rest = try await server.get("/v1/hearts/signs?limit=200&cursor=\(next)").items()
      #expect(rest.count == 5)
      try await server.refuses("/v1/hearts/signs?limit=0", "400 http.bad_request")
    }
  }

  @Test("a chain of members has none of it, and one without gifts says so")
  func others() async throws {
    var aid = try Village()
    var empty = try HeartVillage()
    try await ServerProbe.with([aid.show()]) { server in
      for path in ["signs", "exports/iati.xml", "exports/360giving.json"] {
        try await server.refuses("/v1/hearts/\(path)", "404 http.not_found")
      }
    }
    try await ServerProbe.with([empty.show()]) { server in
      #expect(try await server.get("/v1/hearts/signs").items().isEmpty)
      try await server.refuses("/v1/hearts/exports/iati.xml", "404 exchange.nothing")
    }
  }

  @Test("a book takes up only what came since, and knows when the index is behind")
  func books() throws {
    var village = try HeartVillage.full()
    let shelf = StepShelf<MoneyBook>()
    let index = village.fixture.index
    func lines(_ book: MoneyBook) throws -> Int {
      let report = MoneyReport(
        chain: village.chain.chain.id, hearts: village.hearts, consortium: village.chain.chain.app.consortium,
        book: book, at: village.chain.chain.time)
      return String(decoding: try IATIFile(report, project: 2).bytes, as: UTF8.self)
        .components(separatedBy: "<transaction ").count - 1
    }
    let height = village.chain.chain.height
    let first = try shelf.book(of: "heart", index, upTo: height)
    #expect(first.isWhole)
    #expect(try lines(first.book) == 0)
    try village.tell(.bank, [village.gift(.money, 500, to: 2)])
    #expect(try lines(shelf.book(of: "heart", index, upTo: height).book) == 0)
    let second = try shelf.book(of: "heart", index, upTo: height + 1)
    #expect(try lines(second.book) == 1)
    // A long log is read with several requests, each a part of it.
    let slow = StepShelf<MoneyBook>(maximumSteps: 7)
    var requests = 1
    while try !slow.book(of: "heart", index, upTo: height + 1).isWhole { requests += 1 }
    let events = village.hearts.books
    let accepted = (0..<events.count).reduce(0) { $0 + Int(events[$1].accepted) }
    #expect(requests == accepted / 7 + 1)
    #expect(try lines(slow.book(of: "heart", index, upTo: height + 1).book) == 1)
    try village.block([], isIndexed: false)
    #expect(try shelf.book(of: "heart", index, upTo: height + 2).isWhole == false)
  }
}
