/// How large JSON from outside may be, in every direction.
public struct JSONLimits: Sendable {
  /// Bytes of all of it.
  public var bytes: Int
  /// Arrays and objects within each other.
  public var depth: Int
  /// Values, counted with the arrays and objects themselves.
  public var values: Int
  /// Members of one object.
  public var members: Int
  /// Bytes of one text, decoded, or of one number.
  public var text: Int

  /// Limits.
  public init(bytes: Int, depth: Int = 16, values: Int = 200_000, members: Int = 128, text: Int = 2048) {
    self.bytes = bytes
    self.depth = depth
    self.values = values
    self.members = members
    self.text = text
  }
}

/// Reads JSON (RFC 8259) under limits, and refuses what two readers could take for different things: a name that
/// stands twice in an object, half of a surrogate pair, bytes that are no UTF-8, a NUL, anything after the end.
public struct JSONReader {
  private let bytes: [UInt8]
  private let limits: JSONLimits
  private var place = 0
  private var values = 0

  private init(_ bytes: [UInt8], _ limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Reads all of it.
  ///
  /// - Throws: ``ExchangeError`` `exchange.malformed`; a message says where and never repeats what stands there.
  public static func read(_ bytes: [UInt8], limits: JSONLimits) throws(ExchangeError) -> JSONValue {
    guard bytes.count <= limits.bytes else {
      throw ExchangeError(.malformed, "it has more than \(limits.bytes) bytes")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw ExchangeError(.malformed, "it is not UTF-8") }
    var reader = JSONReader(bytes, limits)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.place == bytes.count else { throw reader.error("something stands after the end") }
    return value
  }

  private func error(_ what: String) -> ExchangeError { ExchangeError(.malformed, "byte \(place): \(what)") }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) throws(ExchangeError) -> JSONValue {
    skipSpace()
    values += 1
    guard values <= limits.values else { throw error("more than \(limits.values) values") }
    guard depth <= limits.depth else { throw error("more than \(limits.depth) levels") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(ExchangeError) -> JSONValue {
    guard bytes[place...].starts(with: text.utf8) else { throw error("no value") }
    place += text.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(ExchangeError) -> [JSONMember] {
    place += 1
    var members: [JSONMember] = []
    skipSpace()
    if take("}") { return members }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a name is missing") }
      let name = try string()
      guard !members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
        throw error("a name stands twice in one object")
      }
      skipSpace()
      guard take(":") else { throw error("a colon is missing") }
      members.append(JSONMember(name, try value(depth: depth + 1)))
      guard members.count <= limits.members else { throw error("more than \(limits.members) members") }
      skipSpace()
      if take("}") { return members }
      guard take(",") else { throw error("a comma or the end of the object is missing") }
    }
  }

  private mutating func array(depth: Int) throws(ExchangeError) -> [JSONValue] {
    place += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return elements }
      guard take(",") else { throw error("a comma or the end of the list is missing") }
    }
  }

  private mutating func number() throws(ExchangeError) -> String {
    let start = place
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
    guard place - start <= limits.text else { throw error("a number of more than \(limits.text) bytes") }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func digits() throws(ExchangeError) {
    let start = place
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
    guard place > start else { throw error("no value") }
  }

  private mutating func string() throws(ExchangeError) -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw error("a control character")
      default: text.append(byte)
      }
      guard text.count <= limits.text else { throw error("a text of more than \(limits.text) bytes") }
    }
    throw error("a text does not end")
  }

  private mutating func escape() throws(ExchangeError) -> Character {
    guard let byte = next else { throw error("a text does not end") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = UInt32(try quad())
      if 0xD800..<0xDC00 ~= code {
        guard take("\\"), take("u") else { throw error("half of a surrogate pair") }
        let low = UInt32(try quad())
        guard 0xDC00..<0xE000 ~= low else { throw error("half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard code != 0, let scalar = Unicode.Scalar(code) else { throw error("no character") }
      return Character(scalar)
    default: throw error("no such escape")
    }
  }

  private mutating func quad() throws(ExchangeError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits are missing")
      }
      place += 1
      code = code << 4 | UInt16(digit)
    }
    return code
  }
}
