public import Ledger

/// Lookups for readers of the state, none of which walks over members.
extension MutualAid {
  /// A settlement of a plan by its number, from 1; `nil` where there is none.
  public func settlement(_ number: Int, of plan: UInt16) -> SettlementRecord? {
    let list = indexes[Int(plan)].settlements
    guard number >= 1, number <= list.count else { return nil }
    return settlements[Int(list[number - 1])]
  }

  /// Ordinals of a plan's notices that are not settled, oldest first.
  public func openNotices(of plan: UInt16) -> [UInt32] { indexes[Int(plan)].openNotices }

  /// Block time of the settlement that used up a membership's balance; `nil` while it has one, if it never had one
  /// or has ended. O(log of the plan's settlements).
  public func exhaustedAt(membership ordinal: Int) -> Timestamp? {
    let member = memberships[ordinal]
    guard member.wasFunded, member.status != .ended, member.exhaustsAt <= plans[Int(member.plan)].cumulative else {
      return nil
    }
    return exhaustedAt(plan: member.plan, exhaustsAt: member.exhaustsAt)
  }
}
