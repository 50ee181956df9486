/// A small generator whose whole state is its seed: the same seed gives the same numbers everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that starts at a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound` − 1.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Thirty-two bytes.
  public mutating func bytes32() -> [UInt8] {
    (0..<4).flatMap { _ in
      let word = next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
    }
  }
}

extension SplitMix64 {
  /// A number from 0 to below 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// One of the values, with these weights.
  mutating func pick<T>(_ values: [(T, Double)]) -> T {
    var drawn = unit() * values.reduce(0) { $0 + $1.1 }
    for (value, weight) in values {
      if drawn < weight { return value }
      drawn -= weight
    }
    return values[values.count - 1].0
  }
}
