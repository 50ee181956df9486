import Foundation
import Testing

/// A JSON value that can be bent and written again, numbers as their text.
indirect enum JSONTree: Hashable {
  case object([String: JSONTree])
  case array([JSONTree])
  case string(String)
  /// A number, `true`, `false` or `null`, or whatever should stand in such a place.
  case raw(String)

  /// A way from the root: keys of objects and indices of arrays.
  enum Step: Hashable {
    case key(String)
    case index(Int)
  }

  init(parsing bytes: [UInt8]) throws {
    self.init(try JSONSerialization.jsonObject(with: Data(bytes)))
  }

  private init(_ value: Any) {
    switch value {
    case let object as [String: Any]: self = .object(object.mapValues { JSONTree($0) })
    case let array as [Any]: self = .array(array.map { JSONTree($0) })
    case let string as String: self = .string(string)
    default: self = .raw("\(value)")
    }
  }

  /// The file.
  var bytes: [UInt8] { Array(text.utf8) }

  /// The file as text.
  var text: String {
    switch self {
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\(JSONTree.quoted($0.key)):\($0.value.text)" }
        .joined(separator: ",") + "}"
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .string(let string): JSONTree.quoted(string)
    case .raw(let text): text
    }
  }

  static func quoted(_ string: String) -> String {
    // Most of a file is base64, and thousands of files are written.
    guard string.utf8.contains(where: { [0x22, 0x5c, 0x0a].contains($0) }) else { return "\"\(string)\"" }
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// Every value within, with its way.
  var places: [(path: [Step], value: JSONTree)] {
    var found: [(path: [Step], value: JSONTree)] = [([], self)]
    switch self {
    case .object(let members):
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        found += value.places.map { ([.key(key)] + $0.path, $0.value) }
      }
    case .array(let elements):
      for (index, value) in elements.enumerated() {
        found += value.places.map { ([.index(index)] + $0.path, $0.value) }
      }
    case .string, .raw: break
    }
    return found
  }

  /// The value at a place; `nil` where there is none.
  func value(at path: ArraySlice<Step>) -> JSONTree? {
    guard let first = path.first else { return self }
    switch (self, first) {
    case (.object(let members), .key(let key)): return members[key]?.value(at: path.dropFirst())
    case (.array(let elements), .index(let index)) where index < elements.count:
      return elements[index].value(at: path.dropFirst())
    default: return nil
    }
  }

  /// The same with another value in one place; the same where there is no such place.
  func replacing(_ path: ArraySlice<Step>, by new: JSONTree) -> JSONTree {
    guard let first = path.first else { return new }
    switch (self, first) {
    case (.object(var members), .key(let key)):
      members[key] = members[key]?.replacing(path.dropFirst(), by: new)
      return .object(members)
    case (.array(var elements), .index(let index)) where index < elements.count:
      elements[index] = elements[index].replacing(path.dropFirst(), by: new)
      return .array(elements)
    default: return self
    }
  }
}

extension JSONTree {
  /// The value bent in one thing, in every way that suits it.
  ///
  /// - Parameter positions: at which characters of a string one is changed.
  func bent(positions: (Int) -> [Int]) -> [JSONTree] {
    let others: [JSONTree] = [.raw("null"), .raw("true"), .object([:]), .array([]), .string(""), .raw("7")]
    let own: [JSONTree]
    switch self {
    case .object(let members):
      own = members.keys.sorted().map { key in .object(members.filter { $0.key != key }) }
    case .array(let elements): own = JSONTree.bent(elements)
    case .string(let string): own = JSONTree.bent(string, positions: positions)
    case .raw(let number): own = JSONTree.bent(number: number)
    }
    return (own + others + [.array([self]), .object(["x": self])]).filter { $0 != self }
  }

  private static func bent(_ elements: [JSONTree]) -> [JSONTree] {
    var found: [JSONTree] = []
    for index in elements.indices {
      var copy = elements
      copy.remove(at: index)
      found.append(.array(copy))
      copy = elements
      copy.insert(elements[index], at: index)
      found.append(.array(copy))
      if index > 0 {
        copy = elements
        copy.swapAt(index - 1, index)
        found.append(.array(copy))
      }
    }
    let ends: [JSONTree] = elements.first.map { [$0, .raw("null"), .string("")] } ?? [.raw("null"), .string("")]
    return found + ends.map { .array(elements + [$0]) }
  }

  private static func bent(_ string: String, positions: (Int) -> [Int]) -> [JSONTree] {
    let characters = Array(string.unicodeScalars)
    var found: [JSONTree] = []
    for position in characters.isEmpty ? [] : positions(characters.count) {
      var copy = characters
      copy[position] = successor(copy[position])
      found.append(.string(joined(copy)))
    }
    if characters.count > 1 {
      found.append(.string(joined(Array(characters.dropFirst()))))
      found.append(.string(joined(Array(characters.dropLast()))))
      var copy = characters
      copy.swapAt(0, characters.count / 2)
      found.append(.string(joined(copy)))
    }
    return found + [string + "A", string + "AAAA", string + "=", " " + string, string + string].map { .string($0) }
  }

  private static func bent(number: String) -> [JSONTree] {
    let texts = [
      "0", "1", "-1", "-\(number)", "\(number)0", "\(number).5", "4294967296", "9223372036854775807",
      "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e400", "-1e400",
      String(repeating: "9", count: 400),
    ]
    let value = UInt64(number)
    let near = [value.map { $0 &+ 1 }, value.map { $0 &- 1 }].compactMap { $0 }.map { "\($0)" }
    return (texts + near).map { .raw($0) } + [.string(number)]
  }

  private static func joined(_ scalars: [Unicode.Scalar]) -> String {
    var string = ""
    string.unicodeScalars.append(contentsOf: scalars)
    return string
  }

  /// The next digit or letter, so that a text of digits, hexadecimal digits or base64 stays one.
  private static func successor(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "9": "0"
    case "f": "a"
    case "z": "y"
    case "Z": "Y"
    case "0"..."8", "a"..."y", "A"..."Y": Unicode.Scalar(scalar.value + 1) ?? "0"
    default: "A"
    }
  }
}
