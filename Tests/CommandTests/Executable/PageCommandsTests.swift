import Foundation
import Testing

@Suite("Commands that pages name")
struct PageCommandsTests {
  private static let templates = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/Server/Templates").standardized

  /// Lines of `tongzhou` in the pages, each once.
  private static func lines() throws -> [String] {
    let files = try FileManager.default.contentsOfDirectory(at: templates, includingPropertiesForKeys: nil)
    var lines: Set<String> = []
    for file in files where file.pathExtension == "mustache" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for found in text.matches(of: /<pre lang="en"><code>([^<]*)<\/code><\/pre>/) {
        for line in found.1.split(separator: "\n") where line.hasPrefix("tongzhou ") { lines.insert(String(line)) }
      }
    }
    return lines.sorted()
  }

  @Test("there is each of them, with each of its options")
  func commands() throws {
    let lines = try Self.lines()
    #expect(lines.count >= 11)
    for line in lines {
      let words = line.split(separator: " ").dropFirst().map(String.init)
      let command = words.prefix { $0.allSatisfy { ("a"..."z").contains($0) } }
      let help = try Program.tongzhou.run(command + ["--help"])
      #expect(help.status == 0, "\(line): \(help.errors)")
      // A group's help lists its commands; that of the command itself has what it is called in its usage.
      #expect(help.text.contains("USAGE: tongzhou \(command.joined(separator: " ")) "), "\(line)")
      let known = Set(help.text.matches(of: /--[a-z-]+/).map { String($0.0) })
      for option in words where option.hasPrefix("--") { #expect(known.contains(option), "\(line): \(option)") }
    }
  }

  @Test("how to give by command stands on the page for givers")
  func giving() throws {
    let page = try String(contentsOf: Self.templates.appending(path: "hearts-give.mustache"), encoding: .utf8)
    for command in ["key new", "hearts address", "hearts code", "hearts redeem", "hearts gift", "hearts way"] {
      #expect(page.contains("tongzhou \(command) "), "\(command)")
    }
  }
}
