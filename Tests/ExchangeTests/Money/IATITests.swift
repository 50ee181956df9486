import Foundation
import FoundationXML
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Exchange

/// Projects as IATI 2.03 activities: what stands in them, and what pyIATI says of them.
@Suite struct IATITests {
  private func activities(_ file: IATIFile) throws -> [XMLElement] {
    let root = try #require(try XMLDocument(data: Data(file.bytes)).rootElement())
    #expect(root.name == "iati-activities" && root.attribute(forName: "version")?.stringValue == "2.03")
    return root.elements(forName: "iati-activity")
  }

  /// Each transaction as its code, value, and the organisations or the text of both sides.
  private func transactions(_ activity: XMLElement) -> [String] {
    activity.elements(forName: "transaction").map { transaction in
      let code = transaction.elements(forName: "transaction-type").first?.attribute(forName: "code")?.stringValue
      let value = transaction.elements(forName: "value").first?.stringValue
      let sides = ["provider-org", "receiver-org"].map { side in
        let party = transaction.elements(forName: side).first
        return party?.attribute(forName: "ref")?.stringValue ?? (party == nil ? "-" : "unnamed")
      }
      return [code ?? "", value ?? "", sides[0], sides[1]].joined(separator: " ")
    }
  }

  private func identifier(_ activity: XMLElement) -> String {
    activity.elements(forName: "iati-identifier").first?.stringValue ?? ""
  }

