/// The part of a path that tiles and bundles share: `<N>` and, when not full, `.p/<W>`.
///
/// N is written in groups of three digits, all but the last behind an `x`: `x001/x234/067`.
enum TilePath {
  /// The number of hashes in a full tile, and of entries in a full bundle.
  static let fullWidth = 256

  /// Nothing in a tree of at most 2^63 - 1 leaves has a higher index than this.
  static let maximumIndex = MerkleTree.maximumSize / UInt64(fullWidth)

  private static let slash = UInt8(ascii: "/")

  static func render(index: UInt64, width: Int) -> String {
    var groups: [UInt64] = [index % 1000]
    var rest = index / 1000
    while rest > 0 {
      groups.append(rest % 1000)
      rest /= 1000
    }
    var text = ""
    for position in groups.indices.reversed() {
      let digits = String(groups[position])
      text += position > 0 ? "x" : ""
      text += String(repeating: "0", count: 3 - digits.count) + digits
      text += position > 0 ? "/" : ""
    }
    return width == fullWidth ? text : text + ".p/\(width)"
  }

  /// Reads exactly what `render` writes; `nil` for everything else.
  static func parse(_ text: ArraySlice<UInt8>) -> (index: UInt64, width: Int)? {
    // 19 digits in groups of three, their marks, and a partial mark fit easily.
    guard text.count <= 64 else { return nil }
    var groups = text.split(separator: slash, omittingEmptySubsequences: false)
    var width = fullWidth
    if groups.count >= 2, groups[groups.count - 2].suffix(2).elementsEqual(".p".utf8) {
      guard let read = DecimalText.decode(groups.removeLast(), maximum: UInt64(fullWidth - 1)), read > 0 else {
        return nil
      }
      width = Int(read)
      groups[groups.count - 1].removeLast(2)
    }
    var index: UInt64 = 0
    for (position, group) in groups.enumerated() {
      let isLast = position == groups.count - 1
      guard let value = value(of: group, isLast: isLast), position > 0 || isLast || value > 0 else { return nil }
      let (shifted, overflowed) = index.multipliedReportingOverflow(by: 1000)
      let (sum, overflowedAgain) = shifted.addingReportingOverflow(value)
      guard !overflowed, !overflowedAgain else { return nil }
      index = sum
    }
    return index <= maximumIndex ? (index, width) : nil
  }

  private static func value(of group: ArraySlice<UInt8>, isLast: Bool) -> UInt64? {
    var digits = group
    if !isLast {
      guard digits.popFirst() == UInt8(ascii: "x") else { return nil }
    }
    guard digits.count == 3 else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + UInt64(digit - UInt8(ascii: "0"))
    }
    return value
  }

  static func check(index: UInt64, width: Int) throws(TransparencyLogError) {
    guard index <= maximumIndex, (1...fullWidth).contains(width) else {
      throw TransparencyLogError(.malformedPath, "The width must be 1...256 and the index below 2^55.")
    }
  }

  static let refusal = "The path is not in the one form that tlog-tiles permits."
}
