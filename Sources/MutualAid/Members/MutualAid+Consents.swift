internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// An owner consents to a use of what is known about her, until a moment.
  mutating func giveConsent(_ wire: WireGiveConsent, sender: Address, at time: Timestamp) throws(LedgerError) {
    let ordinal = try owned(wire.membership, by: sender)
    guard let purpose = UInt16(exactly: wire.purpose).flatMap({ ConsentRecord.Purpose(rawValue: $0) }) else {
      throw LedgerError(.malformed, "no such purpose")
    }
    guard let commitment = Hash(wire.commitment) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let until = try Timestamp(validating: wire.until)
    guard until > time else { throw LedgerError(.malformed, "a consent holds until a moment to come") }
    consents.append(
      ConsentRecord(
        membership: UInt32(ordinal), purpose: purpose, commitment: commitment, givenAt: time, until: until))
  }

  /// She takes it back; what was done in between stays done.
  mutating func withdrawConsent(
    _ wire: WireWithdrawConsent, sender: Address, at time: Timestamp
  ) throws(LedgerError) {
    guard let membership = consented(wire.consent) else {
      throw LedgerError(.unknownConsent, "no consent \(wire.consent)")
    }
    _ = try owned(membership, by: sender)
    guard consents[Int(wire.consent)].isInForce(at: time) else {
      throw LedgerError(.unknownConsent, "it is over, or was taken back")
    }
    consents.update(Int(wire.consent)) { $0.withdrawnAt = time }
  }

  /// The membership of a consent; `nil` for one that is not there.
  func consented(_ consent: UInt32) -> UInt32? {
    Int(consent) < consents.count ? consents[Int(consent)].membership : nil
  }
}
