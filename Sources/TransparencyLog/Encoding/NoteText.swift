/// The rule for every byte of a signed note (C2SP signed-note): valid UTF-8, and no control character
/// below 0x20 other than the newline.
enum NoteText {
  static func isPermitted(_ bytes: [UInt8]) -> Bool {
    for byte in bytes where byte < 0x20 && byte != LineReader.newline {
      return false
    }
    return (try? UTF8Span(validating: bytes.span)) != nil
  }

  /// Whether the bytes can be signed as a note's text: permitted, and ended by a newline.
  static func isSignable(_ bytes: [UInt8]) -> Bool {
    bytes.last == LineReader.newline && isPermitted(bytes)
  }
}
