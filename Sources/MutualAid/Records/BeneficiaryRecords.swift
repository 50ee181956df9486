public import Ledger
public import TransparencyLog

/// Where a membership stands in a table that holds one record for each of some memberships: its ordinal + 1 in four
/// bytes, then zeros. Such a table proves that a membership has no record, too.
public enum MembershipKey {
  /// The key of a membership.
  public static func key(of membership: UInt32) -> Hash {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: membership + 1)
    guard let hash = Hash(bytes + [UInt8](repeating: 0, count: 28)) else { preconditionFailure("thirty-two bytes") }
    return hash
  }
}

/// Somebody named by a salted commitment, and who will be in her place.
public struct NamedParty: Hashable, Sendable {
  /// Who was named before the last change; zero for nobody.
  public var present = Hash.zero
  /// Who is named by the last change; zero for nobody.
  public var next = Hash.zero
  /// Block time of the last change; zero where nobody was ever named.
  public var askedAt = Timestamp.zero

  /// Days until a change takes effect, so that whoever holds a stolen key cannot be paid at once.
  public static let delayDays: UInt64 = 7

  /// When the last change takes effect; zero without one.
  public var effectiveAt: Timestamp { askedAt == .zero ? .zero : askedAt.adding(days: NamedParty.delayDays) }

  /// Who is named at a moment; zero for nobody. A change that had not taken effect when a recovery of the owner's key
  /// began does not while it is under way, and never once the new key stands: it may be the thief's.
  ///
  /// - Parameter recovery: the newest one of the owner's account that two organisations asked for.
  func inForce(at time: Timestamp, recovery: RecoveryRecord?) -> Hash {
    guard askedAt != .zero, time >= effectiveAt else { return present }
    if let recovery, effectiveAt > recovery.confirmedAt {
      if recovery.isUnderWay { return present }
      if recovery.status == .done, askedAt <= recovery.closedAt { return present }
    }
    return next
  }

  /// Names somebody else from the end of the delay.
  mutating func name(_ commitment: Hash, at time: Timestamp, recovery: RecoveryRecord?) {
    present = inForce(at: time, recovery: recovery)
    next = commitment
    askedAt = time
  }

  init() {}

  init(reader: inout RecordReader, in bytes: RawSpan) {
    present = reader.hash(in: bytes)
    next = reader.hash(in: bytes)
    askedAt = reader.timestamp(in: bytes)
  }

  func write(to writer: inout RecordWriter) {
    writer.hash(present)
    writer.hash(next)
    writer.timestamp(askedAt)
  }
}

/// Who is paid for a membership, and whether the insured has died; table `beneficiaries`, unique by membership.
public struct BeneficiaryRecord: LinkedRecord, Hashable {
  /// See ``MembershipKey``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// The day of her death, days since 1970-01-01 in UTC+8; 0 for none reported.
  public var diedOn: UInt32 = 0
  /// Who is paid in her lifetime.
  public var payee = NamedParty()
  /// Who is paid afterwards.
  public var heir = NamedParty()

  /// Bytes of a record.
  public static let byteCount = 184

  init(membership: UInt32) { key = MembershipKey.key(of: membership) }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    diedOn = reader.uint32(in: bytes)
    payee = NamedParty(reader: &reader, in: bytes)
    heir = NamedParty(reader: &reader, in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(diedOn)
    payee.write(to: &writer)
    heir.write(to: &writer)
  }
}

/// An illness within the waiting period; table `illnesses`, unique by membership.
public struct IllnessRecord: LinkedRecord, Hashable {
  /// Where a report is in its life: reported → confirmed → paid back.
  public enum Status: UInt8, Sendable {
    /// In the sentinel, which is no report.
    case none = 0
    /// One organisation reports it.
    case reported = 1
    /// The owner reports it, or a second organisation the same; the membership ends behind the notices before it.
    case confirmed = 2
    /// The membership has ended, and its shares go back.
    case paidBack = 3
  }

  /// See ``MembershipKey``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// The convention's class of disease.
  public var diseaseClass: UInt8
  /// See ``Status``.
  public var status = Status.reported
  /// Organisation that reported it first, ordinal + 1; 0 where the owner did.
  public var first: UInt16
  /// Organisation that reported the same, ordinal + 1; 0 for none.
  public var second: UInt16 = 0
  /// Day of diagnosis: days since 1970-01-01 in UTC+8.
  public var diagnosed: UInt32
  /// Commitment to the documents.
  public var documents: Hash
  /// Block time of the first report.
  public var reportedAt: Timestamp
  /// Block time at which it was confirmed; zero before.
  public var confirmedAt = Timestamp.zero
  /// Shares paid back, whole fen in millionths of a yuan.
  public var shares: Int64 = 0

  /// Bytes of a record.
  public static let byteCount = 104

  init(
    membership: UInt32, diseaseClass: UInt8, first: UInt16, diagnosed: UInt32, documents: Hash, reportedAt: Timestamp
  ) {
    key = MembershipKey.key(of: membership)
    self.diseaseClass = diseaseClass
    self.first = first
    self.diagnosed = diagnosed
    self.documents = documents
    self.reportedAt = reportedAt
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    diseaseClass = reader.uint8(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .none
    first = reader.uint16(in: bytes)
    second = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    diagnosed = reader.uint32(in: bytes)
    documents = reader.hash(in: bytes)
    reportedAt = reader.timestamp(in: bytes)
    confirmedAt = reader.timestamp(in: bytes)
    shares = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(diseaseClass)
    writer.integer(status.rawValue)
    writer.integer(first)
    writer.integer(second)
    writer.integer(UInt16(0))
    writer.integer(diagnosed)
    writer.hash(documents)
    writer.timestamp(reportedAt)
    writer.timestamp(confirmedAt)
    writer.integer(shares)
  }
}
