/// Columns of text, numbers to the right, for a terminal in which a Chinese letter is two places wide.
struct TextTable {
  private var rows: [[String]]

  /// A table with the names of its columns.
  init(_ header: [String]) { rows = [header] }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, each column as wide as its widest text.
  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { TextTable.width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { String(repeating: " ", count: $1 - TextTable.width($0)) + $0 }.joined(separator: "  ")
    }
  }

  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ((0x1100...0xFFEF).contains($1.value) && $1.value >= 0x2E80 ? 2 : 1) }
  }
}

/// Figures as people read them.
enum Figures {
  /// A whole number in groups of three.
  static func whole(_ value: Double) -> String {
    let digits = String(Int(value.rounded().magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return value.rounded() < 0 ? "-" + text : text
  }

  /// A number with one decimal.
  static func tenth(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded().magnitude)
    return "\(value < 0 && tenths > 0 ? "-" : "")\(whole(Double(tenths / 10))).\(tenths % 10)"
  }

  /// A part of one as a percentage with one decimal.
  static func percent(_ value: Double) -> String { tenth(value * 100) + " %" }
}
