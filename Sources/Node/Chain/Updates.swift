internal import Synchronization

/// Tells any number of readers of each new height.
final class Updates: Sendable {
  private struct State {
    var nextID = 0
    var readers: [Int: AsyncStream<UInt64>.Continuation] = [:]
    var isFinished = false
  }

  private let state = Mutex(State())

  /// Heights from now on. A reader who falls behind gets the newest and misses those between.
  func stream() -> AsyncStream<UInt64> {
    let (stream, continuation) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(16))
    let id = state.withLock { state -> Int? in
      if state.isFinished { return nil }
      state.nextID += 1
      state.readers[state.nextID] = continuation
      return state.nextID
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.readers.removeValue(forKey: id) }
    }
    return stream
  }

  func send(_ height: UInt64) {
    let readers = state.withLock { Array($0.readers.values) }
    for reader in readers { reader.yield(height) }
  }

  func finish() {
    let readers = state.withLock { state in
      state.isFinished = true
      defer { state.readers = [:] }
      return Array(state.readers.values)
    }
    for reader in readers { reader.finish() }
  }
}
