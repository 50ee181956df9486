internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// A member objects to a case in notice. The objection that reaches the convention's number takes the case out of
  /// its notice and brings it before a jury.
  mutating func object(_ wire: WireObject, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .object)
    let ordinal = try owned(wire.membership, by: sender)
    guard let evidence = Hash(wire.evidence) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard let reason = UInt16(exactly: wire.reason).flatMap({ ObjectionRecord.Reason(rawValue: $0) }) else {
      throw LedgerError(.malformed, "no such reason")
    }
    let record = cases[number]
    try requirePayer(ordinal, of: record.plan, at: time)
    guard memberships[Int(record.membership)].owner != sender else {
      throw LedgerError(.ownCase, "nobody objects to her own case")
    }
    guard !hasObjected(UInt32(ordinal), to: record) else {
      throw LedgerError(.alreadyObjected, "one objection of a membership to a case")
    }
    guard !record.marks.contains(.heard) else { throw LedgerError(.alreadyHeard, "a jury has heard this case") }
    let contest = rules(of: record).contest
    let year = UInt16(CivilDate(time).year)
    let made = memberships[ordinal].objectionYear == year ? memberships[ordinal].objections : 0
    guard Int(made) < contest.objectionsAYear else {
      throw LedgerError(.tooManyObjections, "at most \(contest.objectionsAYear) objections a year")
    }
    memberships.update(ordinal) { member in
      member.objectionYear = year
      member.objections = made + 1
    }
    objections.append(
      ObjectionRecord(
        caseOrdinal: UInt32(number), membership: UInt32(ordinal), previous: record.lastObjection, reason: reason,
        time: time, evidence: evidence))
    cases.update(number) { record in
      record.objections += 1
      record.lastObjection = UInt32(objections.count)
    }
    guard Int(record.objections) + 1 >= contest.objections else { return }
    takeOut(number)
    cases.update(number) { $0.marks.subtract(.redrawn) }
    self.contest(number, .object, at: time)
  }

  /// Within the convention's days after a refusal its owner may have a jury look at the case, once.
  mutating func appeal(_ wire: WireAppeal, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .appeal)
    let record = cases[number]
    let member = memberships[Int(record.membership)]
    guard member.owner == sender else { throw LedgerError(.notTheOwner, "the case belongs to somebody else") }
    guard Hash(wire.evidence) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard !record.marks.contains(.appealed) else {
      throw LedgerError(.alreadyAppealed, "a case is appealed once")
    }
    let days = rules(of: record).contest.appealDays
    guard days > 0, time <= record.refusedAt.adding(days: UInt64(days)) else {
      throw LedgerError(.appealTooLate, "within \(days) days of the refusal")
    }
    guard member.openCase == 0 else { throw LedgerError(.caseOpen, "another case is not closed") }
    memberships.update(Int(record.membership)) { $0.openCase = UInt32(number) + 1 }
    cases.update(number) { record in
      record.marks.insert(.appealed)
      record.marks.remove(.redrawn)
    }
    contest(number, .appeal, at: time)
  }

  /// A member with a balance whose waiting period is over: she bears the cost, so she may object and judge.
  func requirePayer(_ ordinal: Int, of plan: UInt16, at time: Timestamp) throws(LedgerError) {
    guard memberships[ordinal].plan == plan, isPayer(ordinal, at: time) else {
      throw LedgerError(.notCovering, "for members of the plan with a balance, past their waiting period")
    }
  }

  func isPayer(_ ordinal: Int, at time: Timestamp) -> Bool {
    let member = memberships[ordinal]
    let plan = Int(member.plan)
    return member.status == .active && member.balance(cumulative: plans[plan].cumulative) > 0
      && time >= member.waitingFrom.adding(days: UInt64(indexes[plan].convention.waitingDays))
  }

  /// At most as many steps as the convention has objections bring a case before a jury.
  func hasObjected(_ membership: UInt32, to record: CaseRecord) -> Bool {
    var next = record.lastObjection
    while next != 0 {
      let objection = objections[Int(next) - 1]
      if objection.membership == membership { return true }
      next = objection.previous
    }
    return false
  }

  /// The rules by which a case is judged: those of the day of its diagnosis, whatever was decided since.
  func rules(of record: CaseRecord) -> Convention {
    indexes[Int(record.plan)].convention(at: CivilDate.midnight(dayNumber: record.diagnosed))
  }
}
