import Foundation
import Testing
import TongzhouClient
import TransparencyLog

/// Debian's nginx in front of a node, as deploy/nginx.conf sets it up.
@Suite(
  DemoRun(endsNow: true),
  .enabled(if: Nginx.isInstalled, "nginx is not installed; Scripts/setup --tests installs nginx-light"))
struct NginxTests {
  /// The fields by which caches and browsers decide what to do with an answer.
  private static let compared = [
    "content-type", "cache-control", "content-encoding", "content-length", "content-security-policy",
    "x-content-type-options", "x-frame-options", "referrer-policy", "permissions-policy",
    "cross-origin-opener-policy", "allow", "accept-ranges", "last-modified",
  ]

  /// Paths within a log: files of every kind, files that are gone or never were, and other spellings.
  private static func files(of size: UInt64) throws -> [String] {
    let edge = try TileCoordinate(level: 0, index: size / 256, width: Int(size % 256)).path
    let gone = try TileCoordinate(level: 0, index: 3, width: 77).path
    return [
      "checkpoint", "checkpoint?x=1", "policy", "policy/0", "policy/1", "policy/00", "tile/0/000", "tile/1/000",
      "tile/entries/000", "tile/entries/003", edge, edge.replacing("tile/0/", with: "tile/entries/"), gone,
      "tile/entries/003.p/77", "tile/1/000.p/1", "tile/0/999", "tile/64/000", "tile/07/000", "tile/0/0", "tile/0/000/",
      "tile/0//000", "tile/0/%30%30%30", "tile/0/./000", "tile/0/../0/000", "tile/0", "tile/0/", "tile/", "",
      "checkpoint.tmp", "tile/0/000.tmp", "../../node.lock", "%2e%2e/%2e%2e/node.lock",
    ]
  }

  /// Paths beside the logs. Nothing else in the data directory may be reached.
  private static let others = [
    "/", "/plans/0?lang=en", "/notices", "/v1/chains", "/v1/plans", "/v1/nowhere", "/nowhere", "/openapi.yaml",
    "/assets/style.css", "/verify/page.js", "/healthz", "/log/nowhere/checkpoint", "/log/", "/log", "/node.lock",
    "/keys/bank.tongzhou.example.officer", "/log/../keys/bank.tongzhou.example.officer", "/search/aid.sqlite",
  ]

  @Test("it answers as the node does, for files and everything else, whatever is asked how", .timeLimit(.minutes(20)))
  func sameAnswers() async throws {
    let running = try await Running()
    defer { running.end() }
    let nginx = try await Nginx(before: running.port, data: running.folder.file("demo"))
    defer { nginx.end() }
    try await onOwnThread { [node = running.port, port = nginx.port] in
      let checkpoint = try #require(BlockingHTTP.get("/log/aid/checkpoint", port: node)).body
      let size = try UnverifiedCheckpoint(checkpoint).checkpoint.size
      let paths = try Self.files(of: size).map { "/log/aid/" + $0 } + Self.others
      for (method, fields) in [
        ("GET", [:]), ("HEAD", [:]), ("POST", ["content-length": "0"]), ("DELETE", [:]),
        ("GET", ["accept-encoding": "gzip"]), ("GET", ["accept": "text/html"]), ("GET", ["range": "bytes=0-9"]),
        ("GET", ["if-none-match": "\"x\"", "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"]),
      ] as [(String, [String: String])] {
        for path in paths {
          let differences = Self.differences(method, path, fields, node: node, nginx: port)
          #expect(differences == [], "\(method) \(path) \(fields)")
        }
      }
      // What is compared above is what it should be.
      let tile = try #require(BlockingHTTP.ask("GET", "/log/aid/tile/0/000", port: port))
      #expect(tile.status == 200 && tile.body.count == 8_192 && tile.fields["server"] == "nginx")
      #expect(tile.fields["content-type"] == "application/octet-stream")
      #expect(tile.fields["cache-control"] == "public, max-age=31536000, immutable")
      let newest = try #require(BlockingHTTP.ask("GET", "/log/aid/checkpoint", port: port))
      #expect(newest.fields["content-type"] == "text/plain; charset=utf-8")
      #expect(newest.fields["cache-control"] == "no-cache" && newest.fields["etag"] == nil)
      #expect(BlockingHTTP.get("/log/aid/tile/0/003.p/77", port: port)?.status == 404)
    }
  }

