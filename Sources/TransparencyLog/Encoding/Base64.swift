/// Base64 in its one canonical form: the standard alphabet with padding (RFC 4648 section 4).
///
/// Everything else is refused: other alphabets, missing padding, line breaks, and trailing bits that
/// are not zero. So two different texts never stand for the same bytes.
public enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The text for the bytes, as ASCII bytes.
  public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(alphabet[Int(bits >> bitCount & 63)])
      }
    }
    if bitCount > 0 {
      text.append(alphabet[Int(bits << (6 - bitCount) & 63)])
    }
    while text.count % 4 != 0 {
      text.append(padding)
    }
    return text
  }

  /// The text for the bytes.
  public static func encodeToString(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: encode(bytes), as: UTF8.self)
  }

  /// The bytes of a canonical text; `nil` for any other text. An empty text is zero bytes.
  public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    // Not generic inside: other modules would get the slow form of it.
    text.withContiguousStorageIfAvailable { decode(symbols: $0) }
      ?? Array(text).withUnsafeBufferPointer { decode(symbols: $0) }
  }

  private static func decode(symbols text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let length = text.count
    guard length % 4 == 0 else { return nil }
    // At most two padding signs are taken off; a third is then met as a foreign symbol below.
    var symbols = text[...]
    for _ in 0..<2 where symbols.last == padding {
      symbols.removeLast()
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length / 4 * 3)
    var bits: UInt32 = 0
    var bitCount: UInt32 = 0
    for symbol in symbols {
      guard let value = value(of: symbol) else { return nil }
      bits = bits << 6 | value
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        bits &= (1 << bitCount) - 1
      }
    }
    return bits == 0 ? bytes : nil
  }

  /// The bytes of a canonical text; `nil` for any other text. An empty text is zero bytes.
  public static func decode(_ text: String) -> [UInt8]? {
    decode(text.utf8)
  }

  private static func value(of symbol: UInt8) -> UInt32? {
    switch symbol {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(symbol - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(symbol - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(symbol - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
