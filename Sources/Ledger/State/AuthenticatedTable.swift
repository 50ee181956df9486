public import TransparencyLog

/// A dense vector of records of one kind whose content one hash fixes.
///
/// The root is that of the RFC 6962 tree with one leaf for each record, in the order of their
/// ordinals, over the canonical bytes: leaf = SHA-256(0x00 ‖ record), node = SHA-256(0x01 ‖ left ‖
/// right); the root of an empty table is SHA-256 of nothing.
///
/// A value: a copy costs a few references and shares all pages until one of the two is written to.
/// Ordinals out of range are mistakes of the caller and stop the program.
public struct AuthenticatedTable<Record: FixedLayoutRecord>: Sendable {
  /// The name under which the table stands in the state root.
  public let name: String
  /// The version of the records' layout.
  public let version: UInt32

  @usableFromInline var tree: RecordTree
  /// The last summary, where the records are still those.
  var known: TableSummary?

  /// An empty table.
  public init(name: String, version: UInt32) {
    self.name = name
    self.version = version
    tree = RecordTree(stride: Record.byteCount)
  }

  /// The number of records.
  @inlinable
  public var count: Int { tree.records.count }

  /// Whether there are no records.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The record at an ordinal. Setting one is `replace`.
  @inlinable
  public subscript(_ ordinal: Int) -> Record {
    get { tree.records.withRecord(ordinal) { Record(from: $0) } }
    set { newValue.encode(into: tree.replaceSlot(ordinal)) }
  }

  /// Adds a record at the end; its ordinal is the old count. A table holds fewer than 2^32 records.
  @inlinable
  public mutating func append(_ record: Record) {
    record.encode(into: tree.appendSlot())
  }

  /// Adds a record in its canonical form of exactly `Record.byteCount` bytes, as read from a
  /// snapshot.
  public mutating func append(canonical bytes: RawSpan) {
    precondition(bytes.byteCount == Record.byteCount)
    let slot = tree.appendSlot()
    bytes.withUnsafeBytes { slot.copyMemory(from: $0) }
  }

  /// Puts another record at an ordinal.
  @inlinable
  public mutating func replace(_ ordinal: Int, _ record: Record) {
    self[ordinal] = record
  }

  /// Changes the record at an ordinal; when `body` throws, nothing has changed.
  @inlinable
  public mutating func update<R, E: Error>(_ ordinal: Int, _ body: (inout Record) throws(E) -> R) throws(E) -> R {
    var record = self[ordinal]
    let result = try body(&record)
    self[ordinal] = record
    return result
  }

  /// Removes the last record.
  @inlinable
  public mutating func removeLast() {
    tree.removeLast()
  }

  /// Calls `body` with the canonical bytes of a record.
  @inlinable
  public func withCanonicalBytes<R, E: Error>(_ ordinal: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try tree.records.withRecord(ordinal, body)
  }
}

extension AuthenticatedTable {
  /// The RFC 6962 root over the records. Hashes again only what changed since the last call.
  public mutating func root() -> Hash {
    if !tree.isFlushed { known = nil }
    return tree.flush()
  }

  /// The root, if nothing has changed since it was last asked for, else `nil`.
  public var rootIfFlushed: Hash? { tree.rootIfFlushed }

  /// What the table puts into the state root.
  public mutating func summary() -> TableSummary {
    .current(of: &tree, known: &known, name: name, version: version)
  }

  /// The inclusion path of a record for the present count, lowest sibling first (RFC 6962, 2.1.1).
  /// `root()` must have been called since the last change.
  public func inclusionPath(_ ordinal: Int) -> [Hash] {
    tree.inclusionPath(ordinal)
  }

  /// The record with its path. `root()` must have been called since the last change.
  public func proof(of ordinal: Int) -> RecordProof {
    RecordProof(
      ordinal: UInt64(ordinal),
      record: tree.records.withRecord(ordinal) { bytes in bytes.withUnsafeBytes { Array($0) } },
      path: inclusionPath(ordinal))
  }

  /// Several records, by ascending ordinal, with one proof for all. `root()` must have been called since the last
  /// change.
  public func proof(of ordinals: [Int]) -> RecordsProof {
    let tree = tree
    let indices = ordinals.map { UInt64($0) }
    guard
      let proof = try? SubsetProof.build(
        indices: indices, size: UInt64(count), hashes: { tree.subtreeHash(level: $0, index: Int($1)) })
    else { preconditionFailure("ordinals ascend and are in the table") }
    return RecordsProof(
      records: ordinals.map { ordinal in
        (UInt64(ordinal), tree.records.withRecord(ordinal) { bytes in bytes.withUnsafeBytes { Array($0) } })
      }, hashes: proof.hashes)
  }

  /// The same; `nil` for an ordinal that no record has.
  public func proof(at ordinal: Int) -> RecordProof? { (0..<count).contains(ordinal) ? proof(of: ordinal) : nil }

  /// Whether the pages and every stored hash agree with the records; `root()` must have been
  /// called since the last change. Reads the whole table.
  public func checkInvariants() -> Bool {
    tree.checkInvariants()
  }
}
