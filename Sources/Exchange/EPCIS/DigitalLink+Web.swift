extension DigitalLink {
  private static let names = [
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
  ]
  /// In the order in which they are looked for where a link stands on another host.
  private static let keys = [
    "00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8017", "8018",
  ]

  /// A Digital Link on any host in its canonical form: the finest level only, without a variant or a query.
  static func link(_ text: String) -> String? {
    guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.contains(UInt8(ascii: ".")),
      !text.contains("#")
    else { return nil }
    let path = text.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
    let parts = path.map { names[String($0)] ?? String($0) }
    for key in keys {
      guard let place = parts.firstIndex(of: key) else { continue }
      // Only keys are followed by a number; a path can have such a part for any other reason.
      guard place + 1 < parts.count, parts[place + 1].utf8.count >= 5,
        parts[place + 1].utf8.prefix(4).allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      return canonical(key, parts[place + 1], Array(parts[(place + 2)...]))
    }
    return nil
  }

  private static func canonical(_ key: String, _ value: String, _ rest: [String]) -> String? {
    guard rest.count % 2 == 0, rest.count <= 6 else { return nil }
    var qualifiers: [(name: String, value: String)] = []
    for place in stride(from: 0, to: rest.count, by: 2) where rest[place] != "22" {
      qualifiers.append((rest[place], rest[place + 1]))
    }
    if qualifiers.count == 2, qualifiers[0].name == "10", qualifiers[1].name == "21" { qualifiers.removeFirst() }
    guard qualifiers.count <= 1 else { return nil }
    var value = value
    if key == "01", [8, 12, 13].contains(value.utf8.count) {
      value = String(repeating: "0", count: 14 - value.utf8.count) + value
    }
    guard isValue(value, of: key) else { return nil }
    guard let qualifier = qualifiers.first else { return root + key + "/" + value }
    let allowed: [String: [(name: String, maximum: Int)]] = [
      "01": [("21", 20), ("10", 20), ("235", 28)], "414": [("254", 20)], "8006": [("21", 20), ("10", 20)],
      "8010": [("8011", 12)],
    ]
    guard let maximum = allowed[key]?.first(where: { $0.name == qualifier.name })?.maximum,
      qualifier.value.utf8.count <= maximum, qualifier.value.utf8.allSatisfy({ isPlainLink($0, digits: key == "8010") })
    else { return nil }
    return root + "\(key)/\(value)/\(qualifier.name)/\(qualifier.value)"
  }

  /// Whether a key's value has the digits it has to have, and after them as many other characters as it may.
  private static func isValue(_ value: String, of key: String) -> Bool {
    let (digits, more): (Int, Int) =
      switch key {
      case "00", "8006", "8017", "8018": (18, 0)
      case "01": (14, 0)
      case "402": (17, 0)
      case "414", "417": (13, 0)
      case "253": (13, 17)
      case "255": (13, 12)
      case "8003": (14, 16)
      default: (0, 30)
      }
    let bytes = Array(value.utf8)
    return bytes.count >= digits && bytes.count <= digits + more
      && bytes.prefix(digits).allSatisfy { (0x30...0x39).contains($0) }
      && bytes.dropFirst(digits).allSatisfy { isPlainLink($0, digits: key == "255") }
  }

  private static func isPlainLink(_ byte: UInt8, digits: Bool) -> Bool {
    if (0x30...0x39).contains(byte) { return true }
    return !digits
      && ((0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "\"'-._;<=>?".utf8.contains(byte))
  }
}
