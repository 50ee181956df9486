import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// What is written as EPCIS and read again is the row that was signed, over random histories.
@Suite struct RoundTripTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyExportedEventComesBackAsItsRow(seed: UInt64) throws {
    var random = try RandomPantry(seed: seed)
    var kinds: [TraceKind: Int] = [:]
    var hashes: Set<String> = []
    for _ in 0..<700 {
      let (before, place, step) = try random.next()
      let export = EventExport(hearts: random.pantry.app.hearts, names: before.names)
      let event = try #require(try export.event(step))
      let row = try TraceEvent(row: step.row)
      kinds[row.kind, default: 0] += 1

      let bytes = EPCISDocument.document([event], at: EPCISTime(random.pantry.time)).encoded
      let entry = try #require(try EPCISDocument(json: bytes).entries.first)
      var read = entry.event
      #expect(read.recordTime == nil, "record times of others mean nothing")
      read.recordTime = event.recordTime
      #expect(read == event, "seed \(seed)")
      let alone = try EPCISDocument.event(json: EPCISDocument.alone(event).encoded)
      #expect(alone == entry, "in a document or alone, it is the same event")
      hashes.insert(entry.hashID)

      var plan = try CapturePlan(
        state: before.app, profile: random.pantry.profile(place), names: before.names, time: random.pantry.time,
        known: [:])
      let taken = try plan.take(entry)
      #expect(plan.rows == [step.row], "seed \(seed): \(row)")
      #expect(taken.main == 0 && plan.bindings.isEmpty)
    }
    #expect(hashes.count > 650, "events that differ have different hashes")
    let common: [TraceKind] = [.donated, .repacked, .packed, .unpacked, .shipped, .arrived, .handedOver, .lost]
    for kind in common { #expect(kinds[kind, default: 0] > 5, "seed \(seed): too few \(kind)") }
    for kind in [TraceKind.planted, .surveyed, .died, .corrected, .pledged, .received, .stored] {
      #expect(kinds[kind, default: 0] > 0, "seed \(seed): no \(kind)")
    }
  }

  /// A whole history in one document, told again on a chain where nothing has happened yet.
  @Test func aWholeHistoryIsToldAgain() throws {
    var random = try RandomPantry(seed: 9)
    let first = random.pantry
    while random.pantry.steps.count < 300 { _ = try random.next() }
    let export = EventExport(hearts: random.pantry.app.hearts, names: first.names)
    var again = first
    again.time = random.pantry.time
    for step in random.pantry.steps {
      let event = try #require(try export.event(step))
      let place = try #require(Pantry.Place(rawValue: Int(step.event >> 48)))
      try again.capture(place, EPCISDocument.document([event], at: EPCISTime(again.time)).encoded)
    }
    let (a, b) = (random.pantry.app.hearts, again.app.hearts)
    #expect(a.lots.count == b.lots.count)
    for ordinal in 0..<a.lots.count {
      let (x, y) = (a.lots[ordinal], b.lots[ordinal])
      #expect((x.left, x.handed, x.lost, x.state, x.holder) == (y.left, y.handed, y.lost, y.state, y.holder))
    }
    #expect(again.steps.map(\.row) == random.pantry.steps.map(\.row))
  }

  @Test func aRowsLotsAreThoseOfItsOwnManifest() throws {
    var random = try RandomPantry(seed: 5)
    for _ in 0..<40 { _ = try random.next() }
    var pantry = random.pantry
    let lots = UInt32(pantry.app.hearts.lots.count)
    // Told while another organisation gives something, too: the chain numbers the lots differently than the plan.
    let document = FoodBank.document(
      FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8")),
      FoodBank.object("DELETE", "destroying", FoodBank.some(FoodBank.rice, "1")))
    var plan = try pantry.plan(.food)
    for entry in try EPCISDocument(json: document).entries { _ = try plan.take(entry) }
    var other = TraceEvent(.donated, unit: .gram, time: pantry.time)
    (other.gift, other.quantity, other.project) = (1, 5, 1)
    try pantry.tell(.school, [other.row])
    #expect(try pantry.tell(.food, plan.rows) == [.success, .success])
    #expect(pantry.app.hearts.lots[Int(lots) + 1].left == 7000)
    #expect(pantry.app.hearts.lots[Int(lots)].left == 5)
  }

  @Test func moneyAndAttendanceAreNotWritten() throws {
    var pantry = try Pantry()
    var gift = TraceEvent(.donated, unit: .fen, time: pantry.time)
    gift.quantity = 100
    try pantry.tell(.bank, [gift.row])
    let export = EventExport(hearts: pantry.app.hearts, names: pantry.names)
    #expect(pantry.steps.count == 1)
    #expect(try export.events(pantry.steps).isEmpty)
    let unknown = Way.Step(event: 1, time: pantry.time, row: gift.row, sources: [], made: [99])
    #expect(throws: ExchangeError(.malformed, "")) { try export.event(unknown) }
  }
}
