import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Manifests of deposits, contributions and reversals that a custodian may not report.
@Suite struct DepositTests {
  @Test("a bad report of money is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a report just within the limits is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  @Test("the same numbers twice in a block count once")
  func twiceInOneBlock() throws {
    var village = try Village.fresh()
    let good = try DepositTests.manifest(&village, [DepositTests.deposit(1_000_000)])
    let again = try DepositTests.manifest(&village, [DepositTests.deposit(2_000_000)])
    try expectRefused(again, on: village.chain, code: .depositOutOfTurn, after: good)
  }

  // MARK: Building

  /// A deposit for membership 0 in millionths of a yuan.
  static func deposit(_ micro: Int64, for membership: UInt32 = 0, reference: UInt64 = 0) -> [UInt8] {
    Deposit(membership: membership, amount: Amount(micro: micro), reference: .label("bad input", reference))
      .canonicalBytes
  }

  /// A manifest of plan 0 from the custodian's next number on, or one so much further.
  static func manifest(
    _ village: inout Village, _ rows: [[UInt8]], ahead: UInt64 = 0, plan: UInt16 = 0
  ) throws -> [[UInt8]] {
    let first = village.chain.state.plans[Int(plan)].nextDeposit &+ ahead
    return try village.sent(MutualAid.deposits(plan: plan, first: first), by: village.officer(.custodian), rows: rows)
  }

  private static func paying(_ what: String, _ code: ErrorCode, _ micro: Int64) -> BadCase {
    // One bad row refuses the manifest, so that a custodian's mistake is never half in.
    BadCase("a deposit of \(what)", code) { village in
      try manifest(&village, [deposit(1_000_000, reference: 1), deposit(micro, reference: 2)])
    }
  }

  private static func rows(_ what: String, _ change: @escaping @Sendable (inout [UInt8]) -> Void) -> BadCase {
    BadCase("a row \(what)", .badRow) { village in
      var row = deposit(1_000_000)
      change(&row)
      return try manifest(&village, [deposit(1_000_000, reference: 1), row])
    }
  }

  private static func numbered(_ what: String, ahead: UInt64) -> BadCase {
    BadCase("numbers from \(what)", .depositOutOfTurn) { village in
      try manifest(&village, [deposit(1_000_000)], ahead: ahead)
    }
  }

  private static func giving(_ what: String, _ code: ErrorCode, _ micro: Int64) -> BadCase {
    BadCase("a contribution of \(what)", code) { village in
      try village.sent(
        MutualAid.contribute(plan: 0, amount: Amount(micro: micro), reference: .reference),
        by: village.officer(.custodian))
    }
  }

  private static func reversing(
    _ what: String, _ code: ErrorCode, _ micro: Int64, membership: UInt32 = 0,
    before: @escaping @Sendable (inout Village) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase("a reversal of \(what)", code) { village in
      try before(&village)
      return try reversal(&village, micro, membership: membership)
    }
  }

  private static func reversal(_ village: inout Village, _ micro: Int64, membership: UInt32 = 0) throws -> [[UInt8]] {
    try village.sent(
      MutualAid.reverse(membership: membership, amount: Amount(micro: micro), reference: .reference),
      by: village.officer(.custodian))
  }

  /// The most whole fen that a plan takes in.
  private static let most = Amount(micro: PlanMoney.maximumTotal).wholeFen.fen.micro
  private static let yuan = Amount.microPerYuan
  private static let fen = Amount.microPerFen

  /// Fills the plan up to `left`.
  private static func fill(_ village: inout Village, but left: Int64) throws {
    let amount = Amount(micro: most - village.chain.state.plans[0].money.deposits - left)
    try village.succeed(
      MutualAid.contribute(plan: 0, amount: amount, reference: .reference), by: village.officer(.custodian))
  }

  // MARK: The tables

  static let cases = turns + amounts + contributions + reversals + messages

  private static let turns: [BadCase] = [
    numbered("one that was used", ahead: .max), numbered("one too far ahead", ahead: 1),
    BadCase("numbers from 0", .depositOutOfTurn) { village in
      try village.sent(
        MutualAid.deposits(plan: 0, first: 0), by: village.officer(.custodian), rows: [deposit(1_000_000)])
    },
    BadCase("numbers from the last there is", .depositOutOfTurn) { village in
      try village.sent(
        MutualAid.deposits(plan: 0, first: .max), by: village.officer(.custodian), rows: [deposit(1_000_000)])
    },
    BadCase("a manifest sent again", .depositOutOfTurn) { village in
      let rows = [deposit(1_000_000), deposit(2_000_000, reference: 1)]
      _ = try village.chain.block(manifest(&village, rows))
      return try manifest(&village, rows, ahead: 0 &- 2)
    },
  ]

  private static let amounts: [BadCase] = [
    paying("nothing", .badDeposit, 0),
    paying("less than nothing", .badDeposit, -fen),
    paying("a millionth", .badDeposit, 1),
    paying("half a fen too much", .badDeposit, yuan + fen / 2),
    paying("a fen above the limit", .badDeposit, Deposit.maximumAmount + fen),
    paying("all that 64 bits hold", .badDeposit, .max),
    paying("all whole fen that 64 bits hold", .badDeposit, Int64.max / fen * fen),
    paying("the least that 64 bits hold", .badDeposit, .min),
    rows("of 43 bytes") { $0.removeLast() }, rows("of 45 bytes") { $0.append(0) }, rows("of no bytes") { $0 = [] },
    rows("with a reference of zeros") { $0.replaceSubrange(12..., with: [UInt8](repeating: 0, count: 32)) },
    BadCase("a deposit past what a plan takes in", .overflow) { village in
      try fill(&village, but: 2 * yuan - fen)
      return try manifest(&village, [deposit(yuan, reference: 1), deposit(yuan, reference: 2)])
    },
  ]

  private static let contributions: [BadCase] = [
    giving("nothing", .badDeposit, 0), giving("less than nothing", .badDeposit, -yuan),
    giving("half a fen", .badDeposit, fen / 2),
    giving("all whole fen that 64 bits hold", .badDeposit, Int64.max / fen * fen),
    giving("the least that 64 bits hold", .badDeposit, .min),
    giving("all a plan takes in, on top of what is there", .badDeposit, most),
    BadCase("a fen past what a plan takes in", .badDeposit) { village in
      try fill(&village, but: 0)
      return try village.sent(
        MutualAid.contribute(plan: 0, amount: Amount(micro: fen), reference: .reference),
        by: village.officer(.custodian))
    },
  ]

  private static let reversals: [BadCase] = [
    reversing("nothing", .badReversal, 0), reversing("less than nothing", .badReversal, -yuan),
    reversing("half a fen", .badReversal, fen / 2), reversing("all that 64 bits hold", .badReversal, .max),
    reversing("the least that 64 bits hold", .badReversal, .min),
    reversing("a fen more than the plan ever took in", .badReversal, 400 * yuan + fen),
    reversing("what was taken back already", .badReversal, 100 * yuan + fen) { village in
      _ = try village.chain.block(reversal(&village, 300 * yuan))
    },
    reversing("a fen above the limit of one payment", .badReversal, Deposit.maximumAmount + fen) { village in
      for reference in UInt64(0)...1 {
        _ = try village.chain.block(manifest(&village, [deposit(Deposit.maximumAmount, reference: reference)]))
      }
    },
    reversing("what another waiting reversal takes", .badReversal, 50 * yuan, membership: Village.calendarPayer) {
      village in
      try village.untilCutOff()
      let waiting = try reversal(&village, 60 * yuan, membership: Village.calendarPayer)
      let codes = try village.chain.block(waiting).codes
      precondition(codes == [[.success]] && village.chain.state.plans[1].reversing == 60 * yuan)
    },
    reversing("a payment of nobody", .unknownMembership, yuan, membership: 7),
    reversing("a payment of the last member there is a number for", .unknownMembership, yuan, membership: .max),
  ]

  private static let messages: [BadCase] = [
    BadCase("deposits of a plan that is not open", .unknownPlan) { village in
      try village.sent(
        MutualAid.deposits(plan: 2, first: 1), by: village.officer(.custodian), rows: [deposit(1_000_000)])
    },
    BadCase("deposits of a plan whose last 16 bits are those of plan 0", .unknownPlan) { village in
      var wire = WireDeposits()
      wire.plan = 65_536
      wire.first = village.chain.state.plans[0].nextDeposit
      let action = Action(
        contract: MutualAid.name, kind: MutualAidAction.deposits.rawValue, payload: try encodedBytes(of: wire))
      return try village.sent(action, by: village.officer(.custodian), rows: [deposit(1_000_000)])
    },
    BadCase("a contribution to a plan that is not open", .unknownPlan) { village in
      try village.sent(
        MutualAid.contribute(plan: 9, amount: Amount(yuan: 1), reference: .reference), by: village.officer(.custodian))
    },
    BadCase("a contribution with a reference of 31 bytes", .malformed) { village in
      var wire = WireContribute()
      wire.amount = yuan
      wire.reference = Data(repeating: 1, count: 31)
      return try village.sent(.contribute, encodedBytes(of: wire), by: village.officer(.custodian))
    },
    BadCase("a reversal without a reference", .malformed) { village in
      var wire = WireReverse()
      wire.amount = yuan
      return try village.sent(.reverse, encodedBytes(of: wire), by: village.officer(.custodian))
    },
    BadCase("a message of deposits that does not decode", .malformed) { village in
      let action = Action(contract: MutualAid.name, kind: MutualAidAction.deposits.rawValue, payload: [0xFF])
      return try village.sent(action, by: village.officer(.custodian), rows: [deposit(1_000_000)])
    },
  ]

  static let nearMisses: [BadCase] = [
    paying("a fen", .success, fen), paying("exactly the limit", .success, Deposit.maximumAmount),
    giving("all that a plan still takes in", .success, most - 400 * yuan),
    reversing("all that the plan ever took in", .success, 400 * yuan),
    BadCase("a deposit that fills the plan", .success) { village in
      try fill(&village, but: 2 * yuan)
      return try manifest(&village, [deposit(yuan, reference: 1), deposit(yuan, reference: 2)])
    },
  ]
}
