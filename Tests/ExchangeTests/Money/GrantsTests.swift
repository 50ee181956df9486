import Foundation
import HeartChain
import Ledger
import TestSupport
import Testing

@testable import Exchange

/// What organisations passed on as grants of 360Giving.
@Suite struct GrantsTests {
  private func grants(_ file: GrantsFile) throws -> [[String: Any]] {
    let package = try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
    #expect(package["version"] as? String == "1.4")
    return try #require(package["grants"] as? [[String: Any]])
  }

  @Test func everyDisbursementIsAGrantWithItsExactAmount() throws {
    let village = try MoneyVillage.full()
    let file = try GrantsFile(village.report)
    let found = try grants(file)
    let parties = try found.map { grant in
      try ["fundingOrganization", "recipientOrganization"].map { side in
        let names = try #require(grant[side] as? [[String: String]]).map { $0["name"] ?? "" }
        return names.joined()
      }.joined(separator: " ")
    }
    #expect(
      parties == ["bank.example food.example", "food.example school.example", "food.example forest.example"])
    #expect(found.map { $0["currency"] as? String } == ["CNY", "CNY", "CNY"])
    #expect(found.map { $0["awardDate"] as? String } == ["2026-01-02", "2026-01-02", "2026-01-02"])
    let text = String(decoding: file.bytes, as: UTF8.self)
    for amount in ["250.05", "50", "20"] { #expect(text.contains("\"amountAwarded\" : \(amount),"), "\(amount)") }
    #expect(Set(found.map { $0["id"] as? String }).count == 3)
    #expect(try grants(GrantsFile(village.report, project: 0)).count == 3)
    #expect(throws: ExchangeError(.nothing, "")) { try GrantsFile(village.report, project: 2) }
    #expect(throws: ExchangeError(.nothing, "")) { try GrantsFile(MoneyVillage().report) }
  }

  @Test func amountsKeepEveryFen() throws {
    var village = try MoneyVillage()
    try village.openProject(.food)
    let fen: Int64 = 900_719_925_474_099
    try village.tell(.bank, [village.gift(fen), village.pay(.disbursed, 0, fen, to: .food)])
    let text = String(decoding: try GrantsFile(village.report).bytes, as: UTF8.self)
    #expect(text.contains("\"amountAwarded\" : 9007199254740.99,"))
    #expect(Yuan.text(-5) == "-0.05" && Yuan.text(.min) == "-92233720368547758.08" && Yuan.text(120) == "1.20")
  }

  @Test func moreThanAFileTakesIsRefused() throws {
    var village = try MoneyVillage()
    try village.openProject(.food)
    let count = GrantsFile.maximumGrants
    try village.tell(.bank, [village.gift(Int64(count) + 1)])
    try village.tell(.bank, (0..<count).map { _ in village.pay(.disbursed, 0, 1, to: .food) })
    let file = try GrantsFile(village.report)
    #expect(try grants(file).count == count && file.bytes.count < GrantsFile.maximumBytes)
    try village.tell(.bank, [village.pay(.disbursed, 0, 1, to: .food)])
    #expect(throws: ExchangeError(.tooLarge, "")) { try GrantsFile(village.report) }
    // Told by the day, the same fits into a file of activities.
    let activities = String(decoding: try IATIFile(village.report).bytes, as: UTF8.self)
    #expect(activities.contains("\(count + 1) of this day: Sent to another organisation of the project"))
    #expect(activities.contains(">\(Yuan.text(Int64(count) + 1))</value>"))
  }

  @Test(
    .enabled(
      if: MoneyJudge.has("jsonschema"), "jsonschema is not installed in .build/python; Scripts/setup --tests does it"))
  func theStandardsRequiredFieldsAreThere() throws {
    // 360Giving's own schema comes in no package, so what it requires of a grant is stated here.
    let script = """
      import json, sys, jsonschema
      date = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"}
      organisations = {"type": "array", "minItems": 1, "maxItems": 1, "items": {
          "type": "object", "required": ["id", "name"],
          "properties": {"id": {"type": "string", "minLength": 1}, "name": {"type": "string", "minLength": 1}}}}
      grant = {"type": "object",
          "required": ["id", "title", "description", "currency", "amountAwarded", "awardDate", "fundingOrganization"],
          "oneOf": [{"required": ["recipientOrganization"]}, {"required": ["recipientIndividual"]}],
          "properties": {
              "id": {"type": "string", "pattern": "^[^/&|?]+$"}, "title": {"type": "string"},
              "description": {"type": "string"}, "currency": {"enum": ["CNY"]}, "amountAwarded": {"type": "number"},
              "awardDate": date, "fundingOrganization": organisations, "recipientOrganization": organisations,
              "plannedDates": {"type": "array", "items": {"properties": {"startDate": date, "endDate": date}}}}}
      package = {"type": "object", "required": ["grants"], "properties": {
          "version": {"type": "string", "pattern": "^[0-9]+[.][0-9]+$"},
          "publisher": {"type": "object", "required": ["name"]},
          "grants": {"type": "array", "minItems": 1, "uniqueItems": True, "items": grant}}}
      found = list(jsonschema.Draft4Validator(package).iter_errors(json.load(open(sys.argv[1]))))
      for error in found: print(error.json_path, error.message)
      sys.exit(1 if found else 0)
      """
    let file = try GrantsFile(MoneyVillage.full().report).bytes
    let right = try MoneyJudge.judge(script, file)
    #expect(right.status == 0, "\(right.said.prefix(4000))")
    let text = String(decoding: file, as: UTF8.self)
    for name in ["awardDate", "recipientOrganization", "amountAwarded"] {
      let other = text.replacing("\"\(name)\"", with: "\"other\"")
      #expect(try MoneyJudge.judge(script, Array(other.utf8)).status == 1, "without \(name)")
    }
  }
}
