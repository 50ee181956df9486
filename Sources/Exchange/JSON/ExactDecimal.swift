/// A decimal number as it is written, exactly: `mantissa` × 10 to the power of `exponent`.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits, without zeros at their end.
  public let mantissa: Int64
  /// The power of ten.
  public let exponent: Int

  /// The most significant digits, which is what 64 bits always hold.
  public static let maximumDigits = 18

  /// A whole number.
  public init(_ value: Int64) { self.init(mantissa: value, exponent: 0) }

  private init(mantissa: Int64, exponent: Int) {
    var (mantissa, exponent) = (mantissa, mantissa == 0 ? 0 : exponent)
    while mantissa != 0, mantissa % 10 == 0 {
      mantissa /= 10
      exponent += 1
    }
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// Reads a number in the form of JSON, such as `-12.50` or `3e2`; `nil` for anything else, for more than
  /// ``maximumDigits`` significant digits, and for a power of ten beyond ±60.
  public init?(_ text: String) {
    var bytes = text.utf8[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    var (mantissa, digits, seen, exponent) = (Int64(0), 0, 0, 0)
    var isFraction = false
    var zeros = 0
    while let byte = bytes.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
      bytes.removeFirst()
      if byte == UInt8(ascii: "."), !isFraction, seen > 0 {
        isFraction = true
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), seen < 96 else { return nil }
      seen += 1
      if isFraction { exponent -= 1 }
      // Zeros are no digits to keep until another one follows them.
      zeros += 1
      guard byte != UInt8(ascii: "0") else { continue }
      digits = digits == 0 ? 1 : digits + zeros
      guard digits <= ExactDecimal.maximumDigits else { return nil }
      if mantissa > 0 { for _ in 1..<zeros { mantissa *= 10 } }
      mantissa = mantissa * 10 + Int64(byte - UInt8(ascii: "0"))
      zeros = 0
    }
    guard seen > 0 else { return nil }
    if mantissa > 0 { exponent += zeros }
    if !bytes.isEmpty {
      guard let power = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), (-60...60).contains(power) else {
        return nil
      }
      exponent += power
    }
    self.init(mantissa: isNegative ? -mantissa : mantissa, exponent: exponent)
  }

  /// The number times 10 to a power, where that is whole and at most `limit` in size; `nil` otherwise.
  public func whole(shift: Int, limit: Int64) -> Int64? {
    var (value, power) = (mantissa, exponent + shift)
    while power < 0 {
      guard value % 10 == 0 else { return nil }
      value /= 10
      power += 1
    }
    while power > 0, value != 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = product
      power -= 1
    }
    return value.magnitude <= limit.magnitude ? value : nil
  }
}
