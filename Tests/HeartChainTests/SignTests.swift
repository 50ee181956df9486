import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// What a reader of the state should look at: each once, and not before there is anything to see.
@Suite struct SignTests {
  @Test func whatStaysBeyondTheTermShows() throws {
    var village = try Village()
    let now = village.time
    _ = try village.openProject(.food, days: 100)
    _ = try village.openProject(.forest, days: 100)
    _ = try village.tell(.food, [.gift(.rice, 500, project: 0, at: now)])
    _ = try village.tell(.forest, [.gift(.tree, 9, project: 1, at: now)])
    #expect(village.hearts.signs(at: now.adding(days: 100)) == [])
    let over = now.adding(days: 101)
    let expected: [TraceSign] = [
      .undistributed(project: 0, unit: .gram, left: 500), .unplanted(project: 1, trees: 9),
    ]
    #expect(village.hearts.signs(at: over) == expected)
    village.time = over
    _ = try village.tell(
      .food,
      [
        .make(.handedOver, at: over) {
          $0.quantity = 500
          $0.party = .label("recipient", 1)
        }
      ])
    #expect(village.hearts.signs(at: over) == [.unplanted(project: 1, trees: 9)])
    // A tree that stands has reached whom it was for.
    let planting = TraceEvent.make(.planted, .piece, at: over) {
      $0.lot = 1
      $0.quantity = 9
      $0.evidence = .label("picture", 1)
    }
    #expect(try village.tell(.forest, [planting]) == [.success])
    #expect(village.hearts.signs(at: over) == [])
  }

  @Test func whatIsLeftOfAPledgeThatIsTakenBackShowsNoMore() throws {
    var village = try Village()
    let now = village.time
    _ = try village.openProject(.forest, days: 100)
    func plant(_ lot: UInt32, _ trees: Int64, _ picture: UInt64) -> TraceEvent {
      .make(.planted, .piece, at: now) {
        $0.lot = lot
        $0.quantity = trees
        $0.evidence = .label("picture", picture)
      }
    }
    let codes = try village.tell(
      .forest,
      [
        .gift(.tree, 9, project: 0, at: now, from: 1), .gift(.tree, 5, project: 0, at: now),
        .gift(.tree, 2, project: 0, at: now), plant(0, 4, 1), plant(2, 2, 2),
      ])
    #expect(codes == [.success, .success, .success, .success, .success])
    let over = now.adding(days: 101)
    #expect(village.hearts.signs(at: over) == [.unplanted(project: 0, trees: 10)])
    func reverse(_ gift: UInt32) throws {
      let (code, _) = try village.perform(
        Hearts.reverse(gift: gift, reason: .label("reason", UInt64(gift))), by: Village.officer(.forest))
      #expect(code == .success)
      #expect(village.hearts.brokenInvariant() == nil)
    }
    // One of which four stand, one of which none does, one of which all do.
    for (gift, withdrawn) in [(UInt32(0), Int64(5)), (1, 10), (2, 10)] {
      try reverse(gift)
      #expect(village.hearts.projects[0].withdrawn == withdrawn)
    }
    let project = village.hearts.projects[0]
    #expect((project.pledged, project.planted) == (16, 6))
    #expect(village.hearts.signs(at: over) == [])
    let lots = village.hearts.lots
    #expect((lots[0].state, lots[0].left, lots[0].lost, lots[0].passed) == (.void, 0, 5, 4))
    #expect((lots[1].state, lots[1].left, lots[1].lost, lots[1].passed) == (.void, 0, 5, 0))
    #expect((lots[2].state, lots[2].left, lots[2].lost, lots[2].passed) == (.ended, 0, 0, 2))
    // Nothing more is planted of it; what stands goes on, with its hearts.
    #expect(try village.tell(.forest, [plant(0, 1, 3)]) == [.lotEnded])
    #expect((lots[3].state, lots[3].left) == (.held, 4))
    #expect(village.hearts.gifts[3].binding == .address)
  }

