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
    guard diagnosis <= time else { throw LedgerError(.futureDiagnosis, "a diagnosis of a day to come") }
    guard time <= diagnosis.adding(days: UInt64(convention.filingDays)) else {
      throw LedgerError(.filedTooLate, "more than \(convention.filingDays) days after the diagnosis")
    }
    guard member.isOpen(onDay: wire.diagnosed) else {
      throw LedgerError(.notFunded, "the membership had ended before the diagnosis")
    }
    try requireFunded(member, plan: plan, at: diagnosis)
    guard diagnosis >= member.waitingFrom.adding(days: UInt64(convention.waitingDays)) else {
      throw LedgerError(.waiting, "within \(convention.waitingDays) days of the first deposit")
    }
    let age = CivilDate(diagnosis).age(bornInMonth: member.birthMonth)
    guard age < convention.ages.coverToYears, let aid = convention.aid(diseaseClass: diseaseClass, ageYears: age)
    else { throw LedgerError(.notCovered, "the convention pays nothing for this class at this age") }

    let number = UInt32(cases.count)
    cases.append(
      CaseRecord(
        plan: member.plan, diseaseClass: diseaseClass, membership: ordinal, diagnosed: wire.diagnosed, filedAt: time,
        aid: aid.micro, documents: documents))
    change(ordinal, .fileCase, number: UInt64(number), at: time) { $0.openCase = number + 1 }
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

  /// Notes the investigator's finding. A confirmed case waits for its notice; a declined one is closed.
  mutating func investigate(_ wire: WireInvestigate) throws(LedgerError) {
    let number = try caseNumber(wire.case, in: .filed)
    guard let report = Hash(wire.report) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let plan = Int(cases[number].plan)
    cases.update(number) { record in
      record.report = report
      record.status = wire.confirmed ? .confirmed : .declined
    }
    if wire.confirmed {
      if indexes[plan].convention.calendar != nil { indexes[plan].awaitNotice(UInt32(number)) }
    } else {
      memberships.update(Int(cases[number].membership)) { $0.openCase = 0 }
    }
  }

  /// Publishes the notice of one confirmed case, in a plan where each case has its own.
  mutating func publishNotice(_ wire: WirePublishNotice, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, in: .confirmed)
    let convention = indexes[Int(cases[number].plan)].convention
    guard convention.calendar == nil else {
      throw LedgerError(.noticeByCalendar, "this plan's notices come by its calendar")
    }
    let ends = time.adding(days: UInt64(convention.noticeDays))
    notice(UInt32(number), publishedAt: time, endsAt: ends, debitAt: ends)
  }

  /// Opens a notice.
  mutating func notice(_ number: UInt32, publishedAt: Timestamp, endsAt: Timestamp, debitAt: Timestamp) {
    let plan = cases[Int(number)].plan
    let ordinal = UInt32(notices.count)
    plans.update(Int(plan)) { $0.notices += 1 }
    notices.append(
      NoticeRecord(
        plan: plan, number: plans[Int(plan)].notices, caseOrdinal: number, publishedAt: publishedAt, endsAt: endsAt,
        debitAt: debitAt))
    cases.update(Int(number)) { record in
      record.status = .noticed
      record.notice = ordinal + 1
    }
    indexes[Int(plan)].openNotices.append(ordinal)
  }

  /// The notice has ended and nothing stood against the case.
  mutating func decide(notice ordinal: UInt32) {
    cases.update(Int(notices[Int(ordinal)].caseOrdinal)) { $0.status = .decided }
  }

  /// Shares the cost of decided cases whose debit has come, and closes their notices.
  mutating func debit(plan: UInt16, notices group: [UInt32], at time: Timestamp) {
    let numbers = group.map { notices[Int($0)].caseOrdinal }
    let finished = settle(plan: plan, cases: numbers, at: time)
    indexes[Int(plan)].openNotices.removeFirst(group.count)
    plans.update(Int(plan)) { record in
      record.noticesDone += UInt32(group.count)
      record.nextDebit = .zero
    }
    // Carried aid that is complete now may leave nothing but a fraction of a fen to pay.
    for number in finished { closeIfPaid(Int(number)) }
    let convention = indexes[Int(plan)].convention
    for number in numbers {
      cases.update(Int(number)) { $0.status = .settled }
      let ordinal = cases[Int(number)].membership
      closeIfPaid(Int(number))
      guard convention.endsAfterAid, memberships[Int(ordinal)].status != .ended else { continue }
      // Behind others that wait for this debit, and never before them.
      if mustQueue(plan) {
        enqueue(.aided, plan: plan, membership: ordinal, at: time)
      } else {
        end(ordinal, claimable: false, at: time)
      }
    }
  }

  /// The custodian paid a part or all of what was given.
  mutating func confirmPayout(_ wire: WireConfirmPayout, at time: Timestamp) throws(LedgerError) {
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let number = try caseNumber(wire.case, in: .settled)
    let record = cases[number]
    guard pausedUntil(.payouts, plan: record.plan, at: time) == nil else {
      throw LedgerError(.payoutsPaused, "nothing is paid out while the plan is paused")
    }
    let payable = Amount(micro: record.given - record.paid).wholeFen.fen.micro
    guard wire.amount > 0, wire.amount % Amount.microPerFen == 0, wire.amount <= payable else {
      throw LedgerError(.badPayment, "at most what is due, in whole fen")
    }
    cases.update(number) { $0.paid += wire.amount }
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsDue -= wire.amount
      plan.money.payoutsPaid += wire.amount
    }
    closeIfPaid(number)
  }

  /// A case is closed when nothing more can be paid; a fraction of a fen goes to the plan's reserve.
  mutating func closeIfPaid(_ number: Int) {
    let record = cases[number]
    let (fen, remainder) = Amount(micro: record.given - record.paid).wholeFen
    guard record.status == .settled, record.carriedAid == 0, record.carriedFee == 0, fen == .zero else { return }
    cases.update(number) { $0.status = .paid }
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsDue -= remainder.micro
      plan.money.reserve += remainder.micro
    }
    memberships.update(Int(record.membership)) { if $0.openCase == UInt32(number) + 1 { $0.openCase = 0 } }
  }

  func caseNumber(_ number: UInt32, in status: CaseRecord.Status) throws(LedgerError) -> Int {
    guard Int(number) < cases.count else { throw LedgerError(.unknownCase, "no case \(number)") }
    guard cases[Int(number)].status == status else {
      throw LedgerError(.wrongCaseState, "case \(number) is not in the state for this")
    }
    return Int(number)
  }
}
