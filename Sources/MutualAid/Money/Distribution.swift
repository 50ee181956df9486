internal import Ledger

extension MutualAid {
  /// Gives what was raised to carried aid and then to the cases; returns what is left over.
  ///
  /// Beyond the caps and balances the convention says what happens: carried aid is a queue, oldest first;
  /// otherwise every case gets the same fraction, and the fee only on what was given.
  mutating func distribute(
    _ available: Int64, group: [UInt32], plan: inout PlanRecord, record: inout SettlementRecord,
    rules: SharingRules, finished: inout [UInt32]
  ) -> Int64 {
    var left = available
    left = payCarried(left, plan: &plan, record: &record, finished: &finished)
    let needed = record.aid + record.fee
    if rules.beyond == .carry {
      for number in group {
        let aid = cases[Int(number)].aid
        left = give(
          number, aid: aid, fee: rules.fee(on: Amount(micro: aid)).micro, from: left, plan: &plan,
          record: &record)
      }
    } else {
      let raised = min(left, needed)
      for number in group {
        let aid = cases[Int(number)].aid
        let given = needed == 0 ? 0 : Int64(Int128(aid) * Int128(raised) / Int128(needed))
        grant(number, given, plan: &plan, record: &record)
        left -= given
      }
      let fee =
        raised == needed
        ? record.fee : min(rules.fee(on: Amount(micro: record.aidGiven)).micro, raised - record.aidGiven)
      record.feeGiven += fee
      plan.money.fees += fee
      left -= fee
    }
    for number in group { cases.update(Int(number)) { $0.settlement = UInt32(settlements.count) + 1 } }
    return left
  }

  /// Pays the queue of carried aid as far as the money goes.
  private mutating func payCarried(
    _ available: Int64, plan: inout PlanRecord, record: inout SettlementRecord, finished: inout [UInt32]
  ) -> Int64 {
    var left = available
    while plan.carriedHead != 0, left > 0 {
      let number = plan.carriedHead - 1
      let before = cases[Int(number)]
      let owed = before.carriedAid + before.carriedFee
      let (aid, fee) = MutualAid.split(left, aid: before.carriedAid, fee: before.carriedFee)
      cases.update(Int(number)) {
        $0.carriedAid -= aid
        $0.carriedFee -= fee
      }
      grant(number, aid, plan: &plan, record: &record)
      record.feeGiven += fee
      plan.money.fees += fee
      plan.money.carried -= aid + fee
      left -= aid + fee
      guard aid + fee == owed else { break }
      plan.carriedHead = before.nextCarried
      if plan.carriedHead == 0 { plan.carriedTail = 0 }
      plan.carriedCases -= 1
      cases.update(Int(number)) { $0.nextCarried = 0 }
      finished.append(number)
    }
    return left
  }

  /// Pays what is carried out of the reserve as far as it goes and lets the rest lapse; returns the cases whose aid is
  /// complete with that.
  mutating func payCarriedFromReserve(plan ordinal: UInt16) -> [UInt32] {
    var plan = plans[Int(ordinal)]
    var record = SettlementRecord()
    var finished: [UInt32] = []
    let reserve = plan.money.reserve
    plan.money.reserve = 0
    plan.money.reserve += payCarried(reserve, plan: &plan, record: &record, finished: &finished)
    while plan.carriedHead != 0 {
      let number = plan.carriedHead - 1
      finished.append(number)
      let before = cases[Int(number)]
      plan.carriedHead = before.nextCarried
      plan.money.carried -= before.carriedAid + before.carriedFee
      plan.carriedCases -= 1
      cases.update(Int(number)) { record in
        (record.carriedAid, record.carriedFee, record.nextCarried) = (0, 0, 0)
      }
    }
    plan.carriedTail = 0
    plans[Int(ordinal)] = plan
    return finished
  }

  /// Gives a case what is there and carries the rest.
  private mutating func give(
    _ number: UInt32, aid: Int64, fee: Int64, from available: Int64, plan: inout PlanRecord,
    record: inout SettlementRecord
  ) -> Int64 {
    let (givenAid, givenFee) = MutualAid.split(available, aid: aid, fee: fee)
    grant(number, givenAid, plan: &plan, record: &record)
    record.feeGiven += givenFee
    plan.money.fees += givenFee
    let rest = aid + fee - givenAid - givenFee
    // What is promised stays within what 64 bits can still share; beyond that nobody can be promised more.
    if rest > 0, plan.money.carried <= PlanMoney.maximumTotal - rest {
      cases.update(Int(number)) {
        $0.carriedAid = aid - givenAid
        $0.carriedFee = fee - givenFee
      }
      if plan.carriedTail != 0 { cases.update(Int(plan.carriedTail) - 1) { $0.nextCarried = number + 1 } }
      if plan.carriedHead == 0 { plan.carriedHead = number + 1 }
      plan.carriedTail = number + 1
      plan.carriedCases += 1
      plan.money.carried += rest
    }
    return available - givenAid - givenFee
  }

  /// Splits what is there between aid and the fee on it, in proportion when it does not reach for both.
  static func split(_ available: Int64, aid: Int64, fee: Int64) -> (aid: Int64, fee: Int64) {
    guard available < aid + fee else { return (aid, fee) }
    let part = Int64(Int128(available) * Int128(aid) / Int128(aid + fee))
    return (part, available - part)
  }

  private mutating func grant(
    _ number: UInt32, _ amount: Int64, plan: inout PlanRecord, record: inout SettlementRecord
  ) {
    let back = returnAdvance(number, from: amount)
    cases.update(Int(number)) { $0.given += amount - back }
    plan.money.payoutsDue += amount - back
    plan.money.reserve += back
    record.aidGiven += amount
    record.returned += back
  }
}
