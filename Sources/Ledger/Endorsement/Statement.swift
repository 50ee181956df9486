internal import FoundationEssentials
internal import SwiftProtobuf
public import TransparencyLog

/// What an organisation votes for and locks: that executing this batch at this place gives this log.
public struct Statement: Hashable, Sendable, FixedLayoutRecord {
  /// The chain's id.
  public var chain: Hash
  /// The epoch the statement is made in.
  public var epoch: UInt64
  /// The batch's place in the order.
  public var sequence: UInt64
  /// The batch's hash.
  public var batch: Hash
  /// Entries in the log after the block.
  public var size: UInt64
  /// The log's root after the block.
  public var root: Hash

  /// Bytes of a statement.
  public static let byteCount = 120

  init(chain: Hash, epoch: UInt64, sequence: UInt64, batch: Hash, size: UInt64, root: Hash) {
    self.chain = chain
    self.epoch = epoch
    self.sequence = sequence
    self.batch = batch
    self.size = size
    self.root = root
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    chain = reader.hash(in: bytes)
    epoch = reader.uint64(in: bytes)
    sequence = reader.uint64(in: bytes)
    batch = reader.hash(in: bytes)
    size = reader.uint64(in: bytes)
    root = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(chain)
    writer.integer(epoch)
    writer.integer(sequence)
    writer.hash(batch)
    writer.integer(size)
    writer.hash(root)
  }
}

/// A signed vote or lock. Which of the two it is, the domain prefix of the signature says.
public struct SignedStatement: Hashable, Sendable {
  /// What is stated.
  public let statement: Statement
  /// The vote key of the organisation.
  public let key: PublicKey
  /// 64 bytes.
  public let signature: [UInt8]

  init(_ statement: Statement, domain: [UInt8], key: SigningKey) throws(LedgerError) {
    self.statement = statement
    self.key = key.publicKey
    signature = try key.sign(domain: domain, message: statement.canonicalBytes)
  }

  init(_ wire: WireSignedStatement) throws(LedgerError) {
    guard wire.signature.count == 64 else { throw LedgerError(.malformed, "a signature has 64 bytes") }
    statement = try Statement(message: wire.statement)
    key = try PublicKey(Array(wire.key))
    signature = Array(wire.signature)
  }

  func verifies(domain: [UInt8]) -> Bool {
    key.verifies(signature, domain: domain, message: statement.canonicalBytes)
  }

  var wire: WireSignedStatement {
    var wire = WireSignedStatement()
    wire.statement = Data(statement.canonicalBytes)
    wire.key = Data(key.bytes)
    wire.signature = Data(signature)
    return wire
  }
}

extension Statement {
  init(message: Data) throws(LedgerError) {
    let bytes = Array(message)
    guard bytes.count == Statement.byteCount else { throw LedgerError(.malformed, "not a statement") }
    self.init(from: bytes.span.bytes)
  }
}
