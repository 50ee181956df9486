import Foundation
import Testing

/// A part of a page of docs/ that is made from a table in the code: what stands after its mark, up to the next prose.
///
/// With the environment variable `WRITE_DOCUMENTS` it is written instead of compared.
struct DocumentPart {
  private let url: URL
  private let mark: String

  init(page: String, name: String) {
    url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/\(page)").standardized
    mark = "<!-- \(name) -->"
  }

  /// Holds the page against the lines that have to stand there.
  func check(_ lines: [String]) throws {
    let text = try String(contentsOf: url, encoding: .utf8)
    let wanted = mark + "\n\n" + lines.joined(separator: "\n") + "\n\n"
    if ProcessInfo.processInfo.environment["WRITE_DOCUMENTS"] != nil {
      try put(wanted, into: text).write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(text.contains(wanted), "\(url.lastPathComponent): after \(mark) has to stand\n\(wanted)")
    }
  }

  /// Replaces what stands between the mark and the next line of prose: tables and drawings only.
  private func put(_ wanted: String, into text: String) -> String {
    let parts = text.components(separatedBy: mark + "\n")
    guard parts.count == 2 else { return text }
    var isDrawing = false
    let rest = parts[1].components(separatedBy: "\n").drop { line in
      if line.hasPrefix("```") { isDrawing.toggle() }
      return isDrawing || line.isEmpty || line.hasPrefix("|") || line.hasPrefix("```")
    }
    return parts[0] + wanted + rest.joined(separator: "\n")
  }
}
