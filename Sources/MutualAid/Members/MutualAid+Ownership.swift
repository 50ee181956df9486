internal import Consortium
internal import Ledger
internal import TransparencyLog

/// Whose a membership is. The owner pays and acts, the insured is who falls ill: parents own their children's
/// memberships, and children those of their parents (docs/members.md).
extension MutualAid {
  /// The age in whole years from which the insured may own her membership.
  static let ageOfOwners = 18

  /// The insured, of age, takes her membership over: history, balance and waiting period go on, and the owner of
  /// before has no part in it any more.
  ///
  /// The attestation is younger than her birthday and than the membership: one by which another may have joined for
  /// her as a child does not count.
  mutating func takeOver(
    _ wire: WireTakeOver, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let ordinal = try membership(wire.membership)
    let member = memberships[ordinal]
    let row = try attested(CarriedRow(wire), for: ordinal, sender: sender, consortium: consortium, at: time)
    guard member.status != .ended else { throw LedgerError(.membershipEnded, "the membership has ended") }
    guard member.owner != sender else { throw LedgerError(.ownerUnchanged, "it is hers already") }
    guard CivilDate(time).age(bornInMonth: member.birthMonth) >= MutualAid.ageOfOwners else {
      throw LedgerError(.notOfAge, "from the month in which the insured turns \(MutualAid.ageOfOwners)")
    }
    let ofAge = CivilDate.midnight(month: Int(member.birthMonth) + 12 * MutualAid.ageOfOwners)
    guard row.attestedAt >= max(ofAge, member.joinedAt) else {
      throw LedgerError(.notAttestedAnew, "attested before she was of age, or before the join")
    }
    guard !member.marks.contains(.deceased) else { throw LedgerError(.deathReported, "the insured has died") }
    forgetBeneficiaries(of: UInt32(ordinal))
    leaveGroup(UInt32(ordinal))
    change(UInt32(ordinal), .takeOver, commitment: sender.key, at: time) { $0.owner = sender }
  }
}
