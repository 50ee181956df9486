import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Node
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Against a server that really listens: what a bad client does is bounded, and others are served meanwhile.
@Suite("Bad clients", .serialized)
struct HardToHurtTests {
  /// Short limits, so that tests take seconds.
  private static func options(_ change: (inout ServerApplication.Options) -> Void = { _ in })
    -> ServerApplication.Options
  {
    var options = ServerApplication.Options()
    options.idle = .seconds(2)
    options.request = .seconds(1)
    options.stall = .seconds(1)
    change(&options)
    return options
  }

  private static func chain() throws -> ShownChain {
    var village = try Village()
    return try village.show()
  }

  /// Expects that a usual client is served at once.
  private static func expectAlive(_ server: LiveServer, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    let began = ContinuousClock.now
    let answer = try await server.get("/v1/plans")
    #expect(answer.hasPrefix("HTTP/1.1 200 "), sourceLocation: sourceLocation)
    #expect(ContinuousClock.now - began < .seconds(10), sourceLocation: sourceLocation)
  }

  @Test("after HEAD comes the next answer and no body, also where there is nothing")
  func headOfNothing() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      for path in ["/nowhere", "/v1/nowhere", "/v1/plans/77", "/plans/77", "/log/aid/tile/0/999", "/log"] {
        let connection = try server.connect()
        connection.send("HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        let answers = await connection.receive(until: "\r\n\r\nok\n").text.components(separatedBy: "\r\n\r\n")
        try #require(answers.count == 3, "\(path): \(answers)")
        #expect(answers[0].hasPrefix("HTTP/1.1 404 ") && answers[0].contains("Content-Length: "), "\(path)")
        #expect(answers[1].hasPrefix("HTTP/1.1 200 ") && answers[2] == "ok\n", "\(path)")
        connection.close()
      }
    }
  }

  @Test("a header that trickles in is cut off after the idle time, however lively it is")
  func slowHeader() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      let slow = try (0..<20).map { _ in try server.connect() }
      for connection in slow { connection.send("GET / HTTP/1.1\r\nHost: x\r\n") }
      let began = ContinuousClock.now
      var isOpen = true
      var letters = 0
      while isOpen, ContinuousClock.now - began < .seconds(15) {
        try await Task.sleep(for: .milliseconds(100))
        isOpen = false
        for connection in slow where connection.send("X-\(letters): y\r\n") { isOpen = true }
        letters += 1
        if letters == 5 { try await Self.expectAlive(server) }
      }
      #expect(!isOpen && ContinuousClock.now - began > .seconds(1))
      for connection in slow { #expect(await connection.receive(seconds: 5).isClosed) }
    }
  }

  @Test("a body that trickles in gets 408 and is cut off")
  func slowBody() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      let slow = try server.connect()
      slow.send(
        "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/protobuf\r\n"
          + "Content-Length: 1000000\r\n\r\n"
      )
      let began = ContinuousClock.now
      let feeding = Task {
        while !Task.isCancelled, slow.send("x") { try await Task.sleep(for: .milliseconds(50)) }
      }
      let answer = await slow.receive(seconds: 15)
      feeding.cancel()
      #expect(answer.text.hasPrefix("HTTP/1.1 408 ") && answer.text.contains("http.too_slow"), "\(answer.text)")
      #expect(answer.isClosed && ContinuousClock.now - began < .seconds(10))
      // The same for a place that takes no body: the connection does not stay.
      let other = try server.connect()
      other.send("GET /v1/plans HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
      let trickling = Task {
        while !Task.isCancelled, other.send("x") { try await Task.sleep(for: .milliseconds(50)) }
      }
      let second = await other.receive(seconds: 15)
      trickling.cancel()
      #expect(second.text.hasPrefix("HTTP/1.1 200 ") && second.isClosed)
      try await Self.expectAlive(server)
    }
  }

  @Test("headers, addresses and fields without end are refused, and the memory for them is bounded")
  func hugeHeaders() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options { $0.headerBytes = 8192 }) { server in
      let requests = [
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "y", count: 100_000))\r\n\r\n",
        "GET /\(String(repeating: "y", count: 100_000)) HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n"
          + (0..<500).map { "X-\($0): \(String(repeating: "z", count: 100))\r\n" }.joined() + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + (0..<500).map { "A\($0): 1\r\n" }.joined() + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "N", count: 100_000)): 1\r\n\r\n",
        String(repeating: "GET", count: 50_000),
        "GET / HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n\u{0}\u{1}\u{2}", "GET\u{0} / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
      ]
      for request in requests {
        let connection = try server.connect()
        connection.send(request)
        let answer = await connection.receive(seconds: 10)
        #expect(answer.isClosed, "\(request.prefix(60))")
        let isRefused = answer.text.isEmpty || answer.text.hasPrefix("HTTP/1.1 4")
        #expect(isRefused, "\(request.prefix(60)): \(answer.text.prefix(100))")
      }
      try await Self.expectAlive(server)
    }
  }

  @Test("a body beyond the limit is refused while it comes, whether its length is told or not")
  func hugeBody() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      let megabyte = String(repeating: "x", count: 1 << 20)
      for head in ["Content-Length: 1000000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"] {
        let connection = try server.connect()
        connection.send("POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/protobuf\r\n\(head)")
        let feeding = Task {
          for _ in 0..<400 where !Task.isCancelled {
            let isChunked = head.hasPrefix("Transfer")
            connection.send(isChunked ? "100000\r\n\(megabyte)\r\n" : megabyte)
            try await Task.sleep(for: .milliseconds(20))
          }
        }
        let answer = await connection.receive(seconds: 15)
        feeding.cancel()
        #expect(answer.text.hasPrefix("HTTP/1.1 413 ") && answer.text.contains("http.too_large"))
        #expect(answer.isClosed, "what nobody wants is not read for ever")
      }
      try await Self.expectAlive(server)
    }
  }

  @Test("thousands of idle connections take their places, and give them back after the idle time")
  func idleConnections() async throws {
    let options = Self.options { options in
      options.connections = 1000
      options.idle = .seconds(3)
    }
    try await LiveServer.with([Self.chain()], options: options) { server in
      let began = ContinuousClock.now
      var idle: [RawConnection] = []
      for _ in 0..<1200 {
        if let connection = try? server.connect() { idle.append(connection) }
      }
      #expect(idle.count >= 1000)
      // Whoever comes now waits at most until the first of them are cut off.
      let answer = try await server.get("/healthz")
      #expect(answer.hasPrefix("HTTP/1.1 200 "))
      #expect(ContinuousClock.now - began < .seconds(20))
      try await Self.expectAlive(server)
      // Those who never said a word were hung up on.
      #expect(await idle[0].receive(seconds: 10).isClosed)
    }
  }

  /// A chain whose every block makes a long event: many heights at once.
  private final class Storm: ServedChain {
    let shown: ShownChain
    let height = Mutex<UInt64>(10_000_000)

    init(_ shown: ShownChain) { self.shown = shown }

    var name: String { shown.name }
    var log: LogDirectory { shown.log }
    var index: SearchIndex { shown.index }
    var view: PublishedView? {
      // Each look finds a later block, so that there is always something to tell.
      let height = height.withLock { height in
        height += 1
        return height
      }
      return shown.view.map { view in
        PublishedView(
          genesis: view.genesis, app: view.app, height: height, time: view.time, head: view.head,
          checkpoint: view.checkpoint, certifiers: view.certifiers)
      }
    }
    func submit(_ entries: [[UInt8]]) async throws -> Placement { try await shown.submit(entries) }
    func updates() -> AsyncStream<UInt64> {
      AsyncStream { continuation in continuation.onTermination = { _ in } }
    }
  }

  @Test("a reader of events who stops reading is cut off, and what waits for him is bounded")
  func slowReader() async throws {
    let storm = Storm(try Self.chain())
    let options = Self.options { options in
      options.eventReaders = 3
      options.stall = .seconds(20)
    }
    try await LiveServer.with([storm], options: options) { server in
      var readers: [RawConnection] = []
      for _ in 0..<3 {
        // Not before its turn: filling the buffers of those before can take longer than one may be idle.
        let reader = try server.connect(receiveBuffer: 4096)
        readers.append(reader)
        reader.send("GET /v1/events?last_event_id=1 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await reader.receive(until: ": connected", seconds: 20).text.contains("200 OK"))
      }
      // From here nobody reads. The places come back when the server has given up on them.
      #expect(try await server.get("/v1/events").contains("http.too_many_readers"))
      try await Self.expectAlive(server)
      var isFree = false
      for _ in 0..<900 where !isFree {
        try await Task.sleep(for: .milliseconds(100))
        let next = try server.connect()
        next.send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        isFree = await next.receive(until: "\r\n").text.contains("200 OK")
      }
      #expect(isFree)
      for reader in readers { reader.close() }
    }
  }

  @Test("many requests in one breath are answered in order, and hanging up in the middle hurts nobody")
  func pipelined() async throws {
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      let connection = try server.connect()
      let count = 200
      connection.send(
        (0..<count).map { "GET /v1/plans?limit=\($0 % 200 + 1) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
          + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let text = await connection.receive(seconds: 20).text
      #expect(text.components(separatedBy: "HTTP/1.1 200 OK\r\n").count == count + 2)
      #expect(text.hasSuffix("ok\n"))
      for _ in 0..<200 {
        let rude = try server.connect()
        rude.send("GET /plans/0 HTTP/1.1\r\nHost: x\r\n\r\nGET /plans HTT")
        rude.close()
      }
      try await Self.expectAlive(server)
    }
  }

  @Test("strange paths and fields of all kinds get an answer, and none is an error of the server's own")
  func strangeRequests() async throws {
    var generator = SeededGenerator(seed: 11)
    let pieces = [
      "/", "//", "..", "%2e%2e", "%00", "%ff", "%", "%zz", "log", "aid", "v1", "plans", "0", "-1", "?", "&", "=", "#",
      "chain", "limit", "cursor", "\u{7f}", "é", "中", "<script>", "'", "\\", ";", "+", "before", "q", "search", "tile",
      "entries", "000", "checkpoint", "explorer", "transactions", "lang", "en", "18446744073709551616",
    ]
    var paths: [String] = []
    for _ in 0..<1500 {
      let count = Int(generator.next() % 8) + 1
      paths.append("/" + (0..<count).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined())
    }
    let requests = paths.map {
      "GET \($0) HTTP/1.1\r\nHost: x\r\nAccept: \($0.count % 2 == 0 ? "text/html" : "*/*")\r\n"
    }
    try await LiveServer.with([Self.chain()], options: Self.options()) { server in
      var answered = 0
      for request in requests {
        let connection = try server.connect()
        connection.send(request + "Connection: close\r\n\r\n")
        let text = await connection.receive(seconds: 10).text
        #expect(text.hasPrefix("HTTP/1.1 2") || text.hasPrefix("HTTP/1.1 4"), "\(request): \(text.prefix(80))")
        answered += 1
      }
      #expect(answered == requests.count)
      try await Self.expectAlive(server)
    }
  }
}
