import Foundation
import HeartChain
import Ledger
import Node
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("Texts whose hashes stand on a chain")
struct PublishedTextsTests {
  private static func texts(_ items: [[String: String]]) throws -> PublishedTexts {
    try PublishedTexts(json: JSONEncoder().encode(items))
  }

  @Test("a text stands where its hash does, in either language, and nowhere else")
  func hashes() throws {
    let published = try PublishedTextsTests.texts([["zh": "乡村学校厨房", "en": "Kitchens of village schools"]])
    for text in ["乡村学校厨房", "Kitchens of village schools"] {
      #expect(published.text(of: .sha256(Array(text.utf8)))?.zh == "乡村学校厨房")
    }
    #expect(published.text(of: .label("project", 0)) == nil)
    #expect(PublishedTexts().text(of: .zero) == nil)
  }

  @Test("what is no list of short texts is refused")
  func bad() throws {
    let long = String(repeating: "长", count: 134)
    for json in [
      "", "{}", "[{}]", "[{\"zh\": 1, \"en\": \"x\"}]", "[[\"a\", \"b\"]]", "[{\"zh\": \"\", \"en\": \"x\"}]",
      "[{\"zh\": \"\(long)\", \"en\": \"x\"}]",
    ] {
      #expect(throws: NodeError.self, "\(json)") { try PublishedTexts(json: Data(json.utf8)) }
    }
    #expect(throws: NodeError.self) {
      try PublishedTextsTests.texts((0...PublishedTexts.maximumCount).map { ["zh": "\($0)", "en": "\($0)"] })
    }
  }

  @Test("pages name projects, kinds and partners by them, and text that looks like mark-up stays text")
  func pages() throws {
    // The village's hashes belong to no text; of a chain with other ones the look-up is the same.
    let name = "<b>\"x\"</b>"
    let texts = try PublishedTextsTests.texts([["zh": name, "en": name]])
    let catalogue = try Site(texts).catalogue
    let hash = Hash.sha256(Array(name.utf8))
    #expect(catalogue.texts(in: .zh).published(hash) == name)
    #expect(try Site().catalogue.texts(in: .zh).published(hash) == nil)
    #expect(PageText().escapeText(name) == "&lt;b&gt;&quot;x&quot;&lt;/b&gt;")
  }

  @Test("kinds of gifts that pages have words for are known by their names' hashes")
  func kinds() {
    for (name, key) in [("rice", "kind_rice"), ("cooking oil", "kind_oil"), ("volunteer hours", "kind_volunteer_hour")]
    {
      #expect(GiftKindNames.key(of: .sha256(Array(name.utf8))) == key)
    }
    #expect(GiftKindNames.key(of: .sha256(Array("Rice".utf8))) == nil)
  }
}
