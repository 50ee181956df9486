import Consortium
import Ledger
import TestSupport
import TransparencyLog

@testable import MutualAid

/// What the members' side needs: keys lost, names given, people who come of age, groups.
extension Village {
  static func key(_ label: String) throws -> SigningKey { try SigningKey(label: label) }

  /// The platform and the auditor propose the same key for the owner of a membership; the delay runs. Its ordinal.
  mutating func recovering(_ membership: UInt32, to label: String = "new") throws -> UInt32 {
    let number = UInt32(chain.state.recoveries.count)
    let action = try MutualAid.proposeRecovery(membership: membership, to: Village.key(label).publicKey)
    for role in [Role.platform, .auditor] { try succeed(action, by: officer(role)) }
    return number
  }

  /// The same, and the present key forbids it.
  mutating func vetoed(_ membership: UInt32, to label: String = "new") throws -> UInt32 {
    let number = try recovering(membership, to: label)
    try succeed(MutualAid.vetoRecovery(number), by: owner(of: membership))
    return number
  }

  /// The identity authority attests the person of a membership for another owner.
  mutating func attested(
    _ membership: UInt32, for owner: Address, _ change: (inout Attestation) -> Void = { _ in }
  ) throws -> ProvenAttestation {
    var row = try Village.owners.get()[Int(membership)].attestation(plan: chain.state.memberships[Int(membership)].plan)
    row.owner = owner
    change(&row)
    return try chain.attest([row], plan: row.plan)[0]
  }

  /// A membership of plan 0 that has just paid 10 yuan and waits; its ordinal.
  mutating func waiting(_ person: TestPerson) throws -> UInt32 {
    try chain.join([person], plan: 0, paying: 10)[0]
  }

  /// An illness of today.
  func illness(of membership: UInt32, on day: UInt32? = nil, diseaseClass: UInt8 = 1) throws -> Action {
    try MutualAid.reportIllness(
      membership: membership, diseaseClass: diseaseClass, diagnosed: day ?? today,
      documents: .label("documents", UInt64(membership)))
  }

  /// The key of the account that pays for groups; nobody registered it.
  static let payer = Result { try SigningKey(label: "employer") }

  /// Registers an employer of plan 0; the group's ordinal.
  mutating func group(plan: UInt16 = 0) throws -> UInt32 {
    let number = UInt32(chain.state.groups.count)
    let payer = try Village.payer.get().publicKey.address
    try succeed(MutualAid.registerGroup(plan: plan, kind: .employer, payer: payer), by: officer(.platform))
    return number
  }

  /// The rows by which people are enrolled.
  mutating func enrolments(_ people: [TestPerson], plan: UInt16 = 0) throws -> [[UInt8]] {
    try chain.attest(people.map { $0.attestation(plan: plan) }, plan: plan).map { proven in
      let bytes = proven.attestation.nullifier.bytes
      return Enrolment.row(proven, insured: .sha256(bytes + [1]), health: .sha256(bytes + [2]))
    }
  }

  /// An employer with three people, memberships 7 to 9.
  mutating func staff() throws -> UInt32 {
    let number = try group()
    let rows = try enrolments((50..<53).map { try TestPerson($0) })
    try succeed(MutualAid.enrol(group: number), by: Village.payer.get(), rows: rows)
    return number
  }

  /// One payment for a group, under the custodian's next number.
  func groupPayment(_ group: UInt32, fen: Int64, ahead: UInt64 = 0, reference: Hash = .reference) throws -> Action {
    let plan = Int(group) < chain.state.groups.count ? Int(chain.state.groups[Int(group)].plan) : 0
    return try MutualAid.groupDeposit(
      group: group, number: chain.state.plans[plan].nextDeposit + ahead,
      amount: Amount(micro: fen * Amount.microPerFen), reference: reference)
  }

  func consent(of membership: UInt32, until: Timestamp? = nil) throws -> Action {
    try MutualAid.giveConsent(
      membership: membership, purpose: .medicalRecords, commitment: .label("text", 1),
      until: until ?? chain.nextTime.adding(days: 30))
  }

  /// The payee of record of a membership now.
  func payee(of membership: UInt32) -> Hash { chain.state.payee(of: membership, at: chain.nextTime) }
}
