/// Sorts many integers in a time that grows with their number alone.
public enum RadixSort {
  private static let digitBits = 11

  /// Sorts ascending; keeps the order of values that agree from `bit` on, whatever their lower bits.
  ///
  /// Needs as much memory again. Digits in which all values agree cost one look.
  public static func sort(_ values: inout [Int64], fromBit bit: Int = 0) {
    var other = [Int64](repeating: 0, count: values.count)
    for shift in stride(from: bit, to: Int64.bitWidth, by: digitBits) {
      var places = counts(of: values, shift: shift)
      guard !places.contains(values.count) else { continue }
      var sum = 0
      for digit in places.indices {
        (places[digit], sum) = (sum, sum + places[digit])
      }
      for value in values {
        let digit = digit(of: value, shift)
        other[places[digit]] = value
        places[digit] += 1
      }
      swap(&values, &other)
    }
  }

  private static func counts(of values: [Int64], shift: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: 1 << digitBits)
    for value in values { counts[digit(of: value, shift)] += 1 }
    return counts
  }

  /// The bits from `shift` on, with the sign turned round, so that negative values come first.
  private static func digit(of value: Int64, _ shift: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: value) ^ 1 << 63) >> UInt64(shift) & (1 << UInt64(digitBits) - 1))
  }
}
