internal import NIOCore
internal import Synchronization

/// Files that never change any more, as far as they fit into so many bytes.
///
/// In two generations: what was asked for lately, and what was before that. When the newer one is half the limit, the
/// older one is forgotten; so what is asked for again and again stays, and nothing is sorted.
final class TileCache: Sendable {
  private struct State {
    var newer: [String: ByteBuffer] = [:]
    var older: [String: ByteBuffer] = [:]
    var newerBytes = 0
  }

  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter limit: bytes of files and paths; 0 to keep nothing.
  init(limit: Int) { self.limit = limit }

  /// What is kept for a path.
  subscript(path: String) -> ByteBuffer? {
    state.withLock { state in
      if let found = state.newer[path] { return found }
      guard let found = state.older[path] else { return nil }
      keep(found, for: path, &state)
      return found
    }
  }

  /// Keeps a file; one that alone is too large is not kept.
  func keep(_ file: ByteBuffer, for path: String) {
    state.withLock { keep(file, for: path, &$0) }
  }

  private func keep(_ file: ByteBuffer, for path: String, _ state: inout State) {
    let size = file.readableBytes + path.utf8.count
    guard size <= limit / 2, state.newer[path] == nil else { return }
    if state.newerBytes + size > limit / 2 {
      state.older = state.newer
      state.newer = [:]
      state.newerBytes = 0
    }
    state.newer[path] = file
    state.newerBytes += size
  }

  /// Bytes that are kept.
  var byteCount: Int {
    state.withLock { state in
      [state.newer, state.older].joined().reduce(0) { $0 + $1.value.readableBytes + $1.key.utf8.count }
    }
  }
}
