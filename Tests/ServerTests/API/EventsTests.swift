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

@Suite("Blocks told as they become final")
struct EventsTests {
  /// A chain of blocks that a test lets grow: shown, with readers who are told.
  private final class GrowingChain: ServedChain {
    let shown: ShownChain
    private let height: Mutex<UInt64>
    private let readers = Mutex<[AsyncStream<UInt64>.Continuation]>([])

    init(_ shown: ShownChain) {
      self.shown = shown
      height = Mutex(shown.view?.height ?? 0)
    }

    var name: String { shown.name }
    var log: LogDirectory { shown.log }
    var index: SearchIndex { shown.index }

    /// The same state at another height.
    var view: PublishedView? {
      shown.view.map { view in
        PublishedView(
          genesis: view.genesis, app: view.app, height: height.withLock { $0 }, time: view.time, head: view.head,
          checkpoint: view.checkpoint, certifiers: view.certifiers)
      }
    }

    func submit(_ entries: [[UInt8]]) async throws -> Placement { try await shown.submit(entries) }

    func updates() -> AsyncStream<UInt64> {
      let (stream, continuation) = AsyncStream.makeStream(of: UInt64.self)
      readers.withLock { $0.append(continuation) }
      return stream
    }

    func grow(by blocks: UInt64) {
      let height = height.withLock { height in
        height += blocks
        return height
      }
      for reader in readers.withLock({ $0 }) { reader.yield(height) }
    }

    func end() {
      for reader in readers.withLock({ $0 }) { reader.finish() }
    }
  }

  private static func growing() throws -> GrowingChain {
    var village = try Village()
    return GrowingChain(try village.show())
  }

  private static func events(
    _ chain: GrowingChain, after: UInt64, beat: Duration = .seconds(600)
  ) throws -> BlockEvents.Iterator {
    let seat = try #require(Seats(1).take())
    return BlockEvents(chain: chain, after: after, beat: beat, seat: seat).makeAsyncIterator()
  }

