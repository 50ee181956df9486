public import Ledger
public import TransparencyLog

/// What a custodian said it holds for a plan, beside what it had to hold; table `reserve_statements`.
public struct ReserveStatementRecord: FixedLayoutRecord, Hashable {
  /// The plan.
  public var plan: UInt16
  /// The custodian that said it.
  public var organisation: UInt16
  /// Number of the statement within the plan, from 1.
  public var number: UInt32
  /// When this was in its account, by its own word.
  public var asOf: Timestamp
  /// Block time at which it was judged.
  public var time: Timestamp
  /// What it said it holds, in millionths of a yuan.
  public var held: Int64
  /// What it had to hold at `time` by the chain: ``MutualAid/owed(by:feesDrawn:)``.
  public var owed: Int64
  /// What the platform has drawn of its fees, by the custodian's word.
  public var feesDrawn: Int64
  /// Commitment to the bank's own statement.
  public var evidence: Hash

  /// What is missing; 0 when at least as much is held as is owed.
  public var shortage: Int64 { max(0, owed - held) }

  /// Bytes of a record.
  public static let byteCount = 80

  init(
    plan: UInt16, organisation: UInt16, number: UInt32, asOf: Timestamp, time: Timestamp, held: Int64, owed: Int64,
    feesDrawn: Int64, evidence: Hash
  ) {
    self.plan = plan
    self.organisation = organisation
    self.number = number
    self.asOf = asOf
    self.time = time
    self.held = held
    self.owed = owed
    self.feesDrawn = feesDrawn
    self.evidence = evidence
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    plan = reader.uint16(in: bytes)
    organisation = reader.uint16(in: bytes)
    number = reader.uint32(in: bytes)
    asOf = reader.timestamp(in: bytes)
    time = reader.timestamp(in: bytes)
    held = reader.int64(in: bytes)
    owed = reader.int64(in: bytes)
    feesDrawn = reader.int64(in: bytes)
    evidence = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(plan)
    writer.integer(organisation)
    writer.integer(number)
    writer.timestamp(asOf)
    writer.timestamp(time)
    writer.integer(held)
    writer.integer(owed)
    writer.integer(feesDrawn)
    writer.hash(evidence)
  }
}
