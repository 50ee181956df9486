internal import Ledger

/// The simulated ordering engine: the first value at a sequence stays, and values are read in order.
struct OrderingEngine {
  enum Outcome {
    /// The value stands at its sequence now.
    case taken
    /// The very same bytes stand there already.
    case known
    /// Another value was first.
    case outbid
  }

  private struct Value {
    let bytes: [UInt8]
    /// `nil` for bytes that are no batch.
    let batch: PreparedBatch?
  }

  private var values: [UInt64: Value] = [:]
  /// Every sequence below was taken, and its value is given away no more.
  private var floor: UInt64 = 1

  /// Appends a value if its sequence is free; `prepare` runs only then.
  mutating func append(_ bytes: [UInt8], at sequence: UInt64, prepare: (Batch) -> PreparedBatch) -> Outcome {
    guard sequence >= floor else { return .outbid }
    if let value = values[sequence] { return value.bytes == bytes ? .known : .outbid }
    values[sequence] = Value(bytes: bytes, batch: (try? Batch(decoding: bytes)).map(prepare))
    return .taken
  }

  /// Whether a value stands at a sequence and is still given away.
  func has(_ sequence: UInt64) -> Bool { values[sequence] != nil }

  /// The value at a sequence: outside `nil` where none is, inside `nil` for bytes that are no batch.
  func value(at sequence: UInt64) -> PreparedBatch?? { values[sequence].map(\.batch) }

  /// Lets go of the values below a sequence; nothing else can take their places.
  mutating func release(below sequence: UInt64) {
    while floor < sequence {
      values[floor] = nil
      floor += 1
    }
  }
}
