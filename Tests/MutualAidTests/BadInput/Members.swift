import Consortium
import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// What owners, organisations and groups may not do about keys, payees, ownership, illness and consents.
@Suite struct MemberTests {
  @Test("a bad step of the members' side is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  static let cases = keys + proofs + payees + ownership + illness + groups + consents

  /// Something by the owner of a membership, after a lead.
  private static func by(
    _ membership: UInt32, _ what: String, _ code: ErrorCode,
    _ make: @escaping @Sendable (inout Village) throws -> Action
  ) -> BadCase {
    BadCase(what, code) { village in
      let action = try make(&village)
      return try village.sent(action, by: village.owner(of: membership))
    }
  }

  /// Something by an officer.
  private static func by(
    _ role: Role, _ what: String, _ code: ErrorCode, _ make: @escaping @Sendable (inout Village) throws -> Action
  ) -> BadCase {
    BadCase(what, code) { village in
      let action = try make(&village)
      return try village.sent(action, by: village.officer(role))
    }
  }

  private static func proposal(_ membership: UInt32 = 0, _ label: String = "new") throws -> Action {
    try MutualAid.proposeRecovery(membership: membership, to: Village.key(label).publicKey)
  }

  private static let keys: [BadCase] = [
    by(0, "a change to the same key", .keyNotChangeable) { village in
      try MutualAid.rotateKey(membership: 0, to: village.owner(of: 0).publicKey)
    },
    by(0, "a change of key while it is being recovered", .recoveryUnderWay) { village in
      _ = try village.recovering(0)
      return try MutualAid.rotateKey(membership: 0, to: Village.key("other").publicKey)
    },
    BadCase("the old key after a change", .wrongSigner) { village in
      try village.succeed(
        MutualAid.rotateKey(membership: 0, to: Village.key("new").publicKey), by: village.owner(of: 0))
      return try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    },
    BadCase("a key of small order", .badKey) { village in
      var wire = WireChangeKey()
      wire.suite = SignatureSuite.ed25519.rawValue
      wire.publicKey = Data(repeating: 0, count: 32)
      return try village.sent(.rotateKey, encodedBytes(of: wire), by: village.owner(of: 0))
    },
    BadCase("a key of a suite nobody knows", .unknownSuite) { village in
      var wire = WireProposeRecovery()
      wire.suite = 9
      wire.publicKey = Data(try Village.key("new").publicKey.bytes)
      return try village.sent(.proposeRecovery, encodedBytes(of: wire), by: village.officer(.platform))
    },
    by(.platform, "a recovery for nobody", .unknownMembership) { _ in try proposal(99) },
    by(.platform, "a second proposal by one organisation", .recoveryProposed) { village in
      try village.succeed(proposal(), by: village.officer(.platform))
      return try proposal()
    },
    by(.platform, "another key by one organisation", .recoveryProposed) { village in
      try village.succeed(proposal(), by: village.officer(.platform))
      return try proposal(0, "other")
    },
    by(.auditor, "the key that stands already", .keyNotChangeable) { village in
      try MutualAid.proposeRecovery(membership: 0, to: village.owner(of: 0).publicKey)
    },
    by(.custodian, "a third organisation while the delay runs", .recoveryUnderWay) { village in
      _ = try village.recovering(0)
      return try proposal()
    },
    by(.custodian, "another proposal while the account is frozen", .recoveryUnderWay) { village in
      _ = try village.vetoed(0)
      village.chain.advance(days: 8)
      return try proposal(0, "other")
    },
    by(0, "a veto of what nobody proposed", .unknownRecovery) { _ in try MutualAid.vetoRecovery(0) },
    by(1, "a veto by another owner", .notTheOwner) { try MutualAid.vetoRecovery($0.recovering(0)) },
    by(0, "a veto before a second organisation joined", .wrongRecoveryState) { village in
      try village.succeed(proposal(), by: village.officer(.platform))
      return try MutualAid.vetoRecovery(0)
    },
    BadCase("a veto after the delay", .wrongSigner) { village in
      let number = try village.recovering(0)
      village.chain.advance(days: 7)
      return try village.sent(MutualAid.vetoRecovery(number), by: village.owner(of: 0))
    },
    by(.custodian, "a payout to a frozen account", .accountFrozen) { village in
      let number = try village.settled(0)
      _ = try village.vetoed(0)
      return try MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference)
    },
    by(.custodian, "a refund to a frozen account", .accountFrozen) { village in
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      _ = try village.vetoed(0)
      return try MutualAid.confirmRefund(refund: 0, reference: .reference)
    },
  ]

