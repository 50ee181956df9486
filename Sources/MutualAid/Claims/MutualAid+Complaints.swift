internal import Consortium
internal import Ledger
internal import TransparencyLog

/// The complaints desk: everybody sees what is open, and for how long.
extension MutualAid {
  /// Complaints that a membership may have open.
  public static let maximumComplaints = 3
  /// Days within which a complaint is to be answered.
  public static let complaintDays: UInt64 = 15

  /// A member complains.
  mutating func complain(
    _ wire: WireComplain, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    _ = try owned(wire.membership, by: sender)
    guard let about = UInt8(exactly: wire.about).flatMap({ ComplaintRecord.Subject(rawValue: $0) }),
      let reason = UInt8(exactly: wire.reason).flatMap({ ComplaintRecord.Reason(rawValue: $0) }),
      let content = Hash(wire.content)
    else { throw LedgerError(.malformed, "no such subject or reason, or a commitment that has not 32 bytes") }
    let concerned = try concerned(about, wire.ordinal, consortium: consortium)
    guard complaining[wire.membership, default: 0] < MutualAid.maximumComplaints else {
      throw LedgerError(.tooManyComplaints, "at most \(MutualAid.maximumComplaints) without an answer")
    }
    openComplaints.append(UInt32(complaints.count))
    complaining[wire.membership, default: 0] += 1
    complaints.append(
      ComplaintRecord(
        membership: wire.membership, about: about, ordinal: wire.ordinal, reason: reason, concerned: concerned,
        filedAt: time, content: content))
  }

  /// The organisation that answers: a case's investigator, or the custodian until there is one; the custodian of a
  /// membership's plan; the organisation itself.
  private func concerned(
    _ about: ComplaintRecord.Subject, _ ordinal: UInt32, consortium: Consortium
  ) throws(LedgerError) -> UInt16 {
    switch about {
    case .claim:
      let record = cases[try claim(ordinal)]
      return record.investigator == 0 ? plans[Int(record.plan)].custodian : record.investigator - 1
    case .membership: return plans[Int(memberships[try membership(ordinal)].plan)].custodian
    case .organisation:
      _ = try consortium.roles(of: ordinal)
      return UInt16(truncatingIfNeeded: ordinal)
    }
  }

  /// The organisation concerned answers, or the platform.
  mutating func answer(
    _ wire: WireAnswerComplaint, by organisation: UInt16, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let number = Int(wire.complaint)
    guard number < complaints.count else { throw LedgerError(.unknownComplaint, "no complaint \(wire.complaint)") }
    let isPlatform = try consortium.roles(of: UInt32(organisation)).contains(.platform)
    guard complaints[number].concerned == organisation || isPlatform else {
      throw LedgerError(.notConcerned, "organisation \(complaints[number].concerned) or the platform answers")
    }
    guard complaints[number].answeredAt == .zero else {
      throw LedgerError(.complaintAnswered, "answered before")
    }
    guard let answer = Hash(wire.answer) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    complaints.update(number) { record in
      record.answeredAt = time
      record.answeredBy = organisation + 1
      record.answer = answer
    }
    openComplaints.removeAll { $0 == wire.complaint }
    let left = complaining[complaints[number].membership, default: 1] - 1
    complaining[complaints[number].membership] = left == 0 ? nil : left
  }
}
