public import Ledger
public import TransparencyLog

/// An organisation's hash chain for drawing juries; table `dice`, by the organisation's ordinal.
public struct DiceRecord: FixedLayoutRecord, Hashable {
  /// What its next preimage must hash to; zero before it committed any.
  public var tip = Hash.zero
  /// Block time of the commitment.
  public var since = Timestamp.zero
  /// Preimages revealed since.
  public var revealed: UInt32 = 0
  /// The first draw that it has a part in: none that was open when it was committed.
  public var firstDraw: UInt32 = 0

  /// Bytes of a record.
  public static let byteCount = 48

  init() {}

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    tip = reader.hash(in: bytes)
    since = reader.timestamp(in: bytes)
    revealed = reader.uint32(in: bytes)
    firstDraw = reader.uint32(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(tip)
    writer.timestamp(since)
    writer.integer(revealed)
    writer.integer(firstDraw)
  }
}

/// A draw of juries for the cases that were contested when it opened; table `draws`.
public struct DrawRecord: FixedLayoutRecord, Hashable {
  /// Whether the juries were drawn.
  public var isClosed = false
  /// Organisations that had committed a hash chain when it opened.
  public var organisations: UInt16
  /// The first preimage revealed for it, ordinal in `reveals`, and how many were.
  public var firstReveal: UInt32
  /// See ``firstReveal``.
  public var reveals: UInt16 = 0
  /// Length of `volunteers` when it opened: who comes later is not drawn.
  public var volunteers: UInt32
  /// Block time at which it opened.
  public var openedAt: Timestamp
  /// When it is drawn without those who are silent.
  public var closesAt: Timestamp
  /// What the juries were drawn by; zero before.
  public var seed = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 64

  init(organisations: UInt16, firstReveal: UInt32, volunteers: UInt32, openedAt: Timestamp, closesAt: Timestamp) {
    self.organisations = organisations
    self.firstReveal = firstReveal
    self.volunteers = volunteers
    self.openedAt = openedAt
    self.closesAt = closesAt
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    isClosed = reader.uint8(in: bytes) != 0
    reader.skip(3, in: bytes)
    organisations = reader.uint16(in: bytes)
    reveals = reader.uint16(in: bytes)
    firstReveal = reader.uint32(in: bytes)
    volunteers = reader.uint32(in: bytes)
    openedAt = reader.timestamp(in: bytes)
    closesAt = reader.timestamp(in: bytes)
    seed = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(UInt8(isClosed ? 1 : 0))
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.integer(organisations)
    writer.integer(reveals)
    writer.integer(firstReveal)
    writer.integer(volunteers)
    writer.timestamp(openedAt)
    writer.timestamp(closesAt)
    writer.hash(seed)
  }
}

/// A preimage that an organisation revealed for a draw; table `reveals`.
public struct RevealRecord: FixedLayoutRecord, Hashable {
  /// The draw's ordinal.
  public var draw: UInt32
  /// The organisation.
  public var organisation: UInt16
  /// The preimage.
  public var preimage: Hash

  /// Bytes of a record.
  public static let byteCount = 40

  init(draw: UInt32, organisation: UInt16, preimage: Hash) {
    self.draw = draw
    self.organisation = organisation
    self.preimage = preimage
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    draw = reader.uint32(in: bytes)
    organisation = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    preimage = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(draw)
    writer.integer(organisation)
    writer.integer(UInt16(0))
    writer.hash(preimage)
  }
}
