import Consortium
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Every rule of tracing, each by an event that breaks it and nothing else.
@Suite struct TraceRuleTests {
  /// A village in which lot 0 is 5 kg of rice and lot 1 is 100 yuan of the food bank's project 0, lot 2 a pledge of ten
  /// trees of the forest's project 1, lot 3 rice on its way to the school, lot 4 rice inside container 5, lot 6 ended.
  static func village() throws -> Village {
    var village = try Village()
    let now = village.time
    _ = try village.openProject(.food)
    _ = try village.openProject(.forest)
    village.time = now.adding(days: 10)
    let codes =
      try village.tell(
        .food,
        [try .gift(.rice, 5000, project: 0, at: now, from: 1)])
      + village.tell(.bank, [.gift(.money, 10_000, project: 0, at: now, from: 2)])
      + village.tell(.forest, [.gift(.tree, 10, project: 1, at: now, from: 3)])
      + village.tell(
        .food,
        [
          .gift(.rice, 1000, project: 0, at: now),
          .make(.shipped, at: now) {
            $0.lot = TraceEvent.made(by: 0)
            $0.other = UInt16(Village.Place.school.rawValue)
          },
          .gift(.rice, 800, project: 0, at: now),
          .make(.packed, nil, at: now) {
            $0.parts = [TracePart(lot: TraceEvent.made(by: 2), quantity: 0)]
            $0.inputs = 1
          },
          .gift(.rice, 10, project: 0, at: now),
          .make(.lost, at: now) {
            $0.lot = TraceEvent.made(by: 4)
            $0.quantity = 10
          },
          .make(.stored, at: now.adding(days: 2)) { $0.lot = 0 },
        ])
    #expect(codes.allSatisfy { $0 == .success }, "\(codes.map(\.name))")
    return village
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let code: ErrorCode
    let place: Village.Place
    let event: TraceEvent
    var testDescription: String { "\(code.name) of \(event.kind)" }

    init(_ code: ErrorCode, _ place: Village.Place = .food, _ event: TraceEvent) {
      (self.code, self.place, self.event) = (code, place, event)
    }
  }

  static let day3 = Village.start.adding(days: 3)

  private static func with(
    _ kind: TraceKind, _ unit: GiftUnit? = .gram, lot: UInt32 = 0, _ quantity: Int64 = 0,
    _ fill: (inout TraceEvent) -> Void = { _ in }
  ) -> TraceEvent {
    .make(kind, unit, at: day3) { event in
      event.lot = lot
      event.quantity = quantity
      fill(&event)
    }
  }

  private static func given(_ kind: Village.Kind, project: UInt32 = 0, _ quantity: Int64 = 5) -> TraceEvent {
    .make(kind == .tree ? .pledged : .donated, kind.record.unit, at: day3) { event in
      event.gift = kind.rawValue
      event.quantity = quantity
      event.project = project
    }
  }

  private static func repacked(_ parts: [(UInt32, Int64)], into outputs: [(UInt32, Int64)], lost: Int64 = 0)
    -> TraceEvent
  {
    with(.repacked, .gram, 0) { event in
      event.quantity = lost
      event.parts = (parts + outputs).map { TracePart(lot: $0.0, quantity: $0.1) }
      event.inputs = UInt8(parts.count)
    }
  }

  private static func packed(_ lots: [UInt32], kind: TraceKind = .packed, lot: UInt32 = 0) -> TraceEvent {
    with(kind, nil, lot: lot) { event in
      event.parts = lots.map { TracePart(lot: $0, quantity: 0) }
      event.inputs = UInt8(lots.count)
    }
  }

