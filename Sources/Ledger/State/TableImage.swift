public import TransparencyLog

/// A table as a snapshot holds it: canonical records in chunks, whatever kind of records they are.
///
/// A value that shares the table's pages: taking one costs a few references, and the table may go on changing.
public struct TableImage: Sendable {
  /// Records of a chunk, but for the last, which holds the rest.
  public static let chunkRecords = 1 << chunkLevel
  static let chunkLevel = 15

  /// The table's name.
  public let name: String
  /// The version of the records' layout.
  public let version: UInt32
  let tree: RecordTree

  /// Takes over a table whose root has been asked for since the last change.
  init(name: String, version: UInt32, tree: RecordTree) {
    precondition(tree.rootIfFlushed != nil)
    self.name = name
    self.version = version
    self.tree = tree
  }

  /// The table that consists of these chunks. All but the last are full; anything else is a mistake of the caller
  /// and stops the program.
  public init(name: String, version: UInt32, recordBytes: Int, chunks: [TableChunk]) {
    for chunk in chunks.dropLast() { precondition(chunk.count == TableImage.chunkRecords) }
    let tree = RecordTree(stride: recordBytes, joining: chunks.map(\.tree))
    self.init(name: name, version: version, tree: tree)
  }

  /// The length of a record.
  public var recordBytes: Int { tree.records.stride }

  /// The number of records.
  public var count: Int { tree.records.count }

  /// What the table puts into the state root.
  public var summary: TableSummary {
    guard let root = tree.rootIfFlushed else { preconditionFailure("an image is of a hashed table") }
    return TableSummary(name: name, version: version, count: UInt64(count), root: root)
  }

  /// The number of chunks.
  public var chunkCount: Int { TableImage.chunkCount(of: count) }

  /// The number of chunks of a table of so many records.
  public static func chunkCount(of records: Int) -> Int { (records + chunkRecords - 1) >> chunkLevel }

  /// The records of a chunk, one behind the other.
  public func chunk(_ index: Int) -> [UInt8] { tree.records.bytes(range(index)) }

  /// The RFC 6962 root over the records of a chunk. Costs nothing but for the last chunk, which is hashed.
  public func chunkRoot(_ index: Int) -> Hash {
    if range(index).count == TableImage.chunkRecords {
      return tree.subtreeHash(level: TableImage.chunkLevel, index: index)
    }
    return TableChunk(chunk(index), recordBytes: recordBytes).root
  }

  private func range(_ index: Int) -> Range<Int> {
    let start = index << TableImage.chunkLevel
    return start..<min(start + TableImage.chunkRecords, count)
  }
}

/// Some records of a table with their tree, made of their bytes alone; many can be made at the same time.
public struct TableChunk: Sendable {
  let tree: RecordTree

  /// The records that lie one behind the other in `bytes`: 1 to ``TableImage/chunkRecords``, each of `recordBytes`.
  /// Anything else is a mistake of the caller and stops the program.
  public init(_ bytes: [UInt8], recordBytes: Int) {
    precondition(!bytes.isEmpty && bytes.count <= recordBytes << TableImage.chunkLevel)
    tree = RecordTree(stride: recordBytes, records: bytes.span.bytes)
  }

  /// The number of records.
  public var count: Int { tree.records.count }

  /// The RFC 6962 root over the records.
  public var root: Hash {
    guard let root = tree.rootIfFlushed else { preconditionFailure("a chunk is hashed when it is made") }
    return root
  }
}

/// All tables of a state: what a snapshot holds, and what a state is made from again.
public struct StateImage: Sendable {
  /// The tables, sorted by the bytes of their names.
  public let tables: [TableImage]

  /// The image of tables in any order, with distinct names.
  public init(_ tables: [TableImage]) {
    self.tables = tables.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
  }

  /// The state root.
  public var root: Hash { StateCommitment(tables.map(\.summary)).root }

  /// Puts a table's records in place of those it has.
  ///
  /// - Throws: `state.wrong_image` where there is no table of this name, version and length of records.
  public func read<Record>(_ table: inout AuthenticatedTable<Record>) throws(StateError) {
    guard let image = tables.first(where: { $0.name.utf8.elementsEqual(table.name.utf8) }),
      image.version == table.version, image.recordBytes == Record.byteCount
    else { throw StateError(.wrongImage, "no table \(table.name) of version \(table.version)") }
    table.tree = image.tree
  }

  /// The same for a table with unique keys; its index is built anew.
  ///
  /// The links are not followed: whoever trusts the records' root trusts them.
  public func read<Record>(_ table: inout UniqueKeyTable<Record>) throws(StateError) {
    var store = table.store
    try read(&store)
    guard !store.isEmpty else { throw StateError(.wrongImage, "\(store.name) has no sentinel") }
    table = UniqueKeyTable(trusting: store)
  }
}

extension AuthenticatedTable {
  /// The table as a snapshot holds it.
  public mutating func image() -> TableImage {
    _ = root()
    return TableImage(name: name, version: version, tree: tree)
  }
}

extension UniqueKeyTable {
  /// The table as a snapshot holds it.
  public mutating func image() -> TableImage { store.image() }
}
