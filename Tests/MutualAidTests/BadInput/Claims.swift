import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Cases that the convention does not cover, and steps of a case in the wrong order.
@Suite struct ClaimTests {
  @Test("a bad case or step of a case is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a case just within the rules is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  @Test("of two cases of one membership in a block the second is refused")
  func twiceInOneBlock() throws {
    var village = try Village.fresh()
    let good = try village.sent(village.file(0, on: village.today), by: village.owner(of: 0))
    let again = try village.sent(village.file(0, on: village.today), by: village.officer(.hospital))
    try expectRefused(again, on: village.chain, code: .caseOpen, after: good)
  }

  // MARK: Building

  /// A case of a membership, diagnosed so many days after the first, by its owner.
  private static func filing(
    _ what: String, _ code: ErrorCode, _ membership: UInt32 = 0, day: Int,
    before: @escaping @Sendable (inout Village) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(what, code) { village in
      try before(&village)
      return try village.sent(village.file(membership, on: village.day(day)), by: village.owner(of: membership))
    }
  }

  /// A case of membership 0 of today whose message was changed.
  private static func changing(
    _ what: String, _ code: ErrorCode, _ change: @escaping @Sendable (inout WireFileCase) -> Void
  ) -> BadCase {
    BadCase(what, code) { village in
      var wire = WireFileCase()
      wire.diseaseClass = 1
      wire.diagnosed = village.today
      wire.documents = Data(Hash.reference.bytes)
      change(&wire)
      return try village.sent(.fileCase, encodedBytes(of: wire), by: village.officer(.hospital))
    }
  }

  /// The investigator's finding on a case that the closure leads to.
  private static func investigating(
    _ what: String, _ code: ErrorCode, confirmed: Bool = true,
    _ lead: @escaping @Sendable (inout Village) throws -> UInt32
  ) -> BadCase {
    BadCase(what, code) { village in
      let number = try lead(&village)
      return try village.sent(village.investigate(number, confirmed: confirmed), by: village.officer(.investigator))
    }
  }

  private static func publishing(
    _ what: String, _ code: ErrorCode, _ lead: @escaping @Sendable (inout Village) throws -> UInt32
  ) -> BadCase {
    BadCase(what, code) { village in
      let number = try lead(&village)
      return try village.sent(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
    }
  }

  /// All four balances of plan 0 are used up on day 43.
  private static func runDry(_ village: inout Village) throws { _ = try village.settled(1) }

  private static func pay(_ village: inout Village, _ yuan: Int64) throws {
    let codes = try village.chain.deposit([(0, yuan)], plan: 0)
    precondition(codes == [.success])
  }

  // MARK: The tables

  static let cases = people + days + funding + cover + steps

  private static let people: [BadCase] = [
    BadCase("a case of another's membership", .notTheOwner) { village in
      try village.sent(village.file(0, on: village.today), by: village.owner(of: 1))
    },
    BadCase("a case by a registered account that is no officer", .notAnOfficer) { village in
      try village.sent(village.file(0, on: village.today), by: Village.bystander.get())
    },
    changing("a case of no membership", .unknownMembership) { $0.membership = 7 },
    changing("a case of the last membership there is a number for", .unknownMembership) { $0.membership = .max },
    BadCase("a case of no membership by an owner", .unknownMembership) { village in
      try village.sent(village.file(7, on: village.today), by: village.owner(of: 0))
    },
    BadCase("leaving for another", .notTheOwner) { village in
      try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 1))
    },
    BadCase("leaving for another, by an officer", .notTheOwner) { village in
      try village.sent(MutualAid.leave(membership: 0), by: village.officer(.platform))
    },
    BadCase("leaving no membership", .unknownMembership) { village in
      try village.sent(MutualAid.leave(membership: .max), by: village.owner(of: 0))
    },
    BadCase("leaving twice", .membershipEnded) { village in
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      return try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
    BadCase("leaving again while a notice keeps her", .membershipEnded) { village in
      _ = try village.noticed(1)
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      return try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
  ]

  private static let days: [BadCase] = [
    filing("a diagnosis of tomorrow", .futureDiagnosis, day: 41),
    changing("a diagnosis of the last day there is a number for", .futureDiagnosis) { $0.diagnosed = .max },
    changing("a diagnosis of the day 0", .filedTooLate) { $0.diagnosed = 0 },
    filing("a diagnosis of 181 days ago", .filedTooLate, day: 59) { $0.chain.advance(days: 200) },
    filing("a second past 180 days after the diagnosis", .filedTooLate, day: 60) {
      $0.chain.advance(days: 200, seconds: 1)
    },
    filing("the last day of the waiting period", .waiting, day: 29),
    filing("the day of the first deposit", .waiting, day: 0),
  ]

  static let nearMisses: [BadCase] = [
    filing("the first day after the waiting period", .success, day: 30),
    filing("today", .success, day: 40),
    filing("180 days ago to the second", .success, day: 60) { $0.chain.advance(days: 200) },
    filing("the day before all ran dry, filed after", .success, day: 42) { try runDry(&$0) },
    filing("the day on which she left, which had begun before", .success, day: 40) { village in
      village.chain.advance(seconds: 3600)
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
    changing("the message as it should be", .success) { _ in },
  ]

  private static let funding: [BadCase] = [
    filing("who never paid", .notFunded, Village.unpaid, day: 40),
    filing("the day before the first deposit", .notFunded, day: -1),
    filing("the day on which all ran dry", .notFunded, day: 43) { try runDry(&$0) },
    filing("a day after all ran dry", .notFunded, day: 50) { village in
      try runDry(&village)
      village.chain.advance(days: 10)
    },
    filing("a day in the gap before the last deposit", .notFunded, day: 45) { village in
      try runDry(&village)
      village.chain.advance(days: 5)
      try pay(&village, 10)
    },
    filing("a day before the gap, which only the history could show", .notFunded, day: 42) { village in
      try runDry(&village)
      village.chain.advance(days: 5)
      try pay(&village, 10)
    },
    filing("a new waiting period after the gap", .waiting, day: 77) { village in
      try runDry(&village)
      village.chain.advance(days: 5)
      try pay(&village, 10)
      village.chain.advance(days: 40)
    },
    filing("the day after she left", .notFunded, day: 41) { village in
      village.chain.advance(seconds: 3600)
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      village.chain.advance(days: 2)
    },
    filing("the day that began when she left", .notFunded, day: 40) { village in
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
    filing("while her last case is open", .caseOpen, day: 40) { _ = try $0.filed(0) },
    filing("while her last case is not paid out", .caseOpen, day: 42) { _ = try $0.settled(0) },
  ]

  private static let cover: [BadCase] = [
    changing("a class that the convention does not have", .notCovered) { $0.diseaseClass = 2 },
    changing("no class", .notCovered) { $0.diseaseClass = 0 },
    changing("a class whose last 8 bits are those of class 1", .notCovered) { $0.diseaseClass = 257 },
    changing("the last class there is a number for", .notCovered) { $0.diseaseClass = .max },
    filing("an age for which nothing is paid", .notCovered, Village.child, day: 40),
    changing("documents of 31 bytes", .malformed) { $0.documents.removeLast() },
    BadCase("a message that does not decode", .malformed) { village in
      try village.sent(.fileCase, [0xFF], by: village.officer(.hospital))
    },
  ]

  private static let steps: [BadCase] = [
    investigating("a finding on no case", .unknownCase) { _ in 0 },
    investigating("a finding on the last case there is a number for", .unknownCase) { _ in .max },
    investigating("a second finding", .wrongCaseState) { try $0.reported(0) },
    investigating("a finding against a case in notice", .wrongCaseState, confirmed: false) { try $0.noticed(0) },
    investigating("a finding for a case that was declined", .wrongCaseState) { village in
      try village.confirmed(0, approve: false)
    },
    BadCase("a report of 31 bytes", .malformed) { village in
      var wire = WireInvestigate()
      wire.case = try village.assigned(0)
      wire.confirmed = true
      wire.report = Data(repeating: 1, count: 31)
      return try village.sent(.investigate, encodedBytes(of: wire), by: village.officer(.investigator))
    },
    publishing("a notice of no case", .unknownCase) { _ in 0 },
    publishing("a notice of a case that was not investigated", .wrongCaseState) { try $0.filed(0) },
    publishing("a second notice", .wrongCaseState) { try $0.noticed(0) },
    publishing("a notice of a case that was shared", .wrongCaseState) { try $0.settled(0) },
    publishing("a notice in a plan with a calendar", .noticeByCalendar) { try $0.confirmed(Village.calendarPayer) },
  ]
}
