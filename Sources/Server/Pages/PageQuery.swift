internal import Foundation
internal import Hummingbird
internal import TongzhouClient

/// The query of an address. Forms write a space as `+`, which Hummingbird leaves as it is.
struct PageQuery: Sendable {
  /// The name by which a page's list goes on.
  static let before = "before"
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

  /// What somebody searches for; `nil` for what a page must not repeat, as it may be somebody's secret.
  var search: String? { self["q"].flatMap { PageQuery.holdsSecret($0) ? nil : $0 } }

  /// Whether somebody entered a claim code or a key into the search, by mistake.
  var isSecretSearched: Bool { self["q"].map(PageQuery.holdsSecret) ?? false }

  /// Whether a text has a claim code or a backup secret in it, or what may be one with a slip of the pen.
  static func holdsSecret(_ text: String) -> Bool {
    let written = text.filter { !$0.isWhitespace }.lowercased()
    return [ClaimCode.prefix, BackupSecret.prefix].contains { written.contains($0 + "1") }
  }

  /// Where a list goes on: everything before this number.
  ///
  /// - Parameter name: the list's own, on a page with two of them.
  /// - Throws: `PageError.badRequest` for what is no number.
  func before(_ name: String = PageQuery.before) throws(PageError) -> UInt64? {
    guard let text = self[name] else { return nil }
    guard let number = Numbers.read(text, as: UInt64.self) else { throw .badRequest }
    return number
  }
}
