/// The notation of numbers in the string that an event's hash is made of.
///
/// The rule is stated on binary floating point: whatever reads as a number is rounded to 64 bits, and written as a
/// whole number where it is one. So this is the one place where a quantity becomes a `Double`; nothing is computed
/// with it.
enum HashedNumber {
  /// The notation; `nil` for what is no number.
  static func canonical(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, bytes.count <= 400,
      [0x2B, 0x2D, 0x2E].contains(first) || isDigit(first), bytes.contains(where: isDigit)
    else { return nil }
    // An underscore may stand between two digits, as in the language in which the rule was first written.
    var plain: [UInt8] = []
    for (place, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "_") {
        guard place > 0, place + 1 < bytes.count, isDigit(bytes[place - 1]), isDigit(bytes[place + 1]) else {
          return nil
        }
        continue
      }
      guard isDigit(byte) || [0x2B, 0x2D, 0x2E, 0x65, 0x45].contains(byte) else { return nil }
      plain.append(byte)
    }
    if plain.first == UInt8(ascii: "+") { plain.removeFirst() }
    guard plain.first != UInt8(ascii: "+"), let value = Double(String(decoding: plain, as: UTF8.self)), value.isFinite
    else { return nil }
    // The shortest digits that read as the same number; below a ten thousandth with a power of ten of two digits.
    return value == value.rounded(.towardZero) ? whole(value) : "\(value)"
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// All digits of a whole number, which may have three hundred of them.
  private static func whole(_ value: Double) -> String {
    if let small = Int64(exactly: value) { return String(small) }
    // Beyond 2⁶³ it is its significand times a power of two.
    var digits: [UInt8] = String(UInt64(value.significand * 0x1p52)).utf8.reversed().map { $0 - 0x30 }
    for _ in 0..<(Int(value.exponent) - 52) {
      var carry: UInt8 = 0
      for place in digits.indices {
        let doubled = digits[place] * 2 + carry
        digits[place] = doubled % 10
        carry = doubled / 10
      }
      if carry > 0 { digits.append(carry) }
    }
    return (value < 0 ? "-" : "") + String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self)
  }
}
