public import Ledger
public import TransparencyLog

/// What a key is for. One key, one purpose, for ever.
public enum KeyPurpose: UInt8, Sendable, CaseIterable {
  /// Votes, locks and headers.
  case vote = 1
  /// Cosignatures.
  case cosign = 2
  /// Log signatures.
  case log = 3
  /// An officer's transactions.
  case officer = 4
}

/// A key that stands or stood for an organisation or officer; table `keys`, in the order in which they came.
///
/// Never removed: a key that was changed is not taken again for anything, and what was signed twice with it still
/// counts against whoever had it.
public struct KeyRecord: FixedLayoutRecord, Hashable {
  /// The key's bytes.
  public var key: Hash
  /// What it is for.
  public var purpose: KeyPurpose
  /// Whose it is.
  public var organisation: UInt16
  /// The officer's ordinal + 1; 0 for a key of the organisation.
  public var officer: UInt32
  /// Block time from which it stands.
  public var since: Timestamp
  /// Block time at which it was changed; zero while it stands.
  public var until = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 56

  init(_ key: PublicKey, purpose: KeyPurpose, organisation: UInt16, officer: UInt32 = 0, since: Timestamp) {
    self.key = key.raw
    self.purpose = purpose
    self.organisation = organisation
    self.officer = officer
    self.since = since
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    purpose = KeyPurpose(rawValue: reader.uint8(in: bytes)) ?? .vote
    reader.skip(1, in: bytes)
    organisation = reader.uint16(in: bytes)
    officer = reader.uint32(in: bytes)
    since = reader.timestamp(in: bytes)
    until = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(purpose.rawValue)
    writer.integer(UInt8(0))
    writer.integer(organisation)
    writer.integer(officer)
    writer.timestamp(since)
    writer.timestamp(until)
  }
}

/// Evidence that was accepted; table `evidence`. The evidence itself stands in the log.
public struct EvidenceRecord: FixedLayoutRecord, Hashable {
  /// Ordinal of the key in `keys`.
  public var key: UInt32
  /// What was signed twice.
  public var kind: Evidence.Kind
  /// Whose key it is.
  public var organisation: UInt16
  /// The sequence of votes, locks and batches, the size of roots.
  public var place: UInt64
  /// Block time.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 24

  init(key: UInt32, kind: Evidence.Kind, organisation: UInt16, place: UInt64, time: Timestamp) {
    self.key = key
    self.kind = kind
    self.organisation = organisation
    self.place = place
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.uint32(in: bytes)
    kind = Evidence.Kind(rawValue: reader.uint8(in: bytes)) ?? .votes
    reader.skip(1, in: bytes)
    organisation = reader.uint16(in: bytes)
    place = reader.uint64(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(key)
    writer.integer(kind.rawValue)
    writer.integer(UInt8(0))
    writer.integer(organisation)
    writer.integer(place)
    writer.timestamp(time)
  }
}
