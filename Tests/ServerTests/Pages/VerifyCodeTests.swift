import HTTPTypes
import Hummingbird
import Ledger
import MutualAid
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server
@testable import TongzhouClient

@Suite("QR codes with the address of the page that checks")
struct VerifyCodeTests {
  private static func code(_ address: String) throws -> String {
    try #require(QRCode(Array(address.utf8), correction: .medium)).svg
  }

  @Test("members, cases and transactions have one, and their pages show it")
  func codes() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let hash = try #require(
      try chain.index.transactions(before: nil, limit: 1, sender: nil, subject: nil).first?.hash)
    try await ServerProbe.with([chain]) { server in
      for (code, page, file) in [
        ("/qr/members/1", "/members/1", "%2Fv1%2Fmembers%2F1%2Fstatement"),
        ("/qr/cases/0", "/cases/0", "%2Fv1%2Fproofs%2Fcases%2F0"),
        ("/qr/receipts/\(hash)", "/explorer/transactions/\(hash)", "%2Fv1%2Freceipts%2F\(hash)"),
      ] {
        let answer = try await server.get(code)
        #expect(answer.headers[.contentType] == "image/svg+xml")
        #expect(answer.headers[.cacheControl] == "private, max-age=3600")
        let host = try #require(
          ["localhost", "127.0.0.1"].first { host in
            (try? Self.code("http://\(host)/verify?file=\(file)")).map { Array($0.utf8) == answer.bytes } ?? false
          })
        #expect(!host.isEmpty)
        let again = try await server.ask(.get, code, headers: [.ifNoneMatch: try #require(answer.headers[.eTag])])
        #expect(again.status == .notModified)
        let html = try await chain.get(page).body
        #expect(html.contains("<img src=\"\(code)\" alt="), "\(page)")
      }
      for (odd, status) in [
        ("/qr/members/9999", HTTPResponse.Status.notFound), ("/qr/cases/9999", .notFound), ("/qr/plans/0", .notFound),
        ("/qr/receipts/\(Hash.zero)", .notFound), ("/qr/members/x", .notFound), ("/qr/receipts/1", .notFound),
      ] {
        #expect(try await server.ask(.get, odd).status == status, "\(odd)")
      }
    }
  }

  @Test("an address that the operator names stands in all of them, and everybody may keep them")
  func publicAddress() async throws {
    var village = try Village.full()
    var options = ServerApplication.Options()
    options.publicAddress = "https://aid.example"
    try await ServerProbe.with([try village.show()], options: options) { server in
      let answer = try await server.get("/qr/members/1")
      #expect(answer.headers[.cacheControl] == "public, max-age=86400")
      let wanted = try Self.code("https://aid.example/verify?file=%2Fv1%2Fmembers%2F1%2Fstatement")
      #expect(answer.bytes == Array(wanted.utf8))
    }
  }

  @Test("a shop's question is drawn as it is, kept by nobody; no other text is")
  func questions() async throws {
    var village = try Village.full()
    let chain = String(repeating: "0a", count: 32)
    let question = "urn:tongzhou:partner:\(chain):0:650:n-0S6_WzA2Mj"
    try await ServerProbe.with([try village.show()]) { server in
      let answer = try await server.get("/qr/questions/\(question)")
      let wanted = try Self.code(question)
      #expect(answer.bytes == Array(wanted.utf8) && answer.headers[.cacheControl] == "no-store")
      for odd in [
        "urn:tongzhou:partner:\(chain):0:0:n", "urn:tongzhou:partner:\(chain):00:650:n",
        "urn:tongzhou:partner:\(chain):0:650:", "urn:tongzhou:partner:\(chain.uppercased()):0:650:n",
        "urn:tongzhou:partner:ab:0:650:n", "urn:tongzhou:shop:\(chain):0:650:n",
        "urn:tongzhou:partner:\(chain):0:650:n.n", "urn:tongzhou:partner:\(chain):4294967296:650:n",
        "urn:tongzhou:partner:\(chain):0:650:" + String(repeating: "n", count: 600), "hello", "0",
      ] {
        let refused = try await server.ask(.get, "/qr/questions/\(odd)")
        #expect(refused.status == .notFound, "\(odd)")
      }
    }
  }

  @Test("a host that is none gets into no picture", arguments: ["a b", "a/b", "a@b", "a?b", "\u{e9}", ""])
  func hosts(host: String) {
    let origin = VerifyCode.Origin()
    let head = HTTPRequest(method: .get, scheme: "http", authority: host, path: "/")
    let request = Request(head: head, body: .init(buffer: .init()))
    #expect(throws: PageError.self) { try origin.base(of: request) }
  }
}
