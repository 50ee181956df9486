internal import Consortium
public import Ledger
internal import TransparencyLog

/// The custodian's statements against what it has to hold.
///
/// The chain knows what the custodian reported as paid in and paid out. Whether the money is there it cannot see: the
/// custodian states what it holds, with a commitment to its bank's statement, and everybody sees the difference, the
/// statement's age, and that one is missing.
extension MutualAid {
  /// A statement may be as of a time this long ago, in days.
  public static let statementDelayDays: UInt64 = 7

  /// What the custodian has to hold for a plan now, in millionths of a yuan: ``PlanRecord/owed(feesDrawn:)``.
  public func owed(by plan: UInt16, feesDrawn: Int64) -> Int64 { plans[Int(plan)].owed(feesDrawn: feesDrawn) }

  /// The last statement of a plan's custodian, with its ordinal; `nil` before the first.
  public func lastStatement(of plan: UInt16) -> (ordinal: UInt32, record: ReserveStatementRecord)? {
    indexes[Int(plan)].lastStatement.map { ($0, reserveStatements[Int($0)]) }
  }

  /// Until when the plan's last statement is good, or the first has to come; `nil` where the convention asks for none.
  public func statementDue(of plan: UInt16) -> Timestamp? {
    guard let rule = indexes[Int(plan)].convention.solvency, let since = indexes[Int(plan)].solvencySince else {
      return nil
    }
    let from = lastStatement(of: plan)?.record.asOf ?? since
    return from.adding(days: UInt64(rule.statementDays))
  }

  /// What stands against the custodian of a plan: no statement in time, or one that is too short; `nil` for nothing.
  public func reserveFault(of plan: UInt16, at time: Timestamp) -> ErrorCode? {
    guard let rule = indexes[Int(plan)].convention.solvency, let due = statementDue(of: plan) else { return nil }
    if time > due { return .statementMissing }
    guard let last = lastStatement(of: plan)?.record else { return nil }
    let tolerated = Int128(last.owed) * Int128(rule.tolerancePartsPerMillion)
    return Int128(last.shortage) * 1_000_000 > tolerated ? .reservesShort : nil
  }

  /// Nobody joins a plan whose custodian does not show the money, where the convention says so.
  func requireReserves(of plan: UInt16, at time: Timestamp) throws(LedgerError) {
    guard indexes[Int(plan)].convention.solvency?.pausesJoins ?? false, let fault = reserveFault(of: plan, at: time)
    else { return }
    throw LedgerError(fault, "nobody joins until the custodian shows that the plan's money is there")
  }

  /// The custodian states what it holds.
  mutating func state(
    _ wire: WireReserveStatement, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let plan = try plan(wire.plan)
    try requireCustodian(of: plan, sender, consortium)
    guard let evidence = Hash(wire.evidence) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let last = lastStatement(of: plan)?.record
    let next = (last?.number ?? 0) + 1
    guard wire.number == next else {
      throw LedgerError(.statementOutOfTurn, "the next statement has number \(next)")
    }
    guard let asOf = try? Timestamp(validating: wire.asOf), asOf <= time else {
      throw LedgerError(.statementInFuture, "as of a time to come")
    }
    if let last, asOf <= last.asOf {
      throw LedgerError(.statementNotLater, "the last statement is as of \(last.asOf.seconds)")
    }
    guard time <= asOf.adding(days: MutualAid.statementDelayDays) else {
      throw LedgerError(.statementTooOld, "at most \(MutualAid.statementDelayDays) days old")
    }
    let drawn = last?.feesDrawn ?? 0
    guard wire.held >= 0, wire.feesDrawn >= drawn, wire.feesDrawn <= plans[Int(plan)].money.fees else {
      throw LedgerError(.badStatement, "no less than nothing is held, and no more fees are drawn than were collected")
    }
    indexes[Int(plan)].lastStatement = UInt32(reserveStatements.count)
    reserveStatements.append(
      ReserveStatementRecord(
        plan: plan, organisation: plans[Int(plan)].custodian, number: next, asOf: asOf, time: time, held: wire.held,
        owed: owed(by: plan, feesDrawn: wire.feesDrawn), feesDrawn: wire.feesDrawn, evidence: evidence))
  }
}

extension PlanRecord {
  /// What the custodian has to hold for the plan, in millionths of a yuan.
  ///
  ///     deposits + contributions + recoveries − reversals + debt − reversals in the queue
  ///       − payouts paid − refunds paid − fees drawn
  ///
  /// That is everything the plan's money is divided into (``PlanMoney``) but what has left. Debt counts, since the
  /// custodian has to put it in. A reversal that waits in the queue counts as gone, for the payer's bank has it.
  /// Fees stay with the custodian until the platform draws them, which it tells with each statement.
  public func owed(feesDrawn: Int64) -> Int64 {
    let out = Int128(money.payoutsPaid) + Int128(money.refundsPaid) + Int128(feesDrawn)
    // Sums are checked when money comes in. Below zero only while such a reversal has yet to become debt.
    return Int64(clamping: max(0, money.sources - Int128(reversing) - out))
  }
}
