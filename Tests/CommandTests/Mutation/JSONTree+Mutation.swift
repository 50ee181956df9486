import TestSupport

/// What stands in the place of a value of a file, and what was done to it.
struct Mutation {
  /// The operation, in a word or two.
  let name: String
  /// The bent value.
  let value: JSONTree

  init(_ name: String, _ value: JSONTree) {
    self.name = name
    self.value = value
  }
}

extension JSONTree {
  /// The value bent in every way that suits its kind: flipped, cut, repeated, swapped, and in forms that only
  /// some readers take.
  func mutations(_ dice: inout SeededGenerator) -> [Mutation] {
    let own: [Mutation] =
      switch self {
      case .object(let members): JSONTree.mutations(ofMembers: members)
      case .array(let elements): JSONTree.mutations(ofElements: elements)
      case .string(let text): JSONTree.mutations(ofText: text, &dice)
      case .raw(let number): JSONTree.mutations(ofNumber: number)
      }
    let others = [
      "null", "true", "{}", "[]", "\"\"", "7", "", "NaN", "[\(text)]", "{\"x\":\(text)}", "\(text),\(text)",
    ]
    let deep = String(repeating: "[", count: 20) + text + String(repeating: "]", count: 20)
    return (own + (others + [deep]).map { Mutation("other value", .raw($0)) }).filter { $0.value.text != text }
  }

  private static func mutations(ofMembers members: [String: JSONTree]) -> [Mutation] {
    let names = members.keys.sorted()
    var found: [Mutation] = []
    for name in names {
      guard let value = members[name] else { continue }
      func with(_ other: String?, _ raw: String) -> JSONTree {
        var copy = members
        copy[name] = nil
        if let other { copy[other] = .raw(raw) }
        return .object(copy)
      }
      let (text, quoted) = (value.text, JSONTree.quoted(name))
      found += [
        Mutation("cut \(name)", with(nil, "")), Mutation("rename \(name)", with(name + "x", text)),
        Mutation("capital \(name)", with(name.uppercased(), text)),
        Mutation("space in \(name)", with(name + " ", text)),
        Mutation("repeat \(name)", with(name, "\(text),\(quoted):\(text)")),
        Mutation("repeat \(name), empty first", with(name, "\"\",\(quoted):\(text)")),
        Mutation("repeat \(name), written otherwise", with(name, "\(text),\(JSONTree.escaped(name)):0")),
      ]
    }
    for (first, second) in zip(names, names.dropFirst()) {
      var copy = members
      (copy[first], copy[second]) = (members[second], members[first])
      found.append(Mutation("swap \(first) and \(second)", .object(copy)))
    }
    let whole = JSONTree.object(members).text
    return found
      + ["null", "1.5", "-1", "1e2", "\"\\ud800\"", "9007199254740992", "[1,]", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]"]
      .map {
        Mutation("strange member \($0)", .raw("{\"strange\":\($0),\(whole.dropFirst())"))
      }
  }

  private static func mutations(ofElements elements: [JSONTree]) -> [Mutation] {
    var found: [Mutation] = []
    func add(_ name: String, _ change: (inout [JSONTree]) -> Void) {
      var copy = elements
      change(&copy)
      found.append(Mutation(name, .array(copy)))
    }
    for index in elements.indices {
      add("cut \(index)") { $0.remove(at: index) }
      add("repeat \(index)") { $0.insert(elements[index], at: index) }
      if index > 0 { add("swap \(index - 1) and \(index)") { $0.swapAt(index - 1, index) } }
    }
    add("reverse") { $0.reverse() }
    add("repeat all") { $0 += $0 }
    add("repeat to 100") { copy in
      if let last = elements.last { copy += Array(repeating: last, count: 100) }
    }
    add("add nothing") { $0.append(.string("")) }
    return found
  }

  private static func mutations(ofNumber number: String) -> [Mutation] {
    let value = UInt64(number)
    let near = [value.map { $0 &+ 1 }, value.map { $0 &- 1 }, value.map { $0 ^ 4 }].compactMap { $0 }.map { "\($0)" }
    let texts = [
      "0", "1", "-0", "-\(number)", "+\(number)", "0\(number)", "\(number)0", "\(number).0", "\(number)e0", "0x1",
      "4294967295", "4294967296", "9007199254740991", "9007199254740992", "9223372036854775807",
      "9223372036854775808", "18446744073709551616", "1e400", String(repeating: "9", count: 400), "\"\(number)\"",
    ]
    return (near + texts).map { Mutation("number \($0.prefix(24))", .raw($0)) }
  }

  private static func mutations(ofText text: String, _ dice: inout SeededGenerator) -> [Mutation] {
    var found: [Mutation] = [Mutation("written otherwise", .raw(escaped(text)))]
    if text.contains("\n") {
      found += NoteMutations.all(of: text, &dice).map { Mutation("note: \($0.name)", .string($0.text)) }
    } else if let bytes = PlainBase64.plain(text) {
      found += ByteMutations.all(of: bytes, &dice).map {
        Mutation("bytes: \($0.name)", .string(PlainBase64.written($0.bytes)))
      }
      found += ByteMutations.forms(of: text).map { Mutation("base64: \($0.name)", .string($0.text)) }
    }
    let scalars = Array(text.unicodeScalars)
    func add(_ name: String, _ scalars: some Sequence<Unicode.Scalar>) {
      var string = ""
      string.unicodeScalars.append(contentsOf: scalars)
      found.append(Mutation(name, .string(string)))
    }
    let places = scalars.isEmpty ? [] : [0, scalars.count - 1, Int(dice.next() % UInt64(scalars.count))]
    for place in places {
      var copy = scalars
      copy[place] = Unicode.Scalar(scalars[place].value ^ 1) ?? "x"
      add("flip at \(place)", copy)
      copy = scalars
      copy.remove(at: place)
      add("cut at \(place)", copy)
      add("repeat at \(place)", scalars[...place] + scalars[place...])
    }
    add("capitals", text.uppercased().unicodeScalars)
    add("repeat", scalars + scalars)
    add("space before", [" "] + scalars)
    add("something behind", scalars + ["A"])
    add("zero behind", scalars + ["\0"])
    return found
  }

  /// A text with every character written as an escape.
  static func escaped(_ text: String) -> String {
    let units = text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"" + units.joined() + "\""
  }
}
