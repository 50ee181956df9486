internal import Foundation
internal import Hummingbird

/// The query of an address. Forms write a space as `+`, which Hummingbird leaves as it is.
struct PageQuery: Sendable {
  private let items: [(name: String, value: String)]

  init(_ request: Request) {
    items = (request.uri.query ?? "").split(separator: "&").prefix(32).map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count == 2 ? String(parts[1]).replacing("+", with: " ") : ""
      return (String(parts[0]), value.removingPercentEncoding ?? "")
    }
  }

  /// The first value of a name.
  subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

  /// Where a list goes on: everything before this number.
  ///
  /// - Throws: `PageError.badRequest` for what is no number.
  func before() throws(PageError) -> UInt64? {
    guard let text = self["before"] else { return nil }
    guard let number = Numbers.read(text, as: UInt64.self) else { throw .badRequest }
    return number
  }

  /// A value as it may stand in a query: unreserved characters, everything else as bytes (RFC 3986).
  static func encode(_ value: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        text.append(byte)
      default: text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
