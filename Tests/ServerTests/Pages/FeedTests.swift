import HTTPTypes
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("Feeds of notices and settlements")
struct FeedTests {
  private static let addresses = ["/feeds/notices.atom?lang=en", "/feeds/settlements.atom?lang=en"]

  /// An empty chain: a genesis and a block.
  private static func empty() throws -> (chain: ShownChain, genesis: Timestamp) {
    let network = try TestNetwork(name: "senior")
    var fixture = try PageFixture(network, name: "aid/senior")
    var chain = try TestChain(network)
    try fixture.add(chain.block())
    return (try fixture.show(chain), network.genesis.time)
  }

  @Test("notices tell class, age group and amount, newest first, and lead to their cases")
  func notices() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let answer = try await chain.get("/feeds/notices.atom?lang=en")
    #expect(answer.status == .ok)
    #expect(answer.headers[.contentType] == "application/atom+xml; charset=utf-8")
    #expect(answer.headers[.contentLanguage] == "en")
    #expect(answer.headers[.vary] == "Accept-Language, Cookie")
    #expect(answer.headers[.setCookie] == nil)
    let feed = try FeedDocument(answer.body)
    #expect(feed.language == "en" && feed.page == "/notices?lang=en")
    #expect(feed.address == "/feeds/notices.atom?lang=en")
    let records = village.chain.state.notices
    #expect(records.count == 2)
    #expect(feed.entries.map(\.link) == ["/cases/1?lang=en", "/cases/0?lang=en"])
    #expect(feed.entries.map(\.updated) == [Moments.iso(records[1].publishedAt), Moments.iso(records[0].publishedAt)])
    #expect(feed.updated == feed.entries[0].updated)
    let convention = village.chain.state.convention(of: 0)
    for (entry, number) in zip(feed.entries, [1, 0]) {
      #expect(entry.published == entry.updated)
      #expect(entry.title.hasPrefix("Case \(number): \(convention.classes[0].nameEn), aged "), "\(entry.title)")
      let aid = Numbers.yuan(village.chain.state.cases[number].aid)
      #expect(entry.title.hasSuffix(", aid of \(aid) yuan"), "\(entry.title)")
      #expect(entry.summary.hasPrefix("Seed plan. In public notice from "), "\(entry.summary)")
    }
  }

  @Test("settlements tell cases, payers and the share to the millionth, and lead to their line for ever")
  func settlements() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let feed = try FeedDocument(try await chain.get("/feeds/settlements.atom?lang=en").body)
    let record = village.chain.state.settlements[0]
    #expect(feed.entries.count == 1 && feed.page == "/plans?lang=en")
    let entry = try #require(feed.entries.first)
    #expect(entry.updated == Moments.iso(record.time))
    #expect(entry.title.hasPrefix("Seed plan: settlement 1, "))
    let decimals = String(record.share % 1_000_000 + 1_000_000).dropFirst()
    #expect(entry.summary.contains("Each of them: \(record.share / 1_000_000).\(decimals) yuan; "), "\(entry.summary)")
    #expect(entry.summary.hasPrefix("Cases: \(record.cases). Members who paid: \(record.payersBefore). "))
    #expect(entry.link == "/plans/0?before=2&lang=en#settlement-1")
    let page = try await chain.get("/plans/0?before=2&lang=en")
    #expect(page.status == .ok && page.body.contains("id=\"settlement-1\""))
  }

  @Test("an amount has all six decimals where the millionth counts")
  func millionths() {
    #expect(Numbers.millionths(0) == "0.000000")
    #expect(Numbers.millionths(4_000) == "0.004000")
    #expect(Numbers.millionths(1_234_567_000_001) == "1,234,567.000001")
    #expect(Numbers.millionths(-1) == "-0.000001")
    #expect(Numbers.millionths(.min) == "-9,223,372,036,854.775808")
  }

  @Test("an entry stays as it is whatever comes after it; a block without news changes no byte")
  func stable() async throws {
    var village = try Village.full()
    let before = try await village.show().get(Self.addresses)
    try village.block()
    let quiet = try await village.show().get(Self.addresses)
    #expect(quiet.map(\.body) == before.map(\.body))
    village.chain.advance(days: 4)
    try village.block()
    let after = try await village.show().get(Self.addresses)
    for (old, new) in zip(before, after) {
      let (old, new) = (try FeedDocument(old.body), try FeedDocument(new.body))
      #expect(old.id == new.id)
      #expect(new.entries.suffix(old.entries.count) == old.entries[...])
      #expect(Set(new.entries.map(\.id)).count == new.entries.count)
    }
    // Case 1 was shared meanwhile.
    #expect(try FeedDocument(after[1].body).entries.count == 2)
  }

  @Test("ids tell chain, kind and record apart, and are the same in both languages; feeds have their own")
  func ids() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let zh = try await chain.get(["/feeds/notices.atom", "/feeds/settlements.atom"]).map { try FeedDocument($0.body) }
    let en = try await chain.get(Self.addresses).map { try FeedDocument($0.body) }
    #expect(zh.map { $0.entries.map(\.id) } == en.map { $0.entries.map(\.id) })
    #expect(zh.map(\.language) == ["zh-CN", "zh-CN"] && zh[0].title != en[0].title)
    #expect(zh[0].address == "/feeds/notices.atom?lang=zh" && zh[0].entries[0].link == "/cases/1")
    let all = (zh + en).map(\.id) + zh.flatMap { $0.entries.map(\.id) }
    #expect(Set(all).count == all.count && all.count == 7)
    // For ever: a reader's program would show everything again under other ids. Worked out by hand with sha256sum.
    #expect(Feed.id(.zero, ["entry", "notices", "0"]) == "urn:uuid:9b3ae2ba-c80b-8d33-b72c-61fa45d495b2")
    #expect(Feed.id(.zero, ["entry", "notices", "1"]) != Feed.id(.label("chain", 1), ["entry", "notices", "1"]))
  }

  @Test("no more than fifty entries, the newest")
  func limit() {
    #expect(Feed.newest(of: 0) == [])
    #expect(Feed.newest(of: 3) == [2, 1, 0])
    #expect(Feed.newest(of: 50) == Array((0..<50).reversed()))
    #expect(Feed.newest(of: 1_051) == Array((1_001...1_050).reversed()))
  }

  @Test("an empty chain has feeds without entries, as old as its genesis")
  func emptyChain() async throws {
    let (chain, genesis) = try Self.empty()
    for answer in try await chain.get(Self.addresses) {
      let feed = try FeedDocument(answer.body)
      #expect(feed.entries == [] && feed.updated == Moments.iso(genesis))
    }
  }

  @Test("a second chain has feeds of its own, and its name stays in every address")
  func secondChain() async throws {
    var village = try Village.full()
    let chains: [any ServedChain] = [try Self.empty().chain, try village.show()]
    let name = "/feeds/notices.atom?lang=en&chain=aid"
    let answers = try await Pages.get(["/feeds/notices.atom?lang=en", name, "/feeds/notices.atom?chain=x"], of: chains)
    #expect(try FeedDocument(answers[0].body).entries == [])
    let second = try FeedDocument(answers[1].body)
    #expect(second.address == name && second.entries.map(\.link).first == "/cases/1?lang=en&chain=aid")
    #expect(answers[2].status == .notFound)
  }

  @Test(
    "a convention's names stay text",
    arguments: [
      "<script>alert(1)</script>", "]]></title>&amp;&bogus;", "x\"\u{301}'><a b=\"", "{{title}}{{{feed_id}}}{plan}",
      "<!--<?xml?>", "non\u{FFFE}character\u{FFFF}s \u{1F6F6}",
    ])
  func hostile(name: String) async throws {
    var village = try Village.full { wire in
      wire.nameZh = name
      wire.nameEn = name
      wire.classes[0].nameZh = name
      wire.classes[0].nameEn = name
    }
    let chain = try village.show()
    let shown = name.replacing("\u{FFFE}", with: "\u{FFFD}").replacing("\u{FFFF}", with: "\u{FFFD}")
    let notices = try FeedDocument(try await chain.get("/feeds/notices.atom?lang=en").body)
    #expect(notices.entries.allSatisfy { $0.title.contains(": \(shown), aged ") && $0.summary.hasPrefix(shown + ". ") })
    let settlements = try FeedDocument(try await chain.get("/feeds/settlements.atom?lang=zh").body)
    #expect(settlements.entries.allSatisfy { $0.title.hasPrefix(shown + "：第 1 次") })
  }

  @Test("pages name the feeds in the reader's language")
  func discovery() async throws {
    var village = try Village()
    let chain = try village.show()
    for (address, headers, link) in [
      ("/", [:], "lang=zh"), ("/plans", [.cookie: "lang=en"], "lang=en"), ("/notices?lang=en", [:], "lang=en"),
    ] as [(String, HTTPFields, String)] {
      let page = try await chain.get(address, headers: headers).body
      for kind in ["notices", "settlements"] {
        let pattern = "<link rel=\"alternate\" type=\"application/atom+xml\" title=\""
        let lines = page.split(separator: "\n").filter { $0.hasPrefix(pattern) }
        #expect(lines.contains { $0.hasSuffix("href=\"/feeds/\(kind).atom?\(link)\">") }, "\(address): \(lines)")
      }
    }
    #expect(try await chain.get("/notices?lang=en").body.contains("<a href=\"/feeds/notices.atom?lang=en\">"))
    #expect(try await chain.get("/plans?lang=en").body.contains("<a href=\"/feeds/settlements.atom?lang=en\">"))
  }

  @Test("while the log is replayed there is no feed")
  func notReady() async throws {
    let fixture = try PageFixture(TestNetwork())
    let chain = ShownChain("aid", log: .init("aid", disk: fixture.disk), index: fixture.index, view: nil)
    for answer in try await chain.get(Self.addresses) {
      #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] == "5")
    }
  }
}
