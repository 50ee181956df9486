import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// What holds at every block of random histories in which everybody does everything, allowed or not.
@Suite struct HistoryInvariantTests {
  private static let blocks = 500

  @Test("money, decisions and people stay in order over thousands of blocks", arguments: [11, 12, 13, 14] as [UInt64])
  func invariants(_ seed: UInt64) throws {
    var history = try TestSupport.RandomHistory(seed: seed)
    var cumulative: [Int64] = []
    for block in 0..<Self.blocks {
      _ = try history.block()
      let state = history.chain.state
      try state.checkMoney()
      for plan in 0..<state.plans.count {
        if plan < cumulative.count { #expect(state.plans[plan].cumulative >= cumulative[plan], "C never falls") }
      }
      cumulative = (0..<state.plans.count).map { state.plans[$0].cumulative }
      guard block % 20 == 19 || block == Self.blocks - 1 else { continue }
      try state.recount()
      try Self.checkCases(state, seed, block)
      Self.checkPeople(state, seed, block)
    }
    #expect(history.chain.state.cases.count > 20 && history.chain.state.settlements.count > 5, "worth nothing")
  }

  /// No case is paid twice or above its table, and none is decided by fewer than two organisations or by who
  /// investigated it.
  private static func checkCases(_ state: MutualAid, _ seed: UInt64, _ block: Int) throws {
    var settled: [UInt32: Int] = [:]
    for ordinal in 0..<state.notices.count {
      let notice = state.notices[ordinal]
      let isDone = notice.number <= state.plans[Int(notice.plan)].noticesDone && !notice.isTakenOut
      if isDone { settled[notice.caseOrdinal, default: 0] += 1 }
    }
    for ordinal in 0..<state.cases.count {
      let record = state.cases[ordinal]
      let place: Comment = "seed \(seed), block \(block), case \(ordinal)"
      // What the reserve has advanced and not got back is given twice for a time, and carried aid brings it back.
      let advanced = record.fastTrack == 0 ? 0 : state.fastTracks[Int(record.fastTrack) - 1].outstanding
      #expect(record.paid <= record.given && record.given + record.carriedAid - advanced <= record.aid, place)
      #expect(settled[UInt32(ordinal), default: 0] <= 1, place)
      if record.settlement != 0 { #expect(settled[UInt32(ordinal)] == 1, place) }
      guard record.decidedBy != 0 else { continue }
      let first = [record.approvedBy, record.declinedBy].filter { $0 != 0 }
      #expect(first.contains { $0 != record.decidedBy }, place)
      #expect(record.decidedBy != record.investigator && !first.contains(record.investigator), place)
    }
  }

  /// Nobody has two live memberships in a plan.
  private static func checkPeople(_ state: MutualAid, _ seed: UInt64, _ block: Int) {
    var live: Set<UInt64> = []
    for ordinal in 0..<state.memberships.count where state.memberships[ordinal].status != .ended {
      let member = state.memberships[ordinal]
      let isNew = live.insert(UInt64(member.plan) << 32 | UInt64(member.nullifier)).inserted
      #expect(isNew, "seed \(seed), block \(block), membership \(ordinal)")
    }
  }
}
