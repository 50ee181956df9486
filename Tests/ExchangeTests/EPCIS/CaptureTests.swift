import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// A food bank that knows nothing of us sends what it always sends, and its rice is followed to the school's kitchen.
@Suite struct CaptureTests {
  private static func pantry() throws -> Pantry {
    var pantry = try Pantry()
    pantry.time = Pantry.start.adding(seconds: 86_400)
    return pantry
  }

  @Test func aFoodBanksOwnIdentifiersAreFollowedToTheMeal() throws {
    var pantry = try CaptureTests.pantry()
    try pantry.capture(
      .food,
      FoodBank.document(
        FoodBank.object(
          "ADD", "commissioning", FoodBank.some(FoodBank.rice, "40.5"),
          #""sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:6909999.00000"}]"#),
        FoodBank.object(
          "OBSERVE", "storing", FoodBank.some(FoodBank.rice, "40.5"), hour: 2,
          #""readPoint":{"id":"urn:epc:id:sgln:6901234.00001.7"}"#),
        FoodBank.object(
          "OBSERVE", "shipping", FoodBank.some(FoodBank.rice, "10"), hour: 3,
          #""destinationList":\#(FoodBank.school),"disposition":"in_transit""#)))
    // The part that went is a lot of its own; both go by the food bank's identifier.
    let lots = pantry.app.hearts.lots
    #expect(lots.count == 2)
    #expect((lots[0].left, lots[0].state, lots[0].place) == (30_500, .held, 620_102))
    #expect((lots[1].left, lots[1].state, lots[1].receiver) == (10_000, .travelling, 3))
    #expect(pantry.known.values.flatMap { $0 }.sorted() == [0, 1])
    let giver = try SigningKey(label: "giver").publicKey.address
    #expect(pantry.app.hearts.giver(giver)?.held == 40_500)

    // The school knows the same batch by the same identifier, written as a Digital Link.
    let link = "https://id.gs1.org/01/06901234123456/10/R2601"
    try pantry.capture(
      .school,
      FoodBank.document(
        FoodBank.object("OBSERVE", "receiving", FoodBank.some(link, "9.9"), hour: 5),
        FoodBank.object(
          "DELETE", "dispensing", FoodBank.some(link, "9900", "GRM"), hour: 6,
          #""destinationList":[{"type":"location","destination":"https://school.example/kitchens/2"}]"#)))
    let eaten = pantry.app.hearts.lots[1]
    #expect((eaten.left, eaten.handed, eaten.lost, eaten.state) == (0, 9900, 100, .ended))
    let last = try TraceEvent(row: try #require(pantry.steps.last).row)
    #expect(last.party != .zero)
  }

  @Test func aPalletIsPackedSentOpenedAndItsLotsAreThere() throws {
    var pantry = try CaptureTests.pantry()
    let beans = "urn:epc:class:lgtin:6901234.900001.B1"
    let children =
      #""childQuantityList":[{"epcClass":"\#(FoodBank.rice)","quantity":5,"uom":"KGM"},"#
      + #"{"epcClass":"\#(beans)"}]"#
    func aggregation(_ action: String, _ step: String, hour: Int, _ children: String) -> String {
      """
      "type":"AggregationEvent","action":"\(action)","bizStep":"\(step)","parentID":"\(FoodBank.pallet)",\
      "eventTime":"2026-01-01T0\(hour):00:00+08:00","eventTimeZoneOffset":"+08:00"\(children)
      """
    }
    try pantry.capture(
      .food,
      FoodBank.document(
        FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8")),
        FoodBank.object("ADD", "commissioning", FoodBank.some(beans, "3")),
        aggregation("ADD", "packing", hour: 2, "," + children),
        FoodBank.object(
          "OBSERVE", "shipping", #""epcList":["\#(FoodBank.pallet)"]"#, hour: 3,
          #""destinationList":\#(FoodBank.school)"#)))
    try pantry.capture(
      .school,
      FoodBank.document(
        FoodBank.object("OBSERVE", "receiving", #""epcList":["\#(FoodBank.pallet)"]"#, hour: 4),
        aggregation("DELETE", "unpacking", hour: 5, "")))
    let lots = pantry.app.hearts.lots
    // Rice, beans, five kilograms of the rice, the pallet.
    #expect(lots.count == 4)
    #expect((lots[0].left, lots[0].holder) == (3000, 2))
    #expect((lots[2].left, lots[2].holder, lots[2].state) == (5000, 3, .held))
    #expect((lots[1].left, lots[1].holder, lots[1].state) == (3000, 3, .held))
    #expect(lots[3].state == .ended)
  }

  @Test func repackingBalancesAndWhatIsMissingIsLost() throws {
    var pantry = try CaptureTests.pantry()
    let meal = "urn:epc:class:lgtin:6901234.900001.M1"
    func cook(_ out: String) -> [UInt8] {
      FoodBank.document(
        """
        "type":"TransformationEvent","bizStep":"repackaging","eventTime":"2026-01-01T02:00:00+08:00",\
        "eventTimeZoneOffset":"+08:00","inputQuantityList":[{"epcClass":"\(FoodBank.rice)","quantity":2,"uom":"KGM"}],\
        "outputQuantityList":[{"epcClass":"\(meal)","quantity":\(out),"uom":"GRM"}]
        """)
    }
    try pantry.capture(
      .food, FoodBank.document(FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8"))))
    #expect(throws: EPCISError(.validation, "", code: "lot.unbalanced")) { try pantry.capture(.food, cook("2001")) }
    try pantry.capture(.food, cook("1950.0"))
    let lots = pantry.app.hearts.lots
    #expect((lots[0].left, lots[1].left, lots[1].kind) == (6000, 1950, 2))
    #expect(pantry.app.hearts.projects[0][.gram].lost == 50)
  }

  @Test func stockIsCountedAnewAndWhatIsOnItsWayNeedsNoRow() throws {
    var pantry = try CaptureTests.pantry()
    try pantry.capture(
      .food,
      FoodBank.document(
        FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8")),
        FoodBank.object("OBSERVE", "cycle_counting", FoodBank.some(FoodBank.rice, "7.5"), hour: 2),
        FoodBank.object("OBSERVE", "stock_taking", FoodBank.some(FoodBank.rice, "7.6"), hour: 3),
        FoodBank.object("OBSERVE", "stock_taking", FoodBank.some(FoodBank.rice, "7.6"), hour: 4)))
    let lot = pantry.app.hearts.lots[0]
    #expect((lot.left, lot.lost) == (7600, 400))
    let kinds = try pantry.steps.map { try TraceEvent(row: $0.row).kind }
    #expect(kinds == [.donated, .corrected, .corrected, .stored])
    let taken = try pantry.capture(
      .food,
      FoodBank.document(
        FoodBank.object(
          "OBSERVE", "shipping", FoodBank.some(FoodBank.rice, nil, nil), hour: 5,
          #""destinationList":\#(FoodBank.school)"#),
        FoodBank.object("OBSERVE", "transporting", FoodBank.some(FoodBank.rice, nil, nil), hour: 6)))
    #expect(taken.map(\.rows.count) == [1, 0])
  }

  @Test func aRefusedEventChangesNothingInThePlan() throws {
    let pantry = try CaptureTests.pantry()
    var plan = try pantry.plan(.food)
    let document = try EPCISDocument(
      json: FoodBank.document(
        FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8")),
        // The first part could be split off; that the rest is missing shows only afterwards.
        FoodBank.object(
          "DELETE", "destroying",
          #""quantityList":[{"epcClass":"\#(FoodBank.rice)","quantity":1,"uom":"KGM"},"#
            + #"{"epcClass":"urn:epc:class:lgtin:6901234.012345.OTHER","quantity":1,"uom":"KGM"}]"#, hour: 2),
        FoodBank.object("DELETE", "destroying", FoodBank.some(FoodBank.rice, "8"), hour: 3)))
    _ = try plan.take(document.entries[0])
    let rows = plan.rows
    #expect(throws: EPCISError(.validation, "", code: "lot.unknown")) { try plan.take(document.entries[1]) }
    #expect(plan.rows == rows)
    let taken = try plan.take(document.entries[2])
    #expect(taken.rows == 1..<2)
  }

  @Test func nobodyMovesWhatAnotherHasByCallingItTheSame() throws {
    var pantry = try CaptureTests.pantry()
    try pantry.capture(
      .food, FoodBank.document(FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8"))))
    #expect(throws: EPCISError(.validation, "", code: "lot.not_held")) {
      try pantry.capture(
        .school, FoodBank.document(FoodBank.object("DELETE", "destroying", FoodBank.some(FoodBank.rice, "8"), hour: 2)))
    }
    #expect(throws: EPCISError(.validation, "", code: "lot.too_small")) {
      try pantry.capture(
        .food,
        FoodBank.document(FoodBank.object("DELETE", "destroying", FoodBank.some(FoodBank.rice, "8.001"), hour: 2)))
    }
    #expect(pantry.app.hearts.lots[0].left == 8000)
  }
}
