internal import Foundation
internal import TongzhouClient
internal import TransparencyLog

/// Everything the pages say, in both languages, out of one file.
///
/// A line of `texts.json` is a key with `[Chinese, English]`, or `[Chinese, English for one, English for more]`
/// where it counts something. `{name}` stands for a value.
struct Catalogue: Sendable {
  /// What is wrong with the file.
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// The texts by key.
  let entries: [String: [String]]

  /// What stands on the chains as a hash.
  private let published: PublishedTexts

  /// Reads the file.
  init(json: Data, published: PublishedTexts = PublishedTexts()) throws {
    self.published = published
    entries = try JSONDecoder().decode([String: [String]].self, from: json)
    for (key, texts) in entries where !(2...3).contains(texts.count) || texts.contains("") {
      throw Fault(description: "\(key) has neither two nor three texts, or an empty one")
    }
  }

  /// The texts in one language.
  func texts(in language: Language) -> Texts {
    Texts(language: language, entries: entries, publications: published)
  }
}

/// The texts in one language; in a template `{{t.key}}` stands for one (``PageRenderer``).
struct Texts: Sendable {
  let language: Language
  fileprivate let entries: [String: [String]]
  fileprivate let publications: PublishedTexts

  /// A text with its values filled in. A key that is not there shows as itself, and a test finds it.
  func say(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
    Texts.fill(text(key, isOne: false), values)
  }

  /// A text that counts something: `{n}` is the number.
  func count(_ key: String, _ number: some BinaryInteger, _ values: KeyValuePairs<String, String> = [:]) -> String {
    Texts.fill(text(key, isOne: number == 1), values) { $0 == "n" ? Numbers.grouped(number) : nil }
  }

  /// Whether there is a text of this key.
  func has(_ key: String) -> Bool { entries[key] != nil }

  /// Sentences one after the other: with a space between them where the language has one.
  func join(_ sentences: [String]) -> String { sentences.joined(separator: language == .zh ? "" : " ") }

  /// The text of a hash that stands on a chain; `nil` where nobody published it here.
  func published(_ hash: Hash) -> String? { publications.text(of: hash).map { pick(zh: $0.zh, en: $0.en) } }

  /// A name that something on the chain has in both languages.
  func pick(zh: String, en: String) -> String { language == .zh ? zh : en }

  private func text(_ key: String, isOne: Bool) -> String {
    guard let texts = entries[key] else { return "⟦\(key)⟧" }
    switch language {
    case .zh: return texts[0]
    case .en: return isOne ? texts[1] : texts[texts.count - 1]
    }
  }

  /// Puts values in place of their names, in one pass: what a value holds is never taken for a name.
  private static func fill(
    _ text: String, _ values: KeyValuePairs<String, String>, _ more: (Substring) -> String? = { _ in nil }
  ) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      result += rest[..<open]
      let name = rest[rest.index(after: open)..<close]
      result += values.first { $0.key == name }?.value ?? more(name) ?? String(rest[open...close])
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
