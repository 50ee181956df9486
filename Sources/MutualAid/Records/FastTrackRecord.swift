public import Ledger
public import TransparencyLog

/// Aid asked for, or advanced, ahead of the investigation of a case; table `fast_tracks`.
///
/// Amounts are millionths of a yuan.
public struct FastTrackRecord: FixedLayoutRecord, Hashable {
  /// How far it is.
  public enum Status: UInt8, Sendable {
    /// A hospital has signed; an insurer has not.
    case certified = 1
    /// An insurer has signed too, and the reserve has advanced the aid.
    case advanced = 2
    /// The case was shared as it stood.
    case upheld = 3
    /// The case did not stand: what was paid is owed back.
    case overturned = 4
    /// The case ended before an insurer signed.
    case void = 5
  }

  /// The case.
  public var caseOrdinal: UInt32
  /// The hospital's organisation.
  public var hospital: UInt16
  /// The insurer's organisation + 1; 0 while there is none.
  public var insurer: UInt16 = 0
  /// The hospital's advance before this one in the same plan, ordinal + 1; 0 for none.
  public var previous: UInt32 = 0
  /// See ``Status``.
  public var status = Status.certified
  /// What was advanced; whole fen.
  public var amount: Int64 = 0
  /// What the reserve has not got back of it.
  public var outstanding: Int64 = 0
  /// What was paid back by the person, or for her.
  public var recovered: Int64 = 0
  /// Block times: the hospital's signature, the insurer's, the payout's end, and how it ended; zero before.
  public var certifiedAt: Timestamp
  /// See ``certifiedAt``.
  public var countersignedAt = Timestamp.zero
  /// See ``certifiedAt``.
  public var paidAt = Timestamp.zero
  /// See ``certifiedAt``.
  public var endedAt = Timestamp.zero
  /// Commitment to the signed diagnosis.
  public var diagnosis: Hash

  /// Bytes of a record.
  public static let byteCount = 16 + 24 + 32 + 32
  /// Seconds of block time within which the custodian is to pay an advance: two hours.
  public static let paymentSeconds: UInt64 = 7200

  init(caseOrdinal: UInt32, hospital: UInt16, certifiedAt: Timestamp, diagnosis: Hash) {
    self.caseOrdinal = caseOrdinal
    self.hospital = hospital
    self.certifiedAt = certifiedAt
    self.diagnosis = diagnosis
  }

  /// Whether the custodian took longer than ``paymentSeconds``, or has and has not paid yet.
  public func isLate(at time: Timestamp) -> Bool {
    guard status == .advanced || paidAt != .zero else { return false }
    return (paidAt == .zero ? time : paidAt) > countersignedAt.adding(seconds: FastTrackRecord.paymentSeconds)
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    caseOrdinal = reader.uint32(in: bytes)
    hospital = reader.uint16(in: bytes)
    insurer = reader.uint16(in: bytes)
    previous = reader.uint32(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .void
    reader.skip(3, in: bytes)
    amount = reader.int64(in: bytes)
    outstanding = reader.int64(in: bytes)
    recovered = reader.int64(in: bytes)
    certifiedAt = reader.timestamp(in: bytes)
    countersignedAt = reader.timestamp(in: bytes)
    paidAt = reader.timestamp(in: bytes)
    endedAt = reader.timestamp(in: bytes)
    diagnosis = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(caseOrdinal)
    writer.integer(hospital)
    writer.integer(insurer)
    writer.integer(previous)
    writer.integer(status.rawValue)
    for _ in 0..<3 { writer.integer(UInt8(0)) }
    writer.integer(amount)
    writer.integer(outstanding)
    writer.integer(recovered)
    writer.timestamp(certifiedAt)
    writer.timestamp(countersignedAt)
    writer.timestamp(paidAt)
    writer.timestamp(endedAt)
    writer.hash(diagnosis)
  }
}
