internal import Consortium
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Files a case for a membership; everything the convention asks of the diagnosis is checked here.
  mutating func fileCase(
    _ wire: WireFileCase, membership ordinal: UInt32, at time: Timestamp
  ) throws(LedgerError) {
    let member = memberships[Int(ordinal)]
    let plan = plans[Int(member.plan)]
    // The rules of the day of the diagnosis, whatever was decided since.
    let diagnosis = CivilDate.midnight(dayNumber: wire.diagnosed)
    let convention = indexes[Int(member.plan)].convention(at: diagnosis)
    guard let documents = Hash(wire.documents) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard let diseaseClass = UInt8(exactly: wire.diseaseClass) else {
      throw LedgerError(.notCovered, "no such class of disease")
    }
    guard member.openCase == 0 else { throw LedgerError(.caseOpen, "the last case is not closed") }
    guard plan.standing == .running || (plan.standing == .winding && diagnosis < plan.windingSince) else {
      throw LedgerError(.windingDown, "cover had ended before the diagnosis")
    }
    if plan.standing == .winding {
      let days = indexes[Int(member.plan)].convention.windDown.claimsDays
      guard time <= plan.windingSince.adding(days: UInt64(days)) else {
        throw LedgerError(.filedTooLate, "more than \(days) days after the end of cover")
      }
    }
    guard diagnosis <= time else { throw LedgerError(.futureDiagnosis, "a diagnosis of a day to come") }
    guard time <= diagnosis.adding(days: UInt64(convention.filingDays)) else {
      throw LedgerError(.filedTooLate, "more than \(convention.filingDays) days after the diagnosis")
    }
    guard member.isOpen(onDay: wire.diagnosed), deathDay(of: ordinal).map({ wire.diagnosed <= $0 }) ?? true else {
      throw LedgerError(.notFunded, "the membership had ended before the diagnosis")
    }
    try requireFunded(member, plan: plan, at: diagnosis)
    guard diagnosis >= member.waitingFrom.adding(days: UInt64(convention.waitingDays)) else {
      throw LedgerError(.waiting, "within \(convention.waitingDays) days of the first deposit")
    }
    let age = CivilDate(diagnosis).age(bornInMonth: member.birthMonth)
    guard age < convention.ages.coverToYears, let aid = convention.aid(diseaseClass: diseaseClass, ageYears: age)
    else { throw LedgerError(.notCovered, "the convention pays nothing for this class at this age") }
    let hospitalRecord = try hospitalRecord(wire, membership: ordinal, convention: convention)

    let number = UInt32(cases.count)
    indexes[Int(member.plan)].openCases += 1
    cases.append(
      CaseRecord(
        plan: member.plan, diseaseClass: diseaseClass, membership: ordinal, diagnosed: wire.diagnosed, filedAt: time,
        aid: aid.micro, documents: documents))
    change(ordinal, .fileCase, number: UInt64(number), at: time) { $0.openCase = number + 1 }
    reportsByCase.append(0)
    recordsByCase.append(hospitalRecord.map { UInt32($0) + 1 } ?? 0)
    guard let hospitalRecord else { return }
    let before = hospitalRecords[hospitalRecord].lastCase
    if before != 0 { recordsByCase.replace(Int(before) - 1, 0) }
    hospitalRecords.update(hospitalRecord) { $0.lastCase = number + 1 }
  }

  /// Whether a membership was funded at a moment: within its last stretch of funding.
  private func requireFunded(
    _ member: MembershipRecord, plan: PlanRecord, at moment: Timestamp
  ) throws(LedgerError) {
    guard member.wasFunded, moment >= member.coveredSince else {
      throw LedgerError(.notFunded, "not funded at the diagnosis")
    }
    if member.exhaustsAt <= plan.cumulative {
      guard let exhausted = exhaustedAt(plan: member.plan, exhaustsAt: member.exhaustsAt), moment < exhausted else {
        throw LedgerError(.notFunded, "the balance was used up before the diagnosis")
      }
    }
  }

  /// The owner takes her case back, until it is decided.
  mutating func withdraw(_ wire: WireWithdrawCase, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .withdraw)
    let membership = Int(cases[number].membership)
    guard memberships[membership].owner == sender else {
      throw LedgerError(.notTheOwner, "the case belongs to somebody else")
    }
    let before = cases[number].status
    move(number, .withdraw)
    memberships.update(membership) { $0.openCase = 0 }
    overturnAdvance(number, at: time)
    switch before {
    case .confirmed: indexes[Int(cases[number].plan)].stopAwaiting(UInt32(number))
    case .noticed: takeOut(number)
    case .contested: contested.removeAll { $0 == UInt32(number) }
    case .hearing: close(jury: cases[number].jury - 1, .withdrawn)
    default: break
    }
  }

  /// A case by its ordinal, if an event may happen to it now.
  ///
  /// - Throws: `case.unknown`, `case.wrong_state`.
  func caseNumber(_ number: UInt32, for event: CaseRecord.Event) throws(LedgerError) -> Int {
    let found = try claim(number)
    guard cases[found].status.after(event) != nil else {
      throw LedgerError(.wrongCaseState, "case \(number) is not in the state for this")
    }
    return found
  }

  /// A case by its ordinal, in whatever state.
  func claim(_ number: UInt32) throws(LedgerError) -> Int {
    guard Int(number) < cases.count else { throw LedgerError(.unknownCase, "no case \(number)") }
    return Int(number)
  }

  /// Moves a case to its next state; the caller has checked that the event may happen.
  mutating func move(_ number: Int, _ event: CaseRecord.Event) {
    guard let next = cases[number].status.after(event) else {
      preconditionFailure("case \(number): \(event) after \(cases[number].status)")
    }
    let plan = Int(cases[number].plan)
    indexes[plan].openCases += (next.isOpen ? 1 : 0) - (cases[number].status.isOpen ? 1 : 0)
    if cases[number].status == .reported { waitingReports.removeAll { $0.caseOrdinal == UInt32(number) } }
    cases.update(number) { $0.status = next }
  }
}
