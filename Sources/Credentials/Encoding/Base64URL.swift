internal import Foundation

/// Base64url without padding (RFC 4648, section 5), in the one form that has no second spelling.
enum Base64URL {
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text = [UInt8](Data(bytes).base64EncodedData())
    while text.last == UInt8(ascii: "=") { text.removeLast() }
    for index in text.indices {
      if text[index] == UInt8(ascii: "+") { text[index] = UInt8(ascii: "-") }
      if text[index] == UInt8(ascii: "/") { text[index] = UInt8(ascii: "_") }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `nil` for padding, other characters, and bits behind the last byte that are not zero.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var letters = Array(text.utf8)
    for index in letters.indices {
      switch letters[index] {
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
      case UInt8(ascii: "-"): letters[index] = UInt8(ascii: "+")
      case UInt8(ascii: "_"): letters[index] = UInt8(ascii: "/")
      default: break
      }
    }
    while letters.count % 4 != 0 { letters.append(UInt8(ascii: "=")) }
    guard let bytes = Data(base64Encoded: Data(letters)), encode(bytes).utf8.elementsEqual(text.utf8) else {
      return nil
    }
    return Array(bytes)
  }
}
