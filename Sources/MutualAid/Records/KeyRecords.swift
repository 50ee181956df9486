public import Ledger
public import TransparencyLog

/// An account of an owner that signs, or may soon sign, with another key than its first; table `account_keys`, unique
/// by address. An account without a record has its first key, and nobody has proposed another.
public struct AccountKeyRecord: LinkedRecord, Hashable {
  /// The address and twelve zero bytes.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32 = 0
  /// The newest proposal for it in `recoveries`, ordinal + 1; 0 for none.
  public var proposal: UInt32 = 0
  /// The newest that a second organisation joined, ordinal + 1; 0 for none.
  public var recovery: UInt32 = 0
  /// The key it signs with; zero while that is its first.
  public var signing = Hash.zero
  /// Block time from which it signs with that key.
  public var since = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 84

  init(_ account: Address) { key = account.key }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    proposal = reader.uint32(in: bytes)
    recovery = reader.uint32(in: bytes)
    signing = reader.hash(in: bytes)
    since = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(proposal)
    writer.integer(recovery)
    writer.hash(signing)
    writer.timestamp(since)
  }
}

/// A new key that organisations propose for an account whose key is lost; table `recoveries`.
public struct RecoveryRecord: FixedLayoutRecord, Hashable {
  /// Where a recovery is in its life: proposed → waiting → done, or waiting → vetoed → done or refused. One that no
  /// second organisation joins in time stays proposed for ever.
  public enum Status: UInt8, Sendable {
    /// One organisation asks for it.
    case proposed = 1
    /// A second one asks for the same; the delay runs.
    case waiting = 2
    /// The account signs with the new key.
    case done = 3
    /// The present key forbade it: what is due to the account is frozen until its owner proves who she is.
    case vetoed = 4
    /// The proof was for the present key.
    case refused = 5
  }

  /// The account.
  public var account: Address
  /// The membership for whose owner it was asked.
  public var membership: UInt32
  /// See ``Status``.
  public var status = Status.proposed
  /// Organisation that proposed it.
  public var organisation: UInt16
  /// Organisation that joined, ordinal + 1; 0 before.
  public var second: UInt16 = 0
  /// The proposal for the account before this one, ordinal + 1; 0 for none.
  public var previous: UInt32
  /// The new key.
  public var key: Hash
  /// Block time of the proposal.
  public var proposedAt: Timestamp
  /// Block time at which the second organisation joined; zero before.
  public var confirmedAt = Timestamp.zero
  /// Block time of the veto; zero without one.
  public var vetoedAt = Timestamp.zero
  /// Block time at which it was done or refused; zero before.
  public var closedAt = Timestamp.zero

  /// Bytes of a record.
  public static let byteCount = 100
  /// Days in which a second organisation may join.
  public static let proposalDays: UInt64 = 7
  /// Days from the second organisation until the new key stands.
  public static let delayDays: UInt64 = 7

  init(
    account: Address, membership: UInt32, organisation: UInt16, previous: UInt32, key: Hash, proposedAt: Timestamp
  ) {
    self.account = account
    self.membership = membership
    self.organisation = organisation
    self.previous = previous
    self.key = key
    self.proposedAt = proposedAt
  }

  /// When the new key stands if nobody forbids it; zero before a second organisation joined.
  public var effectiveAt: Timestamp {
    confirmedAt == .zero ? .zero : confirmedAt.adding(days: RecoveryRecord.delayDays)
  }

  /// Whether it keeps the account from changing its key, its payee and its heir.
  public var isUnderWay: Bool { status == .waiting || status == .vetoed }

  /// Whether a second organisation may still join.
  func isOpen(at time: Timestamp) -> Bool {
    status == .proposed && time <= proposedAt.adding(days: RecoveryRecord.proposalDays)
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    account = reader.address(in: bytes)
    membership = reader.uint32(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .refused
    reader.skip(3, in: bytes)
    organisation = reader.uint16(in: bytes)
    second = reader.uint16(in: bytes)
    previous = reader.uint32(in: bytes)
    key = reader.hash(in: bytes)
    proposedAt = reader.timestamp(in: bytes)
    confirmedAt = reader.timestamp(in: bytes)
    vetoedAt = reader.timestamp(in: bytes)
    closedAt = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.address(account)
    writer.integer(membership)
    writer.integer(status.rawValue)
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.integer(organisation)
    writer.integer(second)
    writer.integer(previous)
    writer.hash(key)
    writer.timestamp(proposedAt)
    writer.timestamp(confirmedAt)
    writer.timestamp(vetoedAt)
    writer.timestamp(closedAt)
  }
}
