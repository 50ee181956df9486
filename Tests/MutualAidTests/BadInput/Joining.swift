import Consortium
import Contracts
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Joins that break a rule of the plan or carry no good attestation.
@Suite struct JoiningTests {
  @Test("a bad join is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("a join just within the rules is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  @Test("of two joins by one person in a block the second is refused")
  func twiceInOneBlock() throws {
    var village = try Village.fresh()
    let person = try TestPerson(20)
    let (first, second) = (person.attestation(plan: 0), try TestPerson(21).attestation(plan: 0))
    var sameInsured = second
    sameInsured.nullifier = first.nullifier
    let proven = try village.chain.attest([first, sameInsured], plan: 0)
    let good = try village.sent(TestChain.join(proven[0]), by: person.key)
    let again = try village.sent(TestChain.join(proven[0]), by: person.key)
    try expectRefused(again, on: village.chain, code: .alreadyMember, after: good)
    let other = try village.sent(TestChain.join(proven[1]), by: TestPerson(21).key)
    try expectRefused(other, on: village.chain, code: .alreadyMember, after: good)
  }

  @Test("who has left may join again on the same attestation")
  func again() throws {
    var village = try Village.fresh()
    let owner = try Village.owners.get()[0]
    try village.succeed(MutualAid.leave(membership: 0), by: owner.key)
    let proven = try village.chain.attest([owner.attestation(plan: 0)], plan: 0)
    #expect(try village.chain.perform(TestChain.join(proven[0]), by: owner.key) == .success)
    #expect(try village.chain.perform(TestChain.join(proven[0]), by: owner.key) == .alreadyMember)
  }

  /// A person without a membership.
  private static func newcomer(_ birthMonth: Int = 1990 * 12 + 5) throws -> TestPerson {
    try TestPerson(20, birthMonth: UInt16(birthMonth))
  }

  /// A join of a newcomer on an attestation that was changed before it was attested.
  private static func joining(
    _ what: String, _ code: ErrorCode, birthMonth: Int = 1990 * 12 + 5, by key: SigningKey? = nil,
    _ change: @escaping @Sendable (inout Attestation, Village) throws -> Void
  ) -> BadCase {
    BadCase(what, code) { village in
      let person = try newcomer(birthMonth)
      var row = person.attestation(plan: 0)
      try change(&row, village)
      let proven = try village.chain.attest([row], plan: 0)
      return try village.sent(TestChain.join(proven[0]), by: key ?? person.key)
    }
  }

  /// A join whose message was changed after a good attestation.
  private static func carrying(
    _ what: String, _ code: ErrorCode, _ change: @escaping @Sendable (inout WireJoin, inout Village) throws -> Void
  ) -> BadCase {
    BadCase(what, code) { village in
      let person = try newcomer()
      // Two rows, so that the path has a hash.
      let rows = [person.attestation(plan: 0), try TestPerson(21).attestation(plan: 0)]
      let proven = try village.chain.attest(rows, plan: 0)[0]
      var wire = WireJoin()
      wire.attestation = Data(rows[0].canonicalBytes)
      wire.manifest = proven.manifest
      wire.path = proven.path.map { Data($0.bytes) }
      wire.insured = Data(Hash.sha256([1]).bytes)
      wire.health = Data(Hash.sha256([2]).bytes)
      try change(&wire, &village)
      return try village.sent(.join, encodedBytes(of: wire), by: person.key)
    }
  }

  static let cases = ages + people + attestations + messages

  private static let ages: [BadCase] = [
    joining("a second before the earliest join date", .tooYoung) {
      $0.earliestJoin = $1.chain.nextTime.adding(seconds: 1)
    },
    joining("born this month, attested for an earlier date than the convention's", .tooYoung, birthMonth: 2026 * 12 + 1)
    {
      $0.earliestJoin = $1.chain.nextTime
    },
    joining("an earliest join date 29 days after birth", .tooYoung, birthMonth: 2000 * 12) { row, _ in
      row.earliestJoin = CivilDate.midnight(month: 2000 * 12).adding(days: 29)
    },
    joining("born in a month to come", .tooYoung, birthMonth: 2026 * 12 + 2) { row, _ in row.earliestJoin = .zero },
    joining("born in the last month there is", .tooYoung, birthMonth: 65_535) { row, _ in row.earliestJoin = .zero },
    joining("61 years old", .tooOld, birthMonth: 1965 * 12 + 1) { _, _ in },
    joining("born in the month 0", .tooOld, birthMonth: 0) { row, _ in
      row.earliestJoin = Timestamp(seconds: 30 * Timestamp.day)
    },
  ]

  static let nearMisses: [BadCase] = [
    joining("at the very second of the earliest join date", .success) { $0.earliestJoin = $1.chain.nextTime },
    joining("an earliest join date 30 days after birth", .success, birthMonth: 2000 * 12) { row, _ in
      row.earliestJoin = CivilDate.midnight(month: 2000 * 12).adding(days: 30)
    },
    joining("60 years old", .success, birthMonth: 1965 * 12 + 2) { _, _ in },
    joining("attested until this second", .success) { $0.expiry = $1.chain.nextTime },
    carrying("the message as it should be", .success) { _, _ in },
  ]

  private static let people: [BadCase] = [
    joining("a member's nullifier under another key", .alreadyMember) { row, _ in
      row.nullifier = try Village.owners.get()[0].attestation(plan: 0).nullifier
    },
    BadCase("a member with a new attestation", .alreadyMember) { village in
      let owner = try Village.owners.get()[0]
      let proven = try village.chain.attest([owner.attestation(plan: 0)], plan: 0)
      return try village.sent(TestChain.join(proven[0]), by: owner.key)
    },
    BadCase("on another's row", .attestationMismatch) { village in
      let proven = try village.chain.attest([newcomer().attestation(plan: 0)], plan: 0)
      return try village.sent(TestChain.join(proven[0]), by: TestPerson(21).key)
    },
    BadCase("a registered account on another's row", .attestationMismatch) { village in
      let proven = try village.chain.attest([newcomer().attestation(plan: 0)], plan: 0)
      return try village.sent(TestChain.join(proven[0]), by: Village.bystander.get())
    },
    carrying("for another plan than attested", .attestationMismatch) { wire, _ in wire.plan = 1 },
  ]

  private static let attestations: [BadCase] = [
    joining("a second past the attestation's end", .attestationExpired) {
      $0.expiry = Timestamp(seconds: $1.chain.nextTime.seconds - 1)
    },
    carrying("a manifest to come", .unknownAttestations) { wire, _ in wire.manifest += 1 },
    carrying("the last manifest there is a number for", .unknownAttestations) { wire, _ in wire.manifest = .max },
    carrying("a manifest for another plan", .unknownAttestations) { wire, village in
      let row = try TestPerson(22).attestation(plan: 1)
      wire.manifest = try village.chain.attest([row], plan: 1)[0].manifest
    },
    carrying("the same rows by an authority that the plan does not name", .unknownAttestations) { wire, village in
      let rows = [try newcomer().attestation(plan: 0), try TestPerson(21).attestation(plan: 0)]
      wire.manifest = UInt32(village.chain.chain.app.consortium.attestations.count)
      try village.succeed(
        Consortium.attestAction(plan: 0), by: village.organisation(named: Village.otherIdentity).officer,
        rows: rows.map(\.canonicalBytes))
    },
    carrying("a row that nobody attested", .attestationNotProven) { wire, _ in
      var row = try newcomer().attestation(plan: 0)
      row.expiry = Timestamp(seconds: row.expiry.seconds - 1)
      wire.attestation = Data(row.canonicalBytes)
    },
    carrying("the place of the row beside it", .attestationNotProven) { wire, _ in wire.index = 1 },
    carrying("a place outside the manifest", .attestationNotProven) { wire, _ in wire.index = .max },
    carrying("a path with one bit changed", .attestationNotProven) { wire, _ in wire.path[0][5] ^= 1 },
    carrying("no path", .attestationNotProven) { wire, _ in wire.path = [] },
    carrying("a path with a hash too many", .attestationNotProven) { wire, _ in wire.path.append(wire.path[0]) },
    carrying("a path of 65 hashes", .attestationNotProven) { wire, _ in
      wire.path = Array(repeating: wire.path[0], count: 65)
    },
    carrying("a path with a hash of 31 bytes", .attestationNotProven) { wire, _ in wire.path[0].removeLast() },
  ]

  private static let messages: [BadCase] = [
    carrying("a plan that is not open", .unknownPlan) { wire, _ in wire.plan = 2 },
    carrying("a plan whose last 16 bits are those of plan 0", .unknownPlan) { wire, _ in wire.plan = 65_536 },
    carrying("a row of 71 bytes", .badRow) { wire, _ in wire.attestation.removeLast() },
    carrying("no row", .badRow) { wire, _ in wire.attestation = Data() },
    carrying("a row with a nullifier of zeros", .badRow) { wire, _ in
      var row = try newcomer().attestation(plan: 0)
      row.nullifier = .zero
      wire.attestation = Data(row.canonicalBytes)
    },
    carrying("a row that ends after the year 9999", .badRow) { wire, _ in
      var row = try newcomer().attestation(plan: 0)
      row.expiry = Timestamp(seconds: .max)
      wire.attestation = Data(row.canonicalBytes)
    },
    carrying("a commitment to the insured of 31 bytes", .malformed) { wire, _ in wire.insured.removeLast() },
    carrying("no commitment to the health declaration", .malformed) { wire, _ in wire.health = Data() },
    BadCase("a message that does not decode", .malformed) { village in
      try village.sent(.join, [0xFF], by: newcomer().key)
    },
  ]
}