  /// A proof for the owner of a label's key, after a veto.
  private static func proving(
    _ what: String, _ code: ErrorCode, for label: String = "new",
    _ make: @escaping @Sendable (inout Village, Address) throws -> (UInt32, ProvenAttestation)
  ) -> BadCase {
    BadCase(what, code) { village in
      let key = try Village.key(label)
      let (number, proven) = try make(&village, key.publicKey.address)
      return try village.sent(MutualAid.proveIdentity(recovery: number, proven), by: key)
    }
  }

  private static let proofs: [BadCase] = [
    proving("a proof by an attestation of before the veto", .notAttestedAnew) { village, address in
      let proven = try village.attested(0, for: address)
      village.chain.advance(seconds: 1)
      return (try village.vetoed(0), proven)
    },
    proving("a proof where nobody vetoed", .wrongRecoveryState) { village, address in
      (try village.recovering(0), try village.attested(0, for: address))
    },
    proving("a proof for a third key", .otherPerson, for: "third") { village, address in
      (try village.vetoed(0), try village.attested(0, for: address))
    },
    proving("a proof of another person", .otherPerson) { village, address in
      (try village.vetoed(0), try village.attested(1, for: address))
    },
    proving("a proof on another's row", .attestationMismatch) { village, _ in
      (try village.vetoed(0), try village.attested(0, for: village.owner(of: 1).publicKey.address))
    },
    proving("a proof of no recovery", .unknownRecovery) { village, address in
      (7, try village.attested(0, for: address))
    },
  ]

