import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Gifts of random histories, followed by ranges and by single units.
@Suite struct ImpactModelTests {
  @Test(arguments: [4, 5] as [UInt64])
  func aGiftIsFollowedAsItsSingleUnitsAre(seed: UInt64) throws {
    var giving = try RandomGiving(seed: seed)
    for _ in 0..<220 { try giving.round() }
    let hearts = giving.village.hearts
    let history = try giving.village.told.steps.map { ($0, try TraceEvent(row: $0.row)) }
    let gifts = (0..<hearts.gifts.count).filter { !hearts.gifts[$0].isAttendance }
    var seen: [ImpactOutcome: Int] = [:]
    var (mixed, longest, cut) = (0, 0, 0)
    for gift in stride(from: 0, to: gifts.count, by: max(1, gifts.count / 1500)).map({ gifts[$0] }) {
      let lot = hearts.gifts[gift].origin
      let impact = try #require(Impact(of: lot, in: giving.index) { hearts.lots[Int($0)].state == .void })
      let slow = SlowImpact(of: lot, history: history)
      let (sums, events) = slow.outcome(hearts)
      #expect(impact.given == hearts.lots[Int(lot)].received && impact.given == Int64(slow.given))
      #expect(impact.portions.reduce(0) { $0 + $1.quantity } == impact.given)
      #expect(impact.isWhole && impact.unit == hearts.lots[Int(lot)].unit)
      var found: [SlowImpact.Key: Int] = [:]
      for portion in impact.portions {
        let key = SlowImpact.Key(
          outcome: portion.outcome, organisation: portion.organisation, receiver: portion.receiver,
          place: portion.place)
        #expect(found.updateValue(Int(portion.quantity), forKey: key) == nil, "two portions of one sort")
        #expect(portion.eventCount == events[key]?.count, "gift \(gift), \(key)")
        #expect(portion.events == events[key]?.suffix(Impact.maximumEvents), "gift \(gift), \(key)")
        seen[portion.outcome, default: 0] += 1
      }
      #expect(found == sums, "gift \(gift) of lot \(lot)")
      mixed += slow.mixed
      longest = max(longest, impact.lotCount)
      cut += try Self.checkLimits(impact, giving.index, hearts)
    }
    #expect(mixed > 20, "too few mixtures for this to say anything")
    #expect(longest >= 10)
    #expect(cut > 20)
    let all = Set(ImpactOutcome.allCases).subtracting([.notFollowed])
    #expect(all.subtracting(seen.keys).count <= 3, "never: \(all.subtracting(seen.keys))")
  }

  /// Whatever the limit, the sum is what was given.
  ///
  /// - Returns: how often something was not followed.
  private static func checkLimits(_ impact: Impact, _ index: WayIndex, _ hearts: Hearts) throws -> Int {
    guard impact.lotCount > 2 else { return 0 }
    var cut = 0
    for limit in [Impact.Limit(lots: 1), Impact.Limit(lots: impact.lotCount / 2), Impact.Limit(events: 40)] {
      let isVoid: (UInt32) -> Bool = { hearts.lots[Int($0)].state == .void }
      guard let short = Impact(of: impact.lot, in: index, limit: limit, isVoid: isVoid) else { continue }
      #expect(short.portions.reduce(0) { $0 + $1.quantity } == impact.given)
      #expect(short.lotCount <= limit.lots)
      #expect(short.isWhole == (short.quantity(.notFollowed) == 0))
      if !short.isWhole { cut += 1 }
    }
    return cut
  }
}
