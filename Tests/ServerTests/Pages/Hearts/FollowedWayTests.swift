import HeartChain
import Ledger
import Node
import Storage
import TestSupport
import Testing

@testable import Server

/// Which steps of a way a page shows.
@Suite struct FollowedWayTests {
  @Test func ofAWayThatIsTooLongToFollowTheLotsOwnStepsAreShown() throws {
    var given = try GivenRice()
    let chain = try given.show()
    let (whole, short) = (LotWays(chain.index), LotWays(chain.index, limit: 1))
    #expect(try !FollowedWay(from: 0, whole).isCut && !FollowedWay(to: 1, whole).isCut)
    // Both ways alike.
    for lot in [0, 1] as [UInt32] {
      let own = try whole.steps(of: lot, skipping: 0, limit: .max)
      #expect(own.count > 1)
      for way in [try FollowedWay(from: lot, short), try FollowedWay(to: lot, short)] {
        #expect(way.isCut && way.lots == [lot] && way.steps.map(\.step) == own, "\(lot)")
      }
    }
  }

  @Test func aGiftIsFollowedAsFarAsTheLimitReaches() throws {
    var given = try GivenRice()
    let chain = try given.show()
    let own = try LotWays(chain.index).steps(of: 0, skipping: 0, limit: .max)
    let near = try FollowedWay(from: 0, LotWays(chain.index, limit: own.count))
    #expect(near.isCut && near.lots == [0] && near.steps.map(\.step) == own)
    let all = try FollowedWay(from: 0, LotWays(chain.index))
    #expect(!all.isCut && all.lots == [0, 1, 2] && all.steps.count > own.count)
  }

  @Test func ofMoreLotsThanAPageFollowsOnlyTheStepsOfTheFirstAreShown() throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.food, [village.gift(.rice, 1_000, to: project)])
    /// Puts a lot into so many of ten grams or one.
    func divide(_ lot: UInt32, _ parts: Int, _ grams: Int64) -> TraceEvent {
      village.event(.repacked, .gram) { event in
        event.inputs = 1
        event.parts = [TracePart(lot: lot, quantity: Int64(parts) * grams)]
        event.parts += Array(
          repeating: TracePart(lot: UInt32(TestKind.rice.rawValue), quantity: grams), count: parts)
      }
    }
    let first = divide(0, 100, 10)
    try village.tell(.food, [first])
    let others = (1...31 as ClosedRange<UInt32>).map { divide($0, 10, 1) }
    let codes = try village.tell(.food, others)
    #expect(codes.allSatisfy { $0 == .success } && village.hearts.lots.count == 411)
    let stored = [399, 400, 410].map { lot in
      village.event(.stored, .gram, lot: lot) { $0.place = HeartVillage.place }
    }
    let kept = try village.tell(.food, stored)
    #expect(kept.allSatisfy { $0 == .success })

    let chain = try village.show()
    let ways = LotWays(chain.index)
    let way = try FollowedWay(from: 0, ways)
    #expect(way.isCut && way.lots == Array(0..<UInt32(FollowedWay.maximumLots)))
    let all = try ways.reach(of: 0)
    #expect(all.isWhole && all.lots.count == 411 && all.steps.count == 36)
    // All that were divided are among these lots, and of those that were stored only one is.
    #expect(way.steps.map(\.step) == Array(all.steps.prefix(34)))
  }
}
