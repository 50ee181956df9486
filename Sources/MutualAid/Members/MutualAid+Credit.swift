internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Places a credit that the custodian reported, or suspends it; returns what became of it.
  ///
  /// The plan's `deposits` already contain the amount.
  mutating func credit(
    plan: UInt16, membership ordinal: UInt32, amount: Int64, deposit: UInt64, at time: Timestamp
  ) -> ErrorCode {
    guard Int(ordinal) < memberships.count else {
      return suspend(plan: plan, membership: nil, amount: amount, deposit: deposit, at: time)
    }
    let member = memberships[Int(ordinal)]
    guard member.plan == plan, member.status != .ended else {
      return suspend(plan: plan, membership: nil, amount: amount, deposit: deposit, at: time)
    }
    let record = plans[Int(plan)]
    // Whoever pays in now would only get it back in the end: it goes back at once.
    guard record.standing == .running else {
      return suspend(plan: plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
    }
    // Behind a credit that waits, every later one waits too, or the order of payments would change.
    if member.queuedCredits == 0, member.wasFunded, member.exhaustsAt > record.cumulative {
      return topUp(ordinal, amount: amount, deposit: deposit, at: time)
    }
    guard member.status == .active else {
      return suspend(plan: plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
    }
    if mustQueue(plan) {
      guard member.queuedCredits < .max else {
        return suspend(plan: plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
      }
      memberships.update(Int(ordinal)) { $0.queuedCredits += 1 }
      plans.update(Int(plan)) { $0.money.pending += amount }
      enqueue(.credit, plan: plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
      return .pendingCredit
    }
    return fund(ordinal, amount: amount, deposit: deposit, at: time)
  }

  /// Adds to a funded balance: E += d.
  private mutating func topUp(
    _ ordinal: UInt32, amount: Int64, deposit: UInt64, at time: Timestamp
  ) -> ErrorCode {
    let member = memberships[Int(ordinal)]
    let (exhaustsAt, overflow) = member.exhaustsAt.addingReportingOverflow(amount)
    guard !overflow, exhaustsAt <= MutualAid.maximumIndex else {
      return suspend(plan: member.plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
    }
    change(ordinal, .topUp, amount: amount, number: deposit, at: time) { $0.exhaustsAt = exhaustsAt }
    move(plan: member.plan, from: member.exhaustsAt, to: exhaustsAt)
    return .success
  }

  /// Funds a membership that is exhausted or never was funded.
  mutating func fund(_ ordinal: UInt32, amount: Int64, deposit: UInt64, at time: Timestamp) -> ErrorCode {
    let member = memberships[Int(ordinal)]
    let plan = member.plan
    let convention = indexes[Int(plan)].convention
    let cumulative = plans[Int(plan)].cumulative
    if member.wasFunded, member.exhaustsAt > cumulative {
      return topUp(ordinal, amount: amount, deposit: deposit, at: time)
    }
    if member.wasFunded, convention.graceDays > 0 {
      let exhausted = exhaustedAt(plan: plan, exhaustsAt: member.exhaustsAt) ?? time
      if time <= exhausted.adding(days: UInt64(convention.graceDays)) {
        return reinstate(ordinal, amount: amount, deposit: deposit, at: time)
      }
    }
    let (exhaustsAt, overflow) = cumulative.addingReportingOverflow(amount)
    let isEnough = member.wasFunded || amount >= convention.firstDeposit.micro
    guard !overflow, exhaustsAt <= MutualAid.maximumIndex, isEnough else {
      return suspend(plan: plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
    }
    change(ordinal, .fund, amount: amount, number: deposit, at: time) {
      $0.exhaustsAt = exhaustsAt
      $0.waitingFrom = time
      $0.coveredSince = time
    }
    move(plan: plan, from: member.wasFunded ? member.exhaustsAt : nil, to: exhaustsAt)
    return .success
  }

  /// Pays what was missed and goes on without a new waiting period: E += d, which must pass C.
  ///
  /// The others have already paid the missed share, so the arrears go to the plan's reserve.
  private mutating func reinstate(
    _ ordinal: UInt32, amount: Int64, deposit: UInt64, at time: Timestamp
  ) -> ErrorCode {
    let member = memberships[Int(ordinal)]
    let cumulative = plans[Int(member.plan)].cumulative
    let (exhaustsAt, overflow) = member.exhaustsAt.addingReportingOverflow(amount)
    guard !overflow, exhaustsAt <= MutualAid.maximumIndex, exhaustsAt > cumulative else {
      return suspend(plan: member.plan, membership: ordinal, amount: amount, deposit: deposit, at: time)
    }
    plans.update(Int(member.plan)) { $0.money.reserve += cumulative - member.exhaustsAt }
    change(ordinal, .reinstate, amount: amount, number: deposit, at: time) {
      $0.exhaustsAt = exhaustsAt
      $0.coveredSince = time
    }
    move(plan: member.plan, from: member.exhaustsAt, to: exhaustsAt)
    return .success
  }

  /// Keeps a credit that cannot be placed apart, to be paid back.
  mutating func suspend(
    plan: UInt16, membership: UInt32?, amount: Int64, deposit: UInt64, at time: Timestamp
  ) -> ErrorCode {
    plans.update(Int(plan)) { $0.money.suspense += amount }
    refunds.append(
      RefundRecord(
        kind: .suspense, plan: plan, membership: membership.map { $0 + 1 } ?? 0, amount: amount, deposit: deposit,
        time: time))
    return .suspended
  }

  /// A payment taken back: E falls no further than C; the rest comes from the plan's reserve, else it is
  /// the custodian's debt.
  mutating func reverse(_ ordinal: UInt32, amount: Int64, deposit: UInt64, at time: Timestamp) {
    let member = memberships[Int(ordinal)]
    let plan = Int(member.plan)
    let taken = min(amount, member.balance(cumulative: plans[plan].cumulative))
    if taken > 0 {
      change(ordinal, .reverse, amount: taken, number: deposit, at: time) { $0.exhaustsAt -= taken }
      move(plan: member.plan, from: member.exhaustsAt, to: member.exhaustsAt - taken)
    }
    plans.update(plan) { record in
      let fromReserve = min(amount - taken, record.money.reserve)
      record.money.reversals += amount
      record.money.reserve -= fromReserve
      record.money.debt += amount - taken - fromReserve
    }
  }

  /// The most E or C may reach: 92 million yuan, so that no sum over memberships leaves 128 bits and no
  /// single one leaves 64.
  static let maximumIndex: Int64 = 92_000_000 * Amount.microPerYuan

  /// Block time of the settlement that used up a balance; `nil` while it is not used up.
  func exhaustedAt(plan: UInt16, exhaustsAt: Int64) -> Timestamp? {
    let list = indexes[Int(plan)].settlements
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if settlements[Int(list[middle])].cumulative < exhaustsAt { low = middle + 1 } else { high = middle }
    }
    return low < list.count ? settlements[Int(list[low])].time : nil
  }

  /// Changes a record and continues its history.
  mutating func change(
    _ ordinal: UInt32, _ kind: MembershipChange.Kind, amount: Int64 = 0, number: UInt64 = 0,
    commitment: Hash = .zero, at time: Timestamp, _ body: (inout MembershipRecord) -> Void = { _ in }
  ) {
    var record = memberships[Int(ordinal)]
    let change = MembershipChange(
      kind, amount: amount, number: number, commitment: commitment, time: time,
      cumulative: plans[Int(record.plan)].cumulative)
    body(&record)
    record.history = change.following(record.history)
    note(change, of: ordinal)
    memberships[Int(ordinal)] = record
  }

  /// Notes a change for whoever watches.
  mutating func note(_ change: MembershipChange, of ordinal: UInt32) {
    switch watched {
    case .nobody: return
    case .membership(let one) where one != ordinal: return
    case .membership, .everybody: noted.append(NotedChange(membership: ordinal, change: change))
    }
  }

  /// Moves a membership within the plan's tree of E values.
  private mutating func move(plan: UInt16, from old: Int64?, to new: Int64) {
    if let old {
      let found = indexes[Int(plan)].exhaustion.remove(old)
      precondition(found, "a funded membership stands in its plan's tree")
    }
    indexes[Int(plan)].exhaustion.insert(new)
  }
}
