public import Ledger
public import TransparencyLog

/// A manifest of events; table `trace_manifests`. Its rows are in the log, each provable alone under `root`.
public struct TraceManifestRecord: FixedLayoutRecord, Hashable {
  /// RFC 6962 root over the rows.
  public var root: Hash
  /// The organisation's number of the first row.
  public var first: UInt64
  /// Number of rows.
  public var count: UInt32
  /// Of these, how many were accepted.
  public var accepted: UInt32
  /// Who signed it.
  public var organisation: UInt16
  /// Block time.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 60

  init(root: Hash, first: UInt64, count: UInt32, accepted: UInt32, organisation: UInt16, time: Timestamp) {
    self.root = root
    self.first = first
    self.count = count
    self.accepted = accepted
    self.organisation = organisation
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    root = reader.hash(in: bytes)
    first = reader.uint64(in: bytes)
    count = reader.uint32(in: bytes)
    accepted = reader.uint32(in: bytes)
    organisation = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(root)
    writer.integer(first)
    writer.integer(count)
    writer.integer(accepted)
    writer.integer(organisation)
    writer.integer(UInt16(0))
    writer.timestamp(time)
  }
}

/// What an organisation has told, and what of it could not be; table `trace_books`, one for each organisation.
public struct TraceBookRecord: FixedLayoutRecord, Hashable {
  /// Number of its next row.
  public var next: UInt64 = 1
  /// Rows accepted.
  public var accepted: UInt64 = 0
  /// Rows refused, for whatever reason.
  public var refused: UInt64 = 0
  /// Of these, rows whose picture or receipt was shown before.
  public var repeated: UInt32 = 0
  /// Of these, rows by which more would have gone out than was there.
  public var overdrawn: UInt32 = 0
  /// The last row of the first sort, as ``LotRecord/event`` gives events; 0 for none.
  public var lastRepeated: UInt64 = 0
  /// The last row of the second sort.
  public var lastOverdrawn: UInt64 = 0
  /// Block time of its last manifest; zero before the first.
  public var time = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 56

  init() {}

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    next = reader.uint64(in: bytes)
    accepted = reader.uint64(in: bytes)
    refused = reader.uint64(in: bytes)
    repeated = reader.uint32(in: bytes)
    overdrawn = reader.uint32(in: bytes)
    lastRepeated = reader.uint64(in: bytes)
    lastOverdrawn = reader.uint64(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(next)
    writer.integer(accepted)
    writer.integer(refused)
    writer.integer(repeated)
    writer.integer(overdrawn)
    writer.integer(lastRepeated)
    writer.integer(lastOverdrawn)
    writer.timestamp(time)
  }
}

/// A picture, receipt or report that was shown; table `exhibits`, unique. Never removed.
public struct ExhibitRecord: LinkedRecord, Hashable {
  /// The exhibit's ``key(of:)``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// Who showed it first; 65,535 for a partner's receipt.
  public var organisation: UInt16
  /// The event it was shown with; 0 for a report or a partner's receipt.
  public var event: UInt64

  /// Bytes of a record.
  public static let byteCount = 48
  /// Stands for no organisation.
  public static let noOrganisation = UInt16.max

  /// Where an exhibit stands: SHA-256 of a prefix and the plain hash of its bytes.
  ///
  /// Hashed by the chain, so that nobody can choose hashes whose keys fall close together, which would make every
  /// look into the table slow.
  public static func key(of hash: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: domain.count + Hash.byteCount, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(domain.span.bytes)
      writer.hash(hash)
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  private static let domain = Domain.tag("exhibit")

  init(key: Hash, organisation: UInt16, event: UInt64) {
    self.key = key
    self.organisation = organisation
    self.event = event
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    organisation = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    event = reader.uint64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(organisation)
    writer.integer(UInt16(0))
    writer.integer(event)
  }
}

/// What arrived at one organisation from another, in one unit; table `flows`, unique by the three. What goes round
/// shows as two flows against each other, or as a ring of them.
public struct FlowRecord: LinkedRecord, Hashable {
  /// SHA-256 of a prefix, both organisations and the unit.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// From whom.
  public var sender: UInt16
  /// To whom.
  public var receiver: UInt16
  /// In what it is counted; of containers the lots in them. `nil` in the sentinel only.
  public var unit: GiftUnit?
  /// How often.
  public var count: UInt32 = 0
  /// How much in all; stays at the largest number of 63 bits where a sum would pass it.
  public var total: Int64 = 0
  /// The last arrival.
  public var event: UInt64 = 0

  /// Bytes of a record.
  public static let byteCount = 64

  /// The key of a flow.
  public static func key(from sender: UInt16, to receiver: UInt16, unit: GiftUnit) -> Hash {
    var bytes = Domain.tag("flow")
    for number in [sender, receiver] {
      bytes.append(UInt8(number >> 8))
      bytes.append(UInt8(number & 255))
    }
    return .sha256(bytes + [unit.rawValue])
  }

  init(from sender: UInt16, to receiver: UInt16, unit: GiftUnit) {
    key = FlowRecord.key(from: sender, to: receiver, unit: unit)
    self.sender = sender
    self.receiver = receiver
    self.unit = unit
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    sender = reader.uint16(in: bytes)
    receiver = reader.uint16(in: bytes)
    unit = GiftUnit(rawValue: reader.uint8(in: bytes))
    reader.skip(3, in: bytes)
    count = reader.uint32(in: bytes)
    total = reader.int64(in: bytes)
    event = reader.uint64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(sender)
    writer.integer(receiver)
    writer.integer(unit?.rawValue ?? 0)
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.integer(count)
    writer.integer(total)
    writer.integer(event)
  }
}

/// Two organisations that an auditor says are related; table `relations`.
public struct RelationRecord: FixedLayoutRecord, Hashable {
  /// The one with the smaller ordinal.
  public var first: UInt16
  /// The other.
  public var second: UInt16
  /// Who says so.
  public var auditor: UInt16
  /// Block time.
  public var time: Timestamp
  /// Hash of what shows it.
  public var evidence: Hash

  /// Bytes of a record.
  public static let byteCount = 48

  init(first: UInt16, second: UInt16, auditor: UInt16, time: Timestamp, evidence: Hash) {
    self.first = first
    self.second = second
    self.auditor = auditor
    self.time = time
    self.evidence = evidence
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    first = reader.uint16(in: bytes)
    second = reader.uint16(in: bytes)
    auditor = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    time = reader.timestamp(in: bytes)
    evidence = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(first)
    writer.integer(second)
    writer.integer(auditor)
    writer.integer(UInt16(0))
    writer.timestamp(time)
    writer.hash(evidence)
  }
}
