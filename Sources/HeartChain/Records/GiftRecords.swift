public import Ledger
public import TransparencyLog

/// A gift event and its hearts; table `gifts`. Never removed.
public struct GiftRecord: FixedLayoutRecord, Hashable {
  /// The giver's address and twelve zero bytes; the claim key's address likewise while it waits; zero for nobody.
  public var party: Hash
  /// Hearts it brought; 0 for trees that are only pledged.
  public var hearts: Int64
  /// Of these, how many the giver no longer held when it was reversed: her debt then.
  public var owed: Int64 = 0
  /// Block time of its recording.
  public var time: Timestamp
  /// Ordinal of the lot it began; for attendance, of the project.
  public var origin: UInt32
  /// Points of the love index that it counts, or may count once it is claimed.
  public var points: UInt16
  /// The organisation that recorded it.
  public var organisation: UInt16
  /// To whom the hearts belong.
  public var binding: GiftBinding
  /// Whether it was attendance, which begins no lot.
  public var isAttendance: Bool

  /// Bytes of a record.
  public static let byteCount = 68

  init(
    party: Hash, hearts: Int64, time: Timestamp, origin: UInt32, points: UInt16, organisation: UInt16,
    binding: GiftBinding, isAttendance: Bool
  ) {
    self.party = party
    self.hearts = hearts
    self.time = time
    self.origin = origin
    self.points = points
    self.organisation = organisation
    self.binding = binding
    self.isAttendance = isAttendance
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    party = reader.hash(in: bytes)
    hearts = reader.int64(in: bytes)
    owed = reader.int64(in: bytes)
    time = reader.timestamp(in: bytes)
    origin = reader.uint32(in: bytes)
    points = reader.uint16(in: bytes)
    organisation = reader.uint16(in: bytes)
    binding = GiftBinding(rawValue: reader.uint8(in: bytes)) ?? .reversed
    isAttendance = reader.uint8(in: bytes) != 0
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(party)
    writer.integer(hearts)
    writer.integer(owed)
    writer.timestamp(time)
    writer.integer(origin)
    writer.integer(points)
    writer.integer(organisation)
    writer.integer(binding.rawValue)
    writer.integer(UInt8(isAttendance ? 1 : 0))
  }
}

/// An address with hearts; table `givers`, unique by address. Never removed.
///
/// `minted` + `debt` = `held` + `spent` + `given` + `reversed`, always.
public struct GiverRecord: LinkedRecord {
  /// The address's ``key(of:)``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// The last period of 90 days in which points came; what `points` holds ends with it.
  public var period: UInt32 = 0
  /// The last day on which points came.
  public var day: UInt32 = 0
  /// Points that came on it.
  public var dayPoints: UInt32 = 0
  /// Hearts that her gifts brought.
  public var minted: Int64 = 0
  /// Hearts that she has.
  public var held: Int64 = 0
  /// Hearts spent at partners.
  public var spent: Int64 = 0
  /// Hearts given to projects.
  public var given: Int64 = 0
  /// Hearts of gifts that were taken back.
  public var reversed: Int64 = 0
  /// Hearts taken back that she no longer had; the next hearts fill it first.
  public var debt: Int64 = 0
  /// Her gifts.
  public var gifts: UInt32 = 0
  /// Changes in `history`.
  public var changes: UInt32 = 0
  /// Points by period, at its number modulo twelve.
  public var points = InlineArray<12, UInt32>(repeating: 0)
  /// Running hash over everything that changed her hearts (``HeartChange``).
  public var history = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 184

  /// Where an address stands: SHA-256 of a prefix, the address and twelve zero bytes.
  ///
  /// Hashed by the chain: who records gifts names addresses as he likes, and could choose some whose keys fall close
  /// together, which would make every look into the table slow.
  ///
  /// - Parameter party: the address and twelve zero bytes, as a gift has it (`Address.key`).
  public static func key(of party: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: domain.count + Hash.byteCount, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(domain.span.bytes)
      writer.hash(party)
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  private static let domain = Domain.tag("giver")

  init(key: Hash) { self.key = key }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    period = reader.uint32(in: bytes)
    day = reader.uint32(in: bytes)
    dayPoints = reader.uint32(in: bytes)
    minted = reader.int64(in: bytes)
    held = reader.int64(in: bytes)
    spent = reader.int64(in: bytes)
    given = reader.int64(in: bytes)
    reversed = reader.int64(in: bytes)
    debt = reader.int64(in: bytes)
    gifts = reader.uint32(in: bytes)
    changes = reader.uint32(in: bytes)
    for index in points.indices { points[index] = reader.uint32(in: bytes) }
    history = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(period)
    writer.integer(day)
    writer.integer(dayPoints)
    writer.integer(minted)
    writer.integer(held)
    writer.integer(spent)
    writer.integer(given)
    writer.integer(reversed)
    writer.integer(debt)
    writer.integer(gifts)
    writer.integer(changes)
    for index in points.indices { writer.integer(points[index]) }
    writer.hash(history)
  }
}

/// All hearts of the chain; table `hearts`, which has one record.
///
/// `minted` + `debt` = `held` + `waiting` + `anonymous` + `spent` + `given` + `reversed`, always.
public struct HeartTotals: FixedLayoutRecord, Hashable {
  /// All that ever came.
  public var minted: Int64 = 0
  /// Held by addresses.
  public var held: Int64 = 0
  /// Waiting for a claim code.
  public var waiting: Int64 = 0
  /// Of gifts by nobody.
  public var anonymous: Int64 = 0
  /// Spent at partners.
  public var spent: Int64 = 0
  /// Given to projects.
  public var given: Int64 = 0
  /// Of gifts taken back.
  public var reversed: Int64 = 0
  /// Taken back where they were gone already.
  public var debt: Int64 = 0

  /// Bytes of a record.
  public static let byteCount = 64
  /// The most hearts that may ever come: far enough from the end of 64 bits for every sum.
  public static let maximum: Int64 = 1 << 60

  init() {}

  /// Whether the equation holds and nothing is negative.
  public var isBalanced: Bool {
    let parts = [held, waiting, anonymous, spent, given, reversed]
    guard (parts + [minted, debt]).allSatisfy({ $0 >= 0 }) else { return false }
    return Int128(minted) + Int128(debt) == parts.reduce(Int128(0)) { $0 + Int128($1) }
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    minted = reader.int64(in: bytes)
    held = reader.int64(in: bytes)
    waiting = reader.int64(in: bytes)
    anonymous = reader.int64(in: bytes)
    spent = reader.int64(in: bytes)
    given = reader.int64(in: bytes)
    reversed = reader.int64(in: bytes)
    debt = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    for number in [minted, held, waiting, anonymous, spent, given, reversed, debt] { writer.integer(number) }
  }
}
