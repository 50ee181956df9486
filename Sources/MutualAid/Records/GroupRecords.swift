public import Ledger
public import TransparencyLog

/// A family or an employer that enrols people and pays for them together; table `groups`.
public struct GroupRecord: FixedLayoutRecord, Hashable {
  /// What holds the group together.
  public enum Kind: UInt8, Sendable {
    /// A family.
    case family = 1
    /// An employer with its people.
    case employer = 2
  }

  /// See ``Kind``.
  public var kind: Kind
  /// The plan.
  public var plan: UInt16
  /// The account that enrols for it.
  public var payer: Address
  /// Memberships ever enrolled.
  public var members: UInt32 = 0
  /// The first seat and the last in `group_seats`, ordinal + 1; 0 while there is none.
  public var first: UInt32 = 0
  /// See ``first``.
  public var last: UInt32 = 0
  /// Block time of registration.
  public var registeredAt: Timestamp
  /// Everything paid for the group together, in millionths of a yuan.
  public var paid: Int64 = 0

  /// Bytes of a record.
  public static let byteCount = 52
  /// The most memberships of one group; a larger employer has several groups.
  public static let maximumMembers = 10_000

  init(kind: Kind, plan: UInt16, payer: Address, registeredAt: Timestamp) {
    self.kind = kind
    self.plan = plan
    self.payer = payer
    self.registeredAt = registeredAt
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = Kind(rawValue: reader.uint8(in: bytes)) ?? .family
    reader.skip(1, in: bytes)
    plan = reader.uint16(in: bytes)
    payer = reader.address(in: bytes)
    members = reader.uint32(in: bytes)
    first = reader.uint32(in: bytes)
    last = reader.uint32(in: bytes)
    registeredAt = reader.timestamp(in: bytes)
    paid = reader.int64(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(UInt8(0))
    writer.integer(plan)
    writer.address(payer)
    writer.integer(members)
    writer.integer(first)
    writer.integer(last)
    writer.timestamp(registeredAt)
    writer.integer(paid)
  }
}

/// A membership in a group; table `group_seats`, unique by membership.
public struct GroupSeatRecord: LinkedRecord, Hashable {
  /// See ``MembershipKey``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// The membership.
  public var membership: UInt32
  /// The group.
  public var group: UInt32
  /// The seat taken after it in the same group, ordinal + 1; 0 at the end.
  public var following: UInt32 = 0
  /// Whether the owner took her membership out of the group.
  public var hasLeft = false

  /// Bytes of a record.
  public static let byteCount = 52

  init(membership: UInt32, group: UInt32) {
    key = MembershipKey.key(of: membership)
    self.membership = membership
    self.group = group
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
    group = reader.uint32(in: bytes)
    following = reader.uint32(in: bytes)
    hasLeft = reader.uint8(in: bytes) != 0
    reader.skip(3, in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(membership)
    writer.integer(group)
    writer.integer(following)
    writer.integer(UInt8(hasLeft ? 1 : 0))
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
  }
}

/// A member's consent to a use of what is known about her; table `consents`.
public struct ConsentRecord: FixedLayoutRecord, Hashable {
  /// What she consents to.
  public enum Purpose: UInt16, Sendable, CaseIterable {
    /// That the plan's investigators read her medical records.
    case medicalRecords = 1
    /// That her public notice shows more than the convention asks for.
    case publicNotice = 2
    /// That an insurer of the plan is told.
    case insurer = 3
    /// That researchers count her in.
    case research = 4
    /// That she is written to about other things than her membership.
    case contact = 5
  }

  /// The membership.
  public var membership: UInt32
  /// See ``Purpose``.
  public var purpose: Purpose
  /// Commitment to the text she agreed to.
  public var commitment: Hash
  /// Block time at which she gave it.
  public var givenAt: Timestamp
  /// It holds before this moment.
  public var until: Timestamp
  /// Block time at which she took it back; zero before.
  public var withdrawnAt = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 64

  init(membership: UInt32, purpose: Purpose, commitment: Hash, givenAt: Timestamp, until: Timestamp) {
    self.membership = membership
    self.purpose = purpose
    self.commitment = commitment
    self.givenAt = givenAt
    self.until = until
  }

  /// Whether it holds at a moment.
  public func isInForce(at time: Timestamp) -> Bool { givenAt <= time && time < until && withdrawnAt == .zero }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    membership = reader.uint32(in: bytes)
    purpose = Purpose(rawValue: reader.uint16(in: bytes)) ?? .contact
    reader.skip(2, in: bytes)
    commitment = reader.hash(in: bytes)
    givenAt = reader.timestamp(in: bytes)
    until = reader.timestamp(in: bytes)
    withdrawnAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(membership)
    writer.integer(purpose.rawValue)
    writer.integer(UInt16(0))
    writer.hash(commitment)
    writer.timestamp(givenAt)
    writer.timestamp(until)
    writer.timestamp(withdrawnAt)
  }
}
