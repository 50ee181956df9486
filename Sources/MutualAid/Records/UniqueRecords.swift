public import Ledger
public import TransparencyLog

/// A person in a plan; table `nullifiers`, unique by nullifier. Never removed.
public struct NullifierRecord: LinkedRecord, Hashable {
  /// The nullifier.
  public var key: Hash
  /// Ordinal of the record with the next larger nullifier; 0 at the end.
  public var next: UInt32
  /// Her live membership, ordinal + 1; 0 when she has none.
  public var membership: UInt32

  /// Bytes of a record.
  public static let byteCount = 40

  init(key: Hash, membership: UInt32) {
    self.key = key
    next = 0
    self.membership = membership
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(membership)
  }
}

/// A payment's outside reference, as a commitment; table `payment_references`, unique for 90 days.
public struct PaymentReferenceRecord: LinkedRecord, Hashable {
  /// The reference's ``key(of:)``.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32
  /// The plan it was paid to.
  public var plan: UInt16
  /// The custodian's number of the deposit.
  public var deposit: UInt64
  /// Block time of the deposit.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 56

  /// How long a reference is kept, in days.
  public static let days: UInt64 = 90

  /// Where a reference stands in the table: SHA-256 of a prefix and the custodian's commitment.
  ///
  /// Hashed by the chain, so that nobody can choose references whose keys fall close together, which would
  /// make every look into the table slow.
  public static func key(of reference: Hash) -> Hash {
    .sha256(domain + reference.bytes)
  }

  private static let domain = Domain.tag("payment-reference")

  init(reference: Hash, plan: UInt16, deposit: UInt64, time: Timestamp) {
    key = PaymentReferenceRecord.key(of: reference)
    next = 0
    self.plan = plan
    self.deposit = deposit
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    plan = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    deposit = reader.uint64(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(plan)
    writer.integer(UInt16(0))
    writer.integer(deposit)
    writer.timestamp(time)
  }
}
