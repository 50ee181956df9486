import Foundation
import HTTPTypes
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("The page for shops")
struct PartnerPageTests {
  private static let server = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../Sources/Server").standardized

  private static func scripts() throws -> [String: String] {
    let folder = server.appendingPathComponent("Assets/partner")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try Dictionary(
      uniqueKeysWithValues: files.filter { $0.pathExtension == "js" }.map {
        ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
      })
  }

  @Test("offers the open channels, runs scripts of this site only, and reads well", arguments: ["zh", "en"])
  func page(language: String) async throws {
    var scene = try GreenScene(indexes: [])
    defer { scene.remove() }
    let chain = scene.village.chain.chain.id.description
    let empty = language == "zh" ? "列表是空的" : "the list is empty"
    try await scene.with { server in
      let page = try await server.get("/hearts/partner?lang=\(language)")
      #expect(page.status == .ok)
      #expect(page.headers[.contentSecurityPolicy] == SafetyMiddleware.policy + "; worker-src 'self'")
      #expect(page.text.contains("<option value=\"0:650\">") && page.text.contains("data-chain=\"\(chain)\""))
      #expect(page.text.components(separatedBy: "<script").count == 2)
      #expect(page.text.contains(language == "zh" ? ">伙伴 0：650 分<" : ">Partner 0: 650<"))
      #expect(!page.text.contains(empty))
      #expect(HTMLCheck(page.text).faults == [])
      let overview = try await server.get("/hearts?lang=\(language)")
      #expect(overview.text.contains("href=\"/hearts/partner?lang=\(language)"))
    }
    let shop = try HeartVillage.person(99)
    try scene.village.perform(Hearts.closeChannel(0), by: shop)
    try await scene.with { server in
      let page = try await server.get("/hearts/partner?lang=\(language)")
      #expect(!page.text.contains("<option") && page.text.contains(empty))
      #expect(HTMLCheck(page.text).faults == [])
    }
  }

  @Test("each script is served, and the worker keeps them and what they share with the other page")
  func scripts() async throws {
    var scene = try GreenScene(indexes: [])
    defer { scene.remove() }
    let scripts = try Self.scripts()
    let worker = try #require(scripts["worker.js"])
    func names(_ list: String) throws -> [String] {
      let found = try #require(worker.firstMatch(of: try Regex("const \(list) = \\[([^\\]]*)\\]"))?[1].substring)
      return found.matches(of: /"([a-z0-9]+)"/).map { "\($0.1).js" }
    }
    #expect(try names("OWN").sorted() == scripts.keys.filter { $0 != "worker.js" }.sorted())
    // What scripts of the other page are loaded, and what those load themselves.
    let verify = Self.server.appendingPathComponent("Assets/verify")
    var (waiting, needed) = (Array(scripts.values), Set<String>())
    while let text = waiting.popLast() {
      for found in text.matches(of: /from "(\.\.?)\/(?:verify\/)?([a-z0-9]+\.js)"/) where found.1 == ".." {
        needed.insert(String(found.2))
      }
    }
    var open = Array(needed)
    while let name = open.popLast() {
      let text = try String(contentsOf: verify.appendingPathComponent(name), encoding: .utf8)
      for found in text.matches(of: /from "\.\/([a-z0-9]+\.js)"/) where needed.insert(String(found.1)).inserted {
        open.append(String(found.1))
      }
    }
    #expect(try names("SHARED").sorted() == needed.sorted())
    try await scene.with { server in
      for (name, text) in scripts {
        let answer = try await server.get("/partner/\(name)")
        #expect(answer.status == .ok && answer.text == text, "\(name)")
        #expect(answer.headers[.serviceWorkerAllowed] == (name == "worker.js" ? "/hearts/partner" : nil))
      }
      let missing = try await server.get("/partner/nothing.js")
      #expect(missing.status == .notFound)
    }
  }

  @Test("scripts make no markup out of text, and say only what stands in the page")
  func words() throws {
    let template = try String(
      contentsOf: Self.server.appendingPathComponent("Templates/partner.mustache"), encoding: .utf8)
    let given = Set(template.matches(of: /<data value="([a-z0-9_]+)">/).map { String($0.1) })
    var said: Set<String> = ["reached", "reached_text", "not_reached", "not_reached_text"]
    for (name, text) in try Self.scripts() {
      said.formUnion(text.matches(of: /say\("([a-z0-9_]+)"/).map { String($0.1) })
      for banned in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "://"] {
        #expect(!text.contains(banned), "\(name) has \(banned)")
      }
    }
    #expect(said.count > 10 && said.subtracting(given) == [])
  }
}
