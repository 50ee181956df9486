import Foundation
import TongzhouClient

/// The two conventions in `Conventions/`.
enum ShippedConventions {
  static let names = ["tongzhou-seed", "fortnight"]

  static func path(_ name: String) -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appending(path: "Conventions/\(name).yaml").path()
  }

  static func file(_ name: String) throws -> ConventionFile { try ConventionFile(path: path(name)) }

  /// The text, with one piece replaced; `nil` if the piece is not there exactly once.
  static func text(_ name: String, replacing piece: String, by other: String) throws -> String? {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    let parts = text.components(separatedBy: piece)
    return parts.count == 2 ? parts.joined(separator: other) : nil
  }
}
