internal import Ledger

extension MutualAid {
  /// Publishes the notice of one confirmed case, in a plan where each case has its own.
  mutating func publishNotice(_ wire: WirePublishNotice, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .notice)
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
    move(Int(number), .notice)
    cases.update(Int(number)) { $0.notice = ordinal + 1 }
    indexes[Int(plan)].openNotices.append(ordinal)
  }

  /// The notice has ended and nothing stands against the case.
  mutating func conclude(notice ordinal: UInt32) { move(Int(notices[Int(ordinal)].caseOrdinal), .conclude) }

  /// Takes a case out of its notice before it is shared. Should it come back, it is noticed anew.
  mutating func takeOut(_ number: Int) {
    let ordinal = cases[number].notice - 1
    let plan = cases[number].plan
    notices.update(Int(ordinal)) { $0.isTakenOut = true }
    indexes[Int(plan)].openNotices.removeAll { $0 == ordinal }
    noteNoticesDone(plan)
  }

  /// Notices are done in the order of their numbers: up to the one before the first that is open.
  private mutating func noteNoticesDone(_ plan: UInt16) {
    let open = indexes[Int(plan)].openNotices.first.map { notices[Int($0)].number - 1 }
    plans.update(Int(plan)) { $0.noticesDone = open ?? $0.notices }
  }

  /// Shares the cost of decided cases whose debit has come, and closes their notices.
  mutating func debit(plan: UInt16, notices group: [UInt32], at time: Timestamp) {
    plans.update(Int(plan)) { $0.nextDebit = .zero }
    // Every case of a calendar's notice may have been taken out since.
    if group.isEmpty, plans[Int(plan)].money.carried == 0 { return }
    let numbers = group.map { notices[Int($0)].caseOrdinal }
    let finished = settle(plan: plan, cases: numbers, at: time)
    indexes[Int(plan)].openNotices.removeFirst(group.count)
    noteNoticesDone(plan)
    // Carried aid that is complete now may leave nothing but a fraction of a fen to pay.
    for number in finished { closeIfPaid(Int(number)) }
    let convention = indexes[Int(plan)].convention
    for number in numbers {
      move(Int(number), .settle)
      upholdAdvance(Int(number), at: time)
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
    notePayers(of: plan, at: time)
  }
}
