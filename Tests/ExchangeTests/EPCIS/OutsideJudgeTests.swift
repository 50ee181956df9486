import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// GS1's schema, and the program by which CBV's event hashes are known, judge what we write and read.
@Suite(.enabled(if: OutsideJudges.areHere, "jsonschema, epcis-event-hash-generator or GS1's schema is missing"))
struct OutsideJudgeTests {
  /// A random history as documents of fifty events.
  private static func history(seed: UInt64, events: Int) throws -> [[UInt8]] {
    var random = try RandomPantry(seed: seed)
    while random.pantry.steps.count < events { _ = try random.next() }
    let export = EventExport(hearts: random.pantry.app.hearts, names: random.pantry.names)
    let written = try export.events(random.pantry.steps)
    let time = EPCISTime(random.pantry.time)
    return stride(from: 0, to: written.count, by: 50).map { start in
      EPCISDocument.document(Array(written[start..<min(start + 50, written.count)]), at: time).encoded
    }
  }

  @Test func whatWeWriteIsValidByTheSchemaOfGS1() throws {
    var random = try RandomPantry(seed: 21)
    while random.pantry.steps.count < 200 { _ = try random.next() }
    let export = EventExport(hearts: random.pantry.app.hearts, names: random.pantry.names)
    var events = try export.events(random.pantry.steps)
    events[0].errorDeclaration = .init(
      time: events[0].time, reason: "did_not_occur", correctedBy: [random.pantry.names.event(1)])
    events[1].transactions = [.init("po", "https://foodbank.example/orders/7"), .init(nil, "urn:x:1")]
    let time = EPCISTime(random.pantry.time)
    let documents =
      [
        EPCISDocument.document(events, at: time), EPCISDocument.answer(events, at: time),
        EPCISDocument.answer([], at: time),
      ]
      .map(\.encoded) + events.prefix(40).map { EPCISDocument.alone($0).encoded }
    let findings = try OutsideJudges.schemaFindings(documents)
    #expect(findings == documents.map { _ in "" })
  }

  @Test func theSchemaRefusesWhatWeRefuse() throws {
    let gift = FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8"))
    let documents = [
      gift, gift.replacing("commissioning", with: "donating"),
      gift.replacing("\"type\"", with: "\"hearts\":5,\"type\""),
      gift.replacing("KGM", with: "kg"), gift.replacing("\"ADD\"", with: "\"add\""),
      gift.replacing("\"eventTimeZoneOffset\":\"+08:00\",", with: ""),
      gift.replacing("\"quantity\":8", with: "\"quantity\":\"8\""),
      gift.replacing("\"action\":\"ADD\"", with: "\"action\":\"OBSERVE\",\"ilmd\":{\"https://x.example/y\":1}"),
    ].map { FoodBank.document($0) }
    let findings = try OutsideJudges.schemaFindings(documents)
    try #require(findings.count == documents.count)
    for (finding, document) in zip(findings, documents) {
      let isTaken = (try? EPCISDocument(json: document)) != nil
      #expect(isTaken == finding.isEmpty, "\(finding)")
    }
    #expect(findings[0].isEmpty && findings.dropFirst().allSatisfy { !$0.isEmpty })
  }

  @Test func hashesOfOurOwnEventsAreThoseOfTheGenerator() throws {
    let documents = try OutsideJudgeTests.history(seed: 31, events: 150)
    let theirs = try OutsideJudges.hashIDs(documents)
    for (document, ids) in zip(documents, theirs) {
      #expect(try EPCISDocument(json: document).entries.map(\.hashID) == ids)
    }
  }

