import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import TestSupport
import Testing

@testable import Server

@Suite("The page that checks files")
struct VerifyPageTests {
  private static let server = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../Sources/Server").standardized

  /// The scripts by name.
  private static func scripts() throws -> [String: String] {
    let folder = server.appendingPathComponent("Assets/verify")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try Dictionary(
      uniqueKeysWithValues: files.filter { $0.pathExtension == "js" }.map {
        ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
      })
  }

  private static func template() throws -> String {
    try String(contentsOf: server.appendingPathComponent("Templates/verify.mustache"), encoding: .utf8)
  }

  @Test("runs scripts of this site only, none of them inline, and a worker; other pages keep their policy")
  func policy() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let page = try await server.get("/verify?lang=en")
      #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8")
      #expect(page.headers[.contentSecurityPolicy] == SafetyMiddleware.policy + "; worker-src 'self'")
      #expect(page.text.contains("<script type=\"module\" src=\"/verify/page.js\"></script>"))
      #expect(page.text.components(separatedBy: "<script").count == 2)
      #expect(page.text.contains("tongzhou verify receipt.json --genesis CHAIN-ID --policy policy"))
      // It works without a network too, and shows no figures.
      #expect(!page.text.contains("The figures on this page"))
      #expect(HTMLCheck(page.text).faults == [])
      let tag = try #require(page.headers[.eTag])
      #expect(try await server.get("/verify?lang=en", headers: [.ifNoneMatch: tag]).status == .notModified)
      for other in ["/", "/plans", "/verify/page.js", "/nowhere"] {
        #expect(try await server.get(other).headers[.contentSecurityPolicy] == SafetyMiddleware.policy)
      }
    }
  }

  @Test("each script is served as one, and asked for anew each time")
  func scripts() async throws {
    var village = try Village()
    let chain = try village.show()
    let scripts = try Self.scripts()
    #expect(scripts.count > 20)
    try await ServerProbe.with([chain]) { server in
      for (name, text) in scripts {
        let answer = try await server.get("/verify/\(name)")
        #expect(answer.status == .ok && answer.text == text, "\(name)")
        #expect(answer.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "no-cache")
        let tag = try #require(answer.headers[.eTag])
        let again = try await server.get("/verify/\(name)", headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified && again.bytes.isEmpty)
        let allowed = answer.headers[.serviceWorkerAllowed]
        #expect(allowed == (name == "worker.js" ? "/verify" : nil), "\(name)")
      }
      let packed = try await server.get("/verify/page.js", headers: [.acceptEncoding: "gzip"])
      #expect(packed.headers[.contentEncoding] == "gzip")
      for missing in ["nothing.js", "package.json", "page", "..%2Fstyle.css", "%00"] {
        #expect(try await server.get("/verify/\(missing)").status == .notFound, "\(missing)")
      }
    }
  }

  @Test("the worker keeps every script that the page loads")
  func kept() throws {
    let scripts = try Self.scripts()
    let worker = try #require(scripts["worker.js"])
    let list = try #require(worker.firstMatch(of: /const FILES = \[([^\]]*)\]/)?.1)
    let kept = list.matches(of: /"([a-z0-9]+)"/).map { "\($0.1).js" }
    #expect(kept.sorted() == scripts.keys.filter { !["worker.js", "keep.js"].contains($0) }.sorted())
    let page = try ModuleFiles(Self.server.appendingPathComponent("Assets/verify"))
    #expect(page.pageModules == kept.sorted())
  }

  @Test("scripts use each other and nothing else, and make no markup out of text")
  func closed() throws {
    let scripts = try Self.scripts()
    for (name, text) in scripts {
      for found in text.matches(of: /(?m)^(?:import|export)\b[^;]*?\bfrom "([^"]*)"/) {
        let target = String(found.1)
        #expect(target.hasPrefix("./") && scripts[String(target.dropFirst(2))] != nil, "\(name): \(target)")
      }
      for banned in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "://"] {
        #expect(!text.contains(banned), "\(name) has \(banned)")
      }
      // A type in a comment may name a file; a script that is loaded may not.
      let loaded = text.split(separator: "\n").filter { !$0.contains("*") && $0.contains("import(") }
      #expect(loaded.isEmpty, "\(name)")
    }
  }

  @Test("every text that a script says stands in the page")
  func words() throws {
    let given = Set(try Self.template().matches(of: /<data value="([a-z0-9_]+)">/).map { String($0.1) })
    var said: Set<String> = []
    for (name, text) in try Self.scripts() where name != "words.js" {
      said.formUnion(text.matches(of: /(?:say|#alarm|#note)\(\s*"([a-z0-9_]+)"/).map { String($0.1) })
      // Steps are named where they are run.
      for step in text.matches(of: /steps\.run\("([a-z]+)"/) {
        said.formUnion(["step_\(step.1)", "step_\(step.1)_text"])
      }
      // So are the reasons to refuse a file.
      for code in text.matches(of: /"proof\.([a-z_]+)"/) { said.formUnion(["code_\(code.1)", "code_\(code.1)_text"]) }
    }
    #expect(said.count > 80)
    #expect(said.subtracting(given) == [])
  }

  @Test("is linked from every page, and from a member and a transaction with the file to check")
  func links() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let home = try await chain.get("/?lang=en")
    #expect(home.body.contains("<a href=\"/verify?lang=en\">Check a file yourself</a>"))
    let member = try await chain.get("/members/1", headers: [.cookie: "lang=en"])
    #expect(member.body.contains("<a href=\"/verify?file=%2Fv1%2Fmembers%2F1%2Fstatement\">"))
    let open = "<a href=\"/verify?file=%2Fv1%2Fmembers%2F1%2Fstatement%3Fcases%3Dall\">"
    #expect(member.body.contains(open))
    let transaction = try await chain.get("/explorer/transactions/2", headers: [.cookie: "lang=en"])
    let hash = try #require(transaction.body.firstMatch(of: /href="\/v1\/receipts\/([0-9a-f]{64})"/)?.1)
    #expect(transaction.body.contains("<a href=\"/verify?file=%2Fv1%2Freceipts%2F\(hash)\">"))
  }

  @Test("an address in the query goes along to the other language, and nowhere else")
  func address() async throws {
    var village = try Village()
    let chain = try village.show()
    let page = try await chain.get("/verify?file=/v1/receipts/1&lang=zh").body
    #expect(page.contains("href=\"/verify?file=%2Fv1%2Freceipts%2F1&amp;lang=en\""))
    let hostile = try await chain.get("/verify?file=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").body
    #expect(hostile.components(separatedBy: "<script").count == 2 && !hostile.contains("alert(1)"))
  }

  @Test("names every action that a receipt can hold", arguments: ["zh", "en"])
  func actions(language: String) async throws {
    var village = try Village()
    let page = try await village.show().get("/verify?lang=\(language)").body
    let contracts = /<data value="tx:(?:mutual-aid|consortium|hearts):[0-9]+">([^<]+)<\/data>/
    let names = page.matches(of: contracts).map { $0.1 }
    #expect(names.count > 65)
    let join = language == "zh" ? "加入计划" : "Somebody joined"
    #expect(page.contains("<data value=\"tx:mutual-aid:2\">\(join)</data>"))
  }
}
