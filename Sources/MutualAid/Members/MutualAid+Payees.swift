internal import Consortium
internal import FoundationEssentials
public import Ledger
public import TransparencyLog

/// Who is paid: the owner, or whom she named; after a death the heir (docs/members.md).
extension MutualAid {
  /// The record of a membership in `beneficiaries`; `nil` where there is none.
  public func beneficiary(of membership: UInt32) -> BeneficiaryRecord? {
    guard memberships[Int(membership)].marks.contains(.named) else { return nil }
    return beneficiaries.find(MembershipKey.key(of: membership)).map { beneficiaries[$0] }
  }

  /// The payee of record at a moment: the commitment that a payment has to name, zero where it goes to the owner.
  ///
  /// After the insured's death it is her heir, and where none was named, her payee.
  public func payee(of membership: UInt32, at time: Timestamp) -> Hash {
    guard let record = beneficiary(of: membership) else { return .zero }
    let recovery = recovery(of: memberships[Int(membership)].owner)
    if record.diedOn != 0 {
      let heir = record.heir.inForce(at: time, recovery: recovery)
      if heir != .zero { return heir }
    }
    return record.payee.inForce(at: time, recovery: recovery)
  }

  /// Whether a payment for a membership may go to whom it names.
  ///
  /// - Parameter named: a commitment, or nothing for the owner.
  /// - Throws: `account.frozen`, `payee.not_of_record`, `encoding.malformed`.
  func requirePayee(_ named: Data, of membership: UInt32, at time: Timestamp) throws(LedgerError) {
    let member = memberships[Int(membership)]
    // The dead can prove nothing, and whoever has their key is not paid.
    guard member.marks.contains(.deceased) || !isFrozen(member.owner) else {
      throw LedgerError(.accountFrozen, "until its owner proves who she is")
    }
    guard let named = named.isEmpty ? .zero : Hash(named) else {
      throw LedgerError(.malformed, "a commitment has 32 bytes")
    }
    guard named == payee(of: membership, at: time) else {
      throw LedgerError(.wrongPayee, "another is the payee of record")
    }
  }

  /// The same for a refund. A credit that could not be placed goes back to its payer, and what no membership is named
  /// for goes to a charity, whoever is named.
  func requirePayee(_ named: Data, of refund: RefundRecord, at time: Timestamp) throws(LedgerError) {
    guard refund.kind == .suspense || refund.membership == 0 else {
      return try requirePayee(named, of: refund.membership - 1, at: time)
    }
    guard named.isEmpty else { throw LedgerError(.wrongPayee, "no member is paid here") }
    guard refund.membership == 0 || !isFrozen(memberships[Int(refund.membership) - 1].owner) else {
      throw LedgerError(.accountFrozen, "until its owner proves who she is")
    }
  }

  /// The owner names a payee, in seven days.
  mutating func setPayee(_ wire: WireSetPayee, sender: Address, at time: Timestamp) throws(LedgerError) {
    let (ordinal, commitment) = try naming(wire.membership, wire.commitment, sender: sender)
    let recovery = recovery(of: sender)
    beneficiaries.update(beneficiaryPlace(ordinal)) { $0.payee.name(commitment, at: time, recovery: recovery) }
    change(ordinal, .setPayee, commitment: commitment, at: time)
  }

  /// The owner names an heir, in seven days.
  mutating func setHeir(_ wire: WireSetHeir, sender: Address, at time: Timestamp) throws(LedgerError) {
    let (ordinal, commitment) = try naming(wire.membership, wire.commitment, sender: sender)
    let recovery = recovery(of: sender)
    beneficiaries.update(beneficiaryPlace(ordinal)) { $0.heir.name(commitment, at: time, recovery: recovery) }
    change(ordinal, .setHeir, commitment: commitment, at: time)
  }

  private func naming(
    _ membership: UInt32, _ bytes: Data, sender: Address
  ) throws(LedgerError) -> (membership: UInt32, commitment: Hash) {
    let ordinal = try owned(membership, by: sender)
    guard let commitment = Hash(bytes) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard !memberships[ordinal].marks.contains(.deceased) else {
      throw LedgerError(.deathReported, "the insured has died")
    }
    try requireNoRecovery(of: sender)
    return (UInt32(ordinal), commitment)
  }

  /// Where a membership's record is, which is made where there is none.
  private mutating func beneficiaryPlace(_ membership: UInt32) -> Int {
    if let place = beneficiaries.find(MembershipKey.key(of: membership)) { return place }
    guard let place = try? beneficiaries.insert(BeneficiaryRecord(membership: membership)) else {
      preconditionFailure("the membership is neither known nor new")
    }
    memberships.update(Int(membership)) { $0.marks.formUnion(.named) }
    return place
  }

  /// Who takes a membership over names her own payee and heir.
  mutating func forgetBeneficiaries(of membership: UInt32) {
    guard let place = beneficiaries.find(MembershipKey.key(of: membership)) else { return }
    beneficiaries.update(place) { record in
      record.payee = NamedParty()
      record.heir = NamedParty()
    }
  }

  /// The plan's identity authority reports a death. Cover ends with that day; what fell due before stays due.
  mutating func reportDeath(
    _ wire: WireReportDeath, by organisation: UInt16, at time: Timestamp
  ) throws(LedgerError) {
    let ordinal = try membership(wire.membership)
    let member = memberships[ordinal]
    guard plans[Int(member.plan)].identity == organisation else {
      throw LedgerError(.wrongRole, "another authority attests this plan's people")
    }
    guard !member.marks.contains(.deceased) else { throw LedgerError(.deathReported, "reported before") }
    guard wire.day > 0, Int(wire.day) >= CivilDate(member.joinedAt).dayNumber,
      CivilDate.midnight(dayNumber: wire.day) <= time
    else { throw LedgerError(.badDeathDay, "a day from the join until today") }
    let place = beneficiaryPlace(UInt32(ordinal))
    beneficiaries.update(place) { $0.diedOn = wire.day }
    change(UInt32(ordinal), .death, number: UInt64(wire.day), at: time) { record in
      record.marks.insert(.deceased)
      // Of a membership that ended later than she died.
      if record.status == .ended { record.coverDays = min(record.coverDays, record.coverDays(until: wire.day)) }
    }
    guard member.status == .active else { return }
    depart(UInt32(ordinal), .death, at: time)
  }

  /// The day of an insured person's death; `nil` where none was reported.
  public func deathDay(of membership: UInt32) -> UInt32? {
    guard memberships[Int(membership)].marks.contains(.deceased) else { return nil }
    return beneficiary(of: membership)?.diedOn
  }
}
