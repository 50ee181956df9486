internal import Foundation
internal import Yams

/// A file that people write: what sort it is, and what its caller calls it. Everything that is wrong with one is said
/// through it.
struct WrittenFile: Hashable, Sendable {
  /// The most bytes of a file that says nothing else.
  static let maximumBytes = 262_144

  let sort: WrittenFileError.Sort
  /// As it was named by the caller.
  let name: String

  init(_ sort: WrittenFileError.Sort, _ name: String) {
    self.sort = sort
    self.name = name
  }

  func failure(_ fault: WrittenFileError.Fault, _ message: String, line: Int? = nil) -> WrittenFileError {
    WrittenFileError(sort, fault, message, file: name, line: line)
  }

  /// The text of the file at the path that is its name.
  func text(limit: Int = maximumBytes) throws(WrittenFileError) -> String {
    guard let handle = FileHandle(forReadingAtPath: name) else {
      throw failure(.unreadable, "the file is missing or may not be read")
    }
    let data: Data
    do {
      // One byte more than allowed tells a file that is too large, without reading what may never end.
      data = try handle.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw failure(.unreadable, "the file cannot be read")
    }
    guard data.count <= limit else { throw failure(.unreadable, "more than \(limit) bytes") }
    guard let text = String(validating: data, as: UTF8.self) else { throw failure(.unreadable, "not UTF-8") }
    return text
  }

  /// The one document of the file's text as YAML.
  func yaml(_ text: String) throws(WrittenFileError) -> YAMLValue {
    try refuseAnchors(in: text)
    return YAMLValue(file: self, path: "", node: try node(text), line: 1)
  }

  private func node(_ text: String) throws(WrittenFileError) -> Node {
    let node: Node?
    do {
      // The encoding is stated, or the library would ask the environment for it.
      node = try Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch {
      throw syntaxError(error)
    }
    guard let node else { throw failure(.syntax, "the file is empty") }
    return node
  }

  private func syntaxError(_ error: any Error) -> WrittenFileError {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      failure(.syntax, problem, line: mark.line)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      failure(.syntax, "more than once: \(keys.sorted().joined(separator: ", "))", line: context.mark.line)
    case YamlError.reader(let problem, _, _, _): failure(.syntax, problem)
    default: failure(.syntax, "not readable as YAML")
    }
  }

  /// Anchors and aliases are refused before the parser sees them: a few lines of them can stand for more
  /// values than a machine holds.
  private func refuseAnchors(in text: String) throws(WrittenFileError) {
    let before = Array(" \t[{,:-?".utf8)
    var line = 1
    var last = UInt8(ascii: " ")
    var isComment = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if byte == UInt8(ascii: "\n") { line += 1 }
        isComment = false
        last = UInt8(ascii: " ")
        continue
      }
      if byte == UInt8(ascii: "#"), last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { isComment = true }
      if !isComment, last == UInt8(ascii: "&") || last == UInt8(ascii: "*"), byte > UInt8(ascii: " ") {
        throw failure(.syntax, "anchors and aliases (& and *) are not used here", line: line)
      }
      // A sign counts only where a value may begin; inside a word it is text.
      let isSign = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
      last = isSign && !before.contains(last) ? UInt8(ascii: "x") : byte
    }
  }
}
