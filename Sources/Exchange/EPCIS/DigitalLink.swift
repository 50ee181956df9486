/// GS1's identifiers in one notation, the Digital Link under id.gs1.org, whichever of theirs they were written in
/// (GS1 EPC Tag Data Standard, GS1 Digital Link): the event's hash must not depend on it.
enum DigitalLink {
  static let root = "https://id.gs1.org/"

  /// The canonical link; `nil` for what is no identifier of GS1's.
  static func canonical(_ text: String) -> String? {
    for (prefix, isPattern) in [("urn:epc:id:", false), ("urn:epc:class:", false), ("urn:epc:idpat:", true)]
    where text.hasPrefix(prefix) {
      let parts = text.dropFirst(prefix.count).split(separator: ":", maxSplits: 1)
      guard parts.count == 2, (prefix == "urn:epc:class:") == (parts[0] == "lgtin") else { return nil }
      return isPattern ? pattern(String(parts[0]), parts[1]) : urn(String(parts[0]), parts[1])
    }
    return link(text)
  }

  /// The check digit of a key: weights 3 and 1 from the right.
  static func checked(_ digits: String) -> String {
    var sum = 0
    for (place, byte) in digits.utf8.reversed().enumerated() { sum += Int(byte - 0x30) * (place % 2 == 0 ? 3 : 1) }
    return digits + String((10 - sum % 10) % 10)
  }

  /// A company's prefix of 6 to 12 digits and a reference, which have `total` digits together; then the rest.
  private static func key(_ text: Substring, total: Int) -> (prefix: String, reference: String, rest: Substring?)? {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, (6...12).contains(parts[0].utf8.count), isDigits(parts[0]), isDigits(parts[1]),
      parts[0].utf8.count + parts[1].utf8.count == total
    else { return nil }
    return (String(parts[0]), String(parts[1]), parts.count == 3 ? parts[2] : nil)
  }

  private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }

  /// A GTIN of fourteen digits, whose indicator stands first.
  private static func gtin(_ key: (prefix: String, reference: String, rest: Substring?)) -> String {
    checked(key.reference.prefix(1) + key.prefix + key.reference.dropFirst())
  }

  private static func urn(_ scheme: String, _ text: Substring) -> String? {
    switch scheme {
    case "sgtin", "lgtin", "upui":
      guard let key = key(text, total: 13), let serial = key.rest, isSerial(serial, scheme == "upui" ? 28 : 20) else {
        return nil
      }
      let application = ["sgtin": "21", "lgtin": "10", "upui": "235"][scheme] ?? ""
      return root + "01/\(gtin(key))/\(application)/" + encoded(serial)
    case "itip":
      guard let key = key(text, total: 13), let rest = key.rest?.split(separator: ".", maxSplits: 2), rest.count == 3,
        rest[0].utf8.count == 2, rest[1].utf8.count == 2, isDigits(rest[0]), isDigits(rest[1]), isSerial(rest[2], 20)
      else { return nil }
      return root + "8006/\(gtin(key))\(rest[0])\(rest[1])/21/" + encoded(rest[2])
    case "sscc", "gsrn", "gsrnp", "gsin":
      guard let key = key(text, total: scheme == "gsin" ? 16 : 17), key.rest == nil else { return nil }
      if scheme == "sscc" { return root + "00/" + gtin(key) }
      let application = ["gsrn": "8018", "gsrnp": "8017", "gsin": "402"][scheme] ?? ""
      return root + "\(application)/" + checked(key.prefix + key.reference)
    case "pgln":
      guard let key = key(text, total: 12), key.rest == nil else { return nil }
      return root + "417/" + checked(key.prefix + key.reference)
    case "sgln":
      guard let key = key(text, total: 12), let rest = key.rest, isSerial(rest, 20) else { return nil }
      return root + "414/" + checked(key.prefix + key.reference) + (rest == "0" ? "" : "/254/" + encoded(rest))
    case "grai", "gdti", "sgcn":
      guard let key = key(text, total: 12), let rest = key.rest else { return nil }
      let digits = checked((scheme == "grai" ? "0" : "") + key.prefix + key.reference)
      switch scheme {
      case "grai": return isSerial(rest, 16) ? root + "8003/" + digits + encoded(rest) : nil
      case "gdti": return isSerial(rest, 19) ? root + "253/" + digits + encoded(rest) : nil
      default: return isDigits(rest) && (1...12).contains(rest.utf8.count) ? root + "255/" + digits + rest : nil
      }
    case "giai", "ginc":
      let parts = text.split(separator: ".", maxSplits: 1)
      guard parts.count == 2, (6...12).contains(parts[0].utf8.count), isDigits(parts[0]),
        isSerial(parts[1], 30 - parts[0].utf8.count)
      else { return nil }
      return root + (scheme == "giai" ? "8004/" : "401/") + parts[0] + encoded(parts[1])
    case "cpi":
      let parts = text.split(separator: ".")
      guard parts.count == 3, (6...12).contains(parts[0].utf8.count), isDigits(parts[0]),
        isSerial(parts[1], 30 - parts[0].utf8.count), isDigits(parts[2]), parts[2].utf8.count <= 12
      else { return nil }
      return root + "8010/\(parts[0])\(parts[1])/8011/\(parts[2])"
    default: return nil
    }
  }

  /// All things of a class: a name that ends in an asterisk.
  private static func pattern(_ scheme: String, _ text: Substring) -> String? {
    guard text.hasSuffix(".*") else { return nil }
    let text = text.dropLast(2)
    switch scheme {
    case "sgtin", "upui":
      guard let key = key(text, total: 13), key.rest == nil else { return nil }
      return root + "01/" + gtin(key)
    case "itip":
      guard let key = key(text, total: 13), let rest = key.rest?.split(separator: "."), rest.count == 2,
        rest.allSatisfy({ $0.utf8.count == 2 && isDigits($0) })
      else { return nil }
      return root + "8006/" + gtin(key) + rest[0] + rest[1]
    case "grai", "gdti", "sgcn":
      guard let key = key(text, total: 12), key.rest == nil else { return nil }
      let application = ["grai": "8003", "gdti": "253", "sgcn": "255"][scheme] ?? ""
      return root + "\(application)/" + checked((scheme == "grai" ? "0" : "") + key.prefix + key.reference)
    case "cpi":
      let parts = text.split(separator: ".")
      guard parts.count == 2, (6...12).contains(parts[0].utf8.count), isDigits(parts[0]),
        isSerial(parts[1], 30 - parts[0].utf8.count)
      else { return nil }
      return root + "8010/" + parts[0] + parts[1]
    default: return nil
    }
  }

  /// Whether a text has 1 to so many characters of a serial number, each plain or as `%` and two digits.
  private static func isSerial(_ text: Substring, _ maximum: Int) -> Bool {
    var (bytes, count) = (Array(text.utf8)[...], 0)
    while let byte = bytes.popFirst() {
      count += 1
      if byte == UInt8(ascii: "%") {
        guard bytes.count >= 2, UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16) != nil else {
          return false
        }
        bytes.removeFirst(2)
      } else {
        guard isPlain(byte) || "!)(*+,:".utf8.contains(byte) else { return false }
      }
    }
    return (1...max(1, maximum)).contains(count)
  }

  /// Characters that stand in a link as they are.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "'-._;=".utf8.contains(byte)
  }

  private static func encoded(_ text: Substring) -> String {
    text.utf8.reduce(into: "") { text, byte in
      let isSpecial = "!()*+,:".utf8.contains(byte)
      text += isSpecial ? "%" + String(byte, radix: 16, uppercase: true) : String(Unicode.Scalar(byte))
    }
  }
}
