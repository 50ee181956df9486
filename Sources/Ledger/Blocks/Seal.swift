public import TransparencyLog

/// What closes a block: the state after it, in a leaf of the log.
///
/// It stands in a leaf because cosignatures promise nothing about a checkpoint's extension lines.
public struct Seal: Hashable, Sendable, FixedLayoutRecord {
  /// Blocks since the genesis, which is height 0.
  public var height: UInt64
  /// The block's time.
  public var time: Timestamp
  /// The hash of the batch this block executed.
  public var batch: Hash
  /// The root over all tables after the block.
  public var state: Hash
  /// RFC 6962 root over the results: one leaf for each entry between header and seal.
  public var results: Hash
  /// Transactions in the block.
  public var transactions: UInt32
  /// Those of them that failed.
  public var failed: UInt32
  /// Rows of manifests.
  public var rows: UInt32
  /// Due steps run before the transactions.
  public var steps: UInt32

  /// Bytes of a seal without the kind byte.
  public static let byteCount = 128

  /// A seal of its parts.
  public init(
    height: UInt64, time: Timestamp, batch: Hash, state: Hash, results: Hash, transactions: UInt32, failed: UInt32,
    rows: UInt32, steps: UInt32
  ) {
    self.height = height
    self.time = time
    self.batch = batch
    self.state = state
    self.results = results
    self.transactions = transactions
    self.failed = failed
    self.rows = rows
    self.steps = steps
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    height = reader.uint64(in: bytes)
    time = Timestamp(seconds: reader.uint64(in: bytes))
    batch = reader.hash(in: bytes)
    state = reader.hash(in: bytes)
    results = reader.hash(in: bytes)
    transactions = reader.uint32(in: bytes)
    failed = reader.uint32(in: bytes)
    rows = reader.uint32(in: bytes)
    steps = reader.uint32(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(height)
    writer.integer(time.seconds)
    writer.hash(batch)
    writer.hash(state)
    writer.hash(results)
    writer.integer(transactions)
    writer.integer(failed)
    writer.integer(rows)
    writer.integer(steps)
  }

  /// Reads a seal from an entry with its kind byte; `encoding.malformed` for anything else.
  public init(entry: [UInt8]) throws(LedgerError) {
    guard entry.count == Seal.byteCount + 1, entry[0] == EntryKind.seal.rawValue else {
      throw LedgerError(.malformed, "not a seal")
    }
    self.init(from: entry.span.bytes.extracting(1..<entry.count))
  }

  /// The entry, kind byte first.
  public var entry: [UInt8] { Entry.make(.seal, canonicalBytes) }
}
