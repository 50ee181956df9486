internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Whether what changes the circle of payers must wait: between the cut-off and the debit of a plan that
  /// counts payers at notice, and there as long as others wait. Where payers are counted at settlement the
  /// circle never stands still; only who leaves waits, for the notices published before.
  func mustQueue(_ plan: UInt16) -> Bool {
    let record = plans[Int(plan)]
    guard indexes[Int(plan)].convention.countsPayersAtNotice else { return false }
    return record.nextDebit != .zero || record.queueHead != 0
  }

  /// Puts something at the end of a plan's queue.
  mutating func enqueue(
    _ kind: QueueRecord.Kind, plan: UInt16, membership: UInt32, amount: Int64 = 0, deposit: UInt64 = 0,
    at time: Timestamp
  ) {
    let ordinal = UInt32(queue.count) + 1
    queue.append(
      QueueRecord(
        kind: kind, plan: plan, membership: membership, awaits: plans[Int(plan)].notices, amount: amount,
        deposit: deposit, time: time))
    let tail = plans[Int(plan)].queueTail
    if tail != 0 { queue.update(Int(tail) - 1) { $0.next = ordinal } }
    plans.update(Int(plan)) { record in
      if tail == 0 { record.queueHead = ordinal }
      record.queueTail = ordinal
    }
  }

  /// Whether the first in a plan's queue no longer has to wait.
  func isQueueReady(_ plan: UInt16) -> Bool {
    let record = plans[Int(plan)]
    guard record.queueHead != 0 else { return false }
    if indexes[Int(plan)].convention.countsPayersAtNotice, record.nextDebit != .zero { return false }
    return queue[Int(record.queueHead) - 1].awaits <= record.noticesDone
  }

  /// Carries out the first in a plan's queue.
  mutating func runQueue(_ plan: UInt16, at time: Timestamp) {
    let head = Int(plans[Int(plan)].queueHead) - 1
    let item = queue[head]
    queue.update(head) { $0.isDone = true }
    plans.update(Int(plan)) { record in
      record.queueHead = item.next
      if item.next == 0 { record.queueTail = 0 }
    }
    switch item.kind {
    case .credit:
      memberships.update(Int(item.membership)) { $0.queuedCredits -= 1 }
      plans.update(Int(plan)) { $0.money.pending -= item.amount }
      if memberships[Int(item.membership)].status == .active, plans[Int(plan)].standing == .running {
        _ = fund(item.membership, amount: item.amount, deposit: item.deposit, at: time)
      } else {
        _ = suspend(
          plan: plan, membership: item.membership, amount: item.amount, deposit: item.deposit, at: time)
      }
    case .leave, .age, .death, .illness, .aided:
      if memberships[Int(item.membership)].status != .ended { finish(item.membership, item.kind, at: time) }
    case .reversal:
      plans.update(Int(plan)) { $0.reversing -= item.amount }
      reverse(item.membership, amount: item.amount, deposit: item.deposit, at: time)
    }
  }

  /// Ends a membership behind the notices published before, or at once where there is none.
  mutating func depart(_ ordinal: UInt32, _ kind: QueueRecord.Kind, at time: Timestamp) {
    let plan = memberships[Int(ordinal)].plan
    guard mustQueue(plan) || !indexes[Int(plan)].openNotices.isEmpty else {
      finish(ordinal, kind, at: time)
      return
    }
    // What she asked for herself stands in her history from then on.
    if kind == .leave {
      change(ordinal, .leave, at: time) { $0.status = .leaving }
    } else {
      memberships.update(Int(ordinal)) { $0.status = .leaving }
    }
    enqueue(kind, plan: plan, membership: ordinal, at: time)
  }

  /// Ends a membership for a reason.
  private mutating func finish(_ ordinal: UInt32, _ kind: QueueRecord.Kind, at time: Timestamp) {
    switch kind {
    case .illness: endByIllness(ordinal, at: time)
    case .aided: end(ordinal, claimable: false, at: time)
    case .leave, .age, .death, .credit, .reversal: end(ordinal, at: time)
    }
  }

  /// Ends a membership: its balance goes back in whole fen, the fraction to the plan's reserve.
  ///
  /// - Parameter claimable: whether a case diagnosed before may still be filed.
  mutating func end(_ ordinal: UInt32, claimable: Bool = true, at time: Timestamp) {
    let member = memberships[Int(ordinal)]
    let plan = Int(member.plan)
    let (fen, remainder) = Amount(micro: member.balance(cumulative: plans[plan].cumulative)).wholeFen
    if member.wasFunded {
      let found = indexes[plan].exhaustion.remove(member.exhaustsAt)
      precondition(found, "a funded membership stands in its plan's tree")
    }
    let death = deathDay(of: ordinal)
    change(ordinal, .end, amount: fen.micro, at: time) { record in
      record.status = .ended
      record.coverDays = claimable ? MembershipRecord.coverDays(from: record.joinedAt, to: time) : 0
      if let death { record.coverDays = min(record.coverDays, record.coverDays(until: death)) }
    }
    nullifiers.update(Int(member.nullifier)) { $0.membership = 0 }
    plans.update(plan) { record in
      record.live -= 1
      record.money.refundsDue += fen.micro
      record.money.reserve += remainder.micro
    }
    notePayers(of: member.plan, at: time)
    if fen.micro > 0 {
      refund(.balance, fen.micro, to: ordinal, of: member.plan, at: time)
    }
  }

  /// Notes money of the plan's reserve that goes to a membership, or to a charity where none is named.
  mutating func refundFromReserve(
    _ kind: RefundRecord.Kind, _ amount: Int64, to ordinal: UInt32?, of plan: UInt16, at time: Timestamp
  ) {
    guard amount > 0 else { return }
    plans.update(Int(plan)) { record in
      record.money.reserve -= amount
      record.money.refundsDue += amount
    }
    refund(kind, amount, to: ordinal, of: plan, at: time)
  }

  /// Notes money that goes back; that of the dead goes to the heir.
  private mutating func refund(
    _ kind: RefundRecord.Kind, _ amount: Int64, to ordinal: UInt32?, of plan: UInt16, at time: Timestamp
  ) {
    var refund = RefundRecord(
      kind: kind, plan: plan, membership: ordinal.map { $0 + 1 } ?? 0, amount: amount, deposit: 0, time: time)
    refund.isToHeir = ordinal.map { memberships[Int($0)].marks.contains(.deceased) } ?? false
    refunds.append(refund)
  }
}
