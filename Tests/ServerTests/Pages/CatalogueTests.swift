import Foundation
import Mustache
import Testing
import TongzhouClient

@testable import Server

@Suite("The catalogue of texts")
struct CatalogueTests {
  private static let sources = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../../Sources/Server").standardized

  private let catalogue: Catalogue

  init() throws {
    catalogue = try Catalogue(json: Data(contentsOf: CatalogueTests.sources.appendingPathComponent("Texts/texts.json")))
  }

  /// The files of a folder and of those in it, by name.
  private static func files(_ folder: String, _ type: String) throws -> [(name: String, text: String)] {
    let root = sources.appendingPathComponent(folder)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
      .map { root.appendingPathComponent($0) }.filter { $0.pathExtension == type }
      .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  /// Keys that templates name.
  private func inTemplates() throws -> Set<String> {
    var keys: Set<String> = []
    for (_, text) in try CatalogueTests.files("Templates", "mustache") {
      keys.formUnion(text.matches(of: /\{\{[#^\/]?t\.([a-z0-9_]+)\}\}/).map { String($0.1) })
    }
    return keys
  }

  @Test("has every key that templates and pages name")
  func complete() throws {
    var named = try inTemplates()
    #expect(named.count > 100)
    for (_, text) in try CatalogueTests.files("Pages", "swift") + CatalogueTests.files("Texts", "swift") {
      named.formUnion(text.matches(of: /\b(?:say|count)\(\s*"([a-z0-9_]+)"/).map { String($0.1) })
    }
    #expect(named.subtracting(catalogue.entries.keys) == [])
  }

  @Test("has no key that nobody uses")
  func lean() throws {
    var used = try inTemplates()
    for (_, text) in try CatalogueTests.files("Pages", "swift") + CatalogueTests.files("Texts", "swift") {
      used.formUnion(text.matches(of: /"([a-z0-9_]+)"/).map { String($0.1) })
    }
    // Named by a number: the codes of docs/errors.md, the months, and the provinces of GB/T 2260.
    let numbered = catalogue.entries.keys.filter { $0.wholeMatch(of: /(code|month|place)_[0-9]+/) != nil }
    #expect(Set(catalogue.entries.keys).subtracting(used).subtracting(numbered) == [])
  }

  @Test("stands in its file once for each key")
  func onceEach() throws {
    let text = try String(
      contentsOf: CatalogueTests.sources.appendingPathComponent("Texts/texts.json"), encoding: .utf8)
    let keys = text.split(separator: "\n").compactMap { $0.firstMatch(of: /^"([a-z0-9_]+)": \[/)?.1 }
    #expect(keys.count == catalogue.entries.count)
    #expect(Set(keys).count == keys.count)
  }

  @Test("asks for the same values in both languages")
  func sameValues() {
    func names(_ text: String) -> Set<String> { Set(text.matches(of: /\{([a-z_]+)\}/).map { String($0.1) }) }
    for (key, texts) in catalogue.entries {
      let wanted = names(texts[0])
      #expect(names(texts[texts.count - 1]) == wanted, "\(key)")
      // Where it is one, the number may be said in a word.
      if texts.count == 3 {
        #expect(names(texts[1]).union(["n", "q", "failed", "f"]).isSuperset(of: wanted), "\(key)")
      }
    }
  }

  @Test("says in words why a transaction was refused, for every code that can stand in a block")
  func codes() throws {
    let page = try String(
      contentsOf: CatalogueTests.sources.appendingPathComponent("../../docs/errors.md"), encoding: .utf8)
    let numbers = page.matches(of: /(?m)^\| (\d+) \| `/).compactMap { Int($0.1) }
    #expect(numbers.count > 50)
    // Of no transaction: success, genesis, batch, certificate, and a pool that is full.
    for number in numbers where ![0, 19, 20, 21, 23].contains(number) {
      #expect(catalogue.entries["code_\(number)"] != nil, "code \(number)")
    }
  }

  @Test("fills in values in one pass")
  func values() {
    let texts = catalogue.texts(in: .en)
    #expect(texts.say("yuan", ["amount": "{amount} {n}"]) == "{amount} {n} yuan")
    #expect(texts.count("search_found", 1) == "One result")
    #expect(texts.count("search_found", 1_234) == "1,234 results")
    #expect(catalogue.texts(in: .zh).count("search_found", 1) == "找到 1 条")
    #expect(texts.say("no_such_key") == "⟦no_such_key⟧")
  }

  @Test("templates escape everything, and their partials are there")
  func templates() throws {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    let files = try CatalogueTests.files("Templates", "mustache")
    let names = Set(files.map { String($0.name.dropLast(".mustache".count)) })
    #expect(names == Set(Site.templates))
    PageText.register()
    for (name, text) in files {
      #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
      #expect(text.hasPrefix("{{% CONTENT_TYPE:PAGE}}\n"), "\(name)")
      #expect(throws: Never.self, "\(name)") { try MustacheTemplate(string: text) }
      for partial in text.matches(of: /\{\{[><] ?([a-z-]+)\}\}/) { #expect(names.contains(String(partial.1))) }
    }
  }
}

@Suite("Numbers and moments")
struct NumbersTests {
  @Test(
    "yuan have two decimals for whole fen and six for less",
    arguments: [
      (0, "0.00"), (10_000, "0.01"), (-10_000, "-0.01"), (1, "0.000001"), (-1, "-0.000001"),
      (60_000, "0.06"), (1_234_567_890_000, "1,234,567.89"), (1_234_567_890_001, "1,234,567.890001"),
      (Int64.max, "9,223,372,036,854.775807"), (Int64.min, "-9,223,372,036,854.775808"),
    ])
  func yuan(micro: Int64, text: String) {
    #expect(Numbers.yuan(micro) == text)
    #expect(Numbers.yuan(Int128(micro)) == text)
  }

  @Test(
    "a figure is rounded to the fen from one yuan on, and then says what it is exactly",
    arguments: [
      (0, "0.00 yuan", nil), (250_000_000, "250.00 yuan", nil), (4_000, "0.004 yuan", nil),
      (999_999, "0.999999 yuan", nil), (1_000_000, "1.00 yuan", nil), (1_004_999, "1.00 yuan", "exactly 1.004999 yuan"),
      (1_005_000, "1.01 yuan", "exactly 1.005 yuan"), (113_684_210, "113.68 yuan", "exactly 113.68421 yuan"),
      (-113_684_210, "-113.68 yuan", "exactly -113.68421 yuan"),
      (Int64.max, "9,223,372,036,854.78 yuan", "exactly 9,223,372,036,854.775807 yuan"),
    ] as [(Int64, String, String?)])
  func figure(micro: Int64, text: String, exact: String?) throws {
    let figure = try Site().catalogue.texts(in: .en).figure(micro)
    #expect(figure.child(named: "amount") as? String == text)
    #expect(figure.child(named: "exact") as? String == exact)
  }

  @Test("numbers in addresses are written in one way only")
  func read() {
    #expect(Numbers.read("0", as: UInt64.self) == 0)
    #expect(Numbers.read("18446744073709551615", as: UInt64.self) == .max)
    for text in ["", "+1", "-1", "01", "1 ", "١", "1e3", "18446744073709551616", "99999999999999999999999"] {
      #expect(Numbers.read(text, as: UInt64.self) == nil, "\(text)")
    }
  }
}
