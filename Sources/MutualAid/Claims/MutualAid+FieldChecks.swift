internal import Consortium
internal import Ledger
internal import TransparencyLog

/// Volunteers near the place look for an investigator. Where it is, the platform tells them off the chain.
extension MutualAid {
  /// Checks that may be asked for on a case.
  public static let maximumFieldChecks = 5

  /// The investigator of a case asks for a look at the place.
  mutating func askFieldCheck(
    _ wire: WireAskFieldCheck, by organisation: UInt16, at time: Timestamp
  ) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .report)
    guard cases[number].investigator == organisation + 1 else {
      throw LedgerError(.notAssigned, "case \(wire.case) was handed to another organisation")
    }
    guard fieldChecks(of: wire.case).count < MutualAid.maximumFieldChecks else {
      throw LedgerError(.tooManyFieldChecks, "at most \(MutualAid.maximumFieldChecks) checks of a case")
    }
    checksByCase[wire.case, default: []].append(UInt32(fieldChecks.count))
    fieldChecks.append(FieldCheckRecord(caseOrdinal: wire.case, askedAt: time))
  }

  /// The platform sends a volunteer from the list, or another in place of one who is silent.
  mutating func sendFieldCheck(_ wire: WireSendFieldCheck, at time: Timestamp) throws(LedgerError) {
    let check = try fieldCheck(wire.check)
    guard fieldChecks[check].status == .asked || fieldChecks[check].status == .sent else {
      throw LedgerError(.wrongFieldCheckState, "it was reported")
    }
    let number = try caseNumber(fieldChecks[check].caseOrdinal, for: .report)
    let ordinal = try membership(wire.membership)
    let (record, member) = (cases[number], memberships[ordinal])
    guard member.volunteer != 0, volunteers[Int(member.volunteer) - 1].isReady, member.plan == record.plan,
      isPayer(ordinal, at: time), member.owner != memberships[Int(record.membership)].owner,
      !hasChecked(wire.membership, UInt32(number))
    else { throw LedgerError(.unfitVolunteer, "somebody else than these, from the list of the plan's volunteers") }
    fieldChecks.update(check) { record in
      record.membership = wire.membership + 1
      record.status = .sent
      record.changedAt = time
    }
  }

  /// The volunteer reports, while the investigator is at work.
  mutating func reportFieldCheck(
    _ wire: WireReportFieldCheck, sender: Address, at time: Timestamp
  ) throws(LedgerError) {
    let check = try fieldCheck(wire.check)
    guard fieldChecks[check].status == .sent else {
      throw LedgerError(.wrongFieldCheckState, "nobody was sent, or it was reported")
    }
    guard memberships[Int(fieldChecks[check].membership) - 1].owner == sender else {
      throw LedgerError(.notTheOwner, "another volunteer was sent")
    }
    _ = try caseNumber(fieldChecks[check].caseOrdinal, for: .report)
    guard let report = Hash(wire.report) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    fieldChecks.update(check) { record in
      record.status = wire.agrees ? .agrees : .disagrees
      record.report = report
      record.changedAt = time
    }
  }

  /// The checks of a case, in the order in which they were asked for.
  public func fieldChecks(of number: UInt32) -> [FieldCheckRecord] {
    (checksByCase[number] ?? []).map { fieldChecks[Int($0)] }
  }

  /// Whether a membership was sent to look at a case: then it does not judge it.
  func hasChecked(_ membership: UInt32, _ number: UInt32) -> Bool {
    (checksByCase[number] ?? []).contains { fieldChecks[Int($0)].membership == membership + 1 }
  }

  private func fieldCheck(_ number: UInt32) throws(LedgerError) -> Int {
    guard Int(number) < fieldChecks.count else { throw LedgerError(.unknownFieldCheck, "no check \(number)") }
    return Int(number)
  }
}
