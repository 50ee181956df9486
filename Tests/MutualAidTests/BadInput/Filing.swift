import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Hospital records that may not serve a case, and helpers that are none.
@Suite struct FilingTests {
  @Test("a bad record or helper is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a record or helper just within the rules is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  private static let record = Hash.label("record", 1)

  /// A case of a membership of plan 2 or 0, whose record is of the hospital.
  private static func filing(
    _ village: Village, _ membership: UInt32 = 0, record: Hash? = record, hospital: UInt32 = 4, daysAgo: Int = 0
  ) throws -> Action {
    try MutualAid.fileCase(
      membership: membership, diseaseClass: 1, diagnosed: UInt32(Int(village.today) - daysAgo), documents: .reference,
      record: record.map { ($0, hospital) })
  }

  private static func register(_ village: inout Village, _ record: Hash = record) throws {
    try village.succeed(MutualAid.registerRecord(record), by: village.officer(.hospital))
  }

  private static func by(
    _ membership: UInt32, _ what: String, _ code: ErrorCode,
    _ make: @escaping @Sendable (inout Village) throws -> Action
  ) -> BadCase {
    BadCase(what, code) { village in
      let action = try make(&village)
      return try village.sent(action, by: village.owner(of: membership))
    }
  }

  /// A case of membership 7 in a plan that asks for records registered within five days.
  private static func strict(
    _ what: String, _ code: ErrorCode, registered: Bool = true, daysAgo: Int
  ) -> BadCase {
    BadCase(what, code) { village in
      let owner = try village.openStrict()
      if registered { try register(&village) }
      let action = try filing(
        village, UInt32(village.chain.state.memberships.count - 1), record: registered ? record : nil, daysAgo: daysAgo)
      return try village.sent(action, by: owner)
    }
  }

  static let cases: [BadCase] = [
    BadCase("a record registered twice", .recordKnown) { village in
      try register(&village)
      return try village.sent(MutualAid.registerRecord(record), by: village.officer(.hospital))
    },
    BadCase("a record of 31 bytes", .malformed) { village in
      var wire = WireRegisterRecord()
      wire.record = Data(repeating: 1, count: 31)
      return try village.sent(MutualAid.action(.registerRecord, wire), by: village.officer(.hospital))
    },
    by(0, "a record that nobody registered", .unknownRecord) { try filing($0) },
    by(0, "a record of another hospital", .unknownRecord) { village in
      try register(&village)
      return try filing(village, hospital: 3)
    },
    by(0, "a record of a hospital there is no number for", .malformed) { village in
      try register(&village)
      return try filing(village, hospital: 65_536 + 4)
    },
    by(1, "one record for two members", .recordUsed) { village in
      try register(&village)
      try village.succeed(filing(village), by: village.owner(of: 0))
      return try filing(village, 1)
    },
    by(1, "another's record after she took her case back", .recordUsed) { village in
      try register(&village)
      try village.succeed(filing(village), by: village.owner(of: 0))
      try village.succeed(MutualAid.withdrawCase(0), by: village.owner(of: 0))
      return try filing(village, 1)
    },
    by(0, "a record again after the case was refused", .recordUsed) { village in
      try register(&village)
      try village.succeed(filing(village), by: village.owner(of: 0))
      try village.decline(0)
      return try filing(village)
    },
    by(0, "a record again after it was paid for", .recordUsed) { village in
      try register(&village)
      try village.succeed(filing(village), by: village.owner(of: 0))
      try village.payOut(0)
      let codes = try village.chain.deposit([(0, 100)], plan: 0)
      #expect(codes == [.success])
      village.chain.advance(days: 31)
      try village.chain.block()
      return try filing(village)
    },
    by(0, "a record of before the day of the diagnosis", .recordBeforeDiagnosis) { village in
      try register(&village)
      village.chain.advance(days: 1)
      return try filing(village)
    },
    strict("a record registered six days after the diagnosis", .backDated, daysAgo: 6),
    strict("no record where the convention asks for one", .recordMissing, registered: false, daysAgo: 1),
    by(0, "naming a helper twice", .helperUnchanged) { village in
      try village.name(0)
      return try MutualAid.nameHelper(membership: 0, helper: Village.helper(0))
    },
    by(0, "naming oneself", .helperUnchanged) { village in
      try MutualAid.nameHelper(membership: 0, helper: village.owner(of: 0).publicKey.address)
    },
    by(0, "removing who was never named", .helperUnchanged) { village in
      try MutualAid.nameHelper(membership: 0, helper: Village.helper(0), remove: true)
    },
    by(0, "a fourth helper", .tooManyHelpers) { village in
      for number in 0..<3 { try village.name(UInt64(number)) }
      return try MutualAid.nameHelper(membership: 0, helper: Village.helper(3))
    },
    by(0, "nobody as a helper", .malformed) { _ in
      try MutualAid.nameHelper(membership: 0, helper: HelpersRecord.nobody)
    },
    by(1, "another's helper", .notTheOwner) { _ in
      try MutualAid.nameHelper(membership: 0, helper: Village.helper(0))
    },
    BadCase("a case by a helper of somebody else", .notTheOwner) { village in
      try village.name(0)
      return try village.sent(filing(village, 1, record: nil), by: SigningKey(label: "helper 0"))
    },
    BadCase("a case by a helper who was removed", .notTheOwner) { village in
      try village.name(0)
      try village.succeed(
        MutualAid.nameHelper(membership: 0, helper: Village.helper(0), remove: true), by: village.owner(of: 0))
      return try village.sent(filing(village, record: nil), by: SigningKey(label: "helper 0"))
    },
    BadCase("a helper that takes a case back", .notTheOwner) { village in
      try village.name(0)
      let number = try village.filed(0)
      return try village.sent(MutualAid.withdrawCase(number), by: SigningKey(label: "helper 0"))
    },
  ]

  static let nearMisses: [BadCase] = [
    by(0, "a record registered on the day of the diagnosis", .success) { village in
      try register(&village)
      return try filing(village)
    },
    by(0, "her own record again after she took the case back", .success) { village in
      try register(&village)
      try village.succeed(filing(village), by: village.owner(of: 0))
      try village.succeed(MutualAid.withdrawCase(0), by: village.owner(of: 0))
      return try filing(village)
    },
    strict("a record registered five days after the diagnosis", .success, daysAgo: 5),
    BadCase("a case by a helper whom nobody registered", .success) { village in
      try village.name(0)
      return try village.sent(filing(village, record: nil), by: SigningKey(label: "helper 0"))
    },
    by(0, "a helper in the place of one who was removed", .success) { village in
      for number in 0..<3 { try village.name(UInt64(number)) }
      try village.succeed(
        MutualAid.nameHelper(membership: 0, helper: Village.helper(1), remove: true), by: village.owner(of: 0))
      return try MutualAid.nameHelper(membership: 0, helper: Village.helper(3))
    },
  ]

  @Test("a case shows its record, and the record its last case")
  func shown() throws {
    var village = try Village.fresh()
    try FilingTests.register(&village)
    for _ in 0..<2 {
      let number = UInt32(village.chain.state.cases.count)
      try village.succeed(FilingTests.filing(village), by: village.owner(of: 0))
      let state = village.chain.state
      #expect(state.hospitalRecord(of: number)?.lastCase == number + 1)
      #expect(number == 0 || state.hospitalRecord(of: number - 1) == nil)
      try village.succeed(MutualAid.withdrawCase(number), by: village.owner(of: 0))
    }
    let found = try #require(village.chain.state.hospitalRecord(FilingTests.record, hospital: 4))
    #expect(found.lastCase == 2 && found.hospital == 4)
  }
}

extension Village {
  static func helper(_ number: UInt64) throws -> Address { try SigningKey(label: "helper \(number)").publicKey.address }

