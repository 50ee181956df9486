internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// A membership's account out of public numbers: its changes, and its plan's settlements between them.
///
/// The balance at any moment is E − C, and E only moves with a change; so each line costs the same, however many
/// settlements there were.
struct MemberLedger {
  /// One line of the statement.
  enum Line {
    /// A change, with the arrears that a reinstating deposit made up for.
    case change(MembershipChange, arrears: Int64, balance: Int64)
    /// A settlement, and what this membership gave.
    case share(SettlementRecord, given: Int64, balance: Int64)
  }

  /// A change with what it did to the account.
  private struct Step {
    let change: MembershipChange
    /// E after it.
    let exhaustsAt: Int64
    let arrears: Int64
    /// Settlements of the plan before it.
    let settlements: Int
    /// Whether the membership is funded or can be: after its first deposit and before its end. What comes after the
    /// end, a case filed late, opens nothing.
    let isOpen: Bool
  }

  /// Deposits that were counted.
  private(set) var paidIn: Int64 = 0
  /// Taken back by payers' banks, as far as the balance bore it.
  private(set) var reversed: Int64 = 0
  /// Shares made up for after a gap.
  private(set) var arrears: Int64 = 0
  /// What went back at the end.
  private(set) var returned: Int64 = 0
  /// Shares that went back for an illness within the waiting period, beside the balance.
  private(set) var sharesBack: Int64 = 0
  /// Less than a fen that stayed with the plan's reserve at the end, since money goes back in whole fen.
  private var fraction: Int64 = 0
  /// The balance now.
  let balance: Int64
  /// Whether the changes give the history that the record holds: none is missing, none was added.
  let isWhole: Bool

  private var steps: [Step] = []
  /// Settlements that belong to the statement: numbers after `first`, up to `last`.
  private let first: Int
  private let last: Int
  private let plan: UInt16
  private let aid: MutualAid

  init(_ ordinal: Int, changes: [MembershipChange], _ aid: MutualAid) {
    self.aid = aid
    let member = aid.memberships[ordinal]
    plan = member.plan
    balance = member.balance(cumulative: aid.plans[Int(plan)].cumulative)
    isWhole = changes.reduce(Hash.zero) { $1.following($0) } == member.history

    var exhaustsAt: Int64 = 0
    var end: Int?
    for change in changes {
      var missed: Int64 = 0
      switch change.kind {
      case .fund:
        exhaustsAt = change.cumulative &+ change.amount
        paidIn &+= change.amount
      case .topUp:
        exhaustsAt = exhaustsAt &+ change.amount
        paidIn &+= change.amount
      case .reinstate:
        missed = max(0, change.cumulative &- exhaustsAt)
        arrears &+= missed
        exhaustsAt = exhaustsAt &+ change.amount
        paidIn &+= change.amount
      case .reverse:
        exhaustsAt = exhaustsAt &- change.amount
        reversed &+= change.amount
      case .end:
        returned &+= change.amount
        fraction = max(0, max(0, exhaustsAt &- change.cumulative) &- change.amount)
      case .illness: sharesBack &+= change.amount
      case .join, .leave, .fileCase, .rotateKey, .recover, .vetoRecovery, .recovered, .keptKey, .setPayee, .setHeir,
        .death, .takeOver:
        break
      }
      let before = MemberLedger.settlements(before: change, plan: member.plan, aid)
      if change.kind == .end { end = before }
      steps.append(
        Step(
          change: change, exhaustsAt: exhaustsAt, arrears: missed, settlements: before,
          isOpen: end == nil && exhaustsAt > 0))
    }
    first = steps.first?.settlements ?? 0
    last = steps.isEmpty ? first : max(first, end ?? Int(aid.plans[Int(plan)].settlements))
  }

  /// Cases of all settlements since the join: what a statement opens that opens all.
  var sharedCases: Int {
    let settlements = Int(aid.plans[Int(plan)].settlements)
    guard first < settlements else { return 0 }
    return (first + 1...settlements).reduce(0) { $0 + Int(aid.settlement($1, of: plan)?.cases ?? 0) }
  }

  /// What went out in shares: what came in and is nowhere else.
  var shared: Int64 { max(0, paidIn &- reversed &- arrears &- returned &- fraction &- balance) }

  /// Lines in all.
  var count: Int { steps.count + last - first }

  /// The lines before one counted from the oldest, newest first.
  ///
  /// - Parameter before: the line after the newest one wanted; from 0 to ``count``.
  func lines(before: Int, limit: Int) -> [Line] {
    var lines: [Line] = []
    var place = min(before, count)
    // How many changes lie among the lines before `place`: the k-th change is line k + the settlements before it.
    var change = steps.count
    while change > 0, line(ofChange: change - 1) >= place { change -= 1 }
    while place > 0, lines.count < limit {
      place -= 1
      if change > 0, line(ofChange: change - 1) == place {
        change -= 1
        let step = steps[change]
        lines.append(.change(step.change, arrears: step.arrears, balance: balance(after: change)))
      } else {
        lines.append(share(first + place - change + 1, changes: change))
      }
    }
    return lines
  }

  private func line(ofChange index: Int) -> Int {
    index + min(steps[index].settlements, last) - first
  }

  private func balance(after index: Int) -> Int64 {
    let step = steps[index]
    return step.isOpen ? max(0, step.exhaustsAt &- step.change.cumulative) : 0
  }

  /// A settlement by its number, after so many changes.
  private func share(_ number: Int, changes: Int) -> Line {
    guard let record = aid.settlement(number, of: plan) else {
      preconditionFailure("a plan's settlements are numbered without gaps")
    }
    guard changes > 0, steps[changes - 1].isOpen else { return .share(record, given: 0, balance: 0) }
    let balance = max(0, steps[changes - 1].exhaustsAt &- (record.cumulative - record.share))
    let given = min(balance, record.share)
    return .share(record, given: given, balance: balance - given)
  }

  /// How many settlements of the plan came before a change. A settlement that raised C past the change's came after
  /// it, and one that raised nothing is placed by its time.
  private static func settlements(before change: MembershipChange, plan: UInt16, _ aid: MutualAid) -> Int {
    var low = 0
    var high = Int(aid.plans[Int(plan)].settlements)
    while low < high {
      let middle = (low + high) / 2
      guard let record = aid.settlement(middle + 1, of: plan) else { return low }
      if record.cumulative <= change.cumulative, record.time <= change.time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
