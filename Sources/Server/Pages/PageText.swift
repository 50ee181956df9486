internal import Mustache

/// How a value gets into HTML: every byte that could end a text or an attribute becomes a reference.
///
/// Mustache's own type compares whole characters, and a quotation mark with a combining accent behind it is one
/// character to Swift but still ends an attribute for a browser. So bytes are compared here.
struct PageText: MustacheContentType {
  /// The name in templates: `{{% CONTENT_TYPE:PAGE}}` opens each file.
  static let name = "PAGE"

  /// Makes the type known to the templates' library, which keeps it for the whole process.
  static func register() { _ = isRegistered }

  private static let isRegistered: Void = MustacheContentTypes.register(PageText(), named: name)

  func escapeText(_ text: String) -> String {
    let bytes = text.utf8
    guard bytes.contains(where: { PageText.reference($0) != nil }) else { return text }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(bytes.count + 32)
    for byte in bytes {
      if let reference = PageText.reference(byte) {
        escaped.append(contentsOf: reference.utf8)
      } else {
        escaped.append(byte)
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func reference(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    case UInt8(ascii: "`"): "&#96;"
    default: nil
    }
  }
}
