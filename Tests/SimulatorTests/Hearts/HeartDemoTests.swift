import Contracts
import HeartChain
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

@testable import Simulator

/// A year of three charities, as small as it comes.
@Suite("A year of hearts") struct HeartDemoTests {
  /// A year, with the state root of its last block and the number of its blocks.
  struct Year {
    let report: HeartReport
    let state: ChainState
    let end: Timestamp
    let root: Hash
    let blocks: Int
  }

  static func live(seed: UInt64 = 3, end: UInt64 = 1_767_225_600) throws -> Year {
    let end = Timestamp(seconds: end)
    let options = HeartOptions(gifts: 0, seed: seed, end: end) { (secret, chain) throws(LedgerError) in
      guard let secret = BackupSecret(secret) else { throw LedgerError(.badKey, "32 bytes") }
      return try secret.key(chain: chain, plan: 0)
    }
    var (root, blocks) = (Hash.zero, 0)
    var demo = try HeartDemo(options, preparation: DemoPreparation { ParallelPreparation.items($0, genesis: $1) }) {
      block, _ in
      root = block.block.seal.state
      blocks += 1
    }
    let report = try demo.run()
    return Year(report: report, state: demo.state, end: end, root: root, blocks: blocks)
  }

  @Test("every lot, project and address adds up, and all hearts are somewhere") func conservation() throws {
    let year = try Self.live()
    let hearts = year.state.hearts
    #expect(hearts.brokenInvariant() == nil)
    let totals = Dictionary(uniqueKeysWithValues: year.report.hearts.map { ($0.name, $0.count) })
    let there = ["held", "waiting", "anonymous", "spent", "given", "reversed"].reduce(0) { $0 + totals[$1, default: 0] }
    #expect(totals["minted", default: 0] + totals["debt", default: 0] == there)
    for name in ["minted", "debt", "held", "waiting", "anonymous", "spent", "given", "reversed"] {
      #expect(totals[name, default: 0] > 0, "\(name)")
    }
    // Something of each sort happened.
    let events = Dictionary(uniqueKeysWithValues: year.report.events.map { ($0.name, $0.count) })
    let some = [
      "claimed", "unclaimed", "anonymous", "consents", "consents_withdrawn", "trees_planted", "rates_changed",
    ]
    for name in some { #expect(events[name, default: 0] > 0, "\(name)") }
    #expect(events["reversed"] == 3 && events["relations"] == 1)
    #expect(events["trees_planted", default: 0] <= events["trees_pledged", default: 0])
    #expect(year.report.kinds.count == 9 && year.report.kinds.allSatisfy { $0.gifts > 0 && $0.quantity > 0 })
    // What trees bring is a gift of its own beside the pledge.
    #expect(year.report.gifts > year.report.kinds.reduce(0) { $0 + $1.gifts })
  }

  @Test("the cheat is found out, with everything it did, and nobody else is accused", arguments: [3, 4] as [UInt64])
  func signs(_ seed: UInt64) throws {
    let year = try Self.live(seed: seed)
    let (school, helpers, press) = ("school.tongzhou.example", "helpers.tongzhou.example", "press.tongzhou.example")
    func sign(
      _ name: String, _ project: UInt32? = nil, _ others: [String] = [], count: Int = 1
    ) -> HeartReport.Sign {
      HeartReport.Sign(name: name, organisations: [school] + others, project: project, count: count)
    }
    #expect(
      year.report.signs == [
        // No report on the books; money left of the scholarships and no report on them; nothing but overhead of the
        // classrooms, and no report.
        sign("silent", 4), sign("undistributed", 5), sign("silent", 5), sign("silent", 6), sign("only_overhead", 6),
        sign("related_round_trip", nil, [helpers]), sign("related_ring", nil, [helpers, press]),
        sign("overdrawn", count: 2), sign("repeated"),
      ])
    #expect(year.report.refused == 3)
    let codes = Dictionary(uniqueKeysWithValues: year.report.results.map { ($0.name, $0.count) })
    #expect(codes == ["lot.too_small": 2, "trace.evidence_used": 1], "nothing else was refused")
    // Its accounts say the same: it handed over what it has, and spent what it had.
    let hearts = year.state.hearts
    let books = hearts.projects[4][.piece]
    #expect(books.left >= 0 && books.out <= books.given)
    #expect(hearts.projects[6].spent == 0 && hearts.projects[6].overhead > 0)
    #expect(hearts.projects[5][.fen].left > 0 && hearts.projects[5].end < year.end)
  }

  @Test("a partner opens at 650 to one giver and not at 649 to another, also when a quarter has passed")
  func threshold() throws {
    let year = try Self.live()
    #expect(year.report.partner.threshold == 650)
    #expect(year.report.examples.map(\.loveIndex) == [650, 649])
    #expect(year.report.examples.map(\.isAdmitted) == [true, false])
    for (giver, index) in zip(year.report.examples, [650, 649] as [UInt16]) {
      #expect(year.state.hearts.loveIndex(of: giver.address, at: year.end.adding(days: 89)) == index)
      let consents = (0..<UInt32(year.state.hearts.partners.count)).count {
        year.state.hearts.consent(of: giver.address, for: $0, at: year.end) != nil
      }
      #expect(consents == 3)
    }
  }

  @Test("a gift of the example giver became food that reached people") func example() throws {
    let year = try Self.live()
    let hearts = year.state.hearts
    let gift = hearts.gifts[Int(year.report.exampleGift)]
    #expect(gift.party == year.report.examples[0].address.key && gift.binding == .address)
    let (given, made) = (hearts.lots[Int(gift.origin)], hearts.lots[Int(year.report.exampleLot)])
    #expect(given.state == .ended && given.passed == given.received && given.gift == year.report.exampleGift + 1)
    #expect(made.handed > 0 && made.left == 0 && made.project == given.project && made.gift == 0)
  }

  @Test("the same seed gives the same root, and another one another") func seeds() throws {
    let (first, second) = (try Self.live(seed: 8), try Self.live(seed: 8))
    #expect(first.root == second.root && first.blocks == second.blocks)
    #expect(try Self.live(seed: 9).root != first.root)
  }

  @Test("the year is lived at whatever time of the year it ends", arguments: [0, 1, 2, 3] as [UInt64])
  func anyEnd(_ quarter: UInt64) throws {
    let year = try Self.live(seed: 20 + quarter, end: 1_770_000_000 + quarter * 7_900_000)
    #expect(year.report.signs.count == 9 && year.state.hearts.brokenInvariant() == nil)
    #expect(year.report.examples.map(\.loveIndex) == [650, 649])
  }

  @Test("members of a demonstration stand for tens of thousands of gifts, within limits") func scale() {
    #expect(HeartOptions.gifts(members: 200_000) == 30_000)
    #expect(HeartOptions.gifts(members: 2) == HeartOptions.fewestGifts)
    #expect(HeartOptions.gifts(members: 5_000_000) == 40_000)
  }
}
