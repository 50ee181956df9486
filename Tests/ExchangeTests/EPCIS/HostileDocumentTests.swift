import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing

/// What no honest program sends: each gets EPCIS's own exception, and nothing is planned.
@Suite struct HostileDocumentTests {
  private static let gift = FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8"))

  private static func replaced(_ old: String, _ new: String, in event: String = gift) -> [UInt8] {
    precondition(event.contains(old), "nothing to replace")
    return FoodBank.document(event.replacing(old, with: new))
  }

  private func expect(_ exception: EPCISError.Exception, _ document: [UInt8], _ what: Comment) throws {
    do throws(EPCISError) {
      _ = try EPCISDocument(json: document)
      Issue.record("taken: \(what)")
    } catch { #expect(error.exception == exception, what) }
  }

  @Test func tooMuchOfAnything() throws {
    try expect(.captureLimit, [UInt8](repeating: 0x20, count: EPCISDocument.maximumBytes + 1), "bytes")
    let many = "{\(HostileDocumentTests.gift)}" + String(repeating: ",{}", count: EPCISDocument.maximumEvents)
    try expect(.captureLimit, FoodBank.document(String(many.dropFirst().dropLast())), "events")
    let deep = String(repeating: "[", count: 400_000)
    try expect(.validation, Array(deep.utf8), "levels")
    try expect(
      .validation,
      HostileDocumentTests.replaced("\"type\"", "\"ex:deep\":\(String(repeating: "[", count: 99)),\"type\""),
      "levels within an event")
    let long = String(repeating: "a", count: 3000)
    try expect(.validation, HostileDocumentTests.replaced("R2601", long), "a long identifier")
    let items = (0...EPCISDocument.maximumItems).map { "\"urn:x:\($0)\"" }.joined(separator: ",")
    try expect(
      .validation, HostileDocumentTests.replaced("\"quantityList\"", "\"epcList\":[\(items)],\"quantityList\""),
      "a long list")
    let digits = String(repeating: "9", count: 40)
    try expect(.validation, HostileDocumentTests.replaced("\"quantity\":8", "\"quantity\":\(digits)"), "digits")
    try expect(
      .validation, HostileDocumentTests.replaced("\"quantity\":8", "\"quantity\":8e999999999"), "a power of ten")
  }

  @Test(arguments: [
    ("\"type\"", "\"hearts\":5,\"type\"", "a bare field that means nothing"),
    ("\"type\"", "\"xl:hearts\":5,\"type\"", "a prefix that nobody declared means a field of that URI"),
    ("\"type\"", "\"@graph\":[],\"type\"", "a keyword of JSON-LD"),
    ("commissioning", "donating", "a bare term that means nothing"),
    ("commissioning", "https://ref.gs1.org/cbv/BizStep-donating", "a term that GS1 does not have"),
    ("commissioning", "urn:epcglobal:cbv:bizstep:donating", "the same in the old way"),
    ("KGM", "KGS", "a unit that does not exist"), ("KGM", "kg", "a unit in another notation"),
    ("KGM", "CMT", "a unit of length"),
    ("\"quantity\":8", "\"quantity\":-8", "a negative quantity"),
    ("\"quantity\":8", "\"quantity\":\"8\"", "a quantity as text"),
    ("\"quantity\":8", "\"quantity\":NaN", "no number"), ("\"quantity\":8", "\"quantity\":08", "a leading zero"),
    ("\"quantity\":8", "\"quantity\":8,\"quantity\":9", "a name twice"),
    ("\"ADD\"", "\"add\"", "an action in small letters"), ("\"ADD\"", "null", "no action"),
    ("ObjectEvent", "TransactionEvent", "an event outside the subset"), ("ObjectEvent", "Event", "no event"),
    ("2026-01-01T01:00:00+08:00", "2026-01-01T01:00:00", "a time without an offset"),
    ("2026-01-01T01:00:00+08:00", "2026-02-29T01:00:00Z", "a day that does not exist"),
    ("2026-01-01T01:00:00+08:00", "2026-01-01T24:00:00Z", "an hour that does not exist"),
    ("2026-01-01T01:00:00+08:00", "1969-12-31T23:59:59Z", "before 1970"),
    ("\"eventTimeZoneOffset\":\"+08:00\"", "\"eventTimeZoneOffset\":\"+14:01\"", "an offset that does not exist"),
    ("\"eventTimeZoneOffset\":\"+08:00\",", "", "no offset"),
    ("urn:epc:class:lgtin:6901234.012345.R2601", "rice", "an identifier that is no URI"),
    ("R2601", "R 2601", "a space in a URI"), ("R2601", "R\\u00002601", "a NUL"), ("R2601", "\\ud800", "half a pair"),
    (
      "\"type\"", "\"eventID\":\"ni:///sha-256;\(String(repeating: "0", count: 64))?ver=CBV2.0\",\"type\"",
      "another hash"
    ),
    ("\"type\"", "\"tongzhou:karma\":1,\"type\"", "a word that our vocabulary does not have"),
    ("\"action\":\"ADD\"", "\"action\":\"OBSERVE\",\"ilmd\":{\"https://x.example/y\":1}", "ilmd where nothing begins"),
    ("\"type\"", "\"parentID\":\"urn:x:1\",\"type\"", "a field of another type of event"),
  ])
  func wrongForms(old: String, new: String, what: String) throws {
    // The one of these that JSON-LD allows: an unknown prefix is a scheme like any other.
    if new.hasPrefix("\"xl:") {
      _ = try EPCISDocument(json: HostileDocumentTests.replaced(old, new))
      return
    }
    let context = new.contains("tongzhou:") ? ",{\"tongzhou\":\"\(GiftFields.vocabulary)\"}" : ""
    let event = HostileDocumentTests.gift.replacing(old, with: new)
    #expect(event != HostileDocumentTests.gift)
    try expect(.validation, FoodBank.document(event, context: context), Comment(rawValue: what))
  }

  @Test func wrongDocuments() throws {
    let good = String(decoding: FoodBank.document(HostileDocumentTests.gift), as: UTF8.self)
    for (old, new, what) in [
      ("\"2.0\"", "\"1.2\"", "another version"), ("EPCISDocument", "EPCISQueryDocument", "an answer"),
      ("https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "https://evil.example/context", "no context"),
      ("\"creationDate\":\"2026-01-01T08:00:00Z\",", "", "no date"), ("eventList", "events", "no list"),
      ("]}}", "]}}x", "something after the end"), ("\"type\":\"EPCISDocument\"", "\"hearts\":1", "a bare field"),
      ("epcis-context.jsonld\"", "epcis-context.jsonld\",{\"bizStep\":\"https://evil.example/\"}", "a term redefined"),
      (
        "epcis-context.jsonld\"", "epcis-context.jsonld\",{\"cbv\":\"https://evil.example/\"}", "GS1's prefix redefined"
      ),
      (
        "epcis-context.jsonld\"", "epcis-context.jsonld\",{\"x\":{\"@id\":\"https://evil.example/\"}}", "a term defined"
      ),
    ] {
      try #require(good.contains(old))
      try expect(.validation, Array(good.replacing(old, with: new).utf8), Comment(rawValue: what))
    }
    try expect(.validation, [0x22, 0xFF, 0x22], "no UTF-8")
    try expect(.validation, [], "nothing")
    _ = try EPCISDocument(json: Array(good.utf8))
  }

  @Test func theSameEventTwice() throws {
    let event = HostileDocumentTests.gift
    let named = event + #","eventID":"urn:uuid:1""#
    try expect(.validation, FoodBank.document(event, event), "the same content")
    try expect(.validation, FoodBank.document(event, named), "the same content under a name")
    let other = event.replacing("\"quantity\":8", with: "\"quantity\":9") + #","eventID":"urn:uuid:1""#
    try expect(.validation, FoodBank.document(named, other), "one name for two")
    let error = #expect(throws: EPCISError.self) { try EPCISDocument(json: FoodBank.document(named, other)) }
    #expect(error?.event == 1)
  }

  @Test func futureAndWrongUnitsAreRefusedByThePlan() throws {
    var pantry = try Pantry()
    pantry.time = Pantry.start.adding(seconds: 86_400)
    var plan = try pantry.plan(.food)
    func take(_ event: String) throws(EPCISError) {
      let document = try EPCISDocument(json: FoodBank.document(event))
      _ = try plan.take(document.entries[0])
    }
    let gift = HostileDocumentTests.gift
    let cases: [(String, String?)] = [
      (gift.replacing("2026-01-01T01", with: "2026-01-03T01"), "trace.in_future"),
      (gift.replacing("KGM", with: "LTR"), "trace.wrong_unit"),
      (gift.replacing("\"quantity\":8", with: "\"quantity\":8.0001"), "trace.invalid_quantity"),
      (gift.replacing("\"quantity\":8", with: "\"quantity\":100000000000000"), "trace.invalid_quantity"),
      (gift.replacing(FoodBank.rice, with: "urn:epc:class:lgtin:4012345.012345.X"), "gift_kind.unknown"),
      (gift.replacing("ADD", with: "DELETE"), nil),
      (FoodBank.object("OBSERVE", "storing", FoodBank.some(FoodBank.rice, "8")), "lot.unknown"),
      (gift + #","errorDeclaration":{"declarationTime":"2026-01-01T01:00:00Z","reason":"did_not_occur"}"#, nil),
    ]
    for (event, code) in cases {
      #expect(throws: EPCISError(.validation, "", code: code)) { try take(event) }
    }
    #expect(plan.rows.isEmpty && plan.bindings.isEmpty)
  }
}
