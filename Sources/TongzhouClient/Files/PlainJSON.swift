/// The form of JSON that files of proofs have: one object in UTF-8, with numbers in digits only and no name twice.
///
/// Readers differ in what they make of other numbers and of a name that stands twice; a file that one verifier takes
/// and another refuses proves nothing, so all refuse it.
struct PlainJSON {
  /// Objects and lists within each other; no file of ours needs half of it.
  static let maximumDepth = 16
  /// The largest number that every reader holds exactly.
  static let maximumNumber: UInt64 = 1 << 53 - 1

  private let bytes: [UInt8]
  private var place = 0

  /// Whether the bytes have this form.
  static func isPlain(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var scanner = PlainJSON(bytes: bytes)
    scanner.skipSpace()
    guard scanner.next == UInt8(ascii: "{"), scanner.value(depth: 0) else { return false }
    scanner.skipSpace()
    return scanner.next == nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { place += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let end = place + word.utf8CodeUnitCount
    guard end <= bytes.count, bytes[place..<end].elementsEqual(word.description.utf8) else { return false }
    place = end
    return true
  }

  private mutating func value(depth: Int) -> Bool {
    guard let first = next else { return false }
    switch first {
    case UInt8(ascii: "{"): return depth < PlainJSON.maximumDepth && object(depth: depth)
    case UInt8(ascii: "["): return depth < PlainJSON.maximumDepth && list(depth: depth)
    case UInt8(ascii: "\""): return string() != nil
    case UInt8(ascii: "t"): return take("true")
    case UInt8(ascii: "f"): return take("false")
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> Bool {
    place += 1
    var names: Set<[UInt8]> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return true }
    while true {
      skipSpace()
      guard let name = string(), names.insert(name).inserted else { return false }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipSpace()
      guard value(depth: depth + 1) else { return false }
      skipSpace()
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func list(depth: Int) -> Bool {
    place += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return true }
    while true {
      skipSpace()
      guard value(depth: depth + 1) else { return false }
      skipSpace()
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func number() -> Bool {
    let start = place
    var number: UInt64 = 0
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
      guard number <= PlainJSON.maximumNumber else { return false }
      place += 1
    }
    return place - start == 1 || place > start && bytes[start] != UInt8(ascii: "0")
  }

  /// The bytes that a string stands for, so that a name written in two ways is seen to be one.
  private mutating func string() -> [UInt8]? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = fourDigits() else { return nil }
      guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) }
      guard take("\\u"), let low = fourDigits(), (0xdc00..<0xe000).contains(low) else { return nil }
      return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    default: return nil
    }
  }

  private mutating func fourDigits() -> UInt32? {
    guard place + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    place += 4
    return value
  }
}
