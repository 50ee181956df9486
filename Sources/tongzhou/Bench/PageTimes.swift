internal import AsyncHTTPClient
internal import Contracts
internal import Foundation
internal import Ledger
internal import MutualAid
internal import NIOCore
internal import NIOHTTP1
internal import Node
internal import TransparencyLog

/// How long one page takes.
struct PageTimes: Encodable {
  let page: String
  let p50_ms: Double
  let p99_ms: Double
  /// Of the last answer.
  let bytes: Int

  /// Each public page with the addresses it is asked for, one after another.
  private static func pages(_ view: PublishedView) -> [(String, (Int) -> String)] {
    let aid = view.app.mutualAid
    // Far apart and each another, whatever the number of records: a step prime to most numbers.
    func any(_ number: Int, of count: Int) -> Int { number &* 611_953 % max(count, 1) }
    return [
      ("/", { _ in "/" }),
      ("/plans", { _ in "/plans" }),
      ("/plans/{plan}", { _ in "/plans/0" }),
      ("/plans/{plan}?before", { "/plans/0?before=\(1 + any($0, of: aid.settlements.count))" }),
      ("/notices", { _ in "/notices" }),
      ("/notices?before", { "/notices?before=\(1 + any($0, of: aid.notices.count))" }),
      ("/cases/{case}", { "/cases/\(any($0, of: aid.cases.count))" }),
      ("/members/{member}", { "/members/\(any($0, of: aid.memberships.count))" }),
      (
        "/members/{member}?before",
        { "/members/\(any($0, of: aid.memberships.count))?before=\(1 + any($0, of: 200))" }
      ),
      // Those with a case have more to tell.
      ("/members/{member} with a case", { "/members/\(any($0, of: aid.cases.count))" }),
      ("/organisations", { _ in "/organisations" }),
      ("/explorer", { _ in "/explorer" }),
      ("/explorer?before", { "/explorer?before=\(1 + any($0, of: Int(view.height)))" }),
      ("/explorer/blocks/{height}", { "/explorer/blocks/\(1 + any($0, of: Int(view.height)))" }),
      ("/explorer/transactions/{transaction}", { "/explorer/transactions/\(any($0, of: Int(view.head.size)))" }),
      ("/search of an address", { "/search?q=\(aid.memberships[any($0, of: aid.memberships.count)].owner)" }),
      ("/search of a number", { "/search?q=\(any($0, of: aid.cases.count))" }),
      ("/search of a name", { _ in "/search?q=bench" }),
    ]
  }

  /// Asks for every page so many times, in both languages by turns.
  static func measure(_ address: String, _ node: NodeChain, requests: Int) async throws -> [PageTimes] {
    guard let view = node.view else { throw NodeError(.notReady, "the chain has no block yet") }
    let client = HTTPClient()
    var times: [PageTimes] = []
    do {
      for (name, path) in pages(view) { times.append(try await one(name, path, address, client, requests)) }
    } catch {
      try? await client.shutdown()
      throw error
    }
    try await client.shutdown()
    return times
  }

  private static func one(
    _ name: String, _ path: (Int) -> String, _ address: String, _ client: HTTPClient, _ requests: Int
  ) async throws -> PageTimes {
    var taken: [Double] = []
    taken.reserveCapacity(requests)
    var bytes = 0
    for number in 0..<requests {
      var request = HTTPClientRequest(url: address + path(number))
      request.headers.add(name: "accept", value: "text/html")
      request.headers.add(name: "accept-language", value: number % 2 == 0 ? "zh-CN" : "en")
      let began = ContinuousClock.now
      let response = try await client.execute(request, timeout: .seconds(60))
      bytes = try await response.body.collect(upTo: 1 << 22).readableBytes
      taken.append((ContinuousClock.now - began) / .milliseconds(1))
      guard response.status == .ok, bytes > 1000 else {
        throw NodeError(.notReady, "\(request.url) gave \(response.status.code) and \(bytes) bytes")
      }
    }
    taken.sort()
    func ms(_ percent: Int) -> Double {
      (taken[max(0, (taken.count * percent + 99) / 100 - 1)] * 1000).rounded() / 1000
    }
    return PageTimes(page: name, p50_ms: ms(50), p99_ms: ms(99), bytes: bytes)
  }
}

/// wrk, which asks a server as fast as it answers.
struct Wrk {
  /// Full tiles that are asked for by turns, from all over the log.
  private static let tiles = 256
  /// Connections that ask at one time.
  private static let connections = 64

  private let program: String

  /// - Throws: where it is not installed.
  init() throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard let found = folders.map({ $0 + "/wrk" }).first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw NodeError(.notReady, "wrk is not installed; Scripts/setup --tests does it, or apt-get install wrk")
    }
    program = found
  }

  /// Tiles of hashes a second.
  func tiles(_ address: String, of node: NodeChain, seconds: Int) async throws -> Double {
    let full = (node.view?.head.size ?? 0) / UInt64(TileCoordinate.fullWidth)
    guard full > 0 else { return 0 }
    let paths = try (0..<UInt64(Wrk.tiles)).map { number in
      "/log/\(node.name)/" + (try TileCoordinate(level: 0, index: number * full / UInt64(Wrk.tiles))).path
    }
    let script = FileManager.default.temporaryDirectory.appendingPathComponent("tongzhou-\(UUID().uuidString).lua")
    defer { try? FileManager.default.removeItem(at: script) }
    let text = """
      local paths = { \(paths.map { "\"\($0)\"" }.joined(separator: ", ")) }
      local requests, number = {}, 0
      init = function() for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end end
      request = function() number = number % #requests + 1; return requests[number] end
      """
    try Data(text.utf8).write(to: script)
    let words = ["-t1", "-c\(Wrk.connections)", "-d\(seconds)s", "-s", script.path, address]
    let program = program
    let said = try await OwnThread.run {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = words
      process.standardOutput = pipe
      try process.run()
      let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return said
    }
    guard let rate = said.firstMatch(of: /Requests\/sec:\s+([0-9.]+)/).flatMap({ Double($0.1) }),
      !said.contains("Non-2xx"), !said.contains("Socket errors")
    else { throw NodeError(.notReady, "wrk was not answered as it should be: \(said)") }
    return rate
  }
}
