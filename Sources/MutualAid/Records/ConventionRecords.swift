public import Ledger
public import TransparencyLog

/// A convention that was announced on the chain; table `conventions`.
public struct ConventionRecord: FixedLayoutRecord, Hashable {
  /// The hash of its canonical bytes.
  public var hash: Hash
  /// The plan.
  public var plan: UInt16
  /// Its version.
  public var version: UInt16
  /// Length of its canonical bytes.
  public var length: UInt32
  /// Ordinal of its first page in `convention_pages`.
  public var firstPage: UInt32
  /// Block time from which it binds.
  public var since: Timestamp

  /// Bytes of a record.
  public static let byteCount = 52

  init(hash: Hash, plan: UInt16, version: UInt16, length: UInt32, firstPage: UInt32, since: Timestamp) {
    self.hash = hash
    self.plan = plan
    self.version = version
    self.length = length
    self.firstPage = firstPage
    self.since = since
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    hash = reader.hash(in: bytes)
    plan = reader.uint16(in: bytes)
    version = reader.uint16(in: bytes)
    length = reader.uint32(in: bytes)
    firstPage = reader.uint32(in: bytes)
    since = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(hash)
    writer.integer(plan)
    writer.integer(version)
    writer.integer(length)
    writer.integer(firstPage)
    writer.timestamp(since)
  }
}