  /// The owner of membership 0 names a helper.
  mutating func name(_ number: UInt64) throws {
    try succeed(MutualAid.nameHelper(membership: 0, helper: Village.helper(number)), by: owner(of: 0))
  }

  /// Two organisations decline a case that was filed.
  mutating func decline(_ number: UInt32) throws {
    for (action, key) in try chain.network.examination(of: number, approve: false) { try succeed(action, by: key) }
  }

  /// A case that was filed is shared and paid.
  mutating func payOut(_ number: UInt32) throws {
    for (action, key) in try chain.network.examination(of: number) { try succeed(action, by: key) }
    try succeed(MutualAid.publishNotice(caseOrdinal: number), by: officer(.platform))
    chain.advance(days: 3)
    try chain.block()
    let due = Amount(micro: chain.state.cases[Int(number)].given)
    try succeed(
      MutualAid.confirmPayout(caseOrdinal: number, amount: due, reference: .reference), by: officer(.custodian))
  }

  /// Opens plan 2, which asks for records, with a member past her waiting period; her key.
  mutating func openStrict() throws -> SigningKey {
    let convention = try TestConvention.plain(key: "strict") { wire in
      wire.records.registeredWithinDays = 5
      wire.records.required = true
    }
    guard try chain.openPlan(convention) == .success else { throw LedgerError(.badConvention, "no plan") }
    let person = try TestPerson(40)
    try chain.join([person], plan: 2, paying: 100)
    chain.advance(days: 40)
    try chain.block()
    return person.key
  }
}
