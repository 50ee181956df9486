internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// Walks through a membership's changes and its plan's settlements in the order in which the ledger made them,
/// and stops at the first one that the ledger cannot have made.
///
/// Everything here was signed by a quorum. It is checked all the same: a statement is what a member has against
/// organisations that lie together.
struct StatementReplay {
  /// Each settlement that took a share, with what this membership gave and its balance after.
  private(set) var shares: [(settlement: SettlementRecord, given: Int64, balance: Int64)] = []
  private let join: MembershipChange
  private let plan: UInt16
  /// C and the time of the last step.
  private var cumulative: Int64
  private var time: Timestamp
  private var exhaustsAt: Int64 = 0
  private var waitingFrom = Timestamp.zero
  private var coveredSince = Timestamp.zero
  private var hasEnded = false
  /// The number the next settlement must have; `nil` before the first.
  private var number: UInt64?

  init(join: MembershipChange, plan: UInt16) throws(ProofError) {
    guard join.kind == .join, join.amount == 0, join.cumulative >= 0 else {
      throw ProofError(.brokenHistory, "a history begins with the join")
    }
    self.join = join
    self.plan = plan
    cumulative = join.cumulative
    time = join.time
  }

  /// What may still happen to a membership that has ended: whatever moves no money.
  private static let afterEnd: [MembershipChange.Kind] = [
    .fileCase, .rotateKey, .recover, .vetoRecovery, .recovered, .keptKey, .setPayee, .setHeir, .death,
  ]

  /// The balance after the last step.
  var balance: Int64 { hasEnded || !wasFunded ? 0 : max(0, exhaustsAt - cumulative) }

  private var wasFunded: Bool { waitingFrom != .zero }

  /// Takes all steps; the settlements must be the plan's, without a gap, up to its last.
  mutating func run(
    _ changes: ArraySlice<MembershipChange>, _ settled: [SettlementRecord], plan record: PlanRecord
  ) throws(ProofError) {
    if let first = settled.first, first.share == 0 {
      throw ProofError(.brokenShares, "the first settlement shown takes no share")
    }
    var rest = settled[...]
    for change in changes {
      // A settlement without a share leaves C as it is; then time tells which was first.
      while let next = rest.first,
        next.cumulative < change.cumulative || next.cumulative == change.cumulative && next.time <= change.time
      {
        try settle(next)
        rest.removeFirst()
      }
      try apply(change)
    }
    for settlement in rest { try settle(settlement) }
    guard cumulative == record.cumulative, number ?? UInt64(record.settlements) + 1 == UInt64(record.settlements) + 1
    else { throw ProofError(.brokenShares, "the settlements do not lead to the plan's cumulative share") }
  }

  private mutating func settle(_ settlement: SettlementRecord) throws(ProofError) {
    let (after, overflow) = cumulative.addingReportingOverflow(settlement.share)
    guard settlement.plan == plan, number == nil || number == UInt64(settlement.number), settlement.share >= 0,
      !overflow, settlement.cumulative == after, settlement.time >= time
    else { throw ProofError(.brokenShares, "settlement \(settlement.number) does not follow what was before") }
    let before = balance
    cumulative = after
    time = settlement.time
    number = UInt64(settlement.number) + 1
    if settlement.share > 0 { shares.append((settlement, min(before, settlement.share), balance)) }
  }

  private mutating func apply(_ change: MembershipChange) throws(ProofError) {
    guard change.cumulative == cumulative, change.time >= time else {
      throw broken(change, "the plan's cumulative share was another then")
    }
    guard !hasEnded || StatementReplay.afterEnd.contains(change.kind) else {
      throw broken(change, "the membership had ended")
    }
    time = change.time
    switch change.kind {
    case .join: throw broken(change, "a second join")
    case .fund:
      guard balance == 0 else { throw broken(change, "the membership was funded") }
      exhaustsAt = try sum(cumulative, change)
      waitingFrom = change.time
      coveredSince = change.time
    case .topUp:
      guard balance > 0 else { throw broken(change, "the membership was not funded") }
      exhaustsAt = try sum(exhaustsAt, change)
    case .reinstate:
      guard wasFunded, balance == 0 else { throw broken(change, "there was nothing to make good") }
      exhaustsAt = try sum(exhaustsAt, change)
      guard balance > 0 else { throw broken(change, "less than the arrears") }
      coveredSince = change.time
    case .reverse:
      guard change.amount > 0, change.amount <= balance else { throw broken(change, "more than the balance bears") }
      exhaustsAt -= change.amount
    case .end:
      guard change.amount == Amount(micro: balance).wholeFen.fen.micro else {
        throw broken(change, "the balance goes back in whole fen")
      }
      hasEnded = true
    case .illness:
      guard change.amount >= 0 else { throw broken(change, "less than nothing goes back") }
    case .leave, .fileCase, .rotateKey, .recover, .vetoRecovery, .recovered, .keptKey, .setPayee, .setHeir, .death,
      .takeOver:
      guard change.amount == 0 else { throw broken(change, "it moves no money") }
    }
  }

  /// The record must say what the steps gave.
  func compare(with membership: MembershipRecord, at seal: Seal) throws(ProofError) {
    guard join.number == UInt64(membership.number), join.time == membership.joinedAt,
      exhaustsAt == membership.exhaustsAt, waitingFrom == membership.waitingFrom,
      coveredSince == membership.coveredSince, hasEnded == (membership.status == .ended), time <= seal.time
    else { throw ProofError(.brokenHistory, "the changes do not give the membership's record") }
  }

  private func sum(_ base: Int64, _ change: MembershipChange) throws(ProofError) -> Int64 {
    let (sum, overflow) = base.addingReportingOverflow(change.amount)
    guard change.amount > 0, !overflow else { throw broken(change, "a deposit is more than nothing") }
    return sum
  }

  private func broken(_ change: MembershipChange, _ why: String) -> ProofError {
    ProofError(.brokenHistory, "change of kind \(change.kind.rawValue) at \(change.time.seconds): \(why)")
  }
}
