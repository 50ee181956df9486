import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Numbers, times and names, one by one.
@Suite struct ValueTests {
  @Test func decimalsAreExact() throws {
    let cases: [(String, Int, Int64?)] = [
      ("0.1", 3, 100), ("8.0001", 3, nil), ("8.000", 3, 8000), ("12", 0, 12), ("1e3", 0, 1000), ("1.5E+2", 0, 150),
      ("0", 6, 0), ("-2.5", 1, -25), ("0.000000000000000001", 18, 1), ("999999999999999", 0, 999_999_999_999_999),
      ("1000000000000001", 0, nil), ("1e15", 0, 1_000_000_000_000_000), ("1e60", 0, nil),
    ]
    for (text, shift, expected) in cases {
      let number = try #require(ExactDecimal(text), "\(text)")
      #expect(number.whole(shift: shift, limit: TraceEvent.maximumQuantity) == expected, "\(text)")
    }
    for text in ["", "-", ".5", "1e61", "1234567890123456789", "0x10", "1 ", "１"] {
      #expect(ExactDecimal(text) == nil, "\(text)")
    }
    for text in ["12.5", "0.001", "-3", "300", "0", "-0.25"] { #expect(ExactDecimal(text)?.text == text) }
    #expect(ExactDecimal("3.50") == ExactDecimal("35e-1"))
  }

  @Test func timesGoBothWays() throws {
    let cases: [(String, UInt64)] = [
      ("1970-01-01T00:00:00Z", 0), ("2026-01-01T08:00:00+08:00", 1_767_225_600_000),
      ("2024-02-29T23:59:59.9994Z", 1_709_251_199_999), ("2024-02-29T23:59:59.9995Z", 1_709_251_200_000),
      ("2025-12-31T20:00:00.0005-04:00", 1_767_225_600_000), ("2025-12-31T20:00:00.0015-04:00", 1_767_225_600_002),
      ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("2000-03-01t00:00:00z", 951_868_800_000),
    ]
    for (text, milliseconds) in cases { #expect(EPCISTime(text)?.milliseconds == milliseconds, "\(text)") }
    let offsets = try ["+08:00", "-12:30", "+00:00"].map { try #require(try ValueTests.offset($0)) }
    for day in stride(from: UInt64(97), to: 2_932_896, by: 997) {
      let time = EPCISTime(Timestamp(seconds: day * 86_400 + day % 86_400))
      for offset in offsets {
        let text = time.text(at: offset)
        #expect(EPCISTime(text) == time, "\(text)")
      }
    }
  }

  /// An offset has no initialiser of its own outside: it comes with an event.
  private static func offset(_ text: String) throws -> EPCISOffset? {
    let event = FoodBank.object("OBSERVE", "storing", #""epcList":["urn:x:1"]"#)
      .replacing("\"eventTimeZoneOffset\":\"+08:00\"", with: "\"eventTimeZoneOffset\":\"\(text)\"")
    return try EPCISDocument(json: FoodBank.document(event)).entries.first?.event.offset
  }

  @Test func namesGoBothWaysAndNothingHasTwo() {
    let names = HeartNames(origin: "log.example/heart")
    #expect(names.lot(7) == "https://log.example/heart/lots/7")
    #expect(names.lot(in: names.lot(.max)) == .max)
    #expect(names.kind(in: names.kind(3)) == 3)
    #expect(names.project(in: names.project(0)) == 0)
    #expect(names.organisation(in: names.organisation(9)) == 9)
    #expect(names.place(in: names.place(620_100)) == 620_100)
    #expect(names.event(in: names.event(5 << 48 | 77)) == 5 << 48 | 77)
    #expect(names.recipient(in: names.recipient(.label("x", 1))) == .label("x", 1))
    for uri in [
      "https://log.example/heart/lots/07", "https://log.example/heart/lots/+7", "https://log.example/heart/lots/7/",
      "http://log.example/heart/lots/7", "https://log.example/heart/lots/4294967296", "https://log.example/lots/7",
      "https://log.example/heart/lots/", "https://log.example/heart/lots/-1",
    ] { #expect(names.lot(in: uri) == nil, "\(uri)") }
    #expect(names.event(in: "https://log.example/heart/events/5-281474976710656") == nil)
    #expect(names.place(in: "https://log.example/heart/places/0") == nil)
  }

  @Test func jsonIsReadUnderItsLimitsAndWrittenBack() throws {
    let limits = JSONLimits(bytes: 200, depth: 3, values: 20, members: 3, text: 10)
    func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8), limits: limits) }
    let text = #"{"a":[1.50,-0,true,null,"\\\"é\u0001"],"b":{}}"#
    #expect(String(decoding: try read(text).encoded, as: UTF8.self) == text)
    #expect(try read(#""\ud83d\ude00\n\/""#) == .string("😀\n/"))
    for bad in [
      "[[[[1]]]]", #"{"a":1,"b":2,"c":3,"d":4}"#, #""12345678901""#,
      "[" + Array(repeating: "1", count: 20).joined(separator: ",") + "]",
      #"{"a":1,"a":2}"#, "[1,]", "{\"a\"}", "01", "1.", "+1", "tru", "\"\t\"", #""\x""#, #""\u12""#, #""\udc00""#,
      "1 2", "", "nul",
      "\u{FEFF}1",
    ] { #expect(throws: ExchangeError(.malformed, "")) { try read(bad) } }
  }
}