  @Test("a reader is told of each new block, the newest with its size and time")
  func newBlocks() async throws {
    let chain = try Self.growing()
    let height = try #require(chain.view?.height)
    var events = try Self.events(chain, after: height)
    #expect(await events.next().map { String(buffer: $0) } == ": connected\n\n")
    chain.grow(by: 1)
    let view = try #require(chain.view)
    #expect(
      await events.next().map { String(buffer: $0) }
        == "id: \(height + 1)\nevent: block\ndata: {\"height\":\(height + 1),\"size\":\(view.head.size),"
        + "\"time\":\(view.time.seconds)}\n\n")
    // Two at once: none is left out.
    chain.grow(by: 2)
    for number in [height + 2, height + 3] {
      let event = try #require(await events.next().map { String(buffer: $0) })
      #expect(event.hasPrefix("id: \(number)\n") && event.contains("\"size\"") == (number == height + 3))
    }
    chain.end()
    #expect(await events.next() == nil)
  }

  @Test("of a chain of hearts a reader is told of its blocks and no other chain's, and resumes there")
  func hearts() async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 9)
    try village.tell(.food, [village.gift(.rice, 500, to: project, from: 1)])
    let heart = GrowingChain(try village.show())
    let aid = try Self.growing()
    #expect(heart.name != aid.name)
    let height = try #require(heart.view?.height)
    var events = try Self.events(heart, after: height)
    _ = await events.next()
    heart.grow(by: 1)
    let view = try #require(heart.view)
    let told = await events.next().map { String(buffer: $0) }
    #expect(
      told
        == "id: \(height + 1)\nevent: block\ndata: {\"height\":\(height + 1),\"size\":\(view.head.size),"
        + "\"time\":\(view.time.seconds)}\n\n")
    try await LiveServer.with([aid, heart]) { server in
      let reader = try server.connect()
      reader.send("GET /v1/events?chain=\(heart.name) HTTP/1.1\r\nHost: x\r\nLast-Event-ID: \(height - 1)\r\n\r\n")
      let first = await reader.receive(until: "id: \(height + 1)\n").text
      #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n") && first.contains("id: \(height)\nevent: block\n"))
      // A block of the other chain, then one of this.
      aid.grow(by: 1)
      heart.grow(by: 1)
      let second = await reader.receive(until: "id: \(height + 2)\n").text
      #expect(second.ranges(of: "id: ").count == 1, "\(second)")
    }
  }

  @Test("who comes back is told what he missed, but not more than a thousand blocks")
  func resume() async throws {
    let chain = try Self.growing()
    chain.grow(by: 5_000)
    let height = try #require(chain.view?.height)
    for (after, first) in [(height - 3, height - 2), (0, height - 999), (height - 1000, height - 999)] {
      var events = try Self.events(chain, after: after)
      _ = await events.next()
      for number in first...min(height, first + 5) {
        let event = try #require(await events.next().map { String(buffer: $0) })
        #expect(event.hasPrefix("id: \(number)\n"))
      }
    }
  }

  @Test("somebody who is ahead of the chain hears of the first block that he does not know")
  func ahead() async throws {
    let chain = try Self.growing()
    let height = try #require(chain.view?.height)
    var events = try Self.events(chain, after: height + 2)
    _ = await events.next()
    for _ in 0..<3 { chain.grow(by: 1) }
    #expect(await events.next().map { String(buffer: $0).hasPrefix("id: \(height + 3)\n") } == true)
    var never = try Self.events(chain, after: .max)
    _ = await never.next()
    chain.grow(by: 1)
    chain.end()
    #expect(await never.next() == nil)
  }

  @Test("a silence is filled with comments")
  func beats() async throws {
    let chain = try Self.growing()
    var events = try Self.events(chain, after: try #require(chain.view?.height), beat: .milliseconds(20))
    _ = await events.next()
    for _ in 0..<2 { #expect(await events.next().map { String(buffer: $0) } == ": still here\n\n") }
  }

  @Test("a client on the network reads events, resumes by field or query, and is told where it is wrong")
  func onTheNetwork() async throws {
    let chain = try Self.growing()
    let height = try #require(chain.view?.height)
    try await LiveServer.with([chain]) { server in
      for (query, field) in [("", "Last-Event-ID: \(height - 2)\r\n"), ("?last_event_id=\(height - 2)", "")] {
        let reader = try server.connect()
        reader.send("GET /v1/events\(query) HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
        let text = await reader.receive(until: "id: \(height)\n").text
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("text/event-stream"))
        #expect(text.contains(": connected\n\n") && text.contains("id: \(height - 1)\nevent: block\n"))
        #expect(text.lowercased().contains("cache-control: no-store"))
        chain.grow(by: 1)
        let newest = try #require(chain.view).height
        #expect(await reader.receive(until: "id: \(newest)\n").text.contains("event: block\n"))
      }
      // Somebody still reads when the server is told to stop: that does not hold it up.
    }
    try await ServerProbe.with([chain]) { server in
      try await server.refuses("/v1/events?last_event_id=x", "400 http.bad_request")
      try await server.refuses("/v1/events", "400 http.bad_request", headers: [.lastEventID: "-1"])
      try await server.refuses("/v1/events?chain=x", "404 http.not_found")
    }
  }

  @Test("as many readers as there are places; one who leaves makes room")
  func places() async throws {
    let chain = try Self.growing()
    var options = ServerApplication.Options()
    options.eventReaders = 2
    options.eventBeat = .milliseconds(50)
    try await LiveServer.with([chain], options: options) { server in
      func reader() throws -> RawConnection {
        let reader = try server.connect()
        reader.send("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
        return reader
      }
      let first = try reader()
      #expect(await first.receive(until: ": connected").text.contains("200 OK"))
      let second = try reader()
      #expect(await second.receive(until: ": connected").text.contains("200 OK"))
      let third = await (try reader()).receive(until: "}").text
      #expect(third.hasPrefix("HTTP/1.1 503 ") && third.contains("http.too_many_readers"))
      #expect(third.lowercased().contains("retry-after: 30"))
      first.close()
      // The next comment finds that nobody is there.
      var isFree = false
      for _ in 0..<100 where !isFree {
        try await Task.sleep(for: .milliseconds(50))
        isFree = await (try reader()).receive(until: "\r\n").text.contains("200 OK")
      }
      #expect(isFree)
    }
  }
}
