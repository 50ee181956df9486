public import Ledger

/// A case's public notice; table `notices`. A plan's notices settle in order of publication.
public struct NoticeRecord: FixedLayoutRecord, Hashable {
  /// The plan.
  public var plan: UInt16
  /// Whether its case was taken out before it was shared: contested or withdrawn.
  public var isTakenOut = false
  /// Number within the plan, from 1.
  public var number: UInt32
  /// The case's ordinal.
  public var caseOrdinal: UInt32
  /// Block time of publication.
  public var publishedAt: Timestamp
  /// When the notice ends and the case is decided.
  public var endsAt: Timestamp
  /// When it is shared.
  public var debitAt: Timestamp

  /// Bytes of a record.
  public static let byteCount = 36

  init(
    plan: UInt16, number: UInt32, caseOrdinal: UInt32, publishedAt: Timestamp, endsAt: Timestamp, debitAt: Timestamp
  ) {
    self.plan = plan
    self.number = number
    self.caseOrdinal = caseOrdinal
    self.publishedAt = publishedAt
    self.endsAt = endsAt
    self.debitAt = debitAt
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    plan = reader.uint16(in: bytes)
    isTakenOut = reader.uint8(in: bytes) != 0
    reader.skip(1, in: bytes)
    number = reader.uint32(in: bytes)
    caseOrdinal = reader.uint32(in: bytes)
    publishedAt = reader.timestamp(in: bytes)
    endsAt = reader.timestamp(in: bytes)
    debitAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(plan)
    writer.integer(UInt8(isTakenOut ? 1 : 0))
    writer.integer(UInt8(0))
    writer.integer(number)
    writer.integer(caseOrdinal)
    writer.timestamp(publishedAt)
    writer.timestamp(endsAt)
    writer.timestamp(debitAt)
  }
}
