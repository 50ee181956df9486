public import Ledger
internal import TransparencyLog

/// A plan: its organisations, its index of shares and its money; table `plans`.
///
/// All amounts are millionths of a yuan. The buckets obey one equation at every block (``PlanMoney``).
public struct PlanRecord: FixedLayoutRecord, Hashable {
  /// Ordinal of the convention in force.
  public var convention: UInt16 = 0
  /// Organisation that holds the money.
  public var custodian: UInt16 = 0
  /// Organisation that attests people.
  public var identity: UInt16 = 0
  /// The calendar year (UTC+8) that `yearBase` belongs to.
  public var year: UInt16 = 0
  /// C: all shares one member has owed since the plan began. Never falls.
  public var cumulative: Int64 = 0
  /// C at the beginning of `year`.
  public var yearBase: Int64 = 0
  /// The plan's money.
  public var money = PlanMoney()
  /// Reversals that wait in the queue.
  public var reversing: Int64 = 0
  /// Memberships ever opened; the next member number is one more.
  public var members: UInt32 = 0
  /// Memberships that have not ended.
  public var live: UInt32 = 0
  /// Number of the custodian's next deposit.
  public var nextDeposit: UInt64 = 1
  /// Notices ever published.
  public var notices: UInt32 = 0
  /// Notices settled or taken out; they go in order of publication.
  public var noticesDone: UInt32 = 0
  /// Settlements ever made.
  public var settlements: UInt32 = 0
  /// Block time of the last settlement.
  public var settledAt = Timestamp.zero
  /// Next calendar notice; zero without a calendar.
  public var nextNotice = Timestamp.zero
  /// Debit of the notice that runs; zero when none does.
  public var nextDebit = Timestamp.zero
  /// First and last of the queue, ordinal + 1; 0 when it is empty.
  public var queueHead: UInt32 = 0
  /// See ``queueHead``.
  public var queueTail: UInt32 = 0
  /// First and last case whose aid is carried, ordinal + 1; 0 when there is none.
  public var carriedHead: UInt32 = 0
  /// See ``carriedHead``.
  public var carriedTail: UInt32 = 0
  /// Cases whose aid is carried.
  public var carriedCases: UInt32 = 0
  /// Members of birth months before this one have reached the age where cover ends and were dealt with.
  public var agedThrough: UInt16 = 0
  /// Membership to go on with in that month, ordinal + 1; 0 at its beginning.
  public var agedCursor: UInt32 = 0

  /// Whether the plan goes on.
  public var standing = Standing.running
  /// Whether it ever had as many payers as its convention asks for.
  public var hadMinimum = false
  /// Block time since which it has had fewer payers; zero while it has enough.
  public var belowSince = Timestamp.zero
  /// Block time at which cover ended, because the plan is being wound down; zero while it runs.
  public var windingSince = Timestamp.zero
  /// Block time at which the last balance went back; zero before.
  public var closedAt = Timestamp.zero
  /// Memberships dealt with so far when balances go back at the end.
  public var closingCursor: UInt32 = 0
  /// What each payer gets of the reserve at the end; whole fen.
  public var reserveShare: Int64 = 0

  /// Whether a plan goes on.
  public enum Standing: UInt8, Sendable {
    /// It does.
    case running = 1
    /// Cover has ended; claims for what was before are still settled.
    case winding = 2
    /// Balances are going back.
    case closing = 3
    /// All balances have gone back.
    case closed = 4
  }

  /// Bytes of a record.
  public static let byteCount = 8 + 16 + PlanMoney.byteCount + 8 + 8 + 8 + 12 + 24 + 20 + 8 + 40

  init() {}

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    convention = reader.uint16(in: bytes)
    custodian = reader.uint16(in: bytes)
    identity = reader.uint16(in: bytes)
    year = reader.uint16(in: bytes)
    cumulative = reader.int64(in: bytes)
    yearBase = reader.int64(in: bytes)
    money = PlanMoney(reader: &reader, in: bytes)
    reversing = reader.int64(in: bytes)
    members = reader.uint32(in: bytes)
    live = reader.uint32(in: bytes)
    nextDeposit = reader.uint64(in: bytes)
    notices = reader.uint32(in: bytes)
    noticesDone = reader.uint32(in: bytes)
    settlements = reader.uint32(in: bytes)
    settledAt = reader.timestamp(in: bytes)
    nextNotice = reader.timestamp(in: bytes)
    nextDebit = reader.timestamp(in: bytes)
    queueHead = reader.uint32(in: bytes)
    queueTail = reader.uint32(in: bytes)
    carriedHead = reader.uint32(in: bytes)
    carriedTail = reader.uint32(in: bytes)
    carriedCases = reader.uint32(in: bytes)
    agedThrough = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    agedCursor = reader.uint32(in: bytes)
    standing = Standing(rawValue: reader.uint8(in: bytes)) ?? .closed
    hadMinimum = reader.uint8(in: bytes) != 0
    reader.skip(2, in: bytes)
    belowSince = reader.timestamp(in: bytes)
    windingSince = reader.timestamp(in: bytes)
    closedAt = reader.timestamp(in: bytes)
    closingCursor = reader.uint32(in: bytes)
    reserveShare = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(convention)
    writer.integer(custodian)
    writer.integer(identity)
    writer.integer(year)
    writer.integer(cumulative)
    writer.integer(yearBase)
    money.write(to: &writer)
    writer.integer(reversing)
    writer.integer(members)
    writer.integer(live)
    writer.integer(nextDeposit)
    writer.integer(notices)
    writer.integer(noticesDone)
    writer.integer(settlements)
    writer.timestamp(settledAt)
    writer.timestamp(nextNotice)
    writer.timestamp(nextDebit)
    writer.integer(queueHead)
    writer.integer(queueTail)
    writer.integer(carriedHead)
    writer.integer(carriedTail)
    writer.integer(carriedCases)
    writer.integer(agedThrough)
    writer.integer(UInt16(0))
    writer.integer(agedCursor)
    writer.integer(standing.rawValue)
    writer.integer(UInt8(hadMinimum ? 1 : 0))
    writer.integer(UInt16(0))
    writer.timestamp(belowSince)
    writer.timestamp(windingSince)
    writer.timestamp(closedAt)
    writer.integer(closingCursor)
    writer.integer(reserveShare)
  }
}
