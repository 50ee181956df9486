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
}
