internal import Ledger
internal import Yams

/// A value of a file that people write, with its place, read strictly.
///
/// Scalars are read from their text and never through YAML's own numbers: those would take amounts
/// through `Double`, and `010` for eight.
struct YAMLValue {
  let file: WrittenFile
  /// What it is called, such as `ages.join_to`.
  let path: String
  let node: Node
  /// Where the value or its key stands.
  let line: Int?

  func failure(_ fault: WrittenFileError.Fault, _ message: String) -> WrittenFileError {
    file.failure(fault, "\(path): \(message)", line: line)
  }

  /// The text of a scalar that is not empty.
  func text() throws(WrittenFileError) -> String {
    guard case .scalar(let scalar) = node else { throw failure(.badValue, "one value is expected here") }
    guard !scalar.string.utf8.isEmpty else { throw failure(.badValue, "the value is empty") }
    return scalar.string
  }

  /// Whether the scalar is exactly this word.
  func isWord(_ word: String) -> Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.string.utf8.elementsEqual(word.utf8)
  }

  /// A whole number, possibly followed by one of the units; `none` is zero if a unit is asked for.
  func number(units: [String] = [], isUnitNeeded: Bool = false) throws(WrittenFileError) -> UInt32 {
    if !units.isEmpty, isWord("none") { return 0 }
    let words = try text().split(separator: " ")
    let hasUnit = words.count == 2 && units.contains { $0.utf8.elementsEqual(words[1].utf8) }
    guard hasUnit || (words.count == 1 && !isUnitNeeded), let number = YAMLValue.digits(words[0]) else {
      throw failure(
        .badValue, "a whole number\(units.first.map { " of \($0), such as \"30 \($0)\"" } ?? "") is expected")
    }
    return number
  }

  /// Days, such as `180 days`; `none` is zero.
  func days() throws(WrittenFileError) -> UInt32 { try number(units: ["days", "day"], isUnitNeeded: true) }

  /// Yuan, exactly to the millionth: `3`, `0.1 yuan`; `none` is zero.
  func amount() throws(WrittenFileError) -> Int64 {
    if isWord("none") { return 0 }
    var words = try text().split(separator: " ")
    if words.count == 2, words[1].utf8.elementsEqual("yuan".utf8) { words.removeLast() }
    guard words.count == 1, let amount = Amount(yuanText: String(words[0])) else {
      throw failure(.badValue, "yuan with at most six decimals are expected, such as \"0.1 yuan\"")
    }
    return amount.micro
  }

  /// A percentage as parts per million, exactly: `8 %` is 80,000; `none` is zero.
  func partsPerMillion() throws(WrittenFileError) -> UInt32 {
    if isWord("none") { return 0 }
    var digits = Array(try text().utf8)[...]
    let isPercent = digits.last == UInt8(ascii: "%")
    if isPercent { digits.removeLast() }
    while digits.last == UInt8(ascii: " ") { digits.removeLast() }
    // Millionths of a per cent: a hundred of them are one part in a million.
    guard isPercent, let millionths = Amount(yuanText: String(decoding: digits, as: UTF8.self))?.micro,
      millionths >= 0, millionths % 100 == 0, let parts = UInt32(exactly: millionths / 100)
    else { throw failure(.badValue, "a percentage with at most four decimals is expected, such as \"8 %\"") }
    return parts
  }

  /// `yes` or `no`.
  func isYes() throws(WrittenFileError) -> Bool {
    if isWord("yes") { return true }
    if isWord("no") { return false }
    throw failure(.badValue, "yes or no is expected")
  }

  /// One of these words.
  func choice<T>(_ choices: [(word: String, value: T)]) throws(WrittenFileError) -> T {
    if let found = choices.first(where: { isWord($0.word) }) { return found.value }
    throw failure(.badValue, "one of \(choices.map { "\"\($0.word)\"" }.joined(separator: ", ")) is expected")
  }

  /// Whole years from and to, both included: `40-59`; one age alone stands for itself.
  func yearRange() throws(WrittenFileError) -> (from: UInt32, to: UInt32) {
    let parts = try text().split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let last = parts.last,
      let from = YAMLValue.digits(first), let to = YAMLValue.digits(last)
    else { throw failure(.badValue, "ages such as 40-59 are expected") }
    return (from, to)
  }

  /// The elements of a list.
  func list() throws(WrittenFileError) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else { throw failure(.badValue, "a list is expected here") }
    var values: [YAMLValue] = []
    for (index, element) in sequence.enumerated() {
      values.append(
        YAMLValue(file: file, path: "\(path)[\(index)]", node: element, line: element.mark?.line ?? line))
    }
    return values
  }

  /// The texts of a list, or of one value alone.
  func texts() throws(WrittenFileError) -> [String] {
    if case .scalar = node { return [try text()] }
    var texts: [String] = []
    for value in try list() { texts.append(try value.text()) }
    return texts
  }

  /// The fields of a mapping, in the order of the file.
  func fields() throws(WrittenFileError) -> [(key: String, value: YAMLValue)] {
    guard case .mapping(let mapping) = node else {
      throw failure(.badValue, "words with values are expected here")
    }
    var fields: [(key: String, value: YAMLValue)] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else { throw failure(.syntax, "a word is expected before the colon") }
      let inner = path.utf8.isEmpty ? name.string : "\(path).\(name.string)"
      fields.append(
        (name.string, YAMLValue(file: file, path: inner, node: value, line: key.mark?.line ?? line)))
    }
    return fields
  }

  /// The fields of a mapping that may have these and no others.
  func map(_ known: [String]) throws(WrittenFileError) -> YAMLMap {
    let fields = try fields()
    for (key, value) in fields where !known.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
      throw file.failure(
        .unknownKey, "\(value.path): unknown; known here are \(known.joined(separator: ", "))", line: value.line)
    }
    return YAMLMap(parent: self, fields: fields)
  }

  /// At most nine decimal digits without leading zeros.
  private static func digits(_ text: some StringProtocol) -> UInt32? {
    let bytes = Array(text.utf8)
    guard (1...9).contains(bytes.count), bytes.count == 1 || bytes[0] != UInt8(ascii: "0") else { return nil }
    var number: UInt32 = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
    }
    return number
  }
}

/// A mapping whose words are all known.
struct YAMLMap {
  let parent: YAMLValue
  let fields: [(key: String, value: YAMLValue)]

  /// The value of a word, if the file has it.
  func optional(_ key: String) -> YAMLValue? {
    fields.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The value of a word that must be there.
  func required(_ key: String) throws(WrittenFileError) -> YAMLValue {
    if let value = optional(key) { return value }
    let path = parent.path.utf8.isEmpty ? key : "\(parent.path).\(key)"
    throw parent.file.failure(.missing, "\(path): missing", line: parent.line)
  }
}

extension YAMLValue {
  /// Refuses a value that reads well but may not stand.
  func hold(_ condition: Bool, _ message: String) throws(WrittenFileError) {
    guard condition else { throw failure(.rule, message) }
  }
}
