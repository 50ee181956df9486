import Contracts
import Ledger
import MutualAid
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("A membership's account out of public numbers")
struct MemberLedgerTests {
  /// A random history, and the changes of each membership.
  private static func history(seed: UInt64, blocks: Int) throws -> (MutualAid, [[MembershipChange]]) {
    var history = try RandomHistory(seed: seed, watching: .everybody)
    var changes: [[MembershipChange]] = []
    for _ in 0..<blocks {
      for noted in try history.block().app.mutualAid.noted {
        while changes.count <= Int(noted.membership) { changes.append([]) }
        changes[Int(noted.membership)].append(noted.change)
      }
    }
    return (history.chain.state, changes)
  }

  @Test(
    "lines add up to the balance, whatever happened, and pages of it join without a seam",
    arguments: [1, 3, 4, 5, 6, 7])
  func adds(seed: UInt64) throws {
    let (aid, changes) = try MemberLedgerTests.history(seed: seed, blocks: 400)
    #expect(changes.count == aid.memberships.count)
    #expect(changes.count > 10)
    var shares = 0
    for ordinal in 0..<aid.memberships.count {
      let ledger = MemberLedger(ordinal, changes: changes[ordinal], aid)
      #expect(ledger.isWhole)
      let lines = ledger.lines(before: ledger.count, limit: .max)
      #expect(lines.count == ledger.count)
      shares += try check(lines.reversed(), ledger)

      var pages: [MemberLedger.Line] = []
      while pages.count < ledger.count { pages += ledger.lines(before: ledger.count - pages.count, limit: 3) }
      #expect(pages.map(describe) == lines.map(describe))
    }
    #expect(shares > 20)
  }

  /// Walks from the oldest line to the newest; gives the number of shares that cost something.
  private func check(_ lines: [MemberLedger.Line], _ ledger: MemberLedger) throws -> Int {
    var balance: Int64 = 0
    var given: Int64 = 0
    var paying = 0
    var hasEnded = false
    var time = Timestamp.zero
    for line in lines {
      switch line {
      case .share(let settlement, let share, let after):
        #expect(after == balance - share)
        #expect(share <= settlement.share)
        #expect(!hasEnded)
        #expect(settlement.time >= time)
        (balance, given, time) = (after, given + share, settlement.time)
        paying += share > 0 ? 1 : 0
      case .change(let change, let arrears, let after):
        #expect(change.time >= time)
        time = change.time
        switch change.kind {
        case .fund, .topUp, .reinstate: #expect(after == balance + change.amount - arrears)
        case .reverse: #expect(after == balance - change.amount)
        case .end:
          #expect(after == 0)
          #expect((0..<Amount.microPerFen).contains(balance - change.amount))
          hasEnded = true
        default: #expect(after == balance, "\(change.kind) moves no balance")
        }
        balance = after
      }
    }
    #expect(balance == ledger.balance)
    #expect(given == ledger.shared)
    return paying
  }

  private func describe(_ line: MemberLedger.Line) -> String { "\(line)" }

  @Test("a change that is missing, doubled or bent does not pass for the whole")
  func bent() throws {
    let (aid, changes) = try MemberLedgerTests.history(seed: 9, blocks: 100)
    let ordinal = try #require(changes.firstIndex { $0.count >= 3 })
    let own = changes[ordinal]
    #expect(MemberLedger(ordinal, changes: own, aid).isWhole)
    #expect(!MemberLedger(ordinal, changes: Array(own.dropLast()), aid).isWhole)
    #expect(!MemberLedger(ordinal, changes: Array(own.dropFirst()), aid).isWhole)
    #expect(!MemberLedger(ordinal, changes: own + [own[1]], aid).isWhole)
    #expect(!MemberLedger(ordinal, changes: [], aid).isWhole)
    #expect(MemberLedger(ordinal, changes: [], aid).count == 0)
    var bent = own
    bent[1].amount += 1
    #expect(!MemberLedger(ordinal, changes: bent, aid).isWhole)
  }

  @Test("the estimate and the part of a case stay within the share")
  func cost() throws {
    var settled = 0
    for seed in UInt64(20)..<24 {
      let (aid, _) = try MemberLedgerTests.history(seed: seed, blocks: 120)
      var parts: [UInt32: Int64] = [:]
      for ordinal in 0..<aid.cases.count {
        let record = aid.cases[ordinal]
        guard let cost = CaseCost(record, aid) else { continue }
        settled += 1
        #expect((0...cost.settlement.share).contains(cost.each))
        if cost.isAlone { #expect(cost.each == cost.settlement.share) }
        parts[record.settlement, default: 0] += cost.each
      }
      for (settlement, sum) in parts { #expect(sum <= aid.settlements[Int(settlement - 1)].share) }
    }
    #expect(settled > 10)
  }
}
