public import Ledger
public import TransparencyLog

/// A claim and what became of it; table `cases`. No name, disease in words, hospital or city.
public struct CaseRecord: FixedLayoutRecord, Hashable {
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
  /// Organisation that investigates, ordinal + 1; 0 before.
  public var investigator: UInt16 = 0
  /// First organisation whose officer approved, ordinal + 1; 0 for none.
  public var approvedBy: UInt16 = 0
  /// First organisation whose officer declined, ordinal + 1; 0 for none.
  public var declinedBy: UInt16 = 0
  /// Organisation whose agreement with one of the two decided the case, ordinal + 1; 0 before.
  public var decidedBy: UInt16 = 0
  /// Objections made to it.
  public var objections: UInt16 = 0
  /// Payouts that came back.
  public var returnedPayouts: UInt8 = 0
  /// See ``Marks``.
  public var marks: Marks = []
  /// The last objection to it, ordinal + 1; 0 for none.
  public var lastObjection: UInt32 = 0
  /// The draw that it waits for or its last jury was drawn in, ordinal + 1; 0 for none.
  public var draw: UInt32 = 0
  /// Its last jury, ordinal + 1; 0 for none.
  public var jury: UInt32 = 0
  /// Block time at which it was declined or rejected; zero before. From then on the time to appeal runs.
  public var refusedAt = Timestamp.zero
  /// The case's fast track, ordinal + 1; 0 for none.
  public var fastTrack: UInt32 = 0

  /// What has happened to a case that its state does not tell.
  public struct Marks: OptionSet, Hashable, Sendable {
    /// The bits, as they stand in the record.
    public let rawValue: UInt8
    /// Marks from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The investigator's report says that the convention covers it.
    public static let foundCovered = Marks(rawValue: 1)
    /// A jury has heard it, so nobody objects again.
    public static let heard = Marks(rawValue: 2)
    /// The owner has appealed, so she cannot again.
    public static let appealed = Marks(rawValue: 4)
    /// A jury did not vote in number, so that the next one is the last.
    public static let redrawn = Marks(rawValue: 8)
  }

  /// Bytes of a record.
  public static let byteCount = 24 + 48 + 64 + 36

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
    investigator = reader.uint16(in: bytes)
    approvedBy = reader.uint16(in: bytes)
    declinedBy = reader.uint16(in: bytes)
    decidedBy = reader.uint16(in: bytes)
    objections = reader.uint16(in: bytes)
    returnedPayouts = reader.uint8(in: bytes)
    marks = Marks(rawValue: reader.uint8(in: bytes))
    lastObjection = reader.uint32(in: bytes)
    draw = reader.uint32(in: bytes)
    jury = reader.uint32(in: bytes)
    refusedAt = reader.timestamp(in: bytes)
    fastTrack = reader.uint32(in: bytes)
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
    writer.integer(investigator)
    writer.integer(approvedBy)
    writer.integer(declinedBy)
    writer.integer(decidedBy)
    writer.integer(objections)
    writer.integer(returnedPayouts)
    writer.integer(marks.rawValue)
    writer.integer(lastObjection)
    writer.integer(draw)
    writer.integer(jury)
    writer.timestamp(refusedAt)
    writer.integer(fastTrack)
  }
}
