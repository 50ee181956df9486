internal import Foundation
internal import SwiftCSV
internal import Yams

/// One event as a file has it: words, and the line they stand in.
struct EventText {
  /// What an event may say, in the order in which it is written.
  static let columns = [
    "what", "when", "kind", "quantity", "unit", "project", "lot", "lots", "from", "into", "as", "to", "place", "giver",
    "code", "why", "on", "evidence", "recipient",
  ]

  /// Values by column; none is empty.
  private(set) var values: [(column: String, value: String)] = []
  let file: WrittenFile
  let line: Int?

  init(file: WrittenFile, line: Int?) {
    self.file = file
    self.line = line
  }

  subscript(column: String) -> String? {
    values.first { $0.column.utf8.elementsEqual(column.utf8) }?.value
  }

  mutating func set(_ column: String, _ value: String) { values.append((column, value)) }

  func failure(_ fault: WrittenFileError.Fault, _ message: String) -> WrittenFileError {
    file.failure(fault, message, line: line)
  }

  func required(_ column: String) throws(WrittenFileError) -> String {
    guard let value = self[column] else { throw failure(.missing, "\(column): missing") }
    return value
  }
}

extension EventText {
  /// The events of YAML: `format: 1`, and under `events` a list of mappings.
  static func yaml(_ text: String, file: WrittenFile) throws(WrittenFileError) -> [EventText] {
    let map = try file.yaml(text).map(["format", "events"])
    let format = try map.required("format")
    try format.hold(format.number() == EventFile.format, "this program reads format \(EventFile.format)")
    var rows: [EventText] = []
    for entry in try map.required("events").list() {
      var row = EventText(file: file, line: entry.line)
      for (column, value) in try entry.map(columns).fields { row.set(column, try value.text()) }
      rows.append(row)
    }
    return rows
  }

  /// The events of CSV: a header with the names of columns, then a line for each. Commas, semicolons and tabs separate,
  /// whichever the header has.
  static func csv(_ text: String, file: WrittenFile) throws(WrittenFileError) -> [EventText] {
    let read: EnumeratedCSV
    do {
      read = try EnumeratedCSV(string: text, loadColumns: false)
    } catch {
      throw file.failure(.syntax, "quotes that do not end, or stand inside a value")
    }
    let header = read.header.map { $0.trimmingCharacters(in: .whitespaces) }
    for (index, column) in header.enumerated() {
      guard columns.contains(where: { $0.utf8.elementsEqual(column.utf8) }) else {
        throw file.failure(
          .unknownKey, "column \"\(column)\": unknown; known are \(columns.joined(separator: ", "))", line: 1)
      }
      guard !header[..<index].contains(where: { $0.utf8.elementsEqual(column.utf8) }) else {
        throw file.failure(.syntax, "column \"\(column)\" stands twice", line: 1)
      }
    }
    var rows: [EventText] = []
    for (index, values) in read.rows.enumerated() {
      var row = EventText(file: file, line: index + 2)
      // A value in several lines would make every later line's number wrong.
      guard values.allSatisfy({ !$0.contains(where: \.isNewline) }) else {
        throw row.failure(.syntax, "a value that goes on in the next line, or quotes that do not end")
      }
      guard values.count <= header.count || values[header.count...].allSatisfy({ $0.utf8.isEmpty }) else {
        throw row.failure(.syntax, "more values than the header has columns")
      }
      for (column, value) in zip(header, values) {
        let value = value.trimmingCharacters(in: .whitespaces)
        if !value.utf8.isEmpty { row.set(column, value) }
      }
      if !row.values.isEmpty { rows.append(row) }
    }
    return rows
  }
}

extension EventText {
  /// Rows as YAML, one event in a line.
  static func yaml(of rows: [EventText]) throws -> String {
    let events = rows.map { row in
      Node(row.values.map { (Node($0.column), Node($0.value, .implicit, quoting($0.value))) }, .implicit, .flow)
    }
    let root = Node([
      (Node("format"), Node("\(EventFile.format)")), (Node("events"), Node(events, .implicit, .block)),
    ])
    return try Yams.serialize(node: root, width: -1, allowUnicode: true)
  }

  /// Everything but a plain word in quotes: separators of a flow mapping would end it.
  private static func quoting(_ value: String) -> Node.Scalar.Style {
    let isPlain = value.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
        || byte == 32
    }
    return isPlain ? .any : .doubleQuoted
  }

  /// Rows as CSV, with the columns that any of them has.
  static func csv(of rows: [EventText]) -> String {
    let used = columns.filter { column in rows.contains { $0[column] != nil } }
    let lines = [used] + rows.map { row in used.map { row[$0] ?? "" } }
    return lines.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
  }

  private static func quoted(_ value: String) -> String {
    guard value.contains(where: { "\",;\t\n\r".contains($0) }) else { return value }
    return "\"" + value.replacing("\"", with: "\"\"") + "\""
  }
}
