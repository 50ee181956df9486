import Foundation
import HTTPTypes
import Ledger
import MutualAid
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("The pages on how it works")
struct HowPagesTests {
  private static let server = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../Sources/Server").standardized
  private static let addresses = ["/how"] + HowPart.allCases.map(\.path)

  private static func file(_ path: String) throws -> String {
    try String(contentsOf: server.appendingPathComponent(path), encoding: .utf8)
  }

  /// The templates of these pages and their pictures, by name.
  private static func templates() throws -> [(name: String, text: String)] {
    try Site.templates.filter { $0.hasPrefix("how") || $0.hasPrefix("picture-") }.map {
      ($0, try file("Templates/\($0).mustache"))
    }
  }

  @Test("read well in both languages, lead through all parts in order, and run nothing", arguments: ["zh", "en"])
  func pages(language: String) async throws {
    var village = try Village()
    let chain = try village.show()
    var pictures = 0
    for (address, answer) in zip(Self.addresses, try await chain.get(Self.addresses.map { "\($0)?lang=\(language)" })) {
      #expect(answer.status == .ok, "\(address)")
      let check = HTMLCheck(answer.body)
      #expect(check.faults == [], "\(address)")
      for other in Self.addresses { #expect(check.links.contains("\(other)?lang=\(language)"), "\(address): \(other)") }
      #expect(answer.body.components(separatedBy: " aria-current=\"page\"").count == 2, "\(address)")
      #expect(!answer.body.contains("<script") && !answer.body.contains("<img"), "\(address)")
      #expect(!answer.body.contains("style=") && !answer.body.contains("fill="), "\(address)")
      pictures += answer.body.components(separatedBy: "<svg ").count - 1
    }
    #expect(pictures == 6)
    let following = try await chain.get(Self.addresses).map { answer in
      answer.body.firstMatch(of: /<p class="next"><a href="([a-z\/]+)">/).map { String($0.1) }
    }
    #expect(following == Self.addresses.dropFirst().map { $0 } + [nil])
  }

  @Test("a part that there is not is not found", arguments: ["nothing", "Ledger", "ledger/more", "%00"])
  func missing(part: String) async throws {
    var village = try Village()
    #expect(try await village.show().get("/how/\(part)").status == .notFound)
  }

  @Test("the example's figures are what the ledger would work out")
  func figures() async throws {
    let aid = try Amount(yuan: 300_000).micro
    let share = aid / 75_000_000
    #expect(share * 75_000_000 == aid)
    // Less than half a fen.
    #expect(2 * share < Amount.microPerFen)
    var village = try Village()
    let chain = try village.show()
    let catalogue = try Site().catalogue
    for language in [Language.zh, .en] {
      let texts = catalogue.texts(in: language)
      let left = texts.yuan(try Amount(yuan: 10).micro - share)
      let pages = try await chain.get(Self.addresses.map { "\($0)?lang=\(language.rawValue)" }).map(\.body)
      #expect(pages[0].contains("300,000") && pages[0].contains(language == .zh ? "7,500 万" : "75 million"))
      for figure in [texts.yuan(share), texts.yuan(10 * share), left] {
        #expect(pages[0].contains(figure), "\(figure)")
      }
      for page in [pages[2], pages[3], pages[4]] { #expect(page.contains(left)) }
      #expect(pages[3].contains("27"))
    }
  }

  @Test("the longest path is that of a real tree")
  func paths() throws {
    for size in 1...40 {
      let leaves = (0..<size).map { Hash.leaf([UInt8($0)]) }
      let longest = try (0..<size).map { try InclusionProof.build(index: UInt64($0), leaves: leaves).path.count }.max()
      #expect(HowPage.longestPath(size: UInt64(size)) == longest, "\(size)")
    }
    #expect(HowPage.longestPath(size: 100_000_000) == 27)
    #expect(HowPage.longestPath(size: .max) == 64 && HowPage.longestPath(size: 0) == 0)
  }

  @Test("say how many organisations sign this very ledger, and how it stands")
  func own() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let head = village.chain.chain.head
    let pages = try await chain.get(Self.addresses.map { "\($0)?lang=en" }).map(\.body)
    #expect(!pages[0].contains("The figures on this page"))
    #expect(pages[1].contains("<dd>\(Numbers.grouped(village.chain.chain.height))</dd>"))
    #expect(pages[1].contains("<dd>\(Numbers.grouped(head.size))</dd>"))
    #expect(pages[1].contains("<code>\(head.root)</code>"))
    #expect(pages[2].contains("Each of 4 organisations") && pages[2].contains("at least 3 have come"))
    #expect(pages[3].contains("This ledger has \(Numbers.grouped(head.size)) entries"))
    #expect(pages[4].contains("unless more than 1 of them lie") && pages[4].contains("If more than that lie"))

    var alone = try Village(endorsers: 1)
    let single = try await alone.show().get(["/how/endorsement?lang=en", "/how/promise?lang=en"]).map(\.body)
    #expect(single[0].contains("Only one organisation signs at present"))
    #expect(single[1].contains("If that one lies") && !single[1].contains("more than"))
  }

  @Test("are linked from where somebody may wonder")
  func links() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let home = try await chain.get("/?lang=en").body
    #expect(home.components(separatedBy: "<a href=\"/how?lang=en\">").count == 3)
    for address in ["/verify?lang=en", "/members/1?lang=en"] {
      let page = try await chain.get(address).body
      #expect(page.contains("<a href=\"/how/proof?lang=en\">"), "\(address)")
      #expect(page.contains("<a href=\"/how?lang=en\">"), "\(address)")
    }
    let missing = try await chain.get("/nowhere?lang=en", headers: [.accept: "text/html"])
    #expect(missing.body.contains("<a href=\"/how?lang=en\">"))
  }

