internal import Ledger
internal import MutualAid

/// A plan's figures, all from its record and its tree: the work does not grow with the number of members.
struct PlanFigures {
  let record: PlanRecord
  /// Members with a balance.
  let funded: Int
  /// Σ of their balances.
  let balances: Int128

  init(_ aid: MutualAid, plan: Int) {
    record = aid.plans[plan]
    (funded, balances) = aid.balances(of: UInt16(plan))
  }

  /// What is there for members: balances, reserves, and what has yet to be paid out.
  var held: Int128 {
    let money = record.money
    let kept = Int128(money.pending) + Int128(money.rounding) + Int128(money.reserve) + Int128(money.suspense)
    return balances + kept + Int128(money.payoutsDue) + Int128(money.refundsDue)
  }

  /// Everything that came in.
  var moneyIn: Int128 { record.money.sources }
  /// Everything that is somewhere.
  var moneyOut: Int128 { balances + record.money.places }

  /// What each has shared in the calendar year of a moment.
  func shared(inYearOf time: Timestamp) -> Int64 {
    Int(record.year) == CivilDate(time).year ? record.cumulative - record.yearBase : 0
  }
}
