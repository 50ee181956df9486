/// Walks over bytes line by line, splitting at 0x0A only.
///
/// `String.split` drops empty lines and takes CR LF as one character, so it must not cut signed text.
struct LineReader {
  static let newline: UInt8 = 0x0A

  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The next line without its newline; `nil` when no whole line is left.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: Self.newline) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }
}

extension Collection<UInt8> {
  /// What follows the prefix; `nil` when the bytes do not begin with it.
  func dropping(_ prefix: StaticString) -> SubSequence? {
    prefix.withUTF8Buffer { starts(with: $0) } ? dropFirst(prefix.utf8CodeUnitCount) : nil
  }
}

extension StaticString {
  /// The text in UTF-8.
  var utf8Bytes: [UInt8] {
    withUTF8Buffer { Array($0) }
  }
}
