public import Ledger
public import TransparencyLog

/// A look at the place by a volunteer who lives near it; table `field_checks`. The place stays off the chain.
public struct FieldCheckRecord: FixedLayoutRecord, Hashable {
  /// How far it has come.
  public enum Status: UInt8, Sendable {
    /// The investigator has asked for it.
    case asked = 1
    /// The platform has sent a volunteer.
    case sent = 2
    /// She found what the claim says.
    case agrees = 3
    /// She found something else.
    case disagrees = 4
  }

  /// The case's ordinal.
  public var caseOrdinal: UInt32
  /// The volunteer's membership, ordinal + 1; 0 before.
  public var membership: UInt32 = 0
  /// See ``Status``.
  public var status = Status.asked
  /// Block time at which it was asked for.
  public var askedAt: Timestamp
  /// Block time of the last step since; zero before.
  public var changedAt = Timestamp.zero
  /// Commitment to what she reports; zero before.
  public var report = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 60

  init(caseOrdinal: UInt32, askedAt: Timestamp) {
    self.caseOrdinal = caseOrdinal
    self.askedAt = askedAt
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    caseOrdinal = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .asked
    reader.skip(3, in: bytes)
    askedAt = reader.timestamp(in: bytes)
    changedAt = reader.timestamp(in: bytes)
    report = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(caseOrdinal)
    writer.integer(membership)
    writer.integer(status.rawValue)
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.timestamp(askedAt)
    writer.timestamp(changedAt)
    writer.hash(report)
  }
}
