/// The forms of text in a convention. Compared byte by byte: no table of Unicode takes part, since two
/// machines could have different ones.
enum ConventionText {
  /// 1 to 32 of a-z, 0-9 and `-`.
  static func isKey(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  /// 1 to 64 bytes that show as they are: no control characters, and none that turn the direction of text.
  static func isName(_ text: String) -> Bool {
    let bytes = text.utf8
    guard (1...64).contains(bytes.count), bytes.first != UInt8(ascii: " "), bytes.last != UInt8(ascii: " ") else {
      return false
    }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0: false
      // Zero-width and directional marks, line and paragraph separators (Unicode 15, 23.2 and UAX #9).
      case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: false
      default: true
      }
    }
  }
}

/// The form of codes of the International Classification of Diseases, 10th revision (WHO).
enum ICD10 {
  /// A code, or a range of two codes of the same length, the first not after the second.
  static func isCodeOrRange(_ text: String) -> Bool {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isCode(parts[0])
    case 2:
      return isCode(parts[0]) && isCode(parts[1]) && parts[0].count == parts[1].count
        && !parts[1].lexicographicallyPrecedes(parts[0])
    default: return false
    }
  }

  /// A letter and two digits (a category); then possibly a point and one to four digits, since national
  /// editions divide further than WHO's one.
  private static func isCode(_ code: ArraySlice<UInt8>) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let bytes = Array(code)
    guard bytes.count == 3 || (5...8).contains(bytes.count),
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[0]), digits.contains(bytes[1]),
      digits.contains(bytes[2])
    else { return false }
    return bytes.count == 3 || (bytes[3] == UInt8(ascii: ".") && bytes[4...].allSatisfy(digits.contains))
  }
}
