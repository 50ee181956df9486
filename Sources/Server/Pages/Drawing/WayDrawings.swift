internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TransparencyLog

/// Drawings of ways, kept by what is drawn, so many made at one time.
///
/// What is drawn is a graph's text, which fixes the picture: a new block that changes nothing of a way needs no new
/// drawing. That one failed is kept too, for a while: it may have been the machine.
actor WayDrawings {
  /// Drawings that are laid out at one time, and how many more may wait.
  static let atOnce = 2
  static let waiting = 16
  /// Drawings that are kept, and the bytes they may have together.
  static let kept = 256
  static let keptBytes = 16 << 20
  /// How long nobody tries again what failed.
  static let pause = Duration.seconds(600)

  private enum Kept {
    case drawn([UInt8])
    case failed(ContinuousClock.Instant)

    var bytes: Int {
      switch self {
      case .drawn(let svg): svg.count
      case .failed: 0
      }
    }
  }

  private let graphviz: Graphviz?
  private let pause: Duration
  private var drawings: [Hash: Kept] = [:]
  /// Hashes of what is kept, oldest first.
  private var order: [Hash] = []
  private var bytes = 0
  /// Those that are laid out, and those that wait.
  private var running: [Hash: Task<[UInt8]?, Never>] = [:]
  private var busy = 0
  private var queue: [CheckedContinuation<Void, Never>] = []

  /// - Parameters:
  ///   - graphviz: what draws; `nil` where the program is missing.
  ///   - pause: how long nobody tries again what failed.
  init(_ graphviz: Graphviz?, pause: Duration = WayDrawings.pause) {
    self.graphviz = graphviz
    self.pause = pause
  }

  /// Whether there is something that draws.
  nonisolated var canDraw: Bool { graphviz != nil }

  /// The drawing of a graph.
  ///
  /// - Throws: `PageError.notFound` where nothing draws it, or failed to; `PageError.notReady` where too many wait.
  func drawing(_ dot: String) async throws(PageError) -> [UInt8] {
    guard let graphviz else { throw .notFound }
    let hash = Hash.sha256(Array(dot.utf8))
    switch drawings[hash] {
    case .drawn(let svg): return svg
    case .failed(let time) where ContinuousClock.now - time < pause: throw .notFound
    case .failed, nil: break
    }
    if let task = running[hash] { return try await WayDrawings.result(of: task) }
    guard running.count < WayDrawings.atOnce + WayDrawings.waiting else { throw .notReady }
    let task = Task { () -> [UInt8]? in
      await self.enter()
      let drawn = await graphviz.draw(dot)
      self.leave(hash, drawn)
      return drawn
    }
    running[hash] = task
    return try await WayDrawings.result(of: task)
  }

  private static func result(of task: Task<[UInt8]?, Never>) async throws(PageError) -> [UInt8] {
    guard let drawn = await task.value else { throw .notFound }
    return drawn
  }

  private func enter() async {
    guard busy >= WayDrawings.atOnce else {
      busy += 1
      return
    }
    await withCheckedContinuation { queue.append($0) }
  }

  private func leave(_ hash: Hash, _ drawn: [UInt8]?) {
    running[hash] = nil
    keep(hash, drawn.map { .drawn($0) } ?? .failed(.now))
    // Whoever waits longest takes the place.
    if queue.isEmpty { busy -= 1 } else { queue.removeFirst().resume() }
  }

  private func keep(_ hash: Hash, _ kept: Kept) {
    // One that failed before stands there already.
    if drawings.updateValue(kept, forKey: hash) == nil { order.append(hash) }
    bytes += kept.bytes
    while order.count > WayDrawings.kept || bytes > WayDrawings.keptBytes, let oldest = order.first {
      order.removeFirst()
      bytes -= drawings.removeValue(forKey: oldest)?.bytes ?? 0
    }
  }

  /// The answer with a drawing. It may style itself and do nothing else, whether it is shown in a page or alone.
  static func response(_ svg: [UInt8]) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "image/svg+xml", .cacheControl: "private, max-age=60",
        .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        .vary: "Accept-Language, Cookie",
      ], body: .init(byteBuffer: ByteBuffer(bytes: svg)))
  }
}