  static let cases: [Case] = [
    Case(.unknownKind, .food, with(.donated, .gram, 5) { $0.gift = 99 }),
    Case(.wrongUnit, .food, with(.donated, .fen, 5) { $0.gift = 1 }),
    Case(.wrongUnit, .food, with(.handedOver, .piece, 5) { $0.party = .label("recipient", 1) }),
    Case(.unknownUnit, .food, with(.stored, nil)),
    Case(.wrongUnit, .food, with(.committed, .gram, 5) { $0.evidence = .label("contract", 1) }),
    Case(.eventInFuture, .food, .make(.stored, at: Village.start.adding(days: 11)) { _ in }),
    Case(.eventBackwards, .food, .make(.stored, at: Village.start.adding(days: 1)) { _ in }),
    Case(.wrongRole, .food, given(.money)),
    Case(.wrongRole, .bank, given(.rice)),
    Case(.otherProject, .school, given(.rice)),
    Case(.otherProject, .school, with(.committed, .fen, 5) { $0.evidence = .label("contract", 1) }),
    Case(.unknownProject, .food, given(.rice, project: 7)),
    Case(
      .outsideTerm, .food,
      .make(.donated, at: Village.start.adding(seconds: 1).earlier(by: 10)) {
        $0.gift = 1
        $0.quantity = 5
      }),
    Case(.wrongCategory, .food, with(.donated, .attendance, 1) { $0.gift = 4 }),
    Case(.wrongCategory, .food, with(.attended, .gram, 1) { $0.gift = 1 }),
    Case(.wrongCategory, .bank, with(.handedOver, .fen, lot: 1, 5) { $0.party = .label("recipient", 1) }),
    Case(.wrongCategory, .bank, with(.shipped, .fen, lot: 1) { $0.other = 2 }),
    Case(.wrongCategory, .bank, with(.lost, .fen, lot: 1, 5)),
    Case(.wrongCategory, .food, with(.died, .gram, 5)),
    Case(.wrongCategory, .food, packed([4], kind: .unpacked, lot: 0)),
    Case(.badQuantity, .food, given(.rice, 0)),
    Case(.badQuantity, .food, with(.lost, .gram, -5)),
    Case(.badQuantity, .food, with(.lost, .gram, TraceEvent.maximumQuantity + 1)),
    Case(.badQuantity, .food, repacked([(0, 0)], into: [(1, 0)])),
    Case(
      .evidenceMissing, .bank,
      with(.spent, .fen, lot: 1, 5) {
        $0.reason = 1
        $0.party = .label("payee", 1)
      }),
    Case(
      .badRow, .bank,
      with(.spent, .fen, lot: 1, 5) {
        $0.reason = 3
        $0.party = .label("payee", 1)
        $0.evidence = .label("receipt", 1)
      }),
    Case(.badRow, .food, with(.stored) { $0.party = .label("somebody", 1) }),
    Case(
      .badRow, .food,
      with(.donated, .gram, 5) {
        $0.gift = 1; $0.reason = 1
      }),
    Case(
      .badRow, .food,
      with(.donated, .gram, 5) {
        $0.gift = 1; $0.reason = 1; $0.party = .label("long", 1)
      }),
    Case(.badRow, .food, with(.lost, .gram, 5) { $0.reason = 9 }),
    Case(.badRow, .food, repacked([(0, 5)], into: [])),
    Case(.badRow, .food, with(.handedOver, .gram, 5)),
    Case(.unknownLot, .food, with(.stored, .gram, lot: 99)),
    Case(.unknownLot, .food, with(.stored, .gram, lot: TraceEvent.made(by: 0))),
    Case(.lotNotHeld, .school, with(.stored, .gram)),
    Case(.lotNotHeld, .food, with(.shipped) { $0.other = 2 }),
    Case(.unknownOrganisation, .food, with(.shipped) { $0.other = 99 }),
    Case(.lotEnded, .food, with(.stored, .gram, lot: 6)),
    Case(.lotTooSmall, .food, with(.handedOver, .gram, 5001) { $0.party = .label("recipient", 1) }),
    Case(.lotTooSmall, .food, with(.lost, .gram, 5001)),
    Case(.lotTooSmall, .food, with(.corrected, .gram, 1)),
    Case(.lotTooSmall, .food, with(.corrected, .gram, -5001)),
    Case(.lotTooSmall, .school, with(.arrived, .gram, lot: 3, 1001)),
    Case(.lotTooSmall, .bank, with(.disbursed, .fen, lot: 1, 10_001) { $0.other = 2 }),
    Case(.lotTooSmall, .bank, with(.returned, .fen, lot: 1, 10_001) { $0.evidence = .label("receipt", 1) }),
    Case(.lotTooSmall, .forest, with(.planted, .piece, lot: 2, 11) { $0.evidence = .label("picture", 1) }),
    Case(.lotTooSmall, .food, repacked([(0, 5001)], into: [(5, 5001)])),
    Case(.overcommitted, .food, with(.committed, .fen, 10_001) { $0.evidence = .label("contract", 1) }),
    Case(.wrongLotState, .food, with(.stored, .gram, lot: 3)),
    Case(.wrongLotState, .food, with(.stored, .gram, lot: 4)),
    Case(.wrongLotState, .forest, with(.surveyed, .piece, lot: 2, 5) { $0.evidence = .label("picture", 1) }),
    Case(.wrongLotState, .food, with(.arrived, .gram, 5)),
    Case(.wrongLotState, .food, packed([0], kind: .unpacked, lot: 5)),
    Case(.lotNotAddressed, .forest, with(.arrived, .gram, lot: 3, 1000)),
    Case(.unbalanced, .food, repacked([(0, 100)], into: [(5, 101)])),
    Case(.unbalanced, .food, repacked([(0, 100)], into: [(5, 90)], lost: 9)),
    Case(.wrongUnit, .bank, repacked([(1, 5)], into: [(1, 5)]).with { $0.unit = .fen }),
    Case(.unknownKind, .food, repacked([(0, 100)], into: [(99, 100)])),
    Case(.lotTwice, .food, repacked([(0, 50), (0, 50)], into: [(5, 100)])),
    Case(.lotTwice, .food, packed([0, 0])),
    Case(.lotTwice, .food, packed([4, 4], kind: .unpacked, lot: 5)),
  ]

