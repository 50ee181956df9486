public import TransparencyLog

/// What one table puts into the state root.
public struct TableSummary: Equatable, Sendable {
  /// The table's name in UTF-8, at most 65,535 bytes. Bytes, because names are compared as bytes.
  public let name: [UInt8]
  /// The version of the records' layout.
  public let version: UInt32
  /// The number of records.
  public let count: UInt64
  /// The RFC 6962 root over the records.
  public let root: Hash
  /// The hash of ``leafBytes``, made once: most tables stand still from block to block.
  private(set) var leafHash: Hash?

  /// A summary; the name may have at most 65,535 bytes of UTF-8.
  public init(name: String, version: UInt32, count: UInt64, root: Hash) {
    self.init(name: Array(name.utf8), version: version, count: count, root: root)
  }

  /// A summary with the name as bytes. A longer name than 65,535 bytes never verifies.
  public init(name: [UInt8], version: UInt32, count: UInt64, root: Hash) {
    self.name = name
    self.version = version
    self.count = count
    self.root = root
    leafHash = leafBytes.map { Hash.leaf($0) }
  }

  /// The leaf of the state tree: name's length (2 bytes) ‖ name ‖ version (4 bytes) ‖ count
  /// (8 bytes) ‖ root (32 bytes), integers big-endian; `nil` if the name is too long.
  public var leafBytes: [UInt8]? {
    guard let length = UInt16(exactly: name.count) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.count + 46)
    bytes.append(bigEndian: length)
    bytes.append(contentsOf: name)
    bytes.append(bigEndian: version)
    bytes.append(bigEndian: count)
    withUnsafeBytes(of: root) { bytes.append(contentsOf: $0) }
    return bytes
  }
}

/// All tables of a state at one moment, and the one hash that fixes them.
///
/// The state root is the RFC 6962 root over the tables' leaves (`TableSummary.leafBytes`), sorted
/// by the bytes of their names; without tables it is SHA-256 of nothing.
public struct StateCommitment: Sendable {
  /// The tables, sorted by the bytes of their names.
  public let tables: [TableSummary]
  /// The state root.
  public let root: Hash

  private let leaves: [Hash]

  /// The commitment to tables in any order. Names are distinct and at most 65,535 bytes; anything
  /// else is a mistake of the caller and stops the program.
  public init(_ tables: [TableSummary]) {
    let sorted = tables.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    for (table, next) in zip(sorted, sorted.dropFirst()) {
      precondition(table.name != next.name, "two tables of one name")
    }
    self.tables = sorted
    leaves = sorted.map { table in
      guard let leaf = table.leafHash else { preconditionFailure("a table's name is too long") }
      return leaf
    }
    root = MerkleTree.treeRoot(of: leaves)
  }

  /// The proof that a table stands in the state, or `nil` if there is none of this name.
  public func proof(ofTable name: String) -> TableProof? {
    let bytes = Array(name.utf8)
    guard let index = tables.firstIndex(where: { $0.name == bytes }),
      let proof = try? InclusionProof.build(index: UInt64(index), leaves: leaves)
    else { return nil }
    return TableProof(table: tables[index], index: proof.index, tableCount: proof.size, path: proof.path)
  }
}
