internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node

extension API {
  /// Server-sent events: one for each block, with its height as id, so that a reader can go on where it stopped.
  func addEvents(to v1: RouterGroup<ServerContext>) {
    v1.get("events") { request, _ in
      let chain = try chain(request)
      var last: UInt64?
      if let text = request.headers[.lastEventID] ?? request.uri.queryParameters["last_event_id"].map(String.init) {
        guard let height = UInt64(text) else { throw Problem.badRequest("Last-Event-ID is a block's height") }
        last = height
      }
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: .init(asyncSequence: BlockEvents(chain: chain, after: last ?? chain.view?.height ?? 0)))
    }
  }
}

/// The blocks of a chain as events, made when the reader asks for the next: a slow reader holds up nobody.
struct BlockEvents: AsyncSequence, Sendable {
  /// The most blocks told again to somebody who comes back.
  static let maximumResume: UInt64 = 1000

  let chain: any ServedChain
  /// The height the reader has seen.
  let after: UInt64

  func makeAsyncIterator() -> Iterator {
    Iterator(chain: chain, told: after, updates: chain.updates().makeAsyncIterator())
  }

  struct Iterator: AsyncIteratorProtocol {
    let chain: any ServedChain
    var told: UInt64
    var updates: AsyncStream<UInt64>.Iterator
    var hasBegun = false

    mutating func next() async -> ByteBuffer? {
      if !hasBegun {
        hasBegun = true
        // A comment at once: the reader knows that it is connected.
        return ByteBuffer(string: ": connected\n\n")
      }
      while true {
        if let view = chain.view, view.height > told { return event(view) }
        guard await updates.next(isolation: #isolation) != nil else { return nil }
      }
    }

    private mutating func event(_ view: PublishedView) -> ByteBuffer {
      let newest = view.height
      told = Swift.max(told, newest > BlockEvents.maximumResume ? newest - BlockEvents.maximumResume : 0) + 1
      var fields = "\"height\":\(told)"
      // Of blocks that are told late the search index knows more; the newest is here.
      if told == newest { fields += ",\"size\":\(view.head.size),\"time\":\(view.time.seconds)" }
      return ByteBuffer(string: "id: \(told)\nevent: block\ndata: {\(fields)}\n\n")
    }
  }
}
