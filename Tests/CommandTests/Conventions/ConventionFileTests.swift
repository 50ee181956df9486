import Foundation
import Ledger
import MutualAid
import Testing
import TongzhouClient

/// One change of the shipped file of the fortnight plan, and what must come of it.
struct FileChange: Sendable, CustomTestStringConvertible {
  let piece: String
  let other: String
  let fault: WrittenFileError.Fault
  /// What the message must contain.
  let says: String

  init(_ piece: String, _ other: String, _ fault: WrittenFileError.Fault, says: String) {
    self.piece = piece
    self.other = other
    self.fault = fault
    self.says = says
  }

  var testDescription: String { "\(piece) → \(other)" }
}

@Suite struct ConventionFileTests {
  @Test(arguments: words + values + rules + syntax)
  func isRefusedWithItsLine(_ change: FileChange) throws {
    let text = try #require(
      try ShippedConventions.text("fortnight", replacing: change.piece, by: change.other),
      "the piece must be there exactly once")
    let error = try #require(throws: WrittenFileError.self) { try ConventionFile(text: text, file: "plan.yaml") }
    #expect(error.fault == change.fault && error.sort == .convention, "\(error)")
    #expect(error.message.contains(change.says), "\(error)")
    #expect(error.file == "plan.yaml")
    if let line = error.line {
      #expect((1...text.components(separatedBy: "\n").count).contains(line))
    }
  }

  @Test func linesAreThoseOfTheFile() throws {
    func line(_ piece: String, _ other: String) throws -> (found: Int?, expected: Int) {
      let text = try #require(try ShippedConventions.text("fortnight", replacing: piece, by: other))
      let error = try #require(throws: WrittenFileError.self) { try ConventionFile(text: text, file: "f") }
      let place = try #require(text.range(of: other))
      return (error.line, text[..<place.lowerBound].components(separatedBy: "\n").count)
    }
    for (piece, other) in [
      ("  join_to: 59 years", "  join_until: 59 years"),
      ("  join_to: 59 years", "  join_to: 60 years"),
      ("fee: 8 %", "fee: eight"),
      ("  case: 0.1 yuan", "  case: 0.0000001 yuan"),
      ("waiting: 90 days", "waiting: 9000 days"),
      ("  - { notice: 21, debit: 28 }", "  - { notice: 13, debit: 28 }"),
      ("icd10: I21 }", "icd10: X }"),
      ("  - { for: thyroid-mild, ages: 0-59, yuan: 50000 }", "  - { for: thyroid-mild, ages: 0-60, yuan: 50000 }"),
    ] {
      let (found, expected) = try line(piece, other)
      #expect(found == expected, "\(other)")
    }
  }

  static let words: [FileChange] = [
    FileChange("grace: 15 days", "graces: 15 days", .unknownKey, says: "graces: unknown; known here are format"),
    FileChange("  low: 5 yuan", "  lo: 5 yuan", .unknownKey, says: "deposit.lo"),
    FileChange("  period: none\n", "", .missing, says: "caps.period"),
    FileChange("beyond: carry\n", "", .missing, says: "beyond"),
    FileChange("id: 1, ", "", .missing, says: "classes.cancer.id"),
    FileChange("id: 1, ", "id: 1, icd: C50, ", .unknownKey, says: "classes.cancer.icd"),
    FileChange("{ notice: 7, debit: 14 }", "{ notice: 7 }", .missing, says: "calendar[0].debit"),
  ]

  static let values: [FileChange] = [
    FileChange("format: 1\n", "format: one\n", .badValue, says: "format"),
    FileChange("format: 1\n", "format: 01\n", .badValue, says: "format"),
    FileChange("format: 1\n", "format: 4294967297\n", .badValue, says: "format"),
    FileChange("key: fortnight", "key:", .badValue, says: "key: the value is empty"),
    FileChange("key: fortnight", "key: [a]", .badValue, says: "key: one value"),
    FileChange("waiting: 90 days", "waiting: 90", .badValue, says: "waiting"),
    FileChange("waiting: 90 days", "waiting: 90 weeks", .badValue, says: "waiting"),
    FileChange("waiting: 90 days", "waiting: -90 days", .badValue, says: "waiting"),
    FileChange("waiting: 90 days", "waiting: 9e1 days", .badValue, says: "waiting"),
    FileChange("  case: 0.1 yuan", "  case: 1e-1 yuan", .badValue, says: "caps.case"),
    FileChange("  case: 0.1 yuan", "  case: .1", .badValue, says: "caps.case"),
    FileChange("  case: 0.1 yuan", "  case: 0.1 fen", .badValue, says: "caps.case"),
    FileChange("  case: 0.1 yuan", "  case: 0,1", .badValue, says: "caps.case"),
    FileChange("  case: 0.1 yuan", "  case: .inf", .badValue, says: "caps.case"),
    FileChange("  case: 0.1 yuan", "  case: 99999999999999999999", .badValue, says: "caps.case"),
    FileChange("fee: 8 %", "fee: 8", .badValue, says: "fee"),
    FileChange("fee: 8 %", "fee: 0.00001 %", .badValue, says: "fee"),
    FileChange("fee: 8 %", "fee: -8 %", .badValue, says: "fee"),
    FileChange("fee: 8 %", "fee: 9999999 %", .badValue, says: "fee"),
    FileChange("payers: at notice", "payers: at noon", .badValue, says: "payers"),
    FileChange("beyond: carry", "beyond: pray", .badValue, says: "beyond"),
    FileChange("ends_after_aid: yes", "ends_after_aid: true", .badValue, says: "ends_after_aid"),
    FileChange("waiting_illness: refund", "waiting_illness: money", .badValue, says: "waiting_illness"),
    FileChange("ages: 40-59", "ages: 40-", .badValue, says: "ages"),
    FileChange("ages: 40-59", "ages: 40-50-59", .badValue, says: "ages"),
    FileChange("for: thyroid-mild", "for: thyroid", .badValue, says: "no class is called"),
    FileChange("ages: 40-59, yuan: 100000", "ages: 40-59, yuan: lots", .badValue, says: "yuan"),
    FileChange("  - { notice: 7, debit: 14 }\n", "  - 7\n", .badValue, says: "calendar[0]"),
    FileChange("calendar:\n", "calendar: [\n", .syntax, says: "did not find"),
  ]

  static let rules: [FileChange] = [
    FileChange("format: 1\n", "format: 2\n", .rule, says: "format"),
    FileChange("key: fortnight", "key: Fortnight", .rule, says: "key"),
    FileChange("  first: 10 yuan", "  first: 10.001 yuan", .rule, says: "first_deposit"),
    FileChange("  first: 10 yuan", "  first: none", .rule, says: "first_deposit"),
    FileChange("  case: 0.1 yuan", "  case: -0.1 yuan", .rule, says: "caps.per_case"),
    FileChange("fee: 8 %", "fee: 50.0001 %", .rule, says: "fee_ppm"),
    FileChange("{ id: 2,", "{ id: 1,", .rule, says: "classes[1].id"),
    FileChange("icd10: C00-C97", "icd10: C97-C00", .rule, says: "classes[0].icd10"),
    FileChange("ages: 40-59", "ages: 39-59", .rule, says: "bands of a class"),
    FileChange("payers: at notice\n", "payers: at notice\nnotice: 7 days\n", .rule, says: "notice_days"),
    FileChange("filing: 180 days", "filing: none", .rule, says: "filing_days"),
  ]

  static let syntax: [FileChange] = [
    FileChange("format: 1\n", "format: 1\nformat: 1\n", .syntax, says: "more than once: format"),
    FileChange("format: 1\n", "format: &one 1\n", .syntax, says: "anchors"),
    FileChange("format: 1\n", "format: *one\n", .syntax, says: "anchors"),
    FileChange("format: 1\n", "format: \"1\n", .syntax, says: "unexpected end"),
    FileChange("format: 1\n", "\tformat: 1\n", .syntax, says: "cannot start"),
    FileChange("  reveal: 2 days", "  reveal: 2 days\n---\nformat: 1", .syntax, says: "another document"),
    FileChange("format: 1\n", "format: 1\n? [a]\n: 1\n", .syntax, says: "a word is expected"),
  ]

  @Test func otherWaysToWriteTheSameGiveTheSameHash() throws {
    let hash = try ShippedConventions.file("fortnight").convention.hash
    for (piece, other) in [
      ("  case: 0.1 yuan", "  case: 0.100000"), ("fee: 8 %", "fee: 8.0%"), ("join_to: 59 years", "join_to: 59"),
      ("year: 188 yuan", "year: \"188\""), ("for: thyroid-mild", "for: [thyroid-mild]"),
      ("icd10: I21 }", "icd10: [I21] }"), ("en: Severe cancer", "en: \"Severe cancer\""),
      ("key: fortnight", "key: fortnight # & *not an anchor*"),
    ] {
      let text = try #require(try ShippedConventions.text("fortnight", replacing: piece, by: other))
      #expect(try ConventionFile(text: text, file: "f").convention.hash == hash, "\(other)")
    }
  }

  @Test func amountsAreExact() throws {
    let text = try #require(
      try ShippedConventions.text("fortnight", replacing: "  case: 0.1 yuan", by: "  case: 0.000003"))
    #expect(try ConventionFile(text: text, file: "f").convention.caps.perCase.micro == 3)
    let fee = try #require(try ShippedConventions.text("fortnight", replacing: "fee: 8 %", by: "fee: 0.0001 %"))
    #expect(try ConventionFile(text: fee, file: "f").convention.feePartsPerMillion == 1)
  }

  @Test func signsInsideWordsAreNoAnchors() throws {
    let text = try #require(
      try ShippedConventions.text(
        "fortnight", replacing: "en: Fortnight Mutual", by: "en: Fortnight & Friends R&D*"))
    #expect(try ConventionFile(text: text, file: "f").convention.nameEn == "Fortnight & Friends R&D*")
  }

  @Test func unreadableFilesAreErrors() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "convention-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func error(_ path: String) throws -> WrittenFileError {
      try #require(throws: WrittenFileError.self) { try ConventionFile(path: path) }
    }
    #expect(try error(folder.appending(path: "none.yaml").path()).fault == .unreadable)
    let latin = folder.appending(path: "latin.yaml")
    try Data([0x6B, 0x65, 0x79, 0x3A, 0x20, 0xE9]).write(to: latin)
    #expect(try error(latin.path()).message == "not UTF-8")
    let large = folder.appending(path: "large.yaml")
    try Data(repeating: 0x20, count: ConventionFile.maximumBytes + 1).write(to: large)
    #expect(try error(large.path()).fault == .unreadable)
    let empty = folder.appending(path: "empty.yaml")
    try Data().write(to: empty)
    #expect(try error(empty.path()).fault == .syntax)
    #expect(try error(folder.path()).fault == .unreadable)
  }

  @Test(arguments: UInt64(1)...4)
  func damagedTextIsAnErrorAndNeverATrap(_ seed: UInt64) throws {
    var state = seed
    func roll(_ bound: Int) -> Int {
      // The high bits of a 64-bit linear congruential generator (Knuth's multiplier).
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let good = Array(try String(contentsOfFile: ShippedConventions.path("fortnight"), encoding: .utf8).utf8)
    let signs = Array(":-[]{},#&*!|>'\"%@` \n\t0a".utf8)
    var refused = 0
    for _ in 0..<300 {
      var bytes = good
      for _ in 0...roll(3) {
        let place = roll(bytes.count)
        switch roll(3) {
        case 0: bytes[place] = signs[roll(signs.count)]
        case 1: bytes.insert(signs[roll(signs.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + roll(30)))
        }
      }
      do {
        _ = try ConventionFile(text: String(decoding: bytes, as: UTF8.self), file: "seed \(seed)")
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0, "seed \(seed)")
  }

  @Test func deepNestingIsAnError() {
    for text in [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
      String(repeating: "- ", count: 100_000) + "1",
    ] {
      #expect(throws: WrittenFileError.self) { try ConventionFile(text: text, file: "f") }
    }
  }
}
