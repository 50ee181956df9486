import HTTPTypes
import HeartChain
import Ledger
import Node
import TestSupport
import Testing
import TongzhouClient

@testable import Server

@Suite("Addresses of pages of hearts")
struct HeartAddressTests {
  @Test("strange addresses get a page that says so, with the right status")
  func errors() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let wanted: [(String, HTTPResponse.Status)] = [
      ("/hearts/gifts/5", .notFound), ("/hearts/gifts/x", .badRequest), ("/hearts/gifts/-1", .badRequest),
      ("/hearts/gifts/00", .badRequest), ("/hearts/gifts/18446744073709551615", .notFound),
      ("/hearts/gifts/18446744073709551616", .badRequest), ("/hearts/gifts/%2e%2e", .badRequest),
      ("/hearts/lots/99", .notFound), ("/hearts/lots/4294967296", .notFound), ("/hearts/lots/a", .badRequest),
      ("/hearts/gifts/99/way.svg", .notFound), ("/hearts/lots/x/way.svg", .badRequest),
      // Attendance has no way.
      ("/hearts/gifts/\(GivenRice.lesson)/way.svg", .notFound),
      ("/hearts/gifts/0?before=x", .badRequest),
      ("/hearts/me?address=\(try GivenRice.address())&before=-1", .badRequest),
      ("/hearts?chain=nowhere", .notFound),
    ]
    for ((address, status), answer) in zip(wanted, try await chain.get(wanted.map(\.0))) {
      #expect(answer.status == status, "\(address)")
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    }
  }

  @Test("hostile queries stay text, and cursors beyond either end never fail")
  func hostile() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let address = try GivenRice.address()
    var addresses: [String] = []
    for query in [
      "%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%22%CC%81+autofocus+onfocus=x", "%F0%28%8C%BC", "%00%01", "%",
      "+%2B&q=2", String(repeating: "%E7%97%85", count: 100), "gift+", "18446744073709551616", "a=b=c",
    ] {
      addresses += ["/hearts/search?q=\(query)", "/hearts/me?address=\(query)", "/hearts/give?address=\(query)"]
    }
    for cursor in ["0", "1", "2", "4294967296", "18446744073709551615"] {
      addresses += [
        "/hearts/me?address=\(address)&before=\(cursor)", "/hearts/gifts/0?before=\(cursor)",
        "/hearts/lots/1?before=\(cursor)",
      ]
    }
    for (address, answer) in zip(addresses, try await chain.get(addresses)) {
      #expect(answer.status == .ok, "\(address)")
      #expect(HTMLCheck(answer.body).faults == [], "\(address)")
      #expect(!answer.body.contains("<script>alert"), "\(address)")
    }
  }

  @Test("a claim code or a key that somebody searches for is not repeated", arguments: ["zh", "en"])
  func secrets(language: String) async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let (code, key) = (ClaimCode.random().text, BackupSecret.random().text)
    #expect(code.hasPrefix("tzcode1") && key.hasPrefix("tzkey1"))
    // Whole, mistyped, in capitals, in two pieces, in a sentence, as another's cursor.
    let texts = [
      code, key, String(code.dropLast(3)), key.uppercased(), "\(key.prefix(4))+\(key.dropFirst(4))", "gift+\(code)",
    ]
    for path in ["/hearts/search", "/search"] {
      let addresses = texts.map { "\(path)?q=\($0)" }
      let answers = try await chain.get(addresses, headers: [.cookie: "lang=\(language)"])
      for (text, answer) in zip(texts, answers) {
        #expect(answer.status == .ok, "\(path)")
        let hidden = String(text.suffix(12)).lowercased()
        #expect(!answer.body.lowercased().contains(hidden), "\(path)")
        #expect(answer.body.contains(language == "zh" ? "这像是认领码或密钥" : "This looks like a claim code or a key"))
        #expect(HTMLCheck(answer.body).faults == [])
      }
      let usual = try await chain.get("\(path)?q=school")
      #expect(usual.body.contains("value=\"school\"") && usual.body.contains("q=school"))
      #expect(!usual.body.contains("这像是认领码或密钥"))
    }
    let cursor = try await chain.get("/hearts/search?q=1&file=\(code)")
    #expect(!cursor.body.contains(code))
  }

  @Test("every link of a chain of hearts leads to a page that reads well", arguments: ["zh", "en"])
  func crawl(language: String) async throws {
    var given = try GivenRice()
    let chain = try given.show()
    var seen: Set<String> = ["/hearts"]
    var waiting = ["/hearts", "/hearts/me?address=\(try GivenRice.address())"]
    var found: Set<String> = []
    while !waiting.isEmpty, found.count < 400 {
      let answers = try await chain.get(waiting, headers: [.cookie: "lang=\(language)"])
      var next: [String] = []
      for (address, answer) in zip(waiting, answers) {
        found.insert(address)
        #expect(answer.status == .ok, "\(address)")
        guard answer.headers[.contentType]?.hasPrefix("text/html") == true else { continue }
        let check = HTMLCheck(answer.body)
        #expect(check.faults == [], "\(address)")
        for link in check.links {
          let page = String(link.prefix { $0 != "#" }).replacing("&amp;", with: "&")
          // The interface and the log's files are others'; drawings have tests of their own.
          guard !["/v1/", "/log/", "/verify?"].contains(where: page.hasPrefix), !page.contains("lang="),
            page.hasPrefix("/")
          else { continue }
          if seen.insert(page).inserted { next.append(page) }
        }
      }
      waiting = next
    }
    for needed in [
      "/hearts", "/hearts/give", "/hearts/me", "/hearts/gifts/0", "/hearts/lots/2", "/organisations", "/explorer",
    ] {
      #expect(found.contains(needed), "\(needed) is linked from nowhere")
    }
  }

  @Test("beside a chain of mutual aid, hearts have a place in the menu and links stay on their chain")
  func twoChains() async throws {
    var village = try Village()
    var given = try GivenRice()
    let chains: [any ServedChain] = [try village.show(), try given.show()]
    let answers = try await Pages.get(
      ["/?lang=en", "/hearts?lang=en", "/hearts/gifts/0?lang=en", "/organisations?chain=heart&lang=en"], of: chains)
    #expect(answers.allSatisfy { $0.status == .ok })
    #expect(answers[0].body.contains("<a href=\"/hearts?lang=en\">Hearts</a>"))
    #expect(answers[0].body.contains("Every gram, fen and tree"))
    #expect(answers[1].body.contains("href=\"/hearts/gifts/0?lang=en\""))
    #expect(answers[2].body.contains("chain=heart#organisation-2\"") || answers[2].body.contains("chain=heart&amp;"))
    #expect(answers[3].body.contains("school.example"))
    // A chain has no pages of what it does not hold.
    let aid = chains[0].name
    let strange = [
      "/hearts?chain=\(aid)", "/hearts/give?chain=\(aid)", "/hearts/me?chain=\(aid)", "/hearts/search?chain=\(aid)",
      "/hearts/gifts/0?chain=\(aid)", "/hearts/lots/0/way.svg?chain=\(aid)", "/hearts/charities?chain=\(aid)",
      "/hearts/projects?chain=\(aid)", "/hearts/projects/0?chain=\(aid)", "/hearts/signs?chain=\(aid)",
      "/hearts/signs.atom?chain=\(aid)", "/hearts/partner?chain=\(aid)", "/plans?chain=heart", "/plans/0?chain=heart",
      "/notices?chain=heart", "/cases/0?chain=heart", "/members/0?chain=heart", "/feeds/notices.atom?chain=heart",
    ]
    for (address, answer) in zip(strange, try await Pages.get(strange, of: chains)) {
      #expect(answer.status == .notFound, "\(address)")
    }
    for address in ["/?chain=heart", "/hearts/partner", "/explorer?chain=heart", "/plans?chain=\(aid)"] {
      #expect(try await Pages.get([address], of: chains)[0].status == .ok, "\(address)")
    }
    // A chain of hearts alone leads nobody to plans.
    let hearts = try await Pages.get(["/", "/plans"], of: [chains[1]])
    #expect(hearts[0].status == .ok && !hearts[0].body.contains("href=\"/plans") && hearts[1].status == .notFound)
    #expect(!hearts[0].body.contains("/feeds/notices.atom"))
    // Its first page is that of hearts, in both languages, and the menu has it once.
    for language in ["zh", "en"] {
      let pages = try await Pages.get(["/?lang=\(language)", "/hearts?lang=\(language)"], of: [chains[1]])
      func main(_ page: Answer) -> Substring? { page.body.split(separator: "<main").last }
      #expect(main(pages[0]) == main(pages[1]) && pages[0].body.contains("href=\"/hearts/gifts/0?lang=\(language)\""))
      #expect(pages[0].body.contains("<a href=\"/hearts?lang=\(language)\" aria-current=\"page\">"))
      #expect(pages[0].body.ranges(of: "href=\"/?lang=\(language)\"").count == 1, "the name alone")
    }
    let named = try await Pages.get(["/?chain=heart&lang=en"], of: chains)
    #expect(named[0].body.contains("href=\"/hearts/give?"))
    // Alone, a chain of mutual aid has no such place.
    let alone = try await Pages.get(["/?lang=en", "/hearts"], of: [chains[0]])
    #expect(!alone[0].body.contains("/hearts") && alone[1].status == .notFound)
  }
}
