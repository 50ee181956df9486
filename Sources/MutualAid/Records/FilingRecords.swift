public import Ledger
public import TransparencyLog

/// A record that a hospital registered when it wrote it; table `hospital_records`, unique by record and hospital.
/// Never removed: a record that was used stays used.
public struct HospitalRecord: LinkedRecord, Hashable {
  /// See ``key(of:hospital:)``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32
  /// The hospital.
  public var hospital: UInt16
  /// The last case that names it, ordinal + 1; 0 for none.
  public var lastCase: UInt32 = 0
  /// Block time at which it was registered: it existed by then. Whether it existed before, no chain can tell.
  public var registeredAt: Timestamp

  /// Bytes of a record.
  public static let byteCount = 52

  /// Where a record stands in the table: SHA-256 of a prefix, the hospital and its commitment.
  ///
  /// Hashed by the chain, so that nobody chooses keys that fall close together; with the hospital, so that no other
  /// hospital can take its place beforehand.
  public static func key(of commitment: Hash, hospital: UInt16) -> Hash {
    var bytes = Domain.tag("hospital-record")
    bytes.append(bigEndian: hospital)
    return .sha256(bytes + commitment.bytes)
  }

  init(_ commitment: Hash, hospital: UInt16, time: Timestamp) {
    key = HospitalRecord.key(of: commitment, hospital: hospital)
    next = 0
    self.hospital = hospital
    registeredAt = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    hospital = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    lastCase = reader.uint32(in: bytes)
    registeredAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(hospital)
    writer.integer(UInt16(0))
    writer.integer(lastCase)
    writer.timestamp(registeredAt)
  }
}

/// Who may file for a member who cannot; table `helpers`, unique by membership. Never removed.
public struct HelpersRecord: LinkedRecord {
  /// See ``key(of:)``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32
  /// The membership's ordinal.
  public var membership: UInt32
  /// Three places; an address of zero bytes is a free one.
  public var places = InlineArray<3, Address>(repeating: HelpersRecord.nobody)
  /// Block time of the last change.
  public var since = Timestamp.zero

  /// A free place.
  static let nobody: Address = {
    guard let address = Address([UInt8](repeating: 0, count: 20)) else { preconditionFailure("twenty bytes") }
    return address
  }()

  /// Bytes of a record.
  public static let byteCount = 108

  /// Where a membership's helpers stand in the table: SHA-256 of a prefix and its ordinal.
  public static func key(of membership: UInt32) -> Hash {
    var bytes = Domain.tag("helpers")
    bytes.append(bigEndian: membership)
    return .sha256(bytes)
  }

  init(membership: UInt32) {
    key = HelpersRecord.key(of: membership)
    next = 0
    self.membership = membership
  }

  /// The accounts that are named now.
  public var named: [Address] { places.indices.map { places[$0] }.filter { $0 != HelpersRecord.nobody } }

  /// The place of an account; with ``nobody`` a free one.
  func place(of account: Address) -> Int? { places.indices.first { places[$0] == account } }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
    for place in 0..<3 { places[place] = reader.address(in: bytes) }
    since = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(membership)
    for place in 0..<3 { writer.address(places[place]) }
    writer.timestamp(since)
  }
}

/// When an investigator reported on a case, and until when organisations decide; table `reports`.
public struct ReportRecord: FixedLayoutRecord, Hashable {
  /// The case's ordinal.
  public var caseOrdinal: UInt32
  /// Whether two organisations did not agree in time, so that a jury decides.
  public var isUndecided = false
  /// Block time of the report.
  public var reportedAt: Timestamp
  /// From this moment on a jury decides, by the convention that bound at the diagnosis.
  public var decideBy: Timestamp

  /// Bytes of a record.
  public static let byteCount = 24

  init(caseOrdinal: UInt32, reportedAt: Timestamp, decideBy: Timestamp) {
    self.caseOrdinal = caseOrdinal
    self.reportedAt = reportedAt
    self.decideBy = decideBy
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    caseOrdinal = reader.uint32(in: bytes)
    isUndecided = reader.uint8(in: bytes) != 0
    reader.skip(3, in: bytes)
    reportedAt = reader.timestamp(in: bytes)
    decideBy = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(caseOrdinal)
    writer.integer(UInt8(isUndecided ? 1 : 0))
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.timestamp(reportedAt)
    writer.timestamp(decideBy)
  }
}
