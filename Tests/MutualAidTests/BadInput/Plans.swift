import Consortium
import Foundation
import Ledger
import TestSupport
import Testing

@testable import MutualAid

/// Plans that may not be opened.
@Suite struct PlanTests {
  @Test("a plan that may not be is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a chain holds 64 plans and no more")
  func tooMany() throws {
    var village = try Village.fresh()
    while village.chain.state.plans.count < MutualAid.maximumPlans {
      let number = village.chain.state.plans.count
      #expect(try village.chain.openPlan(TestConvention.plain(key: "plan-\(number)")) == .success)
    }
    try expectRefused(PlanTests.oneMore(&village), on: village.chain, code: .tooManyPlans)
  }

  @Test("the second of two equal plans in a block is refused")
  func twiceInOneBlock() throws {
    var village = try Village.fresh()
    let good = try PlanTests.oneMore(&village)
    let again = try PlanTests.oneMore(&village)
    try expectRefused(again, on: village.chain, code: .conventionKnown, after: good)
  }

  private static func oneMore(_ village: inout Village) throws -> [[UInt8]] {
    try village.sent(
      MutualAid.openPlan(TestConvention.plain(key: "one-more"), custodian: 1, identity: 2),
      by: village.officer(.platform))
  }

  /// A good plan whose message was changed.
  private static func opening(
    _ what: String, _ code: ErrorCode, by role: Role = .platform,
    _ change: @escaping @Sendable (inout WireOpenPlan, Village) throws -> Void
  ) -> BadCase {
    BadCase(what, code) { village in
      var wire = WireOpenPlan()
      wire.convention = Data(try TestConvention.plain(key: "one-more").bytes)
      wire.custodian = village.chain.network.organisation(.custodian).ordinal
      wire.identity = village.chain.network.organisation(.identity).ordinal
      try change(&wire, village)
      return try village.sent(.openPlan, encodedBytes(of: wire), by: village.officer(role))
    }
  }

  /// The same where the rules of the convention were changed, good or not.
  private static func ruling(
    _ what: String, _ code: ErrorCode, _ change: @escaping @Sendable (inout WireConvention) -> Void
  ) -> BadCase {
    opening(what, code) { wire, _ in
      var convention = ConventionFixture.good()
      change(&convention)
      wire.convention = Data(try encodedBytes(of: convention))
    }
  }

  static let cases: [BadCase] = [
    opening("by an organisation that is not the platform", .wrongRole, by: .auditor) { _, _ in },
    opening("a convention that has a plan", .conventionKnown) { wire, village in
      wire.convention = Data(village.chain.state.convention(of: 0).bytes)
    },
    opening("no convention", .badConvention) { wire, _ in wire.convention = Data() },
    ruling("a convention of another format", .badConvention) { $0.format = 2 },
    ruling("a fee of more than half", .badConvention) { $0.feePpm = 500_001 },
    ruling("the largest aid that 64 bits hold", .badConvention) { $0.aid[0].amount = .max },
    ruling("a negative first deposit", .badConvention) { $0.firstDeposit = -Amount.microPerFen },
    ruling("a negative cap", .badConvention) { $0.caps.perYear = .min },
    ruling("a cover that never ends", .badConvention) { $0.ages.coverToYears = .max },
    ruling("payers at notice without a calendar", .badConvention) { wire in
      wire.clearCalendar()
      wire.noticeDays = 3
    },
    opening("bytes that are no convention", .conventionNotCanonical) { wire, _ in wire.convention = Data([0xFF]) },
    opening("a convention with an unknown field", .conventionNotCanonical) { wire, _ in
      wire.convention.append(contentsOf: [0xF8, 0x7F, 1])
    },
    opening("a convention with a field twice", .conventionNotCanonical) { wire, _ in
      wire.convention = Data([0x08, 1]) + wire.convention
    },
    opening("a convention of more bytes than fit", .conventionNotCanonical) { wire, _ in
      wire.convention = Data(repeating: 0, count: Convention.maximumBytes + 1)
    },
    opening("a hospital for custodian", .unfitOrganisation) { wire, village in
      wire.custodian = village.chain.network.organisation(.hospital).ordinal
    },
    opening("a custodian for identity authority", .unfitOrganisation) { wire, _ in wire.identity = wire.custodian },
    opening("a custodian that is no organisation", .unknownOrganisation) { wire, village in
      wire.custodian = UInt32(village.chain.network.organisations.count)
    },
    opening("an identity authority whose last 16 bits are another's", .unknownOrganisation) { wire, _ in
      wire.identity += 65_536
    },
    opening("the last organisation there is a number for", .unknownOrganisation) { wire, _ in wire.custodian = .max },
    BadCase("a message that does not decode", .malformed) { village in
      try village.sent(.openPlan, [0xFF], by: village.officer(.platform))
    },
  ]
}
