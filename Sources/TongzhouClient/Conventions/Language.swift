/// The languages in which the network speaks to people.
public enum Language: String, CaseIterable, Sendable {
  /// Chinese, simplified characters.
  case zh
  /// English.
  case en
}

/// Numbers and amounts as people read them; whole numbers only, whatever the machine's locale.
enum Wording {
  /// Digits in groups of three: `5,000,000`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Yuan without a unit: whole yuan without decimals, otherwise as many as needed and at least two.
  static func yuan(_ micro: Int64) -> String {
    var decimals = String(micro.magnitude % 1_000_000)
    decimals = String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
    while decimals.utf8.count > 2, decimals.utf8.last == UInt8(ascii: "0") { decimals.removeLast() }
    let fraction = micro % 1_000_000 == 0 ? "" : ".\(decimals)"
    return "\(micro < 0 ? "-" : "")\(grouped(micro.magnitude / 1_000_000))\(fraction)"
  }

  /// Parts in a million as a percentage: `8%`, `0.5%`.
  static func percent(_ partsPerMillion: UInt32) -> String {
    var decimals = String(partsPerMillion % 10_000)
    decimals = String(repeating: "0", count: 4 - decimals.utf8.count) + decimals
    while decimals.utf8.last == UInt8(ascii: "0") { decimals.removeLast() }
    return "\(partsPerMillion / 10_000)\(decimals.utf8.isEmpty ? "" : ".\(decimals)")%"
  }
}
