import Foundation
import TestSupport
import Testing

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient
@testable import TransparencyLog

/// Files stay small for as long as a plan may run.
@Suite struct FileSizeTests {
  /// Ten years of a plan that settles every fortnight, among two others that settle as often.
  static let fortnights = 260

  /// A member who pays in twice a year, in a plan whose shares and sums differ each time as real ones do.
  private static func statement(in block: SignedBlock) throws -> MemberStatement {
    var generator = SeededGenerator(seed: 260)
    func any(_ range: ClosedRange<Int64>) -> Int64 {
      range.lowerBound + Int64(generator.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
    var story = try Story()
    (story.changes, story.settlements) = ([], [])
    var (time, cumulative) = (UInt64(1_600_000_000), Int64(5_000_000))
    var (exhaustsAt, deposits) = (Int64(0), UInt64(0))
    story.change(.join, 0, number: 7, at: time, cumulative)
    story.membership.joinedAt = Timestamp(seconds: time)
    for fortnight in 0..<fortnights {
      if fortnight % 13 == 0 {
        let amount = any(40...60) * 1_000_000
        deposits += UInt64(any(1...90_000))
        story.change(fortnight == 0 ? .fund : .topUp, amount, number: deposits, at: time + 60, cumulative)
        exhaustsAt = (fortnight == 0 ? cumulative : exhaustsAt) + amount
        if fortnight == 0 { story.membership.waitingFrom = Timestamp(seconds: time + 60) }
      }
      time += 14 * 86_400
      var record = SettlementRecord()
      (record.plan, record.number, record.time) = (1, UInt32(fortnight + 3), Timestamp(seconds: time))
      record.cases = UInt32(any(200...4_000))
      record.casesRoot = .label("cases", UInt64(fortnight))
      record.share = any(1_000_000...3_000_000)
      cumulative += record.share
      record.cumulative = cumulative
      record.aid = any(30_000_000_000_000...300_000_000_000_000)
      (record.fee, record.aidGiven) = (record.aid / 100 * 8, record.aid)
      (record.roundingBefore, record.roundingAfter) = (any(0...80_000_000), any(0...80_000_000))
      (record.payersBefore, record.payersAfter) = (
        UInt32(any(60_000_000...75_000_000)), UInt32(any(60_000_000...75_000_000))
      )
      record.collected = record.share * Int64(record.payersAfter)
      story.settlements.append(record)
    }
    story.membership.exhaustsAt = exhaustsAt
    story.membership.coveredSince = story.membership.waitingFrom
    story.membership.status = .active
    (story.plan.cumulative, story.plan.settlements) = (cumulative, UInt32(fortnights + 2))
    var late = block
    late.time = Timestamp(seconds: time)
    return try story.statement(in: late, from: ProofFixture.shared.get().statement(0), neighbours: 2)
  }

  @Test func tenYearsOfFortnightsFitIntoSixtyFourKibibytes() throws {
    let block = try SignedBlock()
    let statement = try Self.statement(in: block)
    let packed = try statement.packed()
    #expect(packed.count <= 64 * 1024, "\(packed.count) bytes")
    let proven = try MemberStatement(file: packed).verify(chain: block.chain, policy: block.policy)
    #expect(proven.shares.count == Self.fortnights && proven.changes.count == 21 && proven.balance > 0)
  }

  @Test func aReceiptOutOfAHundredMillionEntriesFitsIntoSixKibibytes() throws {
    let run = try Program.tongzhou.run(
      "bench", "proofs", "--entries", "100000000", "--organisations", "10", "--receipts", "20", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object()
    #expect(try #require(figures["bytes"] as? Int) <= 6 * 1024, "\(figures)")
    #expect(try #require(figures["bytes"] as? Int) > 4_000, "a path has 27 hashes")
  }
}
