internal import Ledger
internal import TransparencyLog

/// What does not add up in a plan.
public struct MoneyFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The plan's ordinal.
  public let plan: Int
  /// The equation that fails, with both sides.
  public let description: String
}

extension MutualAid {
  /// Σ balances over the funded memberships of a plan, and how many they are; from the derived tree.
  public func balances(of plan: UInt16) -> (members: Int, total: Int128) {
    let total = indexes[Int(plan)].exhaustion.total(above: plans[Int(plan)].cumulative)
    return (total.count, total.sum)
  }

  /// Checks that every plan's money adds up to the millionth, from the derived tree: O(plans · log N).
  public func checkMoney() throws(MoneyFault) {
    for plan in 0..<plans.count {
      try checkMoney(plan: plan, balances: balances(of: UInt16(plan)).total)
    }
  }

  /// The same with every balance counted anew from the memberships, and N and the queue with them.
  public func recount() throws(MoneyFault) {
    var sums = [Int128](repeating: 0, count: plans.count)
    var funded = [Int](repeating: 0, count: plans.count)
    var live = [Int](repeating: 0, count: plans.count)
    for ordinal in 0..<memberships.count {
      let member = memberships[ordinal]
      let plan = Int(member.plan)
      let balance = member.balance(cumulative: plans[plan].cumulative)
      sums[plan] += Int128(balance)
      funded[plan] += balance > 0 ? 1 : 0
      live[plan] += member.status == .ended ? 0 : 1
    }
    var open = [Int](repeating: 0, count: plans.count)
    for ordinal in 0..<cases.count where cases[ordinal].status.isOpen { open[Int(cases[ordinal].plan)] += 1 }
    for plan in 0..<plans.count {
      try checkMoney(plan: plan, balances: sums[plan])
      let counted = balances(of: UInt16(plan))
      guard counted.members == funded[plan], counted.total == sums[plan] else {
        throw MoneyFault(
          plan: plan, description: "the tree counts \(counted.members) payers, there are \(funded[plan])")
      }
      guard indexes[plan].openCases == open[plan] else {
        throw MoneyFault(
          plan: plan, description: "\(indexes[plan].openCases) open cases noted, there are \(open[plan])")
      }
      guard Int(plans[plan].live) == live[plan] else {
        throw MoneyFault(plan: plan, description: "\(plans[plan].live) live memberships noted, there are \(live[plan])")
      }
    }
    try recountWaiting()
  }

  private func checkMoney(plan: Int, balances: Int128) throws(MoneyFault) {
    let money = plans[plan].money
    guard money.sources == balances + money.places else {
      throw MoneyFault(
        plan: plan, description: "came in \(money.sources), is there \(balances + money.places) (millionths of a yuan)")
    }
    let parts = [
      money.deposits, money.reversals, money.debt, money.contributions, money.pending, money.rounding, money.reserve,
      money.suspense, money.payoutsDue, money.payoutsPaid, money.fees, money.refundsDue, money.refundsPaid,
      money.carried, money.recoveries, money.loss,
    ]
    if let negative = parts.first(where: { $0 < 0 }) {
      throw MoneyFault(plan: plan, description: "a bucket holds \(negative)")
    }
  }

  /// What waits in the queues, is carried and is due must be what the buckets say.
  private func recountWaiting() throws(MoneyFault) {
    var pending = [Int64](repeating: 0, count: plans.count)
    for ordinal in 0..<queue.count where !queue[ordinal].isDone && queue[ordinal].kind == .credit {
      pending[Int(queue[ordinal].plan)] += queue[ordinal].amount
    }
    var carried = [Int64](repeating: 0, count: plans.count)
    var payouts = [Int64](repeating: 0, count: plans.count)
    for ordinal in 0..<cases.count {
      let record = cases[ordinal]
      carried[Int(record.plan)] += record.carriedAid + record.carriedFee
      payouts[Int(record.plan)] += record.status == .paid ? 0 : record.given - record.paid
    }
    var balances = [Int64](repeating: 0, count: plans.count)
    var suspense = [Int64](repeating: 0, count: plans.count)
    for ordinal in 0..<refunds.count where !refunds[ordinal].isPaid {
      switch refunds[ordinal].kind {
      case .balance, .reserve, .shares: balances[Int(refunds[ordinal].plan)] += refunds[ordinal].amount
      case .suspense: suspense[Int(refunds[ordinal].plan)] += refunds[ordinal].amount
      }
    }
    for plan in 0..<plans.count {
      let money = plans[plan].money
      guard money.pending == pending[plan], money.carried == carried[plan], money.payoutsDue == payouts[plan],
        money.refundsDue == balances[plan], money.suspense == suspense[plan]
      else { throw MoneyFault(plan: plan, description: "what waits, is carried or is due is not what is noted") }
    }
  }
}
