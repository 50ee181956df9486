import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import HeartChain

/// Whether the tests of this folder leave out a code, and what only limits and damaged messages bring about.
@Suite struct EveryHeartCodeTests {
  /// Produced by tests of their own, beside the table of ``TraceRuleTests``.
  private static let alone: [ErrorCode] = [
    .unknownEvent, .traceOutOfTurn, .exhibitUsed, .lotsDiffer,
    .badTerm, .unknownGift, .giftNotWaiting, .wrongClaim, .giftReversed, .otherGift,
    .tooFewHearts, .badHearts, .unknownGiver, .badHeartRules,
    .unknownPartner, .notThePartner, .partnerClosed, .partnerKnown, .tooManyPartners,
    .unknownThreshold, .unknownChannel, .noConsent, .otherConsent, .badConsent, .badRelation,
    .tooManyLots, .tooManyProjects,
  ]

  @Test func everyCodeOfHeartsIsProducedByATest() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let page = try String(contentsOf: root.standardized.appendingPathComponent("docs/errors.md"), encoding: .utf8)
    let documented = page.split(separator: "\n").compactMap { line -> UInt16? in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return cells.count == 4 && cells[1].hasPrefix("`") ? UInt16(cells[0]) : nil
    }
    let produced =
      TraceRuleTests.cases.map(\.code.number)
      + EveryHeartCodeTests.alone.map(\.number)
    #expect(Set(documented.filter { (400..<500).contains($0) }) == Set(produced.filter { $0 >= 400 }))
  }

  @Test(arguments: HeartAction.allCases)
  func aMessageThatDoesNotDecodeIsRefused(action: HeartAction) throws {
    var village = try ActionRuleTests.village()
    let wire = Action(contract: Hearts.name, kind: action.rawValue, payload: [255])
    let row = try TraceEvent.gift(.rice, 1, project: 0, at: village.time).row
    let roles: [Village.Place] =
      switch action {
      case .registerPartner: [.platform]
      case .relate: [.audit]
      default: [.food]
      }
    for place in roles {
      let rows = action == .trace ? [row] : []
      #expect(try village.perform(wire, by: Village.officer(place), rows: rows).code == .malformed)
    }
    // Somebody whom nobody registered does not get that far, or no further.
    let stranger = try village.perform(wire, by: Village.person(9), rows: action == .trace ? [row] : []).code
    #expect([.malformed, .unknownSender].contains(stranger))
  }

  @Test func fieldsOfAWrongLengthAreRefused() throws {
    var village = try ActionRuleTests.village()
    let zero = Hash.zero
    let (platform, food) = (try Village.officer(.platform), try Village.officer(.food))
    let nobody = try #require(Address([UInt8](repeating: 0, count: 20)))
    #expect(
      try village.perform(Hearts.registerPartner(account: nobody, description: .label("shop", 1)), by: platform).code
        == .malformed)
    #expect(
      try village.perform(
        Hearts.openProject(from: village.time, to: village.time.adding(days: 1), place: 1, description: zero), by: food
      ).code == .malformed)
    #expect(try village.perform(Hearts.disclose(project: 0, report: zero), by: food).code == .malformed)
    #expect(
      try village.perform(Hearts.relate(0, 1, evidence: zero), by: Village.officer(.audit)).code == .malformed)
    #expect(
      try village.perform(
        Hearts.spend(hearts: 1, at: 0, purpose: 1, receipt: zero), by: Village.person(1), with: [Village.person(50)]
      ).code == .malformed)
  }

  @Test func noSumGoesPastItsLimit() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    var steep = Village.Kind.rice.record
    steep.hearts = GiftKindRecord.maximumRate
    let change = try Hearts.change(kinds: [(1, steep)])
    _ = try village.perform(Consortium.propose(change), by: Village.officer(.platform))
    village.time = village.app.consortium.governance.proposals[0].executesAt
    let ran = village.app.runDueStep(at: village.time)
    #expect(ran)
    let (now, most) = (village.time, TraceEvent.maximumQuantity)
    // A thousand million tonnes at a million hearts a gram are more than one gift may bring.
    #expect(try village.tell(.food, [.gift(.rice, most, project: 0, at: now, from: 1)]) == [.overflow])
    #expect(try village.tell(.food, [.gift(.rice, most / 1_000_000, project: 0, at: now, from: 1)]) == [.success])
    // What goes through a project, and all hearts together, have limits too, far below where a sum would end.
    let many = try (0..<1200).map { _ in try TraceEvent.gift(.meal, most, project: 0, at: now) }
    let codes = try village.tell(.food, many)
    #expect(Set(codes) == [.success, .overflow])
    #expect(village.hearts.projects[0][.gram].given <= 1 << 60)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func aChainWithoutOrdinalsTakesNoMore() throws {
    var village = try Village()
    let now = village.time
    village.app.hearts.projectLimit = 2
    _ = try village.openProject(.food)
    _ = try village.openProject(.school)
    #expect(
      try village.perform(
        Hearts.openProject(from: now, to: now.adding(days: 1), place: 1, description: .label("one more", 1)),
        by: Village.officer(.food)
      ).code == .tooManyProjects)

    village.app.hearts.lotLimit = 3
    let gift = try TraceEvent.gift(.rice, 10, project: 0, at: now, from: 1)
    let split = TraceEvent.make(.repacked, at: now) {
      $0.parts = [
        TracePart(lot: 0, quantity: 10), TracePart(lot: 1, quantity: 5), TracePart(lot: 1, quantity: 5),
      ]
      $0.inputs = 1
    }
    #expect(
      try village.tell(.food, [gift, gift, split, gift, gift]) == [
        .success, .success, .tooManyLots, .success, .tooManyLots,
      ])
    // Attendance begins no lot, but a gift.
    #expect(try village.tell(.school, [.gift(.lesson, 1, project: 1, at: now, from: 1)]) == [.tooManyLots])
    #expect(village.hearts.lots.count == 3 && village.hearts.gifts.count == 3)
    #expect(village.hearts.brokenInvariant() == nil)
  }
}
