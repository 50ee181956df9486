public import Ledger
public import TransparencyLog

/// A shop, rental or employer that takes part; table `partners`.
public struct PartnerRecord: FixedLayoutRecord, Hashable {
  /// Its account, which signs its receipts.
  public var account: Address
  /// Channels it has open.
  public var channels: UInt32 = 0
  /// Hash of who it is.
  public var description: Hash
  /// Block time of its registration.
  public var since: Timestamp
  /// Block time at which it ended; zero while it takes part.
  public var closedAt = Timestamp.zero
  /// Hearts spent at it.
  public var hearts: Int64 = 0

  /// Bytes of a record.
  public static let byteCount = 80
  /// The most partners of a chain.
  public static let maximum = 65_536

  init(account: Address, description: Hash, since: Timestamp) {
    self.account = account
    self.description = description
    self.since = since
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    account = reader.address(in: bytes)
    channels = reader.uint32(in: bytes)
    description = reader.hash(in: bytes)
    since = reader.timestamp(in: bytes)
    closedAt = reader.timestamp(in: bytes)
    hearts = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.address(account)
    writer.integer(channels)
    writer.hash(description)
    writer.timestamp(since)
    writer.timestamp(closedAt)
    writer.integer(hearts)
  }
}

/// What a partner opens at which value of the love index; table `channels`.
public struct ChannelRecord: FixedLayoutRecord, Hashable {
  /// The partner.
  public var partner: UInt32
  /// The least love index.
  public var threshold: UInt16
  /// Hash of what is opened, in words.
  public var description: Hash
  /// Block time of its opening.
  public var since: Timestamp
  /// Block time of its closing; zero while it is open.
  public var closedAt = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 56
  /// The most channels that one partner has open.
  public static let maximum: UInt32 = 32

  init(partner: UInt32, threshold: UInt16, description: Hash, since: Timestamp) {
    self.partner = partner
    self.threshold = threshold
    self.description = description
    self.since = since
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    partner = reader.uint32(in: bytes)
    threshold = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    description = reader.hash(in: bytes)
    since = reader.timestamp(in: bytes)
    closedAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(partner)
    writer.integer(threshold)
    writer.integer(UInt16(0))
    writer.hash(description)
    writer.timestamp(since)
    writer.timestamp(closedAt)
  }
}

/// A giver's consent that thresholds of her index are attested for a partner; table `index_consents`, unique by both.
/// Never removed: one that was taken back says so, and a new one for the same partner stands in its place.
public struct IndexConsentRecord: LinkedRecord, Hashable {
  /// SHA-256 of a prefix, the giver's address and the partner.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// Who consents.
  public var giver: Address
  /// For which partner.
  public var partner: UInt32
  /// Block time at which she last consented.
  public var since: Timestamp
  /// It is over at this block time.
  public var until: Timestamp
  /// Block time at which she took it back; zero while it stands.
  public var withdrawnAt = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 84
  /// The longest consent, in days.
  public static let maximumDays: UInt64 = 366

  /// Where a consent stands.
  public static func key(of giver: Address, partner: UInt32) -> Hash {
    .sha256(Domain.tag("index-consent") + giver.bytes + (0..<4).map { UInt8(partner >> (24 - 8 * $0) & 255) })
  }

  /// Whether it holds at a time.
  public func holds(at time: Timestamp) -> Bool { withdrawnAt == .zero && since <= time && time < until }

  init(giver: Address, partner: UInt32, since: Timestamp, until: Timestamp) {
    key = IndexConsentRecord.key(of: giver, partner: partner)
    self.giver = giver
    self.partner = partner
    self.since = since
    self.until = until
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    giver = reader.address(in: bytes)
    partner = reader.uint32(in: bytes)
    since = reader.timestamp(in: bytes)
    until = reader.timestamp(in: bytes)
    withdrawnAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.address(giver)
    writer.integer(partner)
    writer.timestamp(since)
    writer.timestamp(until)
    writer.timestamp(withdrawnAt)
  }
}
