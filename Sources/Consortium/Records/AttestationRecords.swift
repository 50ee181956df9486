public import Ledger
public import TransparencyLog

/// A manifest of attestations; table `attestations`. Its rows are in the log, each provable alone.
public struct AttestationManifestRecord: FixedLayoutRecord, Hashable {
  /// RFC 6962 root over the rows.
  public var root: Hash
  /// Number of rows.
  public var count: UInt32
  /// The plan the people are attested for.
  public var plan: UInt16
  /// Ordinal of the identity authority.
  public var organisation: UInt16
  /// Block time of the manifest.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 48

  init(root: Hash, count: UInt32, plan: UInt16, organisation: UInt16, time: Timestamp) {
    self.root = root
    self.count = count
    self.plan = plan
    self.organisation = organisation
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    root = reader.hash(in: bytes)
    count = reader.uint32(in: bytes)
    plan = reader.uint16(in: bytes)
    organisation = reader.uint16(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(root)
    writer.integer(count)
    writer.integer(plan)
    writer.integer(organisation)
    writer.timestamp(time)
  }
}

/// One row of an attestation manifest: the identity authority's word about one person for one plan.
///
/// The nullifier is a MAC of the identity number under a secret of the authority, so that one person
/// cannot join twice and nobody can find out from the chain who she is.
public struct Attestation: FixedLayoutRecord, Hashable {
  /// The plan.
  public var plan: UInt16
  /// Month of birth of the insured: year × 12 + month − 1.
  public var birthMonth: UInt16
  /// Address of the owner, who may be another person than the insured.
  public var owner: Address
  /// Before this moment the insured is too young to join.
  public var earliestJoin: Timestamp
  /// After this moment the row is no longer valid.
  public var expiry: Timestamp
  /// Stands for the insured person in this plan.
  public var nullifier: Hash

  /// Bytes of a row.
  public static let byteCount = 72

  /// A row.
  public init(
    plan: UInt16, birthMonth: UInt16, owner: Address, earliestJoin: Timestamp, expiry: Timestamp, nullifier: Hash
  ) {
    self.plan = plan
    self.birthMonth = birthMonth
    self.owner = owner
    self.earliestJoin = earliestJoin
    self.expiry = expiry
    self.nullifier = nullifier
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    plan = reader.uint16(in: bytes)
    birthMonth = reader.uint16(in: bytes)
    owner = reader.address(in: bytes)
    earliestJoin = reader.timestamp(in: bytes)
    expiry = reader.timestamp(in: bytes)
    nullifier = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(plan)
    writer.integer(birthMonth)
    writer.address(owner)
    writer.timestamp(earliestJoin)
    writer.timestamp(expiry)
    writer.hash(nullifier)
  }

  /// Reads a row of a manifest; `manifest.bad_row` for another length, a zero nullifier or a time after
  /// the year 9999.
  public init(row: [UInt8]) throws(LedgerError) { try self.init(row: row.span.bytes) }

  /// The same for a row wherever it stands.
  public init(row: RawSpan) throws(LedgerError) {
    guard row.byteCount == Attestation.byteCount else {
      throw LedgerError(.badRow, "an attestation has \(Attestation.byteCount) bytes")
    }
    self.init(from: row)
    guard nullifier != .zero, earliestJoin <= .max, expiry <= .max else {
      throw LedgerError(.badRow, "an attestation with a field outside its range")
    }
  }
}
