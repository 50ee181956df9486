public import Consortium
internal import Crypto
public import Ledger
public import MutualAid
internal import TransparencyLog

/// The identity authority's side: what it attests about a person, without saying who she is.
public struct IdentityAuthority: Sendable {
  /// The officer who signs for the authority.
  public let officer: SigningKey

  /// The authority of an officer's key. In this version the secret for nullifiers follows from it.
  public init(officer: SigningKey) { self.officer = officer }

  /// A person's row for one plan.
  ///
  /// - Parameters:
  ///   - identity: her identity number, or whatever stands for one person and no other. Only a MAC of it leaves.
  ///   - born: month of birth, year × 12 + month − 1.
  ///   - rules: the plan's convention, which says from how many days of life one may join.
  ///   - now: the attestation is valid for thirty days from then.
  /// - Throws: `membership.too_young` where she may not join yet.
  public func attest(
    plan: UInt16, owner: Address, identity: [UInt8], born: UInt16, rules: Convention, at now: Timestamp
  ) throws(LedgerError) -> Attestation {
    // Of a month it is certain that it is over by its last day: nobody is let in too early.
    let lastDay = CivilDate.midnight(month: Int(born) + 1)
    let earliest = lastDay.adding(days: UInt64(rules.ages.joinFromDays))
    guard earliest <= now else {
      throw LedgerError(.tooYoung, "one may join from \(rules.ages.joinFromDays) days of life")
    }
    return Attestation(
      plan: plan, birthMonth: born, owner: owner, earliestJoin: earliest, expiry: now.adding(days: 30),
      nullifier: nullifier(plan: plan, identity: identity))
  }

  /// Stands for one person in one plan: HMAC-SHA256 of her identity number.
  private func nullifier(plan: UInt16, identity: [UInt8]) -> Hash {
    let key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: officer.seed), salt: [UInt8](), info: Domain.tag("nullifier-key"),
      outputByteCount: 32)
    let code = HMAC<SHA256>.authenticationCode(
      for: [UInt8(plan >> 8), UInt8(plan & 255)] + identity, using: key)
    return Hash(Array(code)) ?? .zero
  }
}
