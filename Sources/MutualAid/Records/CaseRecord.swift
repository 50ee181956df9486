public import Ledger
public import TransparencyLog

/// A claim and what became of it; table `cases`. No name, disease in words, hospital or city.
public struct CaseRecord: FixedLayoutRecord, Hashable {
  /// filed → confirmed → noticed → decided → settled → paid; or filed → declined.
  public enum Status: UInt8, Sendable {
    /// Handed in, not yet investigated.
    case filed = 1
    /// The investigator found that the convention covers it.
    case confirmed = 2
    /// The investigator found that it does not. Final.
    case declined = 3
    /// In public notice.
    case noticed = 4
    /// The notice ended without a reason against it.
    case decided = 5
    /// Shared by the members; the payout is due.
    case settled = 6
    /// The custodian paid all that was given. Final.
    case paid = 7
  }

  /// The plan.
  public var plan: UInt16
  /// The convention's class of disease.
  public var diseaseClass: UInt8
  /// See ``Status``.
  public var status: Status
  /// The membership's ordinal.
  public var membership: UInt32
  /// Day of diagnosis: days since 1970-01-01 in UTC+8.
  public var diagnosed: UInt32
  /// Ordinal of the notice + 1; 0 before.
  public var notice: UInt32 = 0
  /// Ordinal of the settlement + 1; 0 before.
  public var settlement: UInt32 = 0
  /// Next case in the queue of carried aid, ordinal + 1; 0 at its end.
  public var nextCarried: UInt32 = 0
  /// Block time of filing.
  public var filedAt: Timestamp
  /// Aid by the convention's table.
  public var aid: Int64
  /// Aid the members have given; less than `aid` after a shortfall.
  public var given: Int64 = 0
  /// Aid still carried, and the fee on it.
  public var carriedAid: Int64 = 0
  /// See ``carriedAid``.
  public var carriedFee: Int64 = 0
  /// What the custodian has paid out.
  public var paid: Int64 = 0
  /// Commitment to the documents.
  public var documents: Hash
  /// Commitment to the investigator's report.
  public var report = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 24 + 48 + 64

  init(
    plan: UInt16, diseaseClass: UInt8, membership: UInt32, diagnosed: UInt32, filedAt: Timestamp, aid: Int64,
    documents: Hash
  ) {
    self.plan = plan
    self.diseaseClass = diseaseClass
    status = .filed
    self.membership = membership
    self.diagnosed = diagnosed
    self.filedAt = filedAt
    self.aid = aid
    self.documents = documents
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    plan = reader.uint16(in: bytes)
    diseaseClass = reader.uint8(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .declined
    membership = reader.uint32(in: bytes)
    diagnosed = reader.uint32(in: bytes)
    notice = reader.uint32(in: bytes)
    settlement = reader.uint32(in: bytes)
    nextCarried = reader.uint32(in: bytes)
    filedAt = reader.timestamp(in: bytes)
    aid = reader.int64(in: bytes)
    given = reader.int64(in: bytes)
    carriedAid = reader.int64(in: bytes)
    carriedFee = reader.int64(in: bytes)
    paid = reader.int64(in: bytes)
    documents = reader.hash(in: bytes)
    report = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(plan)
    writer.integer(diseaseClass)
    writer.integer(status.rawValue)
    writer.integer(membership)
    writer.integer(diagnosed)
    writer.integer(notice)
    writer.integer(settlement)
    writer.integer(nextCarried)
    writer.timestamp(filedAt)
    writer.integer(aid)
    writer.integer(given)
    writer.integer(carriedAid)
    writer.integer(carriedFee)
    writer.integer(paid)
    writer.hash(documents)
    writer.hash(report)
  }
}

/// A case's public notice; table `notices`. A plan's notices settle in order of publication.
public struct NoticeRecord: FixedLayoutRecord, Hashable {
  /// The plan.
  public var plan: UInt16
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
    reader.skip(2, in: bytes)
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
    writer.integer(UInt16(0))
    writer.integer(number)
    writer.integer(caseOrdinal)
    writer.timestamp(publishedAt)
    writer.timestamp(endsAt)
    writer.timestamp(debitAt)
  }
}
