public import Ledger
public import TransparencyLog

/// One settlement: everything from which anyone recomputes a member's share; table `settlements`.
///
/// Amounts are millionths of a yuan.
public struct SettlementRecord: FixedLayoutRecord, Hashable {
  /// The plan.
  public var plan: UInt16
  /// Number within the plan, from 1.
  public var number: UInt32
  /// Block time.
  public var time: Timestamp
  /// Cases settled, without those carried from before.
  public var cases: UInt32
  /// RFC 6962 root over the cases' ordinals and aid, 12 bytes each.
  public var casesRoot: Hash
  /// Aid of these cases by the table, and the fee on it.
  public var aid: Int64
  /// See ``aid``.
  public var fee: Int64
  /// Aid that was given, to these cases and to carried ones, and the fee on that.
  public var aidGiven: Int64
  /// See ``aidGiven``.
  public var feeGiven: Int64
  /// Carried aid and fee before and after.
  public var carriedBefore: Int64
  /// See ``carriedBefore``.
  public var carriedAfter: Int64
  /// Rounding reserve before and after.
  public var roundingBefore: Int64
  /// See ``roundingBefore``.
  public var roundingAfter: Int64
  /// Taken from the plan's reserve.
  public var fromReserve: Int64
  /// N: funded memberships before and after.
  public var payersBefore: UInt32
  /// See ``payersBefore``.
  public var payersAfter: UInt32
  /// s: what each payer owes, who has less gives all he has.
  public var share: Int64
  /// C after the settlement.
  public var cumulative: Int64
  /// What the shares brought in.
  public var collected: Int64
  /// What stayed uncovered after shares and reserves.
  public var shortfall: Int64
  /// Lost advances that members had to put back before and after.
  public var lossBefore: Int64
  /// See ``lossBefore``.
  public var lossAfter: Int64
  /// Advances that went back to the reserve out of the aid given.
  public var returned: Int64

  /// Bytes of a record.
  public static let byteCount = 2 + 2 + 4 + 8 + 4 + 32 + 9 * 8 + 8 + 4 * 8 + 4 + 3 * 8

  init() {
    plan = 0
    number = 0
    time = .zero
    cases = 0
    casesRoot = .zero
    (aid, fee, aidGiven, feeGiven) = (0, 0, 0, 0)
    (carriedBefore, carriedAfter, roundingBefore, roundingAfter, fromReserve) = (0, 0, 0, 0, 0)
    (payersBefore, payersAfter) = (0, 0)
    (share, cumulative, collected, shortfall) = (0, 0, 0, 0)
    (lossBefore, lossAfter, returned) = (0, 0, 0)
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    plan = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    number = reader.uint32(in: bytes)
    time = reader.timestamp(in: bytes)
    cases = reader.uint32(in: bytes)
    casesRoot = reader.hash(in: bytes)
    aid = reader.int64(in: bytes)
    fee = reader.int64(in: bytes)
    aidGiven = reader.int64(in: bytes)
    feeGiven = reader.int64(in: bytes)
    carriedBefore = reader.int64(in: bytes)
    carriedAfter = reader.int64(in: bytes)
    roundingBefore = reader.int64(in: bytes)
    roundingAfter = reader.int64(in: bytes)
    fromReserve = reader.int64(in: bytes)
    payersBefore = reader.uint32(in: bytes)
    payersAfter = reader.uint32(in: bytes)
    share = reader.int64(in: bytes)
    cumulative = reader.int64(in: bytes)
    collected = reader.int64(in: bytes)
    shortfall = reader.int64(in: bytes)
    lossBefore = reader.int64(in: bytes)
    lossAfter = reader.int64(in: bytes)
    returned = reader.int64(in: bytes)
    reader.skip(4, in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(plan)
    writer.integer(UInt16(0))
    writer.integer(number)
    writer.timestamp(time)
    writer.integer(cases)
    writer.hash(casesRoot)
    writer.integer(aid)
    writer.integer(fee)
    writer.integer(aidGiven)
    writer.integer(feeGiven)
    writer.integer(carriedBefore)
    writer.integer(carriedAfter)
    writer.integer(roundingBefore)
    writer.integer(roundingAfter)
    writer.integer(fromReserve)
    writer.integer(payersBefore)
    writer.integer(payersAfter)
    writer.integer(share)
    writer.integer(cumulative)
    writer.integer(collected)
    writer.integer(shortfall)
    writer.integer(lossBefore)
    writer.integer(lossAfter)
    writer.integer(returned)
    writer.integer(UInt32(0))
  }
}
