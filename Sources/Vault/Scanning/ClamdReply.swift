/// What clamd says to INSTREAM, as a result.
///
/// With the letter `z` before the command an answer is `stream: …` and a zero byte; one without it was cut off and
/// counts for nothing.
enum ClamdReply {
  /// The most bytes of an answer that is read.
  static let maximumByteCount = 1_024
  /// The most letters of a signature's name that are passed on.
  static let maximumNameLength = 128
  private static let beginning = "stream: "
  private static let found = " FOUND"

  static func result(of bytes: [UInt8]) -> ScanResult {
    guard bytes.last == 0, !bytes.dropLast().contains(0), bytes.count <= maximumByteCount else {
      return .unavailable("an answer that was cut off")
    }
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    guard text.hasPrefix(beginning) else {
      return .unavailable(text.hasPrefix("INSTREAM size limit") ? "larger than its StreamMaxLength" : "an error")
    }
    let said = text.dropFirst(beginning.count)
    if said == "OK" { return .clean }
    guard said.hasSuffix(found), said.count > found.count else { return .unavailable("an error") }
    return .infected(name(said.dropLast(found.count)))
  }

  /// A signature's name without anything that a terminal or a page could take amiss.
  private static func name(_ text: Substring) -> String {
    String(
      text.prefix(maximumNameLength).map { letter in
        letter.isASCII && (letter.isLetter || letter.isNumber || "._-:/()+".contains(letter)) ? letter : "?"
      })
  }
}
