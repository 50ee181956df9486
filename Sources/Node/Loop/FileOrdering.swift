internal import Ledger

/// The embedded ordering engine: values in the node's own journal.
///
/// It orders for the organisations in one process. A value counts once the journal is on the disk; until then
/// nobody is told of it.
struct FileOrdering: Sendable {
  private var values: [UInt64: [UInt8]] = [:]

  /// Takes a value if the sequence is free; the caller makes the journal durable before it tells anybody.
  mutating func append(_ bytes: [UInt8], at sequence: UInt64) -> Bool {
    if values[sequence] != nil { return false }
    values[sequence] = bytes
    return true
  }

  /// The value at a sequence; `nil` if it is free.
  func value(at sequence: UInt64) -> [UInt8]? { values[sequence] }

  /// Forgets what every organisation has taken in and published.
  mutating func release(below sequence: UInt64, from first: UInt64) {
    guard first < sequence else { return }
    for old in first..<sequence { values[old] = nil }
  }
}
