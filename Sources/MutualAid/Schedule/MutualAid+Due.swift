internal import Consortium
public import Ledger

/// A step that the rules run by themselves, in the order (time, kind, ordinal).
struct DueStep: Comparable {
  enum Kind: Int, Comparable {
    /// Two organisations did not agree on a case in time.
    case undecided
    /// A jury's time is over.
    case verdict
    /// A draw ends without those who are silent.
    case draw
    /// A notice ends and its case is decided.
    case decide
    /// Decided cases are shared.
    case debit
    /// The first of a queue is carried out.
    case queue
    /// The calendar's notice day.
    case notice
    /// Members reach the age where cover ends.
    case age
    /// A plan has had too few payers for too long.
    case windDown
    /// Balances of a plan that is wound down go back.
    case close
    /// The delay of a recovery is over.
    case recovery

    static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  let time: Timestamp
  let kind: Kind
  /// Ordinal of the plan, the case, the jury, the draw or the recovery.
  let ordinal: UInt32

  init(time: Timestamp, kind: Kind, ordinal: UInt32) {
    self.time = time
    self.kind = kind
    self.ordinal = ordinal
  }

  init(time: Timestamp, kind: Kind, plan: UInt16) { self.init(time: time, kind: kind, ordinal: UInt32(plan)) }

  static func < (a: DueStep, b: DueStep) -> Bool { (a.time, a.kind, a.ordinal) < (b.time, b.kind, b.ordinal) }
}

extension MutualAid {
  /// Cases noticed on one day of a calendar at the most; the rest wait for the next.
  static let maximumNoticesADay = 10_000
  /// Memberships dealt with by one step when members reach the age where cover ends.
  static let ageSlice = 64

  /// The moment from which a step is due; `nil` if none is scheduled.
  public var nextDue: Timestamp? { nextStep?.time }

  /// Runs the first due step; false if none is due at this time.
  public mutating func runDueStep(at time: Timestamp) -> Bool {
    guard let step = nextStep, step.time <= time else { return false }
    let plan = UInt16(truncatingIfNeeded: step.ordinal)
    switch step.kind {
    case .undecided: runUndecided(step.ordinal, at: time)
    case .verdict: runVerdict(jury: step.ordinal, at: time)
    case .draw: runDraw(step.ordinal, at: time)
    case .decide: conclude(notice: firstUndecided(plan) ?? 0)
    case .debit: debit(plan: plan, notices: debitGroup(plan), at: time)
    case .queue: runQueue(plan, at: time)
    case .notice: calendarNotice(plan, at: time)
    case .age: runAge(plan, at: time)
    case .windDown: windDown(plan, at: time)
    case .close: runClose(plan, at: time)
    case .recovery: runRecovery(step.ordinal, at: time)
    }
    return true
  }

  private var nextStep: DueStep? {
    var first = [juryStep, recoveryStep].compactMap { $0 }.min()
    if let report = waitingReports.first {
      let step = DueStep(time: report.decideBy, kind: .undecided, ordinal: report.caseOrdinal)
      if first.map({ step < $0 }) ?? true { first = step }
    }
    for plan in 0..<UInt16(plans.count) {
      for step in steps(of: plan) where first.map({ step < $0 }) ?? true { first = step }
    }
    return first
  }

  private func steps(of plan: UInt16) -> [DueStep] {
    let record = plans[Int(plan)]
    // Right after the debit, whatever else of this plan is overdue: who left before a notice was published
    // has no part in it, even if many days end in one block.
    if isQueueReady(plan) { return [DueStep(time: record.settledAt, kind: .queue, plan: plan)] }
    var steps: [DueStep] = []
    if let notice = firstUndecided(plan) {
      steps.append(DueStep(time: notices[Int(notice)].endsAt, kind: .decide, plan: plan))
    }
    if record.nextDebit != .zero {
      steps.append(DueStep(time: afterPause(plan, record.nextDebit), kind: .debit, plan: plan))
    } else if let notice = indexes[Int(plan)].openNotices.first {
      steps.append(DueStep(time: afterPause(plan, notices[Int(notice)].debitAt), kind: .debit, plan: plan))
    }
    if record.nextNotice != .zero {
      steps.append(DueStep(time: record.nextNotice, kind: .notice, plan: plan))
    }
    if record.members > 0, record.agedThrough < .max {
      let years = indexes[Int(plan)].convention.ages.coverToYears
      let month = Int(record.agedThrough) + 12 * years
      steps.append(DueStep(time: CivilDate.midnight(month: month), kind: .age, plan: plan))
    }
    if let step = endingStep(of: plan) { steps.append(step) }
    return steps
  }

  /// When a debit comes that is set for a moment: a pause of payouts puts it off to its end, and nothing else.
  private func afterPause(_ plan: UInt16, _ moment: Timestamp) -> Timestamp {
    pause(.payouts, plan: plan).map { max($0.until, moment) } ?? moment
  }

  /// The oldest open notice whose case is not decided.
  private func firstUndecided(_ plan: UInt16) -> UInt32? {
    indexes[Int(plan)].openNotices.first { cases[Int(notices[Int($0)].caseOrdinal)].status == .noticed }
  }

  /// The notices that one settlement shares: those of one calendar day, or the oldest alone.
  private func debitGroup(_ plan: UInt16) -> [UInt32] {
    let open = indexes[Int(plan)].openNotices
    guard indexes[Int(plan)].convention.calendar != nil else { return Array(open.prefix(1)) }
    return open
  }

  /// The calendar's notice day: every confirmed case is noticed, and the debit is set. The circle of payers
  /// stands still until then. A day within a pause of payouts is left out: its debit could not come before the next
  /// notice, or the notice would be shorter than the convention says. Its cases come with the next.
  private mutating func calendarNotice(_ plan: UInt16, at time: Timestamp) {
    let due = plans[Int(plan)].nextNotice
    guard let calendar = indexes[Int(plan)].convention.calendar else { return }
    if let pause = pause(.payouts, plan: plan), due < pause.until {
      plans.update(Int(plan)) { $0.nextNotice = calendar.nextNotice(after: due) }
      return
    }
    let debit = calendar.debit(ofNotice: due)
    let group = indexes[Int(plan)].takeAwaiting(atMost: MutualAid.maximumNoticesADay)
    for number in group { notice(number, publishedAt: time, endsAt: debit, debitAt: debit) }
    plans.update(Int(plan)) { record in
      record.nextNotice = calendar.nextNotice(after: due)
      if !group.isEmpty || record.money.carried > 0 { record.nextDebit = debit }
    }
  }

  /// Ends, in slices, the memberships of those who reach the age where cover ends.
  private mutating func runAge(_ plan: UInt16, at time: Timestamp) {
    let record = plans[Int(plan)]
    var cursor =
      record.agedCursor != 0
      ? record.agedCursor : indexes[Int(plan)].birthMonths.first(month: record.agedThrough)
    var left = MutualAid.ageSlice
    while cursor != 0, left > 0 {
      let ordinal = cursor - 1
      let member = memberships[Int(ordinal)]
      cursor = indexes[Int(plan)].birthMonths.after(number: member.number)
      left -= 1
      if member.status != .active { continue }
      depart(ordinal, .age, at: time)
    }
    plans.update(Int(plan)) { record in
      record.agedCursor = cursor
      if cursor == 0 { record.agedThrough += 1 }
    }
  }
}
