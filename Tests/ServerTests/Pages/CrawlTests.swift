import HTTPTypes
import Ledger
import MutualAid
import TestSupport
import Testing

@testable import Server

@Suite("All pages of a chain")
struct CrawlTests {
  /// Follows links of the site, breadth first, until there are no new ones or enough.
  private func crawl(_ chain: ShownChain, language: String, limit: Int) async throws -> [(String, Answer)] {
    var seen: Set<String> = ["/"]
    var waiting = ["/"]
    var found: [(String, Answer)] = []
    while !waiting.isEmpty, found.count < limit {
      let answers = try await chain.get(waiting, headers: [.cookie: "lang=\(language)"])
      found += zip(waiting, answers)
      waiting = []
      for (address, answer) in found.suffix(answers.count) {
        #expect(answer.status == .ok, "\(address)")
        for link in HTMLCheck(answer.body).links {
          let page = String(link.prefix { $0 != "#" }).replacing("&amp;", with: "&")
          // The interface and the log's files are somebody else's; the other language is another crawl.
          // The page that checks files is the same for every file.
          guard page.hasPrefix("/"), !page.hasPrefix("/v1/"), !page.hasPrefix("/log/"), !page.contains("lang="),
            !page.hasPrefix("/verify?")
          else { continue }
          if seen.insert(page).inserted { waiting.append(page) }
        }
      }
    }
    return found
  }

  @Test("of a village: every link leads to a page that reads well, in both languages", arguments: ["zh", "en"])
  func village(language: String) async throws {
    var village = try Village.full()
    let pages = try await crawl(village.show(), language: language, limit: 1_000)
    var abouts: [String: String] = [:]
    for (address, answer) in pages {
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
      #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
      #expect(answer.headers[.contentLanguage] == (language == "zh" ? "zh-CN" : "en"))
      let about = answer.body.matches(of: /<meta name="description" content="([^"]{10,300})">/).map { String($0.1) }
      #expect(about.count == 1, "\(address)")
      abouts[address] = about.first
    }
    // The doors of the site each have a sentence of their own, and what stands below one shares it.
    let sections = Section.allCases.filter { $0 != .hearts }.map(\.path)
    let doors = sections + ["/verify", "/how"] + HowPart.allCases.map(\.path)
    #expect(Set(doors.compactMap { abouts[$0] }).count == doors.count, "\(abouts)")
    #expect(abouts["/plans/0"] == abouts["/plans"] && abouts["/explorer/blocks/1"] == abouts["/explorer"])
    #expect(abouts["/cases/0"] == abouts["/notices"])
    let addresses = Set(pages.map(\.0))
    for needed in [
      "/", "/plans", "/plans/0", "/plans/1", "/notices", "/cases/0", "/cases/1", "/organisations", "/explorer",
      "/explorer/blocks/1", "/explorer/transactions/2", "/verify", "/how", "/how/ledger", "/how/endorsement",
      "/how/proof", "/how/promise",
    ] {
      #expect(addresses.contains(needed), "\(needed) is linked from nowhere")
    }
  }

  @Test("of random histories: no page fails, whatever happened", arguments: [1, 2, 3])
  func randomHistory(seed: UInt64) async throws {
    let (chain, state) = try Self.shown(seed: seed)
    let language = seed % 2 == 0 ? "zh" : "en"
    for (address, answer) in try await crawl(chain, language: language, limit: 300) {
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    }
    let records =
      (0..<state.memberships.count).map { "/members/\($0)" } + (0..<state.cases.count).map { "/cases/\($0)" }
    for (address, answer) in zip(records, try await chain.get(records)) {
      #expect(answer.status == .ok, "\(address)")
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    }
  }

  /// Apart from the test: typed throws within a coroutine crash the optimiser of Swift 6.3.1.
  private static func shown(seed: UInt64) throws -> (ShownChain, MutualAid) {
    var history = try RandomHistory(seed: seed, watching: .everybody)
    var fixture = try PageFixture(history.chain.network)
    for _ in 0..<80 { try fixture.add(try history.block()) }
    return (try fixture.show(history.chain), history.chain.state)
  }

  @Test("every entry of a log has a page")
  func entries() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let size = village.chain.chain.head.size
    let addresses = (0..<size).map { "/explorer/transactions/\($0)" }
    for (address, answer) in zip(addresses, try await chain.get(addresses)) {
      #expect(answer.status == .ok, "\(address)")
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    }
  }
}
