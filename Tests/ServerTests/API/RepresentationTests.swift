import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Node
import TestSupport
import Testing

@testable import Server

@Suite("How answers are given: pages of lists, tags, compression, methods, header fields")
struct RepresentationTests {
  @Test("a list is walked by the Link field, every record once, filters kept")
  func paging() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let height = Int(village.chain.chain.height)
    try await ServerProbe.with([chain]) { server in
      func walk(_ address: String, _ name: String) async throws -> [Int] {
        var found: [Int] = []
        var next: String? = address
        while let address = next {
          let page = try await server.get(address)
          #expect(page.status == .ok, "\(address)")
          found += try page.numbers(name)
          let link = page.headers[.link]
          next = link?.firstMatch(of: /^<(\/v1\/[^>]+)>; rel="next"$/).map { String($0.1) }
          #expect((link == nil) == (next == nil), "\(link ?? "")")
          // The member says the same as the field.
          #expect((try page.object()["next"] as? String == nil) == (next == nil))
          #expect(found.count < 1_000)
        }
        return found
      }
      #expect(try await walk("/v1/blocks?limit=2", "height") == Array((1...height).reversed()))
      #expect(try await walk("/v1/cases?limit=1&plan=0", "case") == [2, 1, 0])
      #expect(try await walk("/v1/cases?limit=1&plan=1", "case") == [])
      #expect(try await walk("/v1/notices?limit=1", "notice") == [1, 0])
      #expect(try await walk("/v1/plans?limit=1", "plan") == [1, 0])
      let all = try await walk("/v1/transactions?limit=200", "index")
      #expect(all.count > 12 && all == all.sorted(by: >) && Set(all).count == all.count)
      #expect(try await walk("/v1/transactions?limit=3", "index") == all)
      let about = try await walk("/v1/transactions?limit=1&plan=0", "index")
      #expect(about.count > 2 && Set(about).isSubset(of: all))
    }
  }

  @Test("a link repeats nothing that a stranger put into the address")
  func harmlessLink() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let bent = "/v1/cases?limit=1&plan=0&evil=%3E%0d%0aSet-Cookie:x&chain=aid%00"
      try await server.refuses(bent, "404 http.not_found")
      for odd in ["//v1/cases", "/v1//cases", "/v1/cases/", "/v1/cases//0", "/v1/cases/0/"] {
        try await server.refuses(odd, "404 http.not_found")
      }
      let page = try await server.get("/v1/cases?limit=1&evil=%3E%0d%0aSet-Cookie:x")
      #expect(page.headers[.link] == "</v1/cases?limit=1&cursor=2>; rel=\"next\"")
      #expect(page.headers[.setCookie] == nil)
    }
  }

  private static let representations = [
    "/v1/chains", "/v1/plans", "/v1/cases/0", "/v1/members/0", "/v1/members/0/statement", "/v1/receipts/2",
    "/v1/receipts/2.tlog-proof", "/v1/proofs/memberships/0", "/v1/blocks/1", "/log/aid/checkpoint", "/log/aid/policy",
    "/openapi.yaml", "/plans/0", "/feeds/notices.atom", "/feeds/settlements.atom?lang=en",
  ]

  @Test("who has the answer gets 304 with its tag and no body", arguments: representations)
  func tags(address: String) async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let first = try await server.get(address)
      #expect(first.status == .ok)
      let tag = try #require(first.headers[.eTag])
      #expect(first.headers[.cacheControl] == "no-cache")
      #expect(first.headers[.vary]?.contains("Accept-Encoding") == true)
      for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
        let again = try await server.get(address, headers: [.ifNoneMatch: known])
        #expect(again.status == .notModified && again.bytes.isEmpty, "\(known)")
        #expect(again.headers[.eTag] == tag && again.headers[.contentType] == nil)
        #expect(again.headers[.contentLength] == nil, "304 has no body to tell the length of")
        // The fields by which a cache decides are those of the answer itself.
        #expect(again.headers[.vary] == first.headers[.vary])
        #expect(again.headers[.cacheControl] == first.headers[.cacheControl])
      }
      let other = try await server.get(address, headers: [.ifNoneMatch: "\"other\""])
      #expect(other.status == .ok && other.bytes == first.bytes)
    }
  }

  @Test("HEAD says what GET would, without the body", arguments: representations)
  func head(address: String) async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let get = try await server.get(address)
      let head = try await server.ask(.head, address)
      #expect(head.status == .ok && head.bytes.isEmpty)
      #expect(head.headers[.contentLength] == "\(get.bytes.count)")
      for name in [HTTPField.Name.eTag, .contentType, .vary, .cacheControl, .contentSecurityPolicy] {
        #expect(head.headers[name] == get.headers[name], "\(name)")
      }
      let known = try await server.ask(.head, address, headers: [.ifNoneMatch: try #require(get.headers[.eTag])])
      #expect(known.status == .notModified)
    }
  }

  @Test("long answers are compressed for who asks, and say so")
  func compression() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      for address in ["/v1/members/0/statement", "/openapi.yaml", "/plans/0", "/v1/plans", "/feeds/notices.atom"] {
        let plain = try await server.get(address)
        #expect(plain.bytes.count >= 1024 && plain.headers[.contentEncoding] == nil, "\(address)")
        for accepted in ["gzip", "br, gzip;q=0.5", "deflate, gzip"] {
          let packed = try await server.get(address, headers: [.acceptEncoding: accepted])
          #expect(packed.headers[.contentEncoding] == "gzip", "\(address) \(accepted)")
          #expect(packed.bytes.count < plain.bytes.count / 2 + 400)
          #expect(packed.headers[.contentLength] == "\(packed.bytes.count)")
          #expect(try Gunzip.expand(packed.bytes) == plain.bytes)
          // The same content in other bytes: only weakly the same.
          #expect(packed.headers[.eTag] == "W/" + (plain.headers[.eTag] ?? ""))
        }
        for refused in ["", "identity", "gzip;q=0", "gzip;q=0.0", "br", "*;q=0"] {
          let answer = try await server.get(address, headers: [.acceptEncoding: refused])
          #expect(answer.headers[.contentEncoding] == nil && answer.bytes == plain.bytes, "\(refused)")
        }
      }
      // Short ones, and files whose bytes are fixed, stay as they are.
      for address in ["/v1/chains", "/log/aid/tile/entries/000.p/\(chain.view?.head.size ?? 0)"] {
        let answer = try await server.get(address, headers: [.acceptEncoding: "gzip"])
        #expect(answer.status == .ok && answer.headers[.contentEncoding] == nil, "\(address)")
      }
    }
  }

  @Test("a path with another method: 405 and what would do")
  func methods() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let paths = [
      "/", "/plans", "/plans/0", "/notices", "/cases/0", "/members/0", "/organisations", "/explorer", "/search",
      "/explorer/blocks/1", "/explorer/transactions/1", "/how", "/how/proof", "/assets/style.css", "/v1/chains",
      "/v1/plans", "/v1/plans/0", "/v1/notices", "/v1/cases", "/v1/cases/0", "/v1/settlements", "/v1/settlements/0",
      "/v1/organisations", "/v1/organisations/0", "/v1/proposals", "/v1/members", "/v1/members/0",
      "/v1/members/0/statement", "/v1/transactions/1", "/v1/receipts/1", "/v1/blocks", "/v1/blocks/1",
      "/v1/proofs/plans/0", "/v1/events", "/log/aid/checkpoint", "/log/aid/tile/0/000", "/healthz", "/readyz",
      "/metrics", "/openapi.yaml",
      "/feeds/notices.atom",
    ]
    let odd = try ["TRACE", "PROPFIND", "QUERY", "get"].map { try #require(HTTPRequest.Method($0)) }
    try await ServerProbe.with([chain]) { server in
      for path in paths {
        for method in [.post, .put, .patch, .delete, .options] + odd {
          let answer = try await server.ask(method, path)
          #expect(answer.status == .methodNotAllowed, "\(method) \(path)")
          #expect(answer.headers[.allow] == "GET, HEAD", "\(method) \(path)")
          #expect(try answer.code() == "http.method_not_allowed")
        }
      }
      let submissions = try await server.ask(.put, "/v1/transactions")
      #expect(submissions.status == .methodNotAllowed && submissions.headers[.allow] == "GET, HEAD, POST")
      // Where there is nothing, no method helps.
      for method in [.post, .delete] + odd {
        #expect(try await server.ask(method, "/nowhere").status == .notFound)
        #expect(try await server.ask(method, "/v1/plans/0/nowhere").status == .notFound)
        #expect(try await server.ask(method, "/log").status == .notFound)
      }
      let browser = try await server.ask(.post, "/plans?lang=en", headers: [.accept: "text/html"])
      #expect(browser.status == .methodNotAllowed && browser.headers[.allow] == "GET, HEAD")
      #expect(browser.headers[.contentType] == "text/html; charset=utf-8")
    }
  }

  @Test("every answer, page or not, error or not, forbids what we never meant")
  func safety() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let html: HTTPFields = [.accept: "text/html,*/*;q=0.8"]
    try await ServerProbe.with([chain], metrics: PrometheusRegistry()) { server in
      let answers = [
        try await server.get("/", headers: html), try await server.get("/plans/0", headers: html),
        try await server.get("/nowhere", headers: html), try await server.get("/plans/x", headers: html),
        try await server.get("/v1/plans"), try await server.get("/v1/plans/77"), try await server.get("/nowhere"),
        try await server.ask(.delete, "/v1/plans"), try await server.ask(.post, "/v1/transactions", body: [1]),
        try await server.get("/log/aid/checkpoint"), try await server.get("/log/../etc/passwd"),
        try await server.get("/assets/style.css"), try await server.get("/healthz"), try await server.get("/metrics"),
        try await server.get("/openapi.yaml"), try await server.ask(.head, "/v1/events"),
        try await server.get("/plans", headers: [.ifNoneMatch: "*"]),
      ]
      for answer in answers {
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        let rules = Dictionary(
          uniqueKeysWithValues: policy.split(separator: ";").map { rule in
            let words = rule.split(separator: " ").map { String($0) }
            return (words[0], Array(words.dropFirst()))
          })
        #expect(rules["default-src"] == ["'none'"] && rules["base-uri"] == ["'none'"])
        #expect(rules["frame-ancestors"] == ["'none'"] && rules["form-action"] == ["'self'"])
        // Nothing inline, nothing evaluated, nothing from elsewhere.
        for (_, sources) in rules {
          #expect(Set(sources).isSubset(of: ["'none'", "'self'", "data:"]), "\(policy)")
        }
        #expect(rules["script-src"] == ["'self'"])
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.xFrameOptions] == "DENY")
        #expect(answer.headers[.referrerPolicy] == "no-referrer")
        #expect(answer.headers[.permissionsPolicy]?.contains("camera=()") == true)
        #expect(answer.headers[.crossOriginOpenerPolicy] == "same-origin")
        #expect(answer.headers[.server] == nil)
      }
    }
  }

  @Test("an unknown address is a page for a browser and a problem document for a program")
  func unknown() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let page = try await server.get("/nowhere?lang=zh", headers: [.accept: "text/html"])
      #expect(page.status == .notFound && page.headers[.contentType] == "text/html; charset=utf-8")
      #expect(page.text.contains("<html lang=\"zh-CN\">"))
      try await server.refuses("/nowhere", "404 http.not_found")
      try await server.refuses("/v1/nowhere", "404 http.not_found", headers: [.accept: "text/html"])
      try await server.refuses("/log/nowhere", "404 http.not_found", headers: [.accept: "text/html"])
    }
  }
}
