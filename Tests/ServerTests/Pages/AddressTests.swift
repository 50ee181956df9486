import HTTPTypes
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("Addresses, languages and errors of pages")
struct AddressTests {
  @Test("the language comes from the address, the cookie, the browser, and else is Chinese")
  func language() async throws {
    var village = try Village()
    let chain = try village.show()
    func tag(_ address: String, _ headers: HTTPFields = [:]) async throws -> String? {
      try await chain.get(address, headers: headers).headers[.contentLanguage]
    }
    #expect(try await tag("/") == "zh-CN")
    #expect(try await tag("/", [.acceptLanguage: "en-GB,en;q=0.9,zh;q=0.5"]) == "en")
    #expect(try await tag("/", [.acceptLanguage: "en;q=0.3, zh-Hant-HK;q=0.8"]) == "zh-CN")
    #expect(try await tag("/", [.acceptLanguage: "fr, de;q=0.9"]) == "zh-CN")
    #expect(try await tag("/", [.acceptLanguage: "en;q=0, fr"]) == "zh-CN")
    #expect(try await tag("/", [.acceptLanguage: "en", .cookie: "lang=zh"]) == "zh-CN")
    #expect(try await tag("/?lang=en", [.cookie: "lang=zh"]) == "en")
    #expect(try await tag("/?lang=xx", [.cookie: "lang=en"]) == "en")
  }

  @Test("a chosen language goes into a cookie and into the links")
  func chosen() async throws {
    var village = try Village()
    let chain = try village.show()
    let chosen = try await chain.get("/plans?lang=en")
    #expect(chosen.headers[.setCookie] == "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
    #expect(chosen.headers[.vary] == "Accept-Language, Cookie")
    #expect(chosen.body.contains("href=\"/plans/0?lang=en\""))
    #expect(chosen.body.contains("href=\"/plans?lang=zh\""))
    let plain = try await chain.get("/plans", headers: [.cookie: "lang=en"])
    #expect(plain.headers[.setCookie] == nil)
    #expect(plain.body.contains("href=\"/plans/0\""))
    #expect(plain.body.contains("<html lang=\"en\">"))
  }