  @Test(arguments: TraceRuleTests.cases)
  func isRefused(_ rule: Case) throws {
    var village = try TraceRuleTests.village()
    let lots = village.hearts.lots.count
    let before = village.hearts.totals
    let codes = try village.tell(rule.place, [rule.event])
    #expect(codes.map(\.name) == [rule.code.name])
    #expect(village.hearts.lots.count == lots)
    #expect(village.hearts.totals == before)
    #expect(village.hearts.books[rule.place.rawValue].refused == 1)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func rowsThatAreNoEventsAreRefusedAloneAndTheOthersStand() throws {
    var village = try TraceRuleTests.village()
    let good = try TraceEvent.gift(.rice, 7, project: 0, at: TraceRuleTests.day3).row
    var unknown = good
    unknown[0] = 99
    var unit = good
    unit[1] = 9
    let rows = [good, unknown, unit, Array(good.dropLast()), good]
    let result = try village.perform(
      Hearts.trace(first: village.next(.food)), by: Village.officer(.food), rows: rows)
    #expect(result.rows == [.success, .unknownEvent, .unknownUnit, .badRow, .success])
    #expect(village.hearts.manifests[village.hearts.manifests.count - 1].accepted == 2)
    // The next manifest goes on behind the refused rows too, and no number is told twice.
    let again = try village.perform(
      Hearts.trace(first: village.next(.food) - 1), by: Village.officer(.food), rows: [good])
    #expect(again.code == .traceOutOfTurn)
  }

  @Test func onePictureIsShownOnce() throws {
    var village = try TraceRuleTests.village()
    let event = TraceEvent.make(.planted, .piece, at: TraceRuleTests.day3) {
      $0.lot = 2
      $0.quantity = 3
      $0.evidence = .label("picture", 1)
    }
    #expect(try village.tell(.forest, [event, event]) == [.success, .exhibitUsed])
    let book = village.hearts.books[Village.Place.forest.rawValue]
    #expect(book.repeated == 1)
    #expect(book.lastRepeated == TraceHistory.event(UInt16(Village.Place.forest.rawValue), book.next - 1))
    // A partner's receipt or a report may not be the same picture either.
    let (code, _) = try village.perform(
      Hearts.disclose(project: 1, report: .label("picture", 1)), by: Village.officer(.forest))
    #expect(code == .exhibitUsed)
  }

  @Test func lotsOfTwoProjectsAreNotPutTogether() throws {
    var village = try TraceRuleTests.village()
    let project = try village.openProject(.food)
    let now = village.time
    let codes = try village.tell(
      .food,
      [
        .gift(.rice, 100, project: project, at: now),
        .make(.repacked, at: now) {
          $0.parts = [
            TracePart(lot: 0, quantity: 50), TracePart(lot: TraceEvent.made(by: 0), quantity: 50),
            TracePart(lot: UInt32(Village.Kind.meal.rawValue), quantity: 100),
          ]
          $0.inputs = 2
        },
        .make(.packed, nil, at: now) {
          $0.parts = [TracePart(lot: 0, quantity: 0), TracePart(lot: TraceEvent.made(by: 0), quantity: 0)]
          $0.inputs = 2
        },
      ])
    #expect(codes == [.success, .lotsDiffer, .lotsDiffer])
  }
}

extension TraceEvent {
  func with(_ change: (inout TraceEvent) -> Void) -> TraceEvent {
    var event = self
    change(&event)
    return event
  }
}

extension Timestamp {
  func earlier(by seconds: UInt64) -> Timestamp { Timestamp(seconds: self.seconds - seconds) }
}
