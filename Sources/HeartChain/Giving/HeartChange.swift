public import Ledger
public import TransparencyLog

/// A change of an address's hearts, as its history holds it.
///
/// history = SHA-256(domain ‖ previous history ‖ change), so whoever knows a record's history can be shown every
/// change and none can be left out.
public struct HeartChange: FixedLayoutRecord, Hashable {
  /// What happened.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// A gift was recorded; number: its ordinal.
    case minted = 1
    /// A gift was claimed with its code; number: its ordinal.
    case claimed = 2
    /// Hearts were spent at a partner; number: the partner; commitment: the receipt.
    case spent = 3
    /// Hearts were given to a project; number: its ordinal.
    case given = 4
    /// A gift was taken back; number: its ordinal; commitment: the published reason.
    case reversed = 5
  }

  /// See ``Kind``; an unknown number reads as the last.
  public var kind: Kind
  /// How many.
  public var hearts: Int64
  /// An ordinal.
  public var number: UInt32
  /// A hash, or zero bytes.
  public var commitment: Hash
  /// Block time.
  public var time: Timestamp

  /// Bytes of a change.
  public static let byteCount = 53

  private static let domain = Domain.tag("heart-history")

  /// A change.
  public init(_ kind: Kind, hearts: Int64, number: UInt32, commitment: Hash, time: Timestamp) {
    self.kind = kind
    self.hearts = hearts
    self.number = number
    self.commitment = commitment
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = Kind(rawValue: reader.uint8(in: bytes)) ?? .reversed
    hearts = reader.int64(in: bytes)
    number = reader.uint32(in: bytes)
    commitment = reader.hash(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(hearts)
    writer.integer(number)
    writer.hash(commitment)
    writer.timestamp(time)
  }

  /// The history after this change.
  public func history(after previous: Hash) -> Hash {
    let length = HeartChange.domain.count + Hash.byteCount + HeartChange.byteCount
    return withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(HeartChange.domain.span.bytes)
      writer.hash(previous)
      encode(into: UnsafeMutableRawBufferPointer(rebasing: buffer[writer.offset...]))
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }
}

extension GiverRecord {
  mutating func note(_ change: HeartChange) {
    changes &+= 1
    history = change.history(after: history)
  }
}
