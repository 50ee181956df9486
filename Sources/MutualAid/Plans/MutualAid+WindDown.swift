internal import Ledger

/// How a plan ends: cover ends, claims for what was before are settled, balances go back, and the reserve goes where
/// the convention says.
extension MutualAid {
  /// Memberships looked at by one step when balances go back.
  static let closingSlice = 256

  /// Notes whether a plan has the payers its convention asks for. It does so wherever their number may have changed for
  /// good: after deposits, a settlement, the end of a membership.
  mutating func notePayers(of plan: UInt16, at time: Timestamp) {
    let record = plans[Int(plan)]
    let minimum = indexes[Int(plan)].convention.windDown.minimumMembers
    guard minimum > 0, record.standing == .running else { return }
    let isEnough = balances(of: plan).members >= minimum
    if isEnough, !record.hadMinimum || record.belowSince != .zero {
      plans.update(Int(plan)) { plan in
        plan.hadMinimum = true
        plan.belowSince = .zero
      }
    } else if !isEnough, record.hadMinimum, record.belowSince == .zero {
      plans.update(Int(plan)) { $0.belowSince = time }
    }
  }

  /// Ends a plan's cover. Nobody joins or leaves any more; everybody's balance goes back in the end.
  mutating func windDown(_ plan: UInt16, at time: Timestamp) {
    plans.update(Int(plan)) { plan in
      plan.standing = .winding
      plan.windingSince = time
    }
  }

  /// - Throws: `plan.winding_down` where a plan does not go on.
  func requireRunning(_ plan: UInt16) throws(LedgerError) { try requireRunning(plans[Int(plan)]) }

  /// The same for a plan's record.
  func requireRunning(_ record: PlanRecord) throws(LedgerError) {
    guard record.standing == .running else { throw LedgerError(.windingDown, "the plan has ended, or is about to") }
  }

  /// The steps by which a plan ends.
  func endingStep(of plan: UInt16) -> DueStep? {
    let record = plans[Int(plan)]
    let rules = indexes[Int(plan)].convention.windDown
    switch record.standing {
    case .running:
      guard record.belowSince != .zero else { return nil }
      return DueStep(time: record.belowSince.adding(days: UInt64(rules.afterDays)), kind: .windDown, plan: plan)
    case .winding:
      let index = indexes[Int(plan)]
      // Claims come to their end first, and who was refused has her time to appeal.
      guard index.openCases == 0, index.openNotices.isEmpty, record.queueHead == 0, record.nextDebit == .zero else {
        return nil
      }
      let claims = record.windingSince.adding(days: UInt64(rules.claimsDays))
      let appeals =
        index.refusedAt == .zero ? .zero : index.refusedAt.adding(days: UInt64(index.convention.contest.appealDays))
      return DueStep(time: max(claims, appeals), kind: .close, plan: plan)
    case .closing: return DueStep(time: record.closedAt, kind: .close, plan: plan)
    case .closed: return nil
    }
  }

  /// Gives the balances back, slice by slice.
  mutating func runClose(_ plan: UInt16, at time: Timestamp) {
    if plans[Int(plan)].standing == .winding { beginClosing(plan, at: time) }
    let record = plans[Int(plan)]
    let end = min(Int(record.closingCursor) + MutualAid.closingSlice, memberships.count)
    for ordinal in Int(record.closingCursor)..<end {
      let member = memberships[ordinal]
      guard member.plan == plan, member.status != .ended else { continue }
      let isPayer = member.balance(cumulative: record.cumulative) > 0
      self.end(UInt32(ordinal), claimable: false, at: time)
      if isPayer { refundFromReserve(.reserve, record.reserveShare, to: UInt32(ordinal), of: plan, at: time) }
    }
    plans.update(Int(plan)) { $0.closingCursor = UInt32(end) }
    guard end == memberships.count else { return }
    plans.update(Int(plan)) { plan in
      plan.standing = .closed
      plan.closedAt = time
      plan.nextNotice = .zero
      plan.agedThrough = .max
    }
    passOnReserve(of: plan, at: time)
  }

  /// What is carried is paid as far as the last shares and the reserve reach, and lapses then: nobody is left to pay.
  private mutating func beginClosing(_ plan: UInt16, at time: Timestamp) {
    if plans[Int(plan)].money.carried > 0 { debit(plan: plan, notices: [], at: time) }
    for number in payCarriedFromReserve(plan: plan) { closeIfPaid(Int(number)) }
    let payers = Int64(balances(of: plan).members)
    let heir = indexes[Int(plan)].convention.windDown.reserve
    plans.update(Int(plan)) { plan in
      plan.money.loss = 0
      plan.money.reserve += plan.money.rounding
      plan.money.rounding = 0
      if heir == .members, payers > 0 {
        plan.reserveShare = Amount(micro: plan.money.reserve / payers).wholeFen.fen.micro
      }
      plan.standing = .closing
      plan.closedAt = time
    }
  }

  /// What the reserve of a plan that has ended holds goes to a charity, but for a fraction of a fen.
  mutating func passOnReserve(of plan: UInt16, at time: Timestamp) {
    guard plans[Int(plan)].standing == .closed else { return }
    let amount = Amount(micro: plans[Int(plan)].money.reserve).wholeFen.fen.micro
    refundFromReserve(.reserve, amount, to: nil, of: plan, at: time)
  }
}
