import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// What became of a gift, in numbers worked out by hand.
@Suite struct ImpactTests {
  private var village: Village
  private var index = WayIndex()

  init() throws {
    village = try Village()
    village.app.watch(true)
    for place in [Village.Place.food, .forest] { _ = try village.openProject(place) }
  }

  private mutating func tell(_ place: Village.Place, _ events: [TraceEvent]) throws {
    let codes = try village.tell(place, events)
    #expect(codes.allSatisfy { $0 == .success }, "\(codes.map(\.name))")
    index.add(village.hearts.noted)
  }

  private func impact(_ lot: UInt32, limit: Impact.Limit = Impact.Limit()) throws -> Impact {
    let hearts = village.hearts
    let impact = Impact(of: lot, in: index, limit: limit) { hearts.lots[Int($0)].state == .void }
    return try #require(impact)
  }

  private func lines(_ impact: Impact) -> [String] {
    impact.portions.map { portion in
      let way = portion.receiver.map { "→\($0)" } ?? ""
      let numbers = portion.events.map { "\($0 >> 48).\($0 & 0xffff)" }.joined(separator: ",")
      return "\(portion.outcome) \(portion.organisation)\(way) \(portion.place) \(portion.quantity) by \(numbers)"
    }
  }

  /// 3 kg of rice, of which 2 kg were mixed with 5 kg of somebody else's; 100 g of the mixture were lost.
  @Test mutating func riceOfTwoGivers() throws {
    let now = village.time
    try tell(
      .food,
      [
        .gift(.rice, 5000, project: 0, at: now, from: 1), .gift(.rice, 3000, project: 0, at: now, from: 2),
        .make(.repacked, at: now) {
          $0.parts = [
            TracePart(lot: 0, quantity: 5000), TracePart(lot: 1, quantity: 2000), TracePart(lot: 5, quantity: 6900),
          ]
          $0.inputs = 2
          $0.quantity = 100
        },
        .make(.packed, nil, at: now) {
          $0.parts = [TracePart(lot: 2, quantity: 0)]
          $0.inputs = 1
        },
        .make(.shipped, .piece, at: now) {
          $0.lot = 3
          $0.other = UInt16(Village.Place.school.rawValue)
        },
      ])
    // 6900 × 2000 ÷ 7000 = 1971.4…
    #expect(
      try lines(impact(1)) == [
        "inStore 2 620100 1000 by 2.3", "onItsWay 2→4 620100 1971 by 2.5", "lostInRepacking 2 620100 29 by 2.3",
      ])
    try tell(
      .school,
      [
        .make(.arrived, .piece, at: now) {
          $0.lot = 3
          $0.quantity = 1
          $0.place = 620_500
        }
      ])
    #expect(try impact(1).portions[1].outcome == .inContainer)
    try tell(
      .school,
      [
        .make(.unpacked, nil, at: now) {
          $0.lot = 3
          $0.parts = [TracePart(lot: 2, quantity: 0)]
          $0.inputs = 1
        },
        .make(.handedOver, at: now) {
          $0.lot = 2
          $0.quantity = 6000
          $0.party = .label("kitchen", 1)
        },
      ])
    // 6000 × 1971 ÷ 6900 = 1713.9…
    #expect(
      try lines(impact(1)) == [
        "handedOver 4 620500 1713 by 4.3", "inStore 2 620100 1000 by 2.3", "inStore 4 620500 258 by 4.3",
        "lostInRepacking 2 620100 29 by 2.3",
      ])
    #expect(try impact(1).quantity(.inStore) == 1258)
    // The other giver's: together with the above less than one gram apart from the whole in each line.
    #expect(
      try lines(impact(0)) == [
        "handedOver 4 620500 4285 by 4.3", "inStore 4 620500 643 by 4.3", "lostInRepacking 2 620100 72 by 2.3",
      ])
    // A limit of one lot: what went into others is said not to be followed.
    let short = try impact(1, limit: Impact.Limit(lots: 1))
    #expect(!short.isWhole && short.lotCount == 1)
    #expect(
      lines(short) == [
        "inStore 2 620100 1000 by 2.3", "lostInRepacking 2 620100 29 by 2.3", "notFollowed 2 620100 1971 by 2.3",
      ])
  }

  @Test mutating func whatIsFoundAgainIsNotLost() throws {
    let now = village.time
    try tell(
      .food,
      [
        .gift(.rice, 1000, project: 0, at: now),
        .make(.lost, at: now) {
          $0.quantity = 300
          $0.reason = LossReason.damaged.rawValue
        },
        .make(.corrected, at: now) { $0.quantity = -50 },
        .make(.corrected, at: now) { $0.quantity = 120 },
      ])
    // The fifty that were counted short are found first, then seventy of the damaged ones.
    #expect(try lines(impact(0)) == ["inStore 2 620100 770 by 2.4", "damaged 2 620100 230 by 2.2"])
  }

  @Test mutating func moneyIsSpentReturnedHeldAndOnItsWay() throws {
    let now = village.time
    try tell(
      .bank,
      [
        .gift(.money, 10_000, project: 0, at: now, from: 1),
        .make(.disbursed, .fen, at: now) {
          $0.quantity = 6000
          $0.other = UInt16(Village.Place.food.rawValue)
        },
        .make(.disbursed, .fen, at: now) {
          $0.quantity = 1500
          $0.other = UInt16(Village.Place.school.rawValue)
        },
      ])
    func pay(_ kind: TraceKind, _ fen: Int64, _ purpose: SpendingPurpose?, _ receipt: UInt64) -> TraceEvent {
      .make(kind, .fen, at: now) {
        $0.lot = 1
        $0.quantity = fen
        $0.reason = purpose?.rawValue ?? 0
        $0.evidence = .label("receipt", receipt)
        $0.party = .label("payee", receipt)
      }
    }
    try tell(
      .food,
      [
        .make(.arrived, .fen, at: now) {
          $0.lot = 1
          $0.quantity = 6000
        },
        pay(.spent, 2500, .aid, 1), pay(.spent, 400, .overhead, 2), pay(.returned, 1000, nil, 3),
        pay(.spent, 100, .aid, 4),
      ])
    #expect(
      try lines(impact(0)) == [
        "spentOnAid 2 620100 2600 by 2.2,2.5", "spentOnOverhead 2 620100 400 by 2.3", "returned 2 620100 1000 by 2.4",
        "onItsWay 1→4 620100 1500 by 1.3", "held 1 620100 2500 by 1.3", "held 2 620100 2000 by 2.5",
      ])
  }

  @Test mutating func treesArePledgedAliveDeadAndTakenBack() throws {
    let now = village.time
    func see(_ kind: TraceKind, lot: UInt32, _ trees: Int64, _ picture: UInt64) -> TraceEvent {
      .make(kind, .piece, at: now) {
        $0.lot = lot
        $0.quantity = trees
        $0.evidence = .label("picture", picture)
      }
    }
    try tell(
      .forest,
      [
        .gift(.tree, 20, project: 1, at: now, from: 1), see(.planted, lot: 0, 9, 1), see(.planted, lot: 0, 4, 2),
        see(.surveyed, lot: 1, 7, 3), see(.died, lot: 1, 1, 4),
      ])
    let (code, _) = try village.perform(
      Hearts.reverse(gift: 2, reason: .label("reason", 1)), by: Village.officer(.forest))
    #expect(code == .success)
    #expect(
      try lines(impact(0)) == [
        "alive 3 620100 6 by 3.5", "pledged 3 620100 7 by 3.3", "takenBack 3 620100 4 by 3.3",
        "lost 3 620100 1 by 3.5", "notFoundAlive 3 620100 2 by 3.4",
      ])
    // What was planted is a gift of its own.
    #expect(try impact(1).given == 9)
    #expect(try impact(1).quantity(.alive) == 6)
    // Of a pledge that is taken back nothing waits any more.
    _ = try village.perform(Hearts.reverse(gift: 0, reason: .label("reason", 2)), by: Village.officer(.forest))
    let rest = try impact(0)
    #expect([rest.quantity(.alive), rest.quantity(.pledged), rest.quantity(.takenBack)] == [6, 0, 11])
  }

  @Test mutating func onlyGiftsAreFollowed() throws {
    let now = village.time
    try tell(
      .food,
      [
        .gift(.rice, 10, project: 0, at: now),
        .make(.repacked, at: now) {
          $0.parts = [TracePart(lot: 0, quantity: 10), TracePart(lot: 1, quantity: 10)]
          $0.inputs = 1
        },
      ])
    #expect(Impact(of: 1, in: index, isVoid: { _ in false }) == nil, "a lot that came out of others")
    #expect(Impact(of: 9, in: index, isVoid: { _ in false }) == nil, "no lot")
    #expect(Impact(of: 0, in: index, limit: Impact.Limit(events: 1), isVoid: { _ in false }) == nil)
    // Steps that contradict each other are no history.
    var bent = WayIndex()
    var steps = village.told.steps
    steps[0].row[15] = 3
    bent.add(steps)
    #expect(Impact(of: 0, in: bent, isVoid: { _ in false }) == nil)
  }
}
