import Foundation
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient

/// Statements whose every hash and signature is right, made by organisations that lie about one member together.
@Suite struct LyingStatementTests {
  /// A story bent in one thing, and the answer it must get.
  struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ProofError.Code
    let bend: @Sendable (inout Story) -> Void

    init(_ name: String, _ code: ProofError.Code, _ bend: @escaping @Sendable (inout Story) -> Void) {
      testDescription = name
      self.code = code
      self.bend = bend
    }
  }

  private let block: SignedBlock
  private let template: MemberStatement

  init() throws {
    block = try SignedBlock()
    template = try ProofFixture.shared.get().statement(0)
  }

  private func prove(_ story: Story) throws -> MemberStatement.Proven {
    let statement = try story.statement(in: block, from: template)
    return try MemberStatement(file: statement.json()).verify(chain: block.chain, policy: block.policy)
  }

  @Test func theTrueStoryIsReckonedAsByHand() throws {
    let proven = try prove(Story())
    #expect(proven.shares.map(\.given) == Story.given)
    #expect(proven.shares.map(\.balance) == Story.balances)
    #expect(proven.shares.map(\.settlement.number) == [3, 5, 6, 7])
    #expect(proven.balance == 0 && proven.changes.count == 9)

    var running = try Story()
    running.changes.removeLast(2)
    running.membership.status = .leaving
    #expect(try prove(running).balance == 1_499_876)
    running.settlements.removeLast()
    running.plan.settlements = 6
    running.plan.cumulative = 13_500_123
    #expect(try prove(running).balance == 1_499_877)
  }

  @Test func whoNeverSawASettlementHasNone() throws {
    var story = try Story()
    story.changes.removeLast(story.changes.count - 2)
    story.settlements = []
    story.plan.cumulative = 5_000_000
    story.membership.status = .active
    story.membership.coveredSince = story.membership.waitingFrom
    let proven = try prove(story)
    #expect(proven.balance == 10_000_000 && proven.shares.isEmpty)
  }

  static let money = [
    Lie("her deposit came before a share she never owed", .brokenHistory) {
      $0.changes[Story.fund].cumulative = 4_000_000
      $0.membership.exhaustsAt -= 1_000_000
    },
    Lie("a deposit between two settlements at a C that never was", .brokenHistory) {
      $0.changes[Story.reinstate].cumulative = 12_000_000
    },
    Lie("a deposit that takes away", .brokenHistory) {
      $0.changes[Story.topUp].amount = -1_000_000
      $0.membership.exhaustsAt -= 2_000_000
    },
    Lie("a deposit of nothing", .brokenHistory) {
      $0.changes[Story.topUp].amount = 0
      $0.membership.exhaustsAt -= 1_000_000
    },
    Lie("a reversal of more than she had", .brokenHistory) {
      $0.changes[Story.reverse].amount = 9_000_001
      $0.membership.exhaustsAt -= 5_000_001
    },
    Lie("a reversal that gives", .brokenHistory) {
      $0.changes[Story.reverse].amount = -1
      $0.membership.exhaustsAt += 4_000_001
    },
    Lie("a balance that starts anew under her", .brokenHistory) {
      $0.changes[Story.topUp].kind = .fund
      $0.membership.exhaustsAt = 7_000_000
      $0.membership.waitingFrom = Timestamp(seconds: 1_300)
    },
    Lie("a top-up on nothing", .brokenHistory) {
      $0.changes[Story.fund].kind = .topUp
      $0.membership.exhaustsAt -= 5_000_000
    },
    Lie("good made where nothing was missed", .brokenHistory) {
      $0.changes[Story.topUp].kind = .reinstate
    },
    Lie("good made by less than was missed", .brokenHistory) {
      $0.changes[Story.reinstate].amount = 1_000_000
      $0.membership.exhaustsAt -= 2_000_000
      $0.changes[Story.end].amount = 0
    },
    Lie("less is paid back than was left", .brokenHistory) { $0.changes[Story.end].amount = 1_480_000 },
    Lie("a fraction of a fen is paid back", .brokenHistory) { $0.changes[Story.end].amount = 1_499_876 },
    Lie("a deposit after the end", .brokenHistory) {
      $0.change(.topUp, 1_000_000, at: 1_950, 13_500_124)
      $0.membership.exhaustsAt += 1_000_000
    },
    Lie("two ends", .brokenHistory) { $0.change(.end, 0, at: 1_950, 13_500_124) },
    Lie("leaving costs something", .brokenHistory) { $0.changes[Story.leave].amount = 5 },
    Lie("a case costs something", .brokenHistory) { $0.changes[Story.file].amount = 5 },
    Lie("another E than the changes give", .brokenHistory) { $0.membership.exhaustsAt -= 1 },
  ]

  static let records = [
    Lie("the balance is hidden as never funded", .brokenHistory) { $0.membership.waitingFrom = .zero },
    Lie("the waiting period begins later", .brokenHistory) { $0.membership.waitingFrom = Timestamp(seconds: 1_101) },
    Lie("cover begins later", .brokenHistory) { $0.membership.coveredSince = Timestamp(seconds: 1_601) },
    Lie("another member number", .brokenHistory) { $0.membership.number = 8 },
    Lie("another day of joining", .brokenHistory) { $0.membership.joinedAt = Timestamp(seconds: 999) },
    Lie("ended without an end", .brokenHistory) { $0.changes.removeLast(2) },
    Lie("an end that the record does not know", .brokenHistory) { $0.membership.status = .active },
    Lie("two joins", .brokenHistory) { $0.changes.insert($0.changes[0], at: 1) },
    Lie("no join", .brokenHistory) { $0.changes.removeFirst() },
    Lie("no change at all", .brokenHistory) { $0.changes = [] },
    Lie("changes back in time", .brokenHistory) { $0.changes[Story.topUp].time = Timestamp(seconds: 1_150) },
    Lie("a change after the seal", .brokenHistory) { $0.changes[8].time = Timestamp(seconds: 10_001) },
    Lie("a status nobody knows", .malformed) { $0.bend = { member, _, _ in member[96] = 0 } },
    Lie("something between the fields of a settlement", .malformed) { $0.bend = { _, _, all in all[1][3] = 1 } },
    Lie("something behind a settlement", .malformed) { $0.bend = { _, _, all in all[4][191] = 1 } },
    Lie("something between the fields of the plan", .malformed) { $0.bend = { _, plan, _ in plan[235] = 1 } },
    Lie("a record cut short", .notIncluded) { $0.bend = { member, _, _ in member.removeLast() } },
    Lie("a longer record", .notIncluded) { $0.bend = { _, plan, _ in plan.append(0) } },
    Lie("the membership of another plan", .notIncluded) { $0.membership.plan = 0 },
  ]

  static let shares = [
    Lie("a share that gives", .brokenShares) {
      $0.settlements[1].share = -1_000_000
      for index in 1..<5 { $0.settlements[index].cumulative -= 1_000_000 }
      for index in Story.reverse...8 { $0.changes[index].cumulative -= 1_000_000 }
      $0.plan.cumulative -= 1_000_000
    },
    Lie("a settlement of another plan", .brokenShares) { $0.settlements[2].plan = 0 },
    Lie("a settlement left out that took nothing", .brokenShares) { $0.settlements.remove(at: 1) },
    Lie("a settlement left out", .brokenShares) { $0.settlements.remove(at: 0) },
    Lie("the last settlement left out", .brokenShares) {
      $0.settlements.removeLast()
      $0.changes.removeLast(2)
      $0.membership.status = .leaving
    },
    Lie("a settlement twice", .brokenShares) { $0.settlements.insert($0.settlements[1], at: 1) },
    Lie("a settlement before a deposit it came after", .brokenShares) {
      $0.settlements[0].time = Timestamp(seconds: 1_050)
    },
    Lie("settlements back in time", .brokenShares) { $0.settlements[4].time = Timestamp(seconds: 1_699) },
    Lie("one from before the join", .brokenShares) {
      var early = $0.settlements[1]
      early.number = 2
      early.cumulative = 5_000_000
      early.time = Timestamp(seconds: 900)
      $0.settlements.insert(early, at: 0)
    },
    Lie("another C in the plan", .brokenShares) { $0.plan.cumulative += 1 },
    Lie("more settlements in the plan", .brokenShares) { $0.plan.settlements += 1 },
    Lie("fewer settlements in the plan", .brokenShares) { $0.plan.settlements = 0 },
  ]

  /// Numbers at the ends of their types: refused, and nothing stops the program.
  static let extremes = [
    Lie("the last number there is", .brokenShares) {
      for index in 0..<5 { $0.settlements[index].number = .max - UInt32(4 - index) }
      $0.plan.settlements = .max - 1
    },
    Lie("the number after the last", .brokenShares) {
      for index in 0..<5 { $0.settlements[index].number = .max &- UInt32(3) &+ UInt32(index) }
    },
    Lie("a share past the end", .brokenShares) { $0.settlements[0].share = .max },
    Lie("a share before the beginning", .brokenShares) { $0.settlements[0].share = .min },
    Lie("a C before the beginning", .brokenHistory) { $0.changes[0].cumulative = .min },
    Lie("a negative C", .brokenHistory) { $0.changes[0].cumulative = -1 },
    Lie("a C past the end", .brokenHistory) { $0.settlements[4].cumulative = .max },
    Lie("the least C", .brokenShares) { $0.settlements[0].cumulative = .min },
    Lie("a deposit past the end", .brokenHistory) { $0.changes[Story.fund].amount = .max },
    Lie("a deposit before the beginning", .brokenHistory) { $0.changes[Story.topUp].amount = .min },
    Lie("a reversal before the beginning", .brokenHistory) { $0.changes[Story.reverse].amount = .min },
    Lie("an end before the beginning", .brokenHistory) { $0.changes[Story.end].amount = .min },
    Lie("the least E", .brokenHistory) { $0.membership.exhaustsAt = .min },
    Lie("the greatest time", .brokenHistory) { $0.changes[8].time = Timestamp(seconds: .max) },
  ]

  @Test(arguments: money + records + shares + extremes)
  func aLieIsNamed(_ lie: Lie) throws {
    var story = try Story()
    lie.bend(&story)
    #expect(throws: ProofError(code: lie.code)) { try prove(story) }
  }

  @Test func theLastNumberOfAllIsNoEnd() throws {
    var story = try Story()
    for index in 0..<5 { story.settlements[index].number = .max - UInt32(4 - index) }
    story.plan.settlements = .max
    #expect(try prove(story).shares.count == 4)
  }

  /// Bytes of records and changes at random, all signed: a value or an error, never a trap.
  @Test func signedNonsenseStopsNothing() throws {
    var generator = SeededGenerator(seed: 0x6C696573)
    let words: [[UInt8]] = [
      [0x7F] + [UInt8](repeating: 0xFF, count: 7), [0x80] + [UInt8](repeating: 0, count: 7),
      [UInt8](repeating: 0xFF, count: 8), [UInt8](repeating: 0, count: 8),
    ]
    func bend(_ bytes: inout [UInt8]) {
      let start = Int(generator.next() % UInt64(bytes.count))
      var word = words[Int(generator.next() % 4)]
      if generator.next() % 2 == 0 { word = word.map { $0 ^ UInt8(truncatingIfNeeded: generator.next()) } }
      for (index, byte) in zip(start..., word) where index < bytes.count { bytes[index] = byte }
    }
    var codes: [String: Int] = [:]
    for _ in 0..<400 {
      var story = try Story()
      for _ in 0..<2 {
        let place = Int(generator.next() % UInt64(story.changes.count))
        var bytes = story.changes[place].canonicalBytes
        let kept = bytes[0]
        if generator.next() % 2 == 0 { bend(&bytes) }
        bytes[0] = kept
        story.changes[place] = MembershipChange(from: bytes.span.bytes)
      }
      var member = story.membership.canonicalBytes
      var plan = story.plan.canonicalBytes
      var settled = story.settlements.map(\.canonicalBytes)
      if generator.next() % 4 == 0 { bend(&member) }
      if generator.next() % 4 == 0 { bend(&plan) }
      if generator.next() % 2 == 0 { bend(&settled[Int(generator.next() % 5)]) }
      let (bentMember, bentPlan, bentSettled) = (member, plan, settled)
      story.bend = { member, plan, settled in
        // The history stays right, or nothing behind it would be reached.
        member = Array(bentMember[..<40]) + member[40..<72] + bentMember[72...]
        (plan, settled) = (bentPlan, bentSettled)
      }
      do {
        _ = try prove(story)
        codes["accepted", default: 0] += 1
      } catch let error as ProofError {
        codes[error.code.name, default: 0] += 1
      }
    }
    #expect(codes.keys.sorted().count >= 4, "\(codes)")
    #expect(codes["proof.broken_history", default: 0] > 50 && codes["proof.broken_shares", default: 0] > 20, "\(codes)")
  }
}
