import Synchronization

/// Seconds since 1970, as a test sets them.
final class TestClock: Sendable {
  private let now: Mutex<UInt64>

  init(_ seconds: UInt64) { now = Mutex(seconds) }

  var seconds: UInt64 { now.withLock { $0 } }

  func advance(_ seconds: UInt64) { now.withLock { $0 += seconds } }
}