  /// In what an answer of nginx is not that of the node. A file that is replaced meanwhile is asked for again.
  private static func differences(
    _ method: String, _ path: String, _ fields: [String: String], node: Int, nginx: Int
  ) -> [String] {
    var found: [String] = ["never asked"]
    for _ in 0..<5 {
      guard let wanted = BlockingHTTP.ask(method, path, fields: fields, port: node),
        let answer = BlockingHTTP.ask(method, path, fields: fields, port: nginx),
        let again = BlockingHTTP.ask(method, path, fields: fields, port: node)
      else {
        found = ["nobody answers"]
        continue
      }
      found = []
      if answer.status != wanted.status { found.append("status \(answer.status), node \(wanted.status)") }
      if comparable(answer) != comparable(wanted) { found.append("body") }
      for name in compared where answer.fields[name] != wanted.fields[name] {
        // The words of an error, and with them its length, are each server's own.
        if name == "content-length", wanted.status >= 400 { continue }
        found.append("\(name): \(answer.fields[name] ?? "none"), node \(wanted.fields[name] ?? "none")")
      }
      if found == [] || comparable(again) == comparable(wanted) { break }
    }
    return found
  }

  /// A body; of an error without the words and the request's id.
  private static func comparable(_ answer: BlockingHTTP.Answer) -> [UInt8] {
    guard answer.status >= 400 else { return answer.body }
    return Array(
      String(decoding: answer.body, as: UTF8.self).replacing(/"(?:detail|request)":"[^"]*",/, with: "").utf8)
  }

  @Test("events come through at once, and what is too large or too fast is refused in the node's words")
  func eventsAndLimits() async throws {
    let running = try await Running()
    defer { running.end() }
    let nginx = try await Nginx(before: running.port, data: running.folder.file("demo")) {
      // So few that a slow machine finds the limit too.
      $0.replacing("burst=3000", with: "burst=4").replacing("rate=6000r/m", with: "rate=10r/m")
    }
    defer { nginx.end() }
    try await onOwnThread { [port = nginx.port] in
      let connected = Array(": connected".utf8)
      let events = BlockingHTTP.ask("GET", "/v1/events", port: port) { $0.firstRange(of: connected) != nil }
      #expect(events?.fields["content-type"] == "text/event-stream" && events?.fields["cache-control"] == "no-store")

      // nginx waits for the rest of the body before it hangs up.
      let end = Array("about:blank\"}".utf8)
      let large = try #require(
        BlockingHTTP.ask("POST", "/v1/transactions", fields: ["content-length": "1048577"], port: port) {
          $0.firstRange(of: end) != nil
        })
      #expect(large.status == 413 && String(decoding: large.body, as: UTF8.self).contains("\"http.too_large\""))
      #expect(large.fields["content-type"] == "application/problem+json")

      var statuses: [Int] = []
      for _ in 0..<40 {
        let answer = try #require(
          BlockingHTTP.ask("POST", "/v1/transactions", fields: ["content-length": "0"], port: port))
        statuses.append(answer.status)
        guard answer.status == 429 else { continue }
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\"http.too_many_requests\""))
        #expect(answer.fields["retry-after"] == "1" && answer.fields["x-content-type-options"] == "nosniff")
        break
      }
      #expect(statuses.last == 429 && statuses.count > 4)
      // Reading is not limited.
      for _ in 0..<20 {
        let status = try #require(BlockingHTTP.get("/v1/transactions", port: port)).status
        #expect(status != 429 && status != 404)
      }
    }
  }

  @Test("an audit through it finds nothing wrong, also of the log alone while the node is away")
  func audit() async throws {
    let mirror = try TemporaryFolder()
    defer { mirror.remove() }
    let (chain, port) = try await auditedAndCopied(to: mirror)
    let nginx = try await Nginx(before: port, data: mirror.path)
    defer { nginx.end() }
    let log = "http://127.0.0.1:\(nginx.port)/log/aid"
    let run = try Program.tongzhou.run("audit", log, "--genesis", chain, "--json")
    #expect(run.status == 0, "\(run.errors)")
    try await onOwnThread { [port = nginx.port] in
      #expect(BlockingHTTP.get("/log/aid/policy", port: port)?.status == 404)
      let away = try #require(BlockingHTTP.ask("GET", "/v1/plans", port: port))
      #expect(away.status == 503 && away.fields["retry-after"] == "5")
      #expect(String(decoding: away.body, as: UTF8.self).contains("\"node.not_ready\""))
      let page = try #require(BlockingHTTP.ask("GET", "/plans", port: port))
      #expect(page.status == 503 && page.fields["content-type"] == "text/html; charset=utf-8")
      #expect(page.fields["refresh"] == "5")
    }
  }

  /// Audits a node through nginx, and copies its log.
  ///
  /// - Returns: its chain, and the port where no node is any more.
  private func auditedAndCopied(to mirror: TemporaryFolder) async throws -> (chain: String, port: Int) {
    let running = try await Running()
    defer { running.end() }
    let nginx = try await Nginx(before: running.port, data: running.folder.file("demo"))
    defer { nginx.end() }
    let address = "http://127.0.0.1:\(nginx.port)"
    for place in [address, address + "/log/aid"] {
      let run = try Program.tongzhou.run("audit", place, "--genesis", running.chain, "--json")
      #expect(run.status == 0, "\(place): \(run.errors)")
    }
    try FileManager.default.copyItem(atPath: running.folder.file("demo/log"), toPath: mirror.file("log"))
    return (running.chain, running.port)
  }
}