  @Test func longProjectsDiscloseEveryThreeMonthsAndAllAfterTheEnd() throws {
    var village = try Village()
    let start = village.time
    _ = try village.openProject(.food, days: 365)
    _ = try village.openProject(.food, days: 100)
    func silent(_ days: UInt64) -> [TraceSign] { village.hearts.signs(at: start.adding(days: days).adding(seconds: 1)) }
    #expect(silent(91) == [])
    #expect(silent(92) == [.silent(project: 0, since: start.adding(days: 92))])
    village.time = start.adding(days: 95)
    let (code, _) = try village.perform(
      Hearts.disclose(project: 0, report: .label("report", 1)), by: Village.officer(.food))
    #expect(code == .success)
    #expect(silent(186) == [])
    #expect(
      silent(192) == [
        .silent(project: 0, since: start.adding(days: 95 + 92)), .silent(project: 1, since: start.adding(days: 192)),
      ])
  }

  @Test func moneyThatGoesRoundAndRunsOnlyItselfShows() throws {
    var village = try Village()
    let now = village.time
    _ = try village.openProject(.food)
    func pay(_ kind: TraceKind, _ lot: UInt32, _ fen: Int64, to other: UInt16 = 0, reason: UInt8 = 0) -> TraceEvent {
      .make(kind, .fen, at: now) {
        $0.lot = lot
        $0.quantity = fen
        $0.other = other
        $0.reason = reason
        if kind == .spent {
          $0.party = .label("payee", 1)
          $0.evidence = .label("receipt", UInt64(lot))
        }
      }
    }
    var codes = try village.tell(
      .bank, [.gift(.money, 1000, project: 0, at: now), pay(.disbursed, 0, 800, to: 2)])
    codes += try village.tell(.food, [pay(.arrived, 1, 800), pay(.disbursed, 1, 500, to: 1)])
    #expect(village.hearts.signs(at: now) == [])
    codes += try village.tell(.bank, [pay(.arrived, 2, 500)])
    let round = TraceSign.roundTrip(first: 1, second: 2, unit: .fen, quantity: 500, related: false)
    #expect(village.hearts.signs(at: now) == [round])
    codes += try village.tell(.food, [pay(.spent, 1, 100, reason: 2)])
    #expect(codes.allSatisfy { $0 == .success })
    #expect(village.hearts.signs(at: now) == [.onlyOverhead(project: 0, fen: 100), round])
    _ = try village.perform(Hearts.relate(1, 2, evidence: .label("register", 1)), by: Village.officer(.audit))
    #expect(try village.tell(.food, [pay(.spent, 1, 900, reason: 1)]) == [.exhibitUsed])
    #expect(try village.tell(.food, [pay(.disbursed, 1, 900, to: 1)]) == [.lotTooSmall])
    let event = TraceHistory.event(2, 5)
    let expected: [TraceSign] = [
      .onlyOverhead(project: 0, fen: 100),
      .roundTrip(first: 1, second: 2, unit: .fen, quantity: 500, related: true),
      .overdrawn(organisation: 2, events: 1, last: event), .repeated(organisation: 2, events: 1, last: event - 1),
    ]
    #expect(village.hearts.signs(at: now) == expected)
  }

  /// Money that organisations hand to the next in turn, each once, from a gift to project 0.
  private static func pass(_ village: inout Village, _ round: [Village.Place], fen: Int64) throws {
    let now = village.time
    func pay(_ kind: TraceKind, _ lot: UInt32, to other: UInt16 = 0) -> TraceEvent {
      .make(kind, .fen, at: now) {
        $0.lot = lot
        $0.quantity = fen
        $0.other = other
      }
    }
    var lot = UInt32(village.hearts.lots.count)
    var codes = try village.tell(.bank, [.gift(.money, fen, project: 0, at: now)])
    for (from, to) in zip(round, round.dropFirst()) {
      codes += try village.tell(from, [pay(.disbursed, lot, to: UInt16(to.rawValue))])
      lot = UInt32(village.hearts.lots.count - 1)
      codes += try village.tell(to, [pay(.arrived, lot)])
    }
    #expect(codes.allSatisfy { $0 == .success }, "\(codes.map(\.name))")
  }

  private static func rings(_ village: Village) -> [TraceSign] {
    village.hearts.signs(at: village.time).filter { if case .ring = $0 { true } else { false } }
  }

  @Test func moneyThatGoesRoundThroughThreeShowsOnceAndSoDoesALongerRing() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    try Self.pass(&village, [.bank, .food, .forest], fen: 900)
    #expect(Self.rings(village) == [])
    try Self.pass(&village, [.bank, .food, .forest, .bank], fen: 100)
    let three = FlowRing(unit: .fen, organisations: [1, 2, 3])
    #expect(Self.rings(village) == [.ring(three, quantity: 100, related: false)])
    // A fourth on the way makes a ring of its own, told beside the smaller one, which other flows are part of.
    try Self.pass(&village, [.bank, .food, .forest, .school, .bank], fen: 40)
    let four = FlowRing(unit: .fen, organisations: [1, 2, 3, 4])
    let both = Self.rings(village)
    #expect(
      both.count == 2 && both.contains(.ring(three, quantity: 100, related: false))
        && both.contains(.ring(four, quantity: 40, related: false)))
    // The same state tells the same, in the same order.
    #expect(Self.rings(village) == both)
    _ = try village.perform(Hearts.relate(3, 4, evidence: .label("register", 2)), by: Village.officer(.audit))
    #expect(Self.rings(village).contains(.ring(four, quantity: 40, related: true)))
    #expect(Self.rings(village).contains(.ring(three, quantity: 100, related: false)))
  }

  @Test func twoAgainstEachOtherAreAPairAndHideNoRing() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    try Self.pass(&village, [.bank, .food, .bank], fen: 10)
    #expect(Self.rings(village) == [])
    try Self.pass(&village, [.bank, .food, .school, .bank], fen: 5)
    #expect(
      Self.rings(village)
        == [.ring(FlowRing(unit: .fen, organisations: [1, 2, 4]), quantity: 5, related: false)])
    #expect(
      village.hearts.signs(at: village.time).contains(
        .roundTrip(first: 1, second: 2, unit: .fen, quantity: 10, related: false)))
  }

  @Test func goodsAndMoneyMakeNoRingTogether() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    _ = try village.openProject(.school)
    let now = village.time
    try Self.pass(&village, [.bank, .food, .school], fen: 10)
    // Rice goes from the school to where the money came from.
    let lot = UInt32(village.hearts.lots.count)
    var codes = try village.tell(
      .school,
      [
        .gift(.rice, 50, project: 1, at: now),
        .make(.shipped, at: now) {
          $0.lot = lot
          $0.other = UInt16(Village.Place.bank.rawValue)
        },
      ])
    codes += try village.tell(
      .bank,
      [
        .make(.arrived, at: now) {
          $0.lot = lot
          $0.quantity = 50
        }
      ])
    #expect(codes.allSatisfy { $0 == .success }, "\(codes.map(\.name))")
    #expect(Self.rings(village) == [])
  }
}
