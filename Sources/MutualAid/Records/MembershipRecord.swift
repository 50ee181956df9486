public import Ledger
public import TransparencyLog

/// One person's membership in one plan; table `memberships`.
///
/// The record is written when the membership itself changes, never when a case is shared: the balance
/// is `exhaustsAt` − the plan's cumulative share.
public struct MembershipRecord: FixedLayoutRecord, Hashable {
  /// Where a membership is in its life. active → leaving → ended, or active → ended.
  public enum Status: UInt8, Sendable {
    /// Open.
    case active = 1
    /// The owner has asked to leave; the notices published before are still shared.
    case leaving = 2
    /// Over. A person who comes back gets a new membership.
    case ended = 3
  }

  /// Who pays and acts for it.
  public var owner: Address
  /// Ordinal of the insured person's record in `nullifiers`.
  public var nullifier: UInt32
  /// The plan.
  public var plan: UInt16
  /// Month of birth of the insured: year × 12 + month − 1.
  public var birthMonth: UInt16
  /// Member number within the plan, from 1.
  public var number: UInt32
  /// E: the cumulative share at which the balance is used up.
  public var exhaustsAt: Int64
  /// Hash chain over every change, starting with the join.
  public var history: Hash
  /// Block time of the join.
  public var joinedAt: Timestamp
  /// Beginning of the waiting period; zero until the first deposit.
  public var waitingFrom: Timestamp
  /// End of the last gap in funding; zero until the first deposit.
  public var coveredSince: Timestamp
  /// See ``Status``.
  public var status: Status
  /// Credits of this membership that wait in the queue.
  public var queuedCredits: UInt8
  /// Of an ended membership: civil days (UTC+8), the day of the join being the first, whose beginning lies
  /// before the end; a diagnosis of a later day is not covered. 0 until it ends, and where it ended by aid.
  public var coverDays: UInt16
  /// The case that is not closed, ordinal + 1; 0 for none.
  public var openCase: UInt32
  /// Her place in `volunteers`, ordinal + 1; 0 if she never was ready to sit on juries.
  public var volunteer: UInt32 = 0
  /// Calendar year (UTC+8) of the last objection; 0 before.
  public var objectionYear: UInt16 = 0
  /// Objections in that year.
  public var objections: UInt8 = 0
  /// See ``Marks``.
  public var marks: Marks = []

  /// What other tables say of a membership, so that one need not look there in vain.
  public struct Marks: OptionSet, Hashable, Sendable {
    /// The bits, as they stand in the record.
    public let rawValue: UInt8
    /// Marks from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It has a record in `beneficiaries`.
    public static let named = Marks(rawValue: 1)
    /// The insured has died.
    public static let deceased = Marks(rawValue: 2)
    /// It has a record in `group_seats`.
    public static let inGroup = Marks(rawValue: 4)
  }

  /// Bytes of a record.
  public static let byteCount = 112

  init(
    owner: Address, nullifier: UInt32, plan: UInt16, birthMonth: UInt16, number: UInt32, joinedAt: Timestamp,
    history: Hash
  ) {
    self.owner = owner
    self.nullifier = nullifier
    self.plan = plan
    self.birthMonth = birthMonth
    self.number = number
    exhaustsAt = 0
    self.history = history
    self.joinedAt = joinedAt
    waitingFrom = .zero
    coveredSince = .zero
    status = .active
    queuedCredits = 0
    coverDays = 0
    openCase = 0
  }

  /// Whether it was ever funded; then its `exhaustsAt` stands in the plan's tree until it ends.
  public var wasFunded: Bool { waitingFrom != .zero }

  /// Whether it ran dry and its owner paid what she had missed in time.
  public var wasReinstated: Bool { coveredSince > waitingFrom }

  /// max(0, E − C).
  public func balance(cumulative: Int64) -> Int64 {
    status == .ended || !wasFunded ? 0 : max(0, exhaustsAt - cumulative)
  }

  /// What ``coverDays`` is for a membership that ends now; 65,535 days are more than a life.
  static func coverDays(from joined: Timestamp, to end: Timestamp) -> UInt16 {
    let last = CivilDate(Timestamp(seconds: max(end.seconds, 1) - 1)).dayNumber
    return UInt16(clamping: last - CivilDate(joined).dayNumber + 1)
  }

  /// The same where cover ended with a day, counted from 1970-01-01 in UTC+8.
  func coverDays(until day: UInt32) -> UInt16 {
    UInt16(clamping: Int(day) - CivilDate(joinedAt).dayNumber + 1)
  }

  /// Whether the membership had not ended when a day began, counted from 1970-01-01 in UTC+8.
  func isOpen(onDay day: UInt32) -> Bool {
    status != .ended || Int(day) < CivilDate(joinedAt).dayNumber + Int(coverDays)
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    owner = reader.address(in: bytes)
    nullifier = reader.uint32(in: bytes)
    plan = reader.uint16(in: bytes)
    birthMonth = reader.uint16(in: bytes)
    number = reader.uint32(in: bytes)
    exhaustsAt = reader.int64(in: bytes)
    history = reader.hash(in: bytes)
    joinedAt = reader.timestamp(in: bytes)
    waitingFrom = reader.timestamp(in: bytes)
    coveredSince = reader.timestamp(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .ended
    queuedCredits = reader.uint8(in: bytes)
    coverDays = reader.uint16(in: bytes)
    openCase = reader.uint32(in: bytes)
    volunteer = reader.uint32(in: bytes)
    objectionYear = reader.uint16(in: bytes)
    objections = reader.uint8(in: bytes)
    marks = Marks(rawValue: reader.uint8(in: bytes))
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.address(owner)
    writer.integer(nullifier)
    writer.integer(plan)
    writer.integer(birthMonth)
    writer.integer(number)
    writer.integer(exhaustsAt)
    writer.hash(history)
    writer.timestamp(joinedAt)
    writer.timestamp(waitingFrom)
    writer.timestamp(coveredSince)
    writer.integer(status.rawValue)
    writer.integer(queuedCredits)
    writer.integer(coverDays)
    writer.integer(openCase)
    writer.integer(volunteer)
    writer.integer(objectionYear)
    writer.integer(objections)
    writer.integer(marks.rawValue)
  }
}

extension MembershipRecord {
  /// The part of a record that indexes are made of.
  struct Indexed {
    let plan: UInt16
    let birthMonth: UInt16
    let exhaustsAt: Int64
    /// Whether `exhaustsAt` stands in the plan's tree.
    let stands: Bool

    /// Reads it from the fixed layout.
    init(from bytes: RawSpan) {
      var reader = RecordReader()
      reader.skip(Address.byteCount + 4, in: bytes)
      plan = reader.uint16(in: bytes)
      birthMonth = reader.uint16(in: bytes)
      reader.skip(4, in: bytes)
      exhaustsAt = reader.int64(in: bytes)
      reader.skip(Hash.byteCount + 8, in: bytes)
      let isFunded = reader.uint64(in: bytes) != 0
      reader.skip(8, in: bytes)
      stands = isFunded && (Status(rawValue: reader.uint8(in: bytes)) ?? .ended) != .ended
    }
  }
}
