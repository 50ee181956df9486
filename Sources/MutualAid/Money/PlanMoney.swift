internal import Ledger

/// Where a plan's money came from and where it is, in millionths of a yuan.
///
/// At every block, with Σ balances taken over the funded memberships:
///
///     deposits − reversals + debt + contributions + recoveries
///       = Σ balances + pending + rounding + reserve + suspense
///         + payoutsDue + payoutsPaid + fees + refundsDue + refundsPaid
///
/// `carried` and `loss` stand outside: they were promised, or are missed, and not collected. Sums are checked when
/// money comes in (``maximumTotal``), so moving it between buckets cannot overflow.
public struct PlanMoney: Hashable, Sendable {
  /// The most a plan may ever take in: a thousandth of what 64 bits hold, 9.2 billion yuan a year for
  /// a thousand years.
  public static let maximumTotal: Int64 = .max / 2

  /// Paid in by members, as the custodian reported it.
  public var deposits: Int64 = 0
  /// Taken back by payers' banks.
  public var reversals: Int64 = 0
  /// What the custodian owes because a reversal met neither balance nor reserve.
  public var debt: Int64 = 0
  /// Given by sponsors to the plan's reserve.
  public var contributions: Int64 = 0
  /// Paid in, waiting for the running debit.
  public var pending: Int64 = 0
  /// Collected by a settlement beyond what it needed, because a share is a whole millionth.
  public var rounding: Int64 = 0
  /// The plan's reserve: fractions of a fen, arrears, contributions.
  public var reserve: Int64 = 0
  /// Credits that could not be placed, until they are paid back.
  public var suspense: Int64 = 0
  /// Aid given and not yet paid out.
  public var payoutsDue: Int64 = 0
  /// Aid paid out.
  public var payoutsPaid: Int64 = 0
  /// Fees collected.
  public var fees: Int64 = 0
  /// Balances owed to those who left.
  public var refundsDue: Int64 = 0
  /// Balances and suspended credits paid back.
  public var refundsPaid: Int64 = 0
  /// Aid and fee promised and not collected yet; later settlements pay it, oldest first.
  public var carried: Int64 = 0
  /// Advances paid back by those whose cases did not stand.
  public var recoveries: Int64 = 0
  /// Advances that did not come back and that members are to put back into the reserve by the next settlements.
  public var loss: Int64 = 0

  static let byteCount = 16 * 8

  /// No money.
  public init() {}

  init(reader: inout RecordReader, in bytes: RawSpan) {
    deposits = reader.int64(in: bytes)
    reversals = reader.int64(in: bytes)
    debt = reader.int64(in: bytes)
    contributions = reader.int64(in: bytes)
    pending = reader.int64(in: bytes)
    rounding = reader.int64(in: bytes)
    reserve = reader.int64(in: bytes)
    suspense = reader.int64(in: bytes)
    payoutsDue = reader.int64(in: bytes)
    payoutsPaid = reader.int64(in: bytes)
    fees = reader.int64(in: bytes)
    refundsDue = reader.int64(in: bytes)
    refundsPaid = reader.int64(in: bytes)
    carried = reader.int64(in: bytes)
    recoveries = reader.int64(in: bytes)
    loss = reader.int64(in: bytes)
  }

  func write(to writer: inout RecordWriter) {
    for amount in [deposits, reversals, debt, contributions] { writer.integer(amount) }
    for amount in [pending, rounding, reserve, suspense] { writer.integer(amount) }
    for amount in [payoutsDue, payoutsPaid, fees, refundsDue, refundsPaid, carried] { writer.integer(amount) }
    for amount in [recoveries, loss] { writer.integer(amount) }
  }

  /// Everything that came in and stayed.
  public var sources: Int128 {
    Int128(deposits) - Int128(reversals) + Int128(debt) + Int128(contributions)
      + Int128(recoveries)
  }

  /// Everything that is somewhere, without the members' balances.
  public var places: Int128 {
    let waiting = Int128(pending) + Int128(rounding) + Int128(reserve) + Int128(suspense)
    let out = Int128(payoutsDue) + Int128(payoutsPaid) + Int128(fees)
    return waiting + out + Int128(refundsDue) + Int128(refundsPaid)
  }

  /// Whether so much more may come in.
  func accepts(_ amount: Int64) -> Bool {
    let (sum, overflow) = deposits.addingReportingOverflow(amount)
    let (total, more) = sum.addingReportingOverflow(contributions)
    return !overflow && !more && total <= PlanMoney.maximumTotal
  }
}
