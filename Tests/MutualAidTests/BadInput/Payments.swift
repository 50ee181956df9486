import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Payouts and refunds that were not due.
@Suite struct PaymentTests {
  @Test("a payment that was not due is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("what is due is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  @Test("of two payouts in a block that are too much together the second is refused")
  func twiceInOneBlock() throws {
    var village = try Village.fresh()
    let number = try village.settled(0)
    let good = try PaymentTests.payout(&village, number, 300 * PaymentTests.yuan)
    let again = try PaymentTests.payout(&village, number, 100 * PaymentTests.yuan + PaymentTests.fen)
    try expectRefused(again, on: village.chain, code: .badPayment, after: good)
  }

  private static let yuan = Amount.microPerYuan
  private static let fen = Amount.microPerFen

  private static func payout(_ village: inout Village, _ number: UInt32, _ micro: Int64) throws -> [[UInt8]] {
    try village.sent(
      MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(micro: micro), reference: .reference),
      by: village.officer(.custodian))
  }

  /// A payout on a case of which 400 yuan are due, after `paid` was paid.
  private static func paying(_ what: String, _ code: ErrorCode, _ micro: Int64, after paid: Int64 = 0) -> BadCase {
    BadCase("a payout of \(what)", code) { village in
      let number = try village.settled(0)
      if paid > 0 { _ = try village.chain.block(payout(&village, number, paid)) }
      return try payout(&village, number, micro)
    }
  }

  /// A payout on a case that the closure leads to.
  private static func on(
    _ what: String, _ code: ErrorCode, _ lead: @escaping @Sendable (inout Village) throws -> UInt32
  ) -> BadCase {
    BadCase("a payout on \(what)", code) { village in
      let number = try lead(&village)
      return try payout(&village, number, yuan)
    }
  }

  /// Membership 0 leaves and gets her 100 yuan back: refund 0.
  private static func leave(_ village: inout Village) throws {
    try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
  }

  private static func refund(_ village: inout Village, _ ordinal: UInt32) throws -> [[UInt8]] {
    try village.sent(
      MutualAid.confirmRefund(refund: ordinal, reference: .reference), by: village.officer(.custodian))
  }

  static let cases: [BadCase] = [
    paying("nothing", .badPayment, 0), paying("less than nothing", .badPayment, -yuan),
    paying("half a fen", .badPayment, fen / 2), paying("a fen more than is due", .badPayment, 400 * yuan + fen),
    paying("all that 64 bits hold", .badPayment, .max),
    paying("all whole fen that 64 bits hold", .badPayment, Int64.max / fen * fen),
    paying("the least that 64 bits hold", .badPayment, .min),
    paying("a fen more than is left", .badPayment, 100 * yuan + fen, after: 300 * yuan),
    paying("a fen when all is paid", .wrongCaseState, fen, after: 400 * yuan),
    on("no case", .unknownCase) { _ in 0 },
    on("the last case there is a number for", .unknownCase) { _ in .max },
    on("a case that was only filed", .wrongCaseState) { try $0.filed(0) },
    on("a case in notice", .wrongCaseState) { try $0.noticed(0) },
    BadCase("a payout by another custodian", .wrongRole) { village in
      let number = try village.settled(0)
      return try village.sent(
        MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        by: village.organisation(named: "other-bank.example").officer)
    },
    BadCase("a payout without a reference", .malformed) { village in
      var wire = WireConfirmPayout()
      wire.case = try village.settled(0)
      wire.amount = yuan
      return try village.sent(.confirmPayout, encodedBytes(of: wire), by: village.officer(.custodian))
    },
    BadCase("a refund that nobody is due", .unknownRefund) { try refund(&$0, 0) },
    BadCase("the last refund there is a number for", .unknownRefund) { village in
      try leave(&village)
      return try refund(&village, .max)
    },
    BadCase("a refund twice", .unknownRefund) { village in
      try leave(&village)
      _ = try village.chain.block(refund(&village, 0))
      return try refund(&village, 0)
    },
    BadCase("a refund with a reference of 33 bytes", .malformed) { village in
      try leave(&village)
      var wire = WireConfirmRefund()
      wire.reference = Data(repeating: 1, count: 33)
      return try village.sent(.confirmRefund, encodedBytes(of: wire), by: village.officer(.custodian))
    },
    BadCase("a message of a payout that does not decode", .malformed) { village in
      try village.sent(.confirmPayout, [0xFF], by: village.officer(.custodian))
    },
  ]

  static let nearMisses: [BadCase] = [
    paying("all that is due", .success, 400 * yuan), paying("a fen", .success, fen),
    paying("all that is left", .success, 100 * yuan, after: 300 * yuan),
    BadCase("a refund that is due", .success) { village in
      try leave(&village)
      return try refund(&village, 0)
    },
  ]
}
