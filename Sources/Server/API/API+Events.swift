internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node
internal import ServiceLifecycle
internal import Synchronization

extension API {
  /// Server-sent events: one for each block, with its height as id, so that a reader can go on where it stopped.
  func addEvents(to v1: RouterGroup<ServerContext>) {
    v1.get("events") { request, _ in
      let chain = try chain(request)
      let view = try view(request)
      var after = view.height
      if let text = try request.headers[.lastEventID] ?? request.parameter("last_event_id") {
        guard let height = Numbers.read(text, as: UInt64.self) else {
          throw Problem.badRequest("Last-Event-ID is a block's height")
        }
        after = height
      }
      let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
      // Nobody reads the body of an answer to HEAD, so nothing would ever end it.
      if request.method == .head { return Response(status: .ok, headers: headers) }
      guard let seat = eventReaders.take() else {
        throw Problem(
          .serviceUnavailable, .tooManyReaders, "\(eventReaders.limit) read the events already",
          fields: [.retryAfter: "30"])
      }
      return Response(
        status: .ok, headers: headers,
        body: .init(asyncSequence: BlockEvents(chain: chain, after: after, beat: eventBeat, seat: seat)))
    }
  }
}

/// Places for readers who stay: each holds a connection, and there have to be some left for those who only ask.
final class Seats: Sendable {
  /// How many there are.
  let limit: Int
  private let taken = Atomic(0)

  init(_ limit: Int) { self.limit = limit }

  /// A place; it is free again when nothing refers to it any more. `nil` where all are taken.
  func take() -> Seat? {
    guard taken.add(1, ordering: .relaxed).newValue <= limit else {
      taken.subtract(1, ordering: .relaxed)
      return nil
    }
    return Seat(self)
  }

  /// One place.
  final class Seat: Sendable {
    private let seats: Seats

    fileprivate init(_ seats: Seats) { self.seats = seats }

    deinit { seats.taken.subtract(1, ordering: .relaxed) }
  }
}

/// The blocks of a chain as events, made when the reader asks for the next: a slow reader holds up nobody.
struct BlockEvents: AsyncSequence, Sendable {
  /// The most blocks told again to somebody who comes back.
  static let maximumResume: UInt64 = 1000

  let chain: any ServedChain
  /// The height the reader has seen.
  let after: UInt64
  /// A comment after so long a silence keeps proxies from hanging up, and finds readers who are gone.
  let beat: Duration
  let seat: Seats.Seat

  func makeAsyncIterator() -> Iterator {
    Iterator(chain: chain, told: after, signals: signals().makeAsyncIterator(), seat: seat)
  }

  fileprivate enum Signal {
    case block, beat
  }

  /// New blocks and beats in one stream, which ends with the chain's or the server's. Who is behind gets one signal
  /// for many.
  private func signals() -> AsyncStream<Signal> {
    let (stream, continuation) = AsyncStream.makeStream(of: Signal.self, bufferingPolicy: .bufferingNewest(1))
    let blocks = chain.updates()
    let telling = Task {
      for await _ in blocks { continuation.yield(.block) }
      continuation.finish()
    }
    let beating = Task {
      while (try? await Task.sleep(for: beat)) != nil { continuation.yield(.beat) }
    }
    // A server that is asked to stop waits for its answers to end, and this one would not.
    let stopping = Task {
      if (try? await gracefulShutdown()) != nil { continuation.finish() }
    }
    continuation.onTermination = { _ in
      for task in [telling, beating, stopping] { task.cancel() }
    }
    return stream
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate let chain: any ServedChain
    fileprivate var told: UInt64
    fileprivate var signals: AsyncStream<Signal>.Iterator
    fileprivate let seat: Seats.Seat
    private var hasBegun = false

    fileprivate init(
      chain: any ServedChain, told: UInt64, signals: AsyncStream<Signal>.Iterator, seat: Seats.Seat
    ) {
      self.chain = chain
      self.told = told
      self.signals = signals
      self.seat = seat
    }

    mutating func next() async -> ByteBuffer? {
      if !hasBegun {
        hasBegun = true
        // A comment at once: the reader knows that it is connected.
        return ByteBuffer(string: ": connected\n\n")
      }
      while true {
        if let view = chain.view, view.height > told { return event(view) }
        guard let signal = await signals.next(isolation: #isolation) else { return nil }
        if signal == .beat { return ByteBuffer(string: ": still here\n\n") }
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