  private static let payees: [BadCase] = [
    by(0, "a payee while the key is being recovered", .recoveryUnderWay) { village in
      _ = try village.recovering(0)
      return try MutualAid.setPayee(membership: 0, commitment: .label("payee", 1))
    },
    BadCase("a payee of 31 bytes", .malformed) { village in
      var wire = WireSetPayee()
      wire.commitment = Data(repeating: 1, count: 31)
      return try village.sent(.setPayee, encodedBytes(of: wire), by: village.owner(of: 0))
    },
    by(.custodian, "a payout to a payee whose change has not taken effect", .wrongPayee) { village in
      let number = try village.settled(0)
      try village.succeed(
        MutualAid.setPayee(membership: 0, commitment: .label("payee", 1)), by: village.owner(of: 0))
      return try MutualAid.confirmPayout(
        caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference, payee: .label("payee", 1))
    },
    by(.custodian, "a payout that names nobody where a payee is named", .wrongPayee) { village in
      let number = try village.settled(0)
      try village.succeed(
        MutualAid.setPayee(membership: 0, commitment: .label("payee", 1)), by: village.owner(of: 0))
      village.chain.advance(days: 7)
      return try MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference)
    },
    by(.custodian, "a refund to whom nobody named", .wrongPayee) { village in
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      return try MutualAid.confirmRefund(refund: 0, reference: .reference, payee: .label("payee", 1))
    },
    by(0, "an heir after the death", .deathReported) { village in
      try village.succeed(MutualAid.reportDeath(membership: 0, day: village.today), by: village.officer(.identity))
      return try MutualAid.setHeir(membership: 0, commitment: .label("heir", 1))
    },
    by(.identity, "a second death", .deathReported) { village in
      let report = try MutualAid.reportDeath(membership: 0, day: village.today)
      try village.succeed(report, by: village.officer(.identity))
      return report
    },
    by(.identity, "a death of tomorrow", .badDeathDay) { village in
      try MutualAid.reportDeath(membership: 0, day: village.today + 1)
    },
    by(.identity, "a death before the join", .badDeathDay) { village in
      try MutualAid.reportDeath(membership: 0, day: village.day(-1))
    },
    by(0, "a claim for a day after the death", .notFunded) { village in
      let day = village.today
      try village.succeed(MutualAid.reportDeath(membership: 0, day: day - 1), by: village.officer(.identity))
      return try village.file(0, on: day)
    },
  ]

  private static let ownership: [BadCase] = [
    BadCase("a child of five who takes over", .notOfAge) { village in
      let key = try Village.key("child")
      let proven = try village.attested(Village.child, for: key.publicKey.address)
      return try village.sent(MutualAid.takeOver(membership: Village.child, proven), by: key)
    },
    by(0, "an owner who takes her own membership over", .ownerUnchanged) { village in
      try MutualAid.takeOver(
        membership: 0, village.attested(0, for: village.owner(of: 0).publicKey.address))
    },
    BadCase("a membership that has ended", .membershipEnded) { village in
      let key = try Village.key("insured")
      try village.succeed(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      let proven = try village.attested(0, for: key.publicKey.address)
      return try village.sent(MutualAid.takeOver(membership: 0, proven), by: key)
    },
    BadCase("an attestation of before the join", .notAttestedAnew) { village in
      let (person, key) = (try TestPerson(41), try Village.key("insured"))
      var row = person.attestation(plan: 0)
      row.owner = key.publicKey.address
      let proven = try village.chain.attest([row], plan: 0)[0]
      village.chain.advance(seconds: 1)
      let membership = try village.waiting(person)
      return try village.sent(MutualAid.takeOver(membership: membership, proven), by: key)
    },
  ]

  private static let illness: [BadCase] = [
    by(0, "an illness after the waiting period", .notRefunded) { try $0.illness(of: 0) },
    by(Village.calendarPayer, "an illness where the convention pays nothing back", .notRefunded) { village in
      try village.illness(of: Village.calendarPayer, on: village.day(20))
    },
    by(Village.unpaid, "an illness of who never paid", .notRefunded) { try $0.illness(of: Village.unpaid) },
    by(0, "an illness of a day to come", .futureDiagnosis) { try $0.illness(of: 0, on: $0.today + 1) },
    by(0, "an illness beside an open case", .caseOpen) { village in
      _ = try village.filed(0)
      return try village.illness(of: 0, on: village.day(10))
    },
    by(0, "an illness of a class nobody knows", .notCovered) { village in
      try village.illness(of: 0, on: village.day(10), diseaseClass: 9)
    },
    by(.hospital, "an illness that one organisation reports twice", .illnessReported) { village in
      let report = try village.illness(of: 0, on: village.day(10))
      try village.succeed(report, by: village.officer(.hospital))
      return report
    },
    by(0, "an illness too long ago", .filedTooLate) { village in
      let day = village.day(10)
      village.chain.advance(days: 181)
      return try village.illness(of: 0, on: day)
    },
  ]

  private static let groups: [BadCase] = [
    by(.platform, "a group of no kind", .malformed) { village in
      var wire = WireRegisterGroup()
      wire.kind = 3
      wire.payer = Data(try Village.payer.get().publicKey.address.bytes)
      return Action(
        contract: MutualAid.name, kind: MutualAidAction.registerGroup.rawValue, payload: try encodedBytes(of: wire))
    },
    BadCase("people enrolled by another account", .notThePayer) { village in
      let number = try village.group()
      let rows = try village.enrolments([try TestPerson(50)])
      return try village.sent(MutualAid.enrol(group: number), by: village.owner(of: 0), rows: rows)
    },
    BadCase("people of no group", .unknownGroup) { village in
      let rows = try village.enrolments([try TestPerson(50)])
      return try village.sent(MutualAid.enrol(group: 0), by: village.officer(.platform), rows: rows)
    },
    BadCase("a row a byte short", .badRow) { village in
      let number = try village.group()
      var rows = try village.enrolments([try TestPerson(50), try TestPerson(51)])
      rows[1].removeLast()
      return try village.sent(MutualAid.enrol(group: number), by: Village.payer.get(), rows: rows)
    },
    BadCase("more people than a group holds", .groupFull) { village in
      let number = try village.group()
      // Counted before they are read.
      return try village.sent(
        MutualAid.enrol(group: number), by: Village.payer.get(),
        rows: Array(repeating: [1], count: GroupRecord.maximumMembers + 1))
    },
    by(.custodian, "a payment for no group", .unknownGroup) { try $0.groupPayment(3, fen: 300) },
    by(.custodian, "a payment under a number ahead", .depositOutOfTurn) { village in
      try village.groupPayment(village.staff(), fen: 300, ahead: 1)
    },
    by(.custodian, "a payment of nothing for a group", .badDeposit) { try $0.groupPayment($0.staff(), fen: 0) },
    by(.custodian, "a payment for a group reported twice", .referenceUsed) { village in
      let number = try village.staff()
      try village.succeed(village.groupPayment(number, fen: 300), by: village.officer(.custodian))
      return try village.groupPayment(number, fen: 300)
    },
    by(0, "leaving a group she is not in", .notInGroup) { _ in try MutualAid.leaveGroup(membership: 0) },
  ]

  private static let consents: [BadCase] = [
    by(0, "a consent that is over already", .malformed) { try $0.consent(of: 0, until: $0.chain.nextTime) },
    by(0, "taking back a consent nobody gave", .unknownConsent) { _ in try MutualAid.withdrawConsent(0) },
    by(1, "taking back another's consent", .notTheOwner) { village in
      try village.succeed(village.consent(of: 0), by: village.owner(of: 0))
      return try MutualAid.withdrawConsent(0)
    },
    by(0, "taking back a consent that is over", .unknownConsent) { village in
      try village.succeed(village.consent(of: 0), by: village.owner(of: 0))
      village.chain.advance(days: 30)
      return try MutualAid.withdrawConsent(0)
    },
  ]
}