  @Test("strange addresses get a page that says so, with the right status")
  func errors() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let wanted: [(String, HTTPResponse.Status)] = [
      ("/plans/2", .notFound), ("/plans/x", .badRequest), ("/plans/-1", .badRequest), ("/plans/00", .badRequest),
      ("/plans/18446744073709551615", .notFound), ("/plans/18446744073709551616", .badRequest),
      ("/cases/3", .notFound), ("/members/5", .notFound), ("/members/%2e%2e", .badRequest),
      ("/explorer/blocks/0", .notFound), ("/explorer/blocks/99999", .notFound),
      ("/explorer/transactions/99999", .notFound), ("/explorer/transactions/zz", .badRequest),
      ("/explorer/transactions/" + String(repeating: "0", count: 64), .notFound),
      ("/notices?before=x", .badRequest), ("/explorer?before=-1", .badRequest), ("/members/0?before=1.5", .badRequest),
      ("/plans?chain=nowhere", .notFound),
    ]
    for ((address, status), answer) in zip(wanted, try await chain.get(wanted.map(\.0))) {
      #expect(answer.status == status, "\(address)")
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    }
  }

  @Test("cursors beyond either end give an empty or a whole list, never a failure")
  func cursors() async throws {
    var village = try Village.full()
    let chain = try village.show()
    for page in ["/plans/0", "/notices", "/members/0", "/explorer", "/explorer/blocks/3", "/search?q=tz1"] {
      for cursor in ["0", "1", "2", "18446744073709551615"] {
        let answer = try await chain.get("\(page)\(page.contains("?") ? "&" : "?")before=\(cursor)")
        #expect(answer.status == .ok, "\(page) before \(cursor)")
        #expect(HTMLCheck(answer.body).faults == [], "\(page) before \(cursor)")
      }
    }
  }

  @Test("an address nobody knows is a page for browsers and an error for programs")
  func unknownAddress() async throws {
    var village = try Village()
    let chain = try village.show()
    let page = try await chain.get("/nowhere?lang=en", headers: [.accept: "text/html,*/*;q=0.8"])
    #expect(page.status == .notFound)
    #expect(page.body.contains("No such page"))
    #expect(try await chain.get("/v1/nowhere", headers: [.accept: "text/html"]).body.contains("<html") == false)
    #expect(try await chain.get("/nowhere").body.contains("<html") == false)
  }

  @Test("the link to the other language never leads to another site")
  func otherLanguage() async throws {
    var village = try Village()
    let chain = try village.show()
    for path in ["//evil.example/x", "/%5Cevil.example", "/x%22onclick", "/" + String(repeating: "a", count: 500)] {
      let answer = try await chain.get(path, headers: [.accept: "text/html"])
      #expect(HTMLCheck(answer.body).faults == [], "\(path)")
    }
  }

  @Test("while the log is replayed, pages say so and ask to come back")
  func notReady() async throws {
    let network = try TestNetwork()
    let fixture = try PageFixture(network)
    let chain = ShownChain("aid", log: .init("aid", disk: fixture.disk), index: fixture.index, view: nil)
    let answer = try await chain.get("/plans")
    #expect(answer.status == .serviceUnavailable)
    #expect(answer.headers[.retryAfter] == "5")
    #expect(HTMLCheck(answer.body).faults == [])
  }

  @Test("a search index that is behind says how far it is, and hides nothing else")
  func lagging() async throws {
    var village = try Village()
    let before = village.chain.chain.height
    try village.block([], isIndexed: false)
    let chain = try village.show()
    let answers = try await chain.get(
      ["/explorer?lang=en", "/members/0?lang=en", "/explorer/blocks/\(before + 1)?lang=en", "/plans/0?lang=en"])
    #expect(answers[0].body.contains("it has read up to block \(before)"))
    #expect(answers[1].body.contains("it has read up to block \(before)"))
    // Nothing about her has changed, so the changes known still give her history.
    #expect(answers[1].body.contains("Nothing is missing"))
    #expect(answers[2].status == .serviceUnavailable)
    #expect(answers[3].status == .ok)
  }

  /// A village and an empty chain.
  private static func twoChains() throws -> [any ServedChain] {
    var village = try Village()
    let network = try TestNetwork(name: "senior")
    var fixture = try PageFixture(network, name: "aid/senior")
    var chain = try TestChain(network)
    try fixture.add(chain.block())
    return [try village.show(), try fixture.show(chain)]
  }

  @Test(
    "a second chain is shown where the address names it, and links stay with it",
    arguments: ["/plans?chain=aid/senior&lang=en", "/plans?chain=aid%2Fsenior&lang=en"])
  func secondChain(address: String) async throws {
    let answers = try await Pages.get(["/plans?lang=en", address], of: AddressTests.twoChains())
    #expect(answers[0].body.contains("Seed plan"))
    #expect(answers[1].body.contains("There is no plan"))
    #expect(answers[1].body.contains("href=\"/notices?lang=en&amp;chain=aid%2Fsenior\""))
  }

  @Test("the style sheet is cached by its content")
  func style() async throws {
    var village = try Village()
    let chain = try village.show()
    let home = try await chain.get("/")
    let link = try #require(home.body.firstMatch(of: /href="(\/assets\/style\.css\?v=[0-9a-f]{16})"/)?.1)
    let sheet = try await chain.get(String(link))
    #expect(sheet.status == .ok)
    #expect(sheet.headers[.contentType] == "text/css; charset=utf-8")
    let tag = try #require(sheet.headers[.eTag])
    #expect(try await chain.get("/assets/style.css", headers: [.ifNoneMatch: tag]).status == .notModified)
    #expect(try await chain.get("/assets/style.css", headers: [.ifNoneMatch: "\"x\""]).status == .ok)
    #expect(sheet.body.contains("prefers-color-scheme: dark"))
    #expect(!sheet.body.contains("url(") && !sheet.body.contains("@import"))
    #expect(try await chain.get("/assets/icon.svg").headers[.contentType] == "image/svg+xml")
  }
}
