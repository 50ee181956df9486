internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Shares the cost of cases among the funded members of a plan: DESIGN §7.
  ///
  /// With P = aid + fee + carried + lost advances − rounding reserve over N funded memberships, s is the smallest whole
  /// millionth with Σ min(balance, s) ≥ P, but no more than the convention's caps. One descent of the tree
  /// of E values finds it; no membership is touched.
  ///
  /// - Parameter group: ordinals of decided cases, in order of their notices; may be empty when only
  ///   carried aid is due.
  /// - Returns: cases of earlier settlements whose carried aid and fee are complete now.
  @discardableResult
  mutating func settle(plan ordinal: UInt16, cases group: [UInt32], at time: Timestamp) -> [UInt32] {
    let rules = indexes[Int(ordinal)].convention.sharing
    var plan = plans[Int(ordinal)]
    rollYear(&plan, to: time)

    var record = SettlementRecord()
    record.plan = ordinal
    record.number = plan.settlements + 1
    record.time = time
    record.cases = UInt32(group.count)
    record.carriedBefore = plan.money.carried
    record.lossBefore = plan.money.loss
    record.roundingBefore = plan.money.rounding
    for number in group {
      let aid = cases[Int(number)].aid
      record.aid += aid
      record.fee += rules.fee(on: Amount(micro: aid)).micro
    }
    record.casesRoot = MerkleTree.treeRoot(count: group.count) { index in
      SettledCase(group[index], aid: cases[Int(group[index])].aid).leaf
    }

    let needed = record.aid + record.fee + plan.money.carried
    let tree = indexes[Int(ordinal)].exhaustion
    let before = tree.total(above: plan.cumulative)
    record.payersBefore = UInt32(before.count)
    let cap = cap(plan: plan, rules: rules, cases: group.count)
    record.share = share(
      tree, cumulative: plan.cumulative,
      raising: Int128(needed) + Int128(plan.money.loss) - Int128(plan.money.rounding), cap: cap)
    record.collected = Int64(tree.collected(above: plan.cumulative, share: record.share))
    plan.cumulative += record.share
    record.cumulative = plan.cumulative
    record.payersAfter = UInt32(tree.total(above: plan.cumulative).count)

    var available = plan.money.rounding + record.collected
    if available < needed, rules.beyond == .reserve {
      record.fromReserve = min(needed - available, plan.money.reserve)
      plan.money.reserve -= record.fromReserve
      available += record.fromReserve
    }
    record.shortfall = max(0, needed - available)
    var finished: [UInt32] = []
    var left = distribute(
      available, group: group, plan: &plan, record: &record, rules: rules, finished: &finished)
    // The sick come first; what lies beyond refills the reserve.
    let refill = min(left, plan.money.loss)
    plan.money.loss -= refill
    plan.money.reserve += refill
    left -= refill
    record.lossAfter = plan.money.loss
    plan.money.rounding = left
    record.roundingAfter = left
    record.carriedAfter = plan.money.carried

    plan.settlements += 1
    plan.settledAt = time
    indexes[Int(ordinal)].settlements.append(UInt32(settlements.count))
    settlements.append(record)
    plans[Int(ordinal)] = plan
    return finished
  }

  /// At the first settlement of a calendar year (UTC+8) the yearly cap starts anew.
  private func rollYear(_ plan: inout PlanRecord, to time: Timestamp) {
    let year = UInt16(CivilDate(time).year)
    if plan.year != year {
      plan.year = year
      plan.yearBase = plan.cumulative
    }
  }

  /// The most one member may owe in this settlement.
  private func cap(plan: PlanRecord, rules: SharingRules, cases count: Int) -> Int64 {
    var cap = MutualAid.maximumIndex - plan.cumulative
    let perCase = rules.caps.perCase.micro
    if perCase > 0 {
      let (product, overflow) = perCase.multipliedReportingOverflow(by: Int64(count) + Int64(plan.carriedCases))
      if !overflow { cap = min(cap, product) }
    }
    if rules.caps.perPeriod.micro > 0 { cap = min(cap, rules.caps.perPeriod.micro) }
    if rules.caps.perYear.micro > 0 {
      cap = min(cap, max(0, rules.caps.perYear.micro - (plan.cumulative - plan.yearBase)))
    }
    return cap
  }

  /// s: the smallest whole millionth that raises what is needed; all balances if even they do not.
  private func share(_ tree: OrderStatisticsTree, cumulative: Int64, raising needed: Int128, cap: Int64) -> Int64 {
    guard needed > 0, let largest = tree.max, largest > cumulative else { return 0 }
    let share = tree.leastShare(above: cumulative, raising: needed) ?? (largest - cumulative)
    return min(share, cap)
  }
}
