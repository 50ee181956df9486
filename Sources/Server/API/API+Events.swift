internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Node

extension API {
  /// The most blocks told again to somebody who comes back with Last-Event-ID.
  private static let maximumResume: UInt64 = 1000

  /// Server-sent events: one for each block, with its height as id, so that a reader can go on where it stopped.
  func addEvents(to v1: RouterGroup<ServerContext>) {
    v1.get("events") { request, _ in
      let chain = try chain(request)
      var last: UInt64?
      if let text = request.headers[.lastEventID] ?? request.uri.queryParameters["last_event_id"].map(String.init) {
        guard let height = UInt64(text) else { throw Problem.badRequest("Last-Event-ID is a block's height") }
        last = height
      }
      let updates = chain.updates()
      let start = last
      let body = ResponseBody { writer in
        var told = start ?? chain.view?.height ?? 0
        try await API.tell(from: told, of: chain, &told, &writer)
        for await _ in updates { try await API.tell(from: told, of: chain, &told, &writer) }
        try await writer.finish(nil)
      }
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
  }

  private static func tell(
    from height: UInt64, of chain: any ServedChain, _ told: inout UInt64, _ writer: inout any ResponseBodyWriter
  ) async throws {
    guard let view = chain.view, view.height > height else {
      // A comment keeps proxies from closing a silent connection, and finds out whether the reader is gone.
      try await writer.write(ByteBuffer(string: ": waiting\n\n"))
      return
    }
    var next = max(height + 1, view.height > maximumResume ? view.height - maximumResume : 1)
    while next <= view.height {
      var fields: [String: UInt64] = ["height": next]
      if next == view.height {
        fields["time"] = view.time.seconds
        fields["size"] = view.head.size
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      let data = String(decoding: try encoder.encode(fields), as: UTF8.self)
      try await writer.write(ByteBuffer(string: "id: \(next)\nevent: block\ndata: \(data)\n\n"))
      next += 1
    }
    told = view.height
  }
}
