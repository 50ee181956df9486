/// Sorts many integers in a time that grows with their number alone.
public enum RadixSort {
  private static let digitBits = 11

  /// Sorts ascending; keeps the order of values that agree from `bit` on, whatever their lower bits.
  ///
  /// Needs as much memory again. All digits are counted in one pass, and one in which all values agree costs no other.
  public static func sort(_ values: inout [Int64], fromBit bit: Int = 0) {
    let shifts = Array(stride(from: bit, to: Int64.bitWidth, by: digitBits))
    var places = counts(of: values, shifts: shifts)
    var other = [Int64](repeating: 0, count: values.count)
    for (number, shift) in shifts.enumerated() {
      let digits = number << digitBits..<(number + 1) << digitBits
      guard !places[digits].contains(values.count) else { continue }
      var sum = 0
      for digit in digits {
        (places[digit], sum) = (sum, sum + places[digit])
      }
      for value in values {
        let digit = digits.lowerBound + digit(of: value, shift)
        other[places[digit]] = value
        places[digit] += 1
      }
      swap(&values, &other)
    }
  }

  /// How many values have each value of each digit; they do not depend on the order.
  private static func counts(of values: [Int64], shifts: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: shifts.count << digitBits)
    for value in values {
      for (number, shift) in shifts.enumerated() { counts[number << digitBits + digit(of: value, shift)] += 1 }
    }
    return counts
  }

  /// The bits from `shift` on, with the sign turned round, so that negative values come first.
  private static func digit(of value: Int64, _ shift: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: value) ^ 1 << 63) >> UInt64(shift) & (1 << UInt64(digitBits) - 1))
  }
}
