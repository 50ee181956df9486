internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

/// Illness within the waiting period: no aid, but where the convention says so the shares given since go back, and
/// the membership ends.
extension MutualAid {
  /// Who reports such an illness beside the owner.
  static let illnessReporters: Role = [.hospital, .platform, .insurer, .charity, .auditor]

  /// The record of a membership in `illnesses`; `nil` where there is none.
  public func illness(of membership: UInt32) -> IllnessRecord? {
    illnesses.find(MembershipKey.key(of: membership)).map { illnesses[$0] }
  }

  /// The owner reports an illness, or two organisations do; one alone ends nobody's membership.
  ///
  /// - Parameter organisation: whose officer reports; `nil` for the owner.
  mutating func reportIllness(
    _ wire: WireReportIllness, membership ordinal: Int, by organisation: UInt16?, at time: Timestamp
  ) throws(LedgerError) {
    let report = try illness(wire, of: ordinal, by: organisation, at: time)
    let membership = UInt32(ordinal)
    let known = illnesses.find(MembershipKey.key(of: membership))
    if let known, let organisation {
      guard illnesses[known].first != organisation + 1 else {
        throw LedgerError(.illnessReported, "another organisation has to report the same")
      }
    }
    let isSame = known.map { place in
      (illnesses[place].diseaseClass, illnesses[place].diagnosed) == (report.diseaseClass, report.diagnosed)
    }
    guard let known else {
      guard let place = try? illnesses.insert(report) else {
        preconditionFailure("the membership is neither known nor new")
      }
      if organisation == nil { confirm(illness: place, of: membership, at: time) }
      return
    }
    illnesses.update(known) { record in
      if isSame == true {
        record.second = organisation.map { $0 + 1 } ?? 0
      } else {
        // The last word stands until a second organisation says the same.
        record.diseaseClass = report.diseaseClass
        record.diagnosed = report.diagnosed
        record.documents = report.documents
        record.first = report.first
        record.reportedAt = report.reportedAt
      }
    }
    if isSame == true || organisation == nil { confirm(illness: known, of: membership, at: time) }
  }

  private mutating func confirm(illness place: Int, of membership: UInt32, at time: Timestamp) {
    illnesses.update(place) { record in
      record.status = .confirmed
      record.confirmedAt = time
    }
    depart(membership, .illness, at: time)
  }

  /// What is reported, if the convention pays shares back for it.
  private func illness(
    _ wire: WireReportIllness, of ordinal: Int, by organisation: UInt16?, at time: Timestamp
  ) throws(LedgerError) -> IllnessRecord {
    let member = memberships[ordinal]
    guard let documents = Hash(wire.documents) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard member.status == .active else { throw LedgerError(.membershipEnded, "it has ended or is about to") }
    guard member.openCase == 0 else { throw LedgerError(.caseOpen, "a case is not closed") }
    let diagnosis = CivilDate.midnight(dayNumber: wire.diagnosed)
    let convention = indexes[Int(member.plan)].convention(at: diagnosis)
    guard diagnosis <= time else { throw LedgerError(.futureDiagnosis, "a diagnosis of a day to come") }
    guard time <= diagnosis.adding(days: UInt64(convention.filingDays)) else {
      throw LedgerError(.filedTooLate, "more than \(convention.filingDays) days after the diagnosis")
    }
    let waitedFor = member.waitingFrom.adding(days: UInt64(convention.waitingDays))
    guard convention.waitingIllness == .refund, member.wasFunded,
      diagnosis >= CivilDate(member.waitingFrom).midnight, diagnosis < waitedFor
    else { throw LedgerError(.notRefunded, "for an illness within the waiting period, where the convention says so") }
    let age = CivilDate(diagnosis).age(bornInMonth: member.birthMonth)
    guard let diseaseClass = UInt8(exactly: wire.diseaseClass),
      convention.aid(diseaseClass: diseaseClass, ageYears: age) != nil
    else { throw LedgerError(.notCovered, "the convention pays nothing for this class at this age") }
    return IllnessRecord(
      membership: UInt32(ordinal), diseaseClass: diseaseClass, first: organisation.map { $0 + 1 } ?? 0,
      diagnosed: wire.diagnosed, documents: documents, reportedAt: time)
  }

  /// Ends a membership and pays back what it gave in shares since the waiting period began, out of the plan's reserve
  /// as far as that reaches; the balance goes back as it always does.
  mutating func endByIllness(_ ordinal: UInt32, at time: Timestamp) {
    let member = memberships[Int(ordinal)]
    let plan = Int(member.plan)
    let gave = sharesSinceWaiting(of: member)
    let back = Amount(micro: min(gave, plans[plan].money.reserve)).wholeFen.fen.micro
    refundFromReserve(.shares, back, to: ordinal, of: member.plan, at: time)
    if let place = illnesses.find(MembershipKey.key(of: ordinal)) {
      illnesses.update(place) { record in
        record.status = .paidBack
        record.shares = back
      }
    }
    change(ordinal, .illness, amount: back, at: time)
    end(ordinal, at: time)
  }

  /// What a membership gave since its waiting period began: the shares of the settlements after that moment, as far
  /// as its balance reached, with what was made good for a gap.
  func sharesSinceWaiting(of member: MembershipRecord) -> Int64 {
    guard member.wasFunded else { return 0 }
    let reached = min(member.exhaustsAt, plans[Int(member.plan)].cumulative)
    return max(0, reached - cumulative(of: member.plan, at: member.waitingFrom))
  }

  /// C after the settlements up to a moment, those of the moment itself included.
  func cumulative(of plan: UInt16, at moment: Timestamp) -> Int64 {
    let list = indexes[Int(plan)].settlements
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if settlements[Int(list[middle])].time <= moment { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : settlements[Int(list[low - 1])].cumulative
  }
}
