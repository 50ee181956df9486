internal import Ledger
internal import MutualAid

/// What a plan's custodian last said it holds, against what it has to hold.
struct ReservesModel: Encodable {
  let statements: UInt32
  let asOf, statedAt: UInt64?
  let held, owed, shortage, feesDrawn: String?
  let owedNow: String
  let due: UInt64?
  /// Whether a statement is overdue, and whether the last one is further short than the convention allows.
  let missing, short: Bool
  let joinsPaused: Bool

  init(_ plan: UInt16, _ aid: MutualAid, at time: Timestamp) {
    let last = aid.lastStatement(of: plan)?.record
    statements = last?.number ?? 0
    asOf = last?.asOf.seconds
    statedAt = last?.time.seconds
    held = last.map { yuan($0.held) }
    owed = last.map { yuan($0.owed) }
    shortage = last.map { yuan($0.shortage) }
    feesDrawn = last.map { yuan($0.feesDrawn) }
    owedNow = yuan(aid.owed(by: plan, feesDrawn: last?.feesDrawn ?? 0))
    due = aid.statementDue(of: plan)?.seconds
    let fault = aid.reserveFault(of: plan, at: time)
    missing = fault == .statementMissing
    short = fault == .reservesShort
    joinsPaused = fault != nil && (aid.convention(of: plan).solvency?.pausesJoins ?? false)
  }
}

/// A complaint: who has to answer it, and for how long it has been open.
struct ComplaintModel: Encodable {
  let complaint: Int
  let membership: UInt32
  let about, reason: String
  let ordinal: UInt32
  let concerned: UInt16
  let filedAt, answerBy: UInt64
  let answeredAt: UInt64?
  let answeredBy: UInt16?
  let overdue: Bool

  init(_ number: Int, _ aid: MutualAid, at time: Timestamp) {
    let record = aid.complaints[number]
    let due = record.filedAt.adding(days: MutualAid.complaintDays)
    complaint = number
    membership = record.membership
    about = record.about == .claim ? "case" : "\(record.about)"
    reason = "\(record.reason)"
    ordinal = record.ordinal
    concerned = record.concerned
    filedAt = record.filedAt.seconds
    answerBy = due.seconds
    answeredAt = record.answeredAt == .zero ? nil : record.answeredAt.seconds
    answeredBy = record.answeredBy == 0 ? nil : record.answeredBy - 1
    overdue = record.answeredAt == .zero && time > due
  }
}
