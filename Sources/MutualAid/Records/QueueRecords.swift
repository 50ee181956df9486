public import Ledger

/// Something that waits until the notices before it are settled; table `queue`.
public struct QueueRecord: FixedLayoutRecord, Hashable {
  /// What waits.
  public enum Kind: UInt8, Sendable {
    /// A credit that would fund a membership.
    case credit = 1
    /// An owner who leaves.
    case leave = 2
    /// A membership whose cover ends by age.
    case age = 3
    /// A membership that ends because aid was given.
    case aided = 4
    /// A payment taken back.
    case reversal = 5
    /// A membership that ends because its insured has died.
    case death = 6
    /// A membership that ends because its insured fell ill within the waiting period.
    case illness = 7
  }

  /// See ``Kind``.
  public var kind: Kind
  /// Whether it has been carried out.
  public var isDone = false
  /// The plan.
  public var plan: UInt16
  /// The membership's ordinal.
  public var membership: UInt32
  /// Ordinal + 1 of what comes after it; 0 at the end.
  public var next: UInt32 = 0
  /// Number of the last notice published before it; it waits until that is settled.
  public var awaits: UInt32
  /// Amount of a credit or reversal.
  public var amount: Int64
  /// The custodian's number of a credit.
  public var deposit: UInt64
  /// Block time at which it was asked for.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 40

  init(
    kind: Kind, plan: UInt16, membership: UInt32, awaits: UInt32, amount: Int64 = 0, deposit: UInt64 = 0,
    time: Timestamp
  ) {
    self.kind = kind
    self.plan = plan
    self.membership = membership
    self.awaits = awaits
    self.amount = amount
    self.deposit = deposit
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = Kind(rawValue: reader.uint8(in: bytes)) ?? .leave
    isDone = reader.uint8(in: bytes) != 0
    plan = reader.uint16(in: bytes)
    membership = reader.uint32(in: bytes)
    next = reader.uint32(in: bytes)
    awaits = reader.uint32(in: bytes)
    amount = reader.int64(in: bytes)
    deposit = reader.uint64(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(UInt8(isDone ? 1 : 0))
    writer.integer(plan)
    writer.integer(membership)
    writer.integer(next)
    writer.integer(awaits)
    writer.integer(amount)
    writer.integer(deposit)
    writer.timestamp(time)
  }
}

/// Money that goes back to somebody; table `refunds`.
public struct RefundRecord: FixedLayoutRecord, Hashable {
  /// Why it goes back.
  public enum Kind: UInt8, Sendable {
    /// The balance of a membership that ended.
    case balance = 1
    /// A credit that could not be placed.
    case suspense = 2
    /// What was left in the reserve of a plan that ended: for a member, or for a charity where no membership is named.
    case reserve = 3
    /// Shares that somebody gave who fell ill within the waiting period.
    case shares = 4
  }

  /// See ``Kind``.
  public var kind: Kind
  /// Whether the custodian confirmed it.
  public var isPaid = false
  /// Whether it became due after the insured's death, and so goes to her heir.
  public var isToHeir = false
  /// The plan.
  public var plan: UInt16
  /// The membership's ordinal + 1; 0 where none was found.
  public var membership: UInt32
  /// Whole fen, in millionths of a yuan.
  public var amount: Int64
  /// The custodian's number of a suspended credit.
  public var deposit: UInt64
  /// Block time at which it became due.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 32

  init(kind: Kind, plan: UInt16, membership: UInt32, amount: Int64, deposit: UInt64, time: Timestamp) {
    self.kind = kind
    self.plan = plan
    self.membership = membership
    self.amount = amount
    self.deposit = deposit
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = Kind(rawValue: reader.uint8(in: bytes)) ?? .suspense
    let marks = reader.uint8(in: bytes)
    (isPaid, isToHeir) = (marks & 1 != 0, marks & 2 != 0)
    plan = reader.uint16(in: bytes)
    membership = reader.uint32(in: bytes)
    amount = reader.int64(in: bytes)
    deposit = reader.uint64(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(UInt8((isPaid ? 1 : 0) + (isToHeir ? 2 : 0)))
    writer.integer(plan)
    writer.integer(membership)
    writer.integer(amount)
    writer.integer(deposit)
    writer.timestamp(time)
  }
}