  @Test func everyOrganisationWithTheMoneyHasAnActivityThatAddsUpToWhatItHolds() throws {
    let village = try MoneyVillage.full()
    let found = try activities(IATIFile(village.report, project: 0))
    let chain = String(village.network.genesis.chain.description.prefix(16))
    let names = ["food", "bank", "forest", "school"].map { "\($0).example-\(chain)-0" }
    #expect(found.map(identifier) == names)
    #expect(
      transactions(found[0]) == [
        "1 250.05 bank.example food.example", "2 100.00 food.example unnamed",
        "3 50.00 food.example school.example", "3 20.00 food.example forest.example",
        "4 60.10 food.example unnamed", "4 10.00 food.example unnamed", "1 -5.00 unnamed food.example",
      ])
    // Two gifts of the first day; the one between was taken back.
    #expect(
      transactions(found[1]) == [
        "1 100.06 unnamed bank.example", "1 300.00 unnamed bank.example", "3 250.05 bank.example food.example",
      ])
    #expect(transactions(found[2]) == [])
    #expect(transactions(found[3]) == ["1 50.00 food.example school.example"])
    for (activity, place) in zip(found, [MoneyVillage.Place.food, .bank, .forest, .school]) {
      let sum = transactions(activity).reduce(Int64(0)) { sum, line in
        let parts = line.split(separator: " ")
        let fen = Int64(parts[1].filter { $0 != "." }) ?? 0
        return parts[0] == "1" ? sum + fen : parts[0] == "2" ? sum : sum - fen
      }
      #expect(sum == village.held(place, of: 0), "\(place)")
    }
    let provider = found[0].elements(forName: "transaction").first?.elements(forName: "provider-org").first
    #expect(provider?.attribute(forName: "provider-activity-id")?.stringValue == names[1])
  }

  @Test func aFileHasAllProjectsOrOne() throws {
    let village = try MoneyVillage.full()
    #expect(try activities(IATIFile(village.report)).count == 4 + 1 + 2)
    let over = try activities(IATIFile(village.report, project: 2))
    func status(_ activity: XMLElement) -> String? {
      activity.elements(forName: "activity-status").first?.attribute(forName: "code")?.stringValue
    }
    // Its term is over, and 7 yuan are left.
    #expect(over.map(status) == ["3", "3"])
    #expect(try activities(IATIFile(village.report, project: 1)).map(status) == ["2"])
    #expect(throws: ExchangeError(.nothing, "")) { try IATIFile(village.report, project: 3) }
    #expect(throws: ExchangeError(.nothing, "")) { try IATIFile(MoneyVillage().report) }
  }

  @Test func theSameStateGivesTheSameBytesAndTimeAloneChangesNone() throws {
    var village = try MoneyVillage.full()
    let first = try IATIFile(village.report).bytes
    village.time = village.time.adding(seconds: 1)
    #expect(try IATIFile(village.report).bytes == first)
  }

  @Test func noGiverIsNamedAndAmountsKeepEveryFen() throws {
    var village = try MoneyVillage()
    try village.openProject(.food)
    let giver = try SigningKey(label: "giver").publicKey.address
    // Past 2^53, where a binary fraction would round.
    let fen: Int64 = 900_719_925_474_099
    let gift = village.pay(.donated, 0, fen) {
      $0.party = giver.key
      $0.reason = GiftBinding.address.rawValue
    }
    try village.tell(.bank, [gift])
    for _ in 0..<11 { try village.tell(.bank, [village.gift(fen)]) }
    let text = String(decoding: try IATIFile(village.report).bytes, as: UTF8.self)
    #expect(text.contains(">108086391056891.88</value>"))
    #expect(!text.contains(giver.description) && !text.contains(giver.key.description))
    #expect(text.contains("12 gifts of this day"))
  }

  @Test func aBusyProjectIsToldByTheDayAndTooMuchIsRefused() throws {
    var village = try MoneyVillage()
    try village.openProject(.food)
    try village.tell(.bank, [village.gift(100_000), village.pay(.disbursed, 0, 100_000, to: .food)])
    try village.tell(.food, [village.pay(.arrived, 1, 100_000)])
    let count = UInt64(IATIFile.detailedTransactions)
    try village.tell(.food, (1...count).map { village.spend(1, 3, on: .aid, receipt: $0) })
    let food = try #require(try activities(IATIFile(village.report)).first)
    // What arrived, and all that was spent on that day.
    #expect(transactions(food) == ["1 1000.00 bank.example food.example", "4 30.00 food.example -"])
    var small = MoneyBook(limit: 2)
    let steps = (1...3).map { number in
      Way.Step(
        event: 1 << 48 | number, time: village.time, row: village.gift(1).row, sources: [], made: [UInt32(number)])
    }
    try small.add(steps[0])
    try small.add(steps[1])
    #expect(throws: ExchangeError(.tooLarge, "")) { try small.add(steps[2]) }
    var broken = MoneyBook()
    #expect(throws: ExchangeError(.malformed, "")) {
      try broken.add(Way.Step(event: 1, time: village.time, row: [1, 2, 3], sources: [], made: []))
    }
  }

  @Test(
    .enabled(if: MoneyJudge.has("iati"), "pyIATI is not installed in .build/python; Scripts/setup --tests does it"))
  func pyIATIFindsNothingAmiss() throws {
    // Its schema, its code lists and its rules.
    let script = """
      import sys, lxml.etree, iati, iati.default, iati.validator
      found = iati.validator.full_validation(
          iati.Dataset(lxml.etree.parse(sys.argv[1])), iati.default.activity_schema("2.03"))
      bad = [error for error in found if error.status == "error"]
      for error in bad: print(error.name, error.info)
      sys.exit(1 if bad else 0)
      """
    let village = try MoneyVillage.full()
    let file = try IATIFile(village.report).bytes
    let right = try MoneyJudge.judge(script, file)
    #expect(right.status == 0, "\(right.said.prefix(4000))")
    let text = String(decoding: file, as: UTF8.self)
    for (part, other) in [
      ("<transaction-type code=\"4\"/>", "<transaction-type code=\"44\"/>"),
      ("<value value-date=", "<value when="), ("<sector vocabulary=\"1\" code=\"99810\"/>", ""),
    ] {
      try #require(text.contains(part), "\(part)")
      #expect(try MoneyJudge.judge(script, Array(text.replacing(part, with: other).utf8)).status == 1, "\(part)")
    }
  }
}
