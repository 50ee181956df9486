public import Ledger
public import TransparencyLog

/// What a member complained about, and whether she was answered; table `complaints`.
public struct ComplaintRecord: FixedLayoutRecord, Hashable {
  /// What a complaint is about.
  public enum Subject: UInt8, Sendable, CaseIterable {
    /// A case: its investigator answers.
    case claim = 1
    /// A membership: the plan's custodian answers.
    case membership = 2
    /// An organisation: it answers itself.
    case organisation = 3
  }

  /// Why.
  public enum Reason: UInt8, Sendable, CaseIterable {
    /// It takes too long.
    case slow = 1
    /// It was decided wrongly.
    case wrong = 2
    /// Money is missing, or too little.
    case money = 3
    /// Something private was shown.
    case privacy = 4
    /// She was treated badly.
    case conduct = 5
    /// Something else.
    case other = 6
  }

  /// The membership that complains.
  public var membership: UInt32
  /// What it is about.
  public var about: Subject
  /// Why.
  public var reason: Reason
  /// The organisation that answers beside the platform.
  public var concerned: UInt16
  /// Ordinal of what it is about.
  public var ordinal: UInt32
  /// Block time of the complaint.
  public var filedAt: Timestamp
  /// Block time of the answer; zero before.
  public var answeredAt = Timestamp.zero
  /// The organisation that answered, ordinal + 1; 0 before.
  public var answeredBy: UInt16 = 0
  /// Commitment to the complaint.
  public var content: Hash
  /// Commitment to the answer; zero before.
  public var answer = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 96

  init(
    membership: UInt32, about: Subject, ordinal: UInt32, reason: Reason, concerned: UInt16, filedAt: Timestamp,
    content: Hash
  ) {
    self.membership = membership
    self.about = about
    self.ordinal = ordinal
    self.reason = reason
    self.concerned = concerned
    self.filedAt = filedAt
    self.content = content
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    membership = reader.uint32(in: bytes)
    about = Subject(rawValue: reader.uint8(in: bytes)) ?? .organisation
    reason = Reason(rawValue: reader.uint8(in: bytes)) ?? .other
    concerned = reader.uint16(in: bytes)
    ordinal = reader.uint32(in: bytes)
    answeredBy = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    filedAt = reader.timestamp(in: bytes)
    answeredAt = reader.timestamp(in: bytes)
    content = reader.hash(in: bytes)
    answer = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(membership)
    writer.integer(about.rawValue)
    writer.integer(reason.rawValue)
    writer.integer(concerned)
    writer.integer(ordinal)
    writer.integer(answeredBy)
    writer.integer(UInt16(0))
    writer.timestamp(filedAt)
    writer.timestamp(answeredAt)
    writer.hash(content)
    writer.hash(answer)
  }
}