  @Test("their templates hold no words, and pictures only what the style sheet colours")
  func drawings() throws {
    let style = try Self.file("Assets/style.css")
    let templates = try Self.templates()
    #expect(templates.count == 12)
    for (name, text) in templates {
      let shown = text.replacing(/\{\{[^}]*\}\}/, with: " ").replacing(/<[^>]*>/, with: " ")
      for word in shown.split(whereSeparator: \.isWhitespace) {
        // A figure, or a fingerprint of four characters.
        #expect(word.wholeMatch(of: /[0-9]+|[0-9a-f]{4}/) != nil, "\(name): \(word)")
      }
      guard name.hasPrefix("picture-") else { continue }
      for classes in text.matches(of: /\sclass="([^"]*)"/) {
        for one in classes.1.split(separator: " ") where one != "picture" && one != "hint" {
          #expect(style.contains(".\(one) ") || style.contains(".\(one),"), "\(name): \(one)")
        }
      }
      // Nothing outside of the drawing, and no more than a phone's width.
      let box = try #require(text.firstMatch(of: /viewBox="0 0 ([0-9]+) ([0-9]+)"/))
      let (width, height) = (try #require(Double(box.1)), try #require(Double(box.2)))
      #expect(width <= 340, "\(name)")
      for place in text.matches(of: /\s(?:x|cx)="([0-9.]+)"/) { #expect(Double(place.1) ?? -1 <= width, "\(name)") }
      for place in text.matches(of: /\s(?:y|cy)="([0-9.]+)"/) { #expect(Double(place.1) ?? -1 <= height, "\(name)") }
    }
  }

  @Test("a page changed in the picture no longer fits the next one's copy, and unchanged it does")
  func fingerprints() throws {
    func codes(_ name: String) throws -> [String] {
      try Self.file("Templates/\(name).mustache").matches(of: /class="code"[^>]*>([0-9a-f]{4})</).map { String($0.1) }
    }
    // Copy and own fingerprint of each page, from left to right.
    let whole = try codes("picture-chain")
    #expect(whole.count == 6 && whole[1] == whole[2] && whole[3] == whole[4])
    let changed = try codes("picture-tamper")
    #expect(changed.count == 6 && changed[1] != changed[2] && changed[3] == changed[4])
    #expect(Array(changed[2...]) == Array(whole[2...]) && changed[0] == whole[0])
    let catalogue = try Site().catalogue
    for language in 0...1 {
      let chain = try #require(catalogue.entries["how_picture_chain_text"])[language]
      #expect(chain.contains(whole[1]) && chain.contains(whole[3]))
      let tamper = try #require(catalogue.entries["how_picture_tamper_text"])[language]
      #expect(tamper.contains(changed[1]) && tamper.contains(changed[2]))
    }
  }
}