  /// Every notation of GS1's identifiers, numbers, times and terms that the hash does not depend on.
  @Test func hashesOfForeignNotationsAreThoseOfTheGenerator() throws {
    let identifiers = [
      "urn:epc:id:sgtin:4012345.011111.9876", "urn:epc:id:sgtin:401234567890.1.A%2FB",
      "urn:epc:id:sgtin:4012345.011111.a(1)!*+,:",
      "urn:epc:id:sscc:4012345.1234567890", "urn:epc:id:sscc:401234.11234567890", "urn:epc:id:sgln:4012345.00005.0",
      "urn:epc:id:sgln:401234567890..12", "urn:epc:id:pgln:4012345.00000", "urn:epc:id:grai:4012345.22222.5",
      "urn:epc:id:giai:4000001.111", "urn:epc:id:gsrn:4012345.1234567890", "urn:epc:id:gsrnp:4012345.1234567890",
      "urn:epc:id:gdti:4012345.11111.987", "urn:epc:id:cpi:4012345.5PQ7.123", "urn:epc:id:sgcn:4012345.11111.1",
      "urn:epc:id:ginc:4012345.xyz%2F47", "urn:epc:id:gsin:4012345.123456789", "urn:epc:id:itip:4012345.011111.01.02.9",
      "urn:epc:id:upui:4012345.011111.A1", "urn:epc:class:lgtin:4012345.012345.D20260102",
      "urn:epc:idpat:sgtin:4012345.011111.*",
      "urn:epc:idpat:grai:4012345.22222.*", "urn:epc:idpat:itip:4012345.011111.01.02.*",
      "urn:epc:idpat:cpi:4012345.5PQ7.*",
      "urn:epc:idpat:upui:4012345.011111.*", "urn:epc:idpat:gdti:4012345.11111.*", "urn:epc:idpat:sgcn:4012345.11111.*",
      "https://example.com/some/path/01/04012345111118/21/9876", "https://id.gs1.org/01/04012345111118/10/L1/21/S1",
      "https://id.gs1.org/01/4012345111118", "https://example.com/gtin/4012345111118/lot/ABC?x=1",
      "http://dl.example/00/340123451111111115",
      "https://id.gs1.org/01/04012345111118/22/2A", "https://id.gs1.org/8003/04012345222226AB",
      "https://id.gs1.org/414/4012345000054/254/12",
      "https://id.gs1.org/8010/40123455PQ7/8011/123", "https://example.com/party/4012345000009",
      "https://example.com/lots/01",
      "https://id.gs1.org/01/123", "urn:epc:id:sgtin:4012345.01111.9876", "https://log.example/heart/lots/7",
      "urn:uuid:1.5",
    ]
    func event(_ place: Int, _ identifier: String, _ more: String = "") -> String {
      """
      "type":"ObjectEvent","action":"OBSERVE","eventTime":"2026-01-01T08:00:00.\(place)+08:00",\
      "eventTimeZoneOffset":"+08:00","epcList":["\(identifier)"]\(more)
      """
    }
    var events = identifiers.enumerated().map { event($0, $1) }
    let numbers = ["0", "1.0", "1.50", "1e3", "0.1", "0.00001", "123456789012345", "0.000123", "2.5E1", "12.0e-1"]
    events += numbers.map { FoodBank.object("OBSERVE", "storing", FoodBank.some(FoodBank.rice, $0)) }
    events += [
      event(
        500, "urn:x:1",
        #","bizStep":"https://ref.gs1.org/cbv/BizStep-receiving","disposition":"in_progress","#
          + #""recordTime":"2026-01-02T00:00:00Z""#
      ),
      event(
        501, "urn:x:1",
        #","bizStep":"https://x.example/step","eventID":"urn:uuid:1","readPoint":{"id":"geo:38.1,105.6"}"#),
      event(
        502, "urn:x:2",
        #","sourceList":[{"type":"possessing_party","source":"urn:epc:id:pgln:4012345.00000"},"#
          + #"{"type":"owning_party","source":"did:key:z6Mk"}],"destinationList":[{"type":"location","#
          + #""destination":"urn:epc:id:sgln:4012345.00005.0"}],"bizTransactionList":[{"type":"po","#
          + #""bizTransaction":"urn:x:po"},{"type":"inv","bizTransaction":"urn:x:inv"}]"#),
      event(
        503, "urn:x:3",
        #","xl:b":"2.50","xl:a":{"xl:z":1,"xl:y":["p","o"]},"readPoint":{"id":"urn:x:p","xl:floor":7,"xl:door":"A"},"#
          + #""xl:codes":["007","1_0","+5","1e5","xl:term"," spaced "],"xl:flag":true,"xl:big":12345678901234567890"#),
      event(504, "urn:x:4", #","persistentDisposition":{"set":["damaged","expired"],"unset":["conformant"]}"#),
      event(
        505, "urn:x:5",
        #","sensorElementList":[{"sensorMetadata":{"time":"2026-01-01T00:00:00Z","#
          + #""deviceID":"urn:epc:id:giai:4000001.111"},"sensorReport":["#
          + #"{"type":"Temperature","value":26.0,"uom":"CEL"},"#
          + #"{"type":"Temperature","value":2.5,"uom":"CEL"}]}]"#
      ),
      event(506, "urn:x:6", #","certificationInfo":"https://x.example/cert""#),
      event(
        507, "urn:x:6", #","errorDeclaration":{"declarationTime":"2026-01-02T00:00:00Z","reason":"incorrect_data"}"#),
      FoodBank.object(
        "ADD", "commissioning", FoodBank.some(FoodBank.rice, "2"),
        #""ilmd":{"xl:kind":"rice","xl:best":"2026-05-01"}"#),
      """
      "type":"AggregationEvent","action":"ADD","parentID":"urn:epc:id:sscc:4012345.1234567890","childEPCs":["urn:x:2",\
      "urn:x:1"],"childQuantityList":[{"epcClass":"urn:x:b","quantity":2,"uom":"KGM"},{"epcClass":"urn:x:a"}],\
      "eventTime":"2026-01-01T08:00:00Z","eventTimeZoneOffset":"-05:30"
      """,
      """
      "type":"TransformationEvent","transformationID":"urn:x:t","inputEPCList":["urn:x:2"],"inputQuantityList":\
      [{"epcClass":"urn:x:b","quantity":2,"uom":"KGM"}],"outputEPCList":["urn:x:9"],"outputQuantityList":\
      [{"epcClass":"urn:x:c","quantity":2.25,"uom":"GRM"}],"eventTime":"2026-01-01T08:00:00Z",\
      "eventTimeZoneOffset":"+00:00","ilmd":{"xl:kind":"meal"}
      """,
    ]
    let context = #",{"xl":"https://x.example/voc/"}"#
    let documents = events.map { FoodBank.document($0, context: context) }
    let all = Array(
      (String(decoding: FoodBank.document(events[0], context: context), as: UTF8.self))
        .replacing("[{\(events[0])}]", with: "[" + events.map { "{\($0)}" }.joined(separator: ",") + "]").utf8)
    let theirs = try #require(try OutsideJudges.hashIDs([all]).first)
    try #require(theirs.count == documents.count, "the generator left events out")
    for (place, document) in documents.enumerated() {
      let entry = try #require(try EPCISDocument(json: document).entries.first)
      #expect(entry.hashID == theirs[place], "\(events[place])")
    }
  }
}
