/// Whole numbers as the C2SP formats write them: ASCII digits, no sign, no leading zeros.
///
/// `UInt64(String)` accepts `+5`, `007` and `-0`, so it must not read anything that is signed.
public enum DecimalText {
  /// The number a text stands for; `nil` unless it is in the one permitted form and at most `maximum`.
  public static func decode(_ text: some Collection<UInt8>, maximum: UInt64 = .max) -> UInt64? {
    guard let first = text.first else { return nil }
    if first == UInt8(ascii: "0") {
      return text.count == 1 ? 0 : nil
    }
    var value: UInt64 = 0
    for byte in text {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedAgain) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      guard !overflowed, !overflowedAgain else { return nil }
      value = sum
    }
    return value <= maximum ? value : nil
  }

  /// The digits of a number.
  public static func encode(_ value: UInt64) -> [UInt8] {
    Array(String(value).utf8)
  }
}
