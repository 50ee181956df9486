import Consortium
import Ledger
import TestSupport
import Testing

@testable import MutualAid

/// What a pause stops, and calls for one that do not count.
@Suite struct PauseTests {
  @Test("what a pause stops, and bad calls for one, are refused and change nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  private static func call(
    _ village: inout Village, _ scope: PauseScope, by organisation: Int
  ) throws -> [[UInt8]] {
    try village.sent(
      Consortium.callPause(scope, plan: 0), by: village.chain.network.organisations[organisation].officer)
  }

  static let cases: [BadCase] = [
    BadCase("one organisation calling twice", .pauseCalled) { village in
      try village.chain.block(call(&village, .joins, by: 0))
      return try call(&village, .joins, by: 0)
    },
    BadCase("a call for a pause that runs", .pauseCalled) { village in
      try village.pause(.joins)
      return try call(&village, .joins, by: 2)
    },
    BadCase("a call for the same again by one that called", .pauseResting) { village in
      try village.pause(.joins)
      village.chain.advance(days: 4)
      return try call(&village, .joins, by: 1)
    },
    BadCase("a call for a pause of nothing", .malformed) { village in
      try village.sent(
        Action(contract: Consortium.name, kind: ConsortiumAction.callPause.rawValue, payload: []),
        by: village.officer(.platform))
    },
    BadCase("going on with a pause that is over", .noPause) { village in
      try village.pause(.joins)
      village.chain.advance(days: 3)
      return try village.sent(
        Consortium.propose(.extendPause(0, village.chain.nextTime.adding(days: 9))), by: village.officer(.platform))
    },
    BadCase("ending a pause of which there was but one call", .noPause) { village in
      try village.chain.block(call(&village, .joins, by: 0))
      return try village.sent(Consortium.propose(.endPause(0)), by: village.officer(.platform))
    },
    BadCase("a pause that goes on until before its end", .invalidChange) { village in
      try village.pause(.joins)
      return try village.sent(
        Consortium.propose(.extendPause(0, village.chain.nextTime)), by: village.officer(.platform))
    },
    BadCase("joining while that is paused", .joinsPaused) { village in
      let newcomer = try TestPerson(20)
      let row = try village.chain.attest([newcomer.attestation(plan: 0)], plan: 0)[0]
      try village.pause(.joins)
      return try village.sent(TestChain.join(row), by: newcomer.key)
    },
    BadCase("a payout while those are paused", .payoutsPaused) { village in
      let number = try village.settled(0)
      try village.pause(.payouts)
      return try village.sent(
        MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        by: village.officer(.custodian))
    },
  ]
}

extension Village {
  /// Two organisations pause plan 0, or another.
  mutating func pause(_ scope: PauseScope, plan: UInt16 = 0, by organisations: [Int] = [0, 1]) throws {
    for organisation in organisations {
      try succeed(Consortium.callPause(scope, plan: plan), by: chain.network.organisations[organisation].officer)
    }
  }
}
