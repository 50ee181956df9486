public import TransparencyLog

/// What one table puts into the state root.
///
/// A copy is one reference, and a table that stands still hands out the same one: then nothing has to be compared.
public struct TableSummary: Equatable, Sendable {
  private final class Content: Sendable {
    let name: [UInt8]
    let version: UInt32
    let count: UInt64
    let root: Hash

    init(name: [UInt8], version: UInt32, count: UInt64, root: Hash) {
      self.name = name
      self.version = version
      self.count = count
      self.root = root
    }
  }

  private let content: Content

  /// The table's name in UTF-8, at most 65,535 bytes. Bytes, because names are compared as bytes.
  public var name: [UInt8] { content.name }
  /// The version of the records' layout.
  public var version: UInt32 { content.version }
  /// The number of records.
  public var count: UInt64 { content.count }
  /// The RFC 6962 root over the records.
  public var root: Hash { content.root }

  /// A summary; the name may have at most 65,535 bytes of UTF-8.
  public init(name: String, version: UInt32, count: UInt64, root: Hash) {
    self.init(name: Array(name.utf8), version: version, count: count, root: root)
  }

  /// A summary with the name as bytes. A longer name than 65,535 bytes never verifies.
  public init(name: [UInt8], version: UInt32, count: UInt64, root: Hash) {
    content = Content(name: name, version: version, count: count, root: root)
  }

  /// The summary of a table with these records: the last one, where they are still those.
  static func current(
    of tree: inout RecordTree, known: inout TableSummary?, name: String, version: UInt32
  ) -> TableSummary {
    if tree.isFlushed, let known { return known }
    let summary = TableSummary(
      name: known?.name ?? Array(name.utf8), version: version, count: UInt64(tree.records.count), root: tree.flush())
    known = summary
    return summary
  }

  /// Whether both are one summary, handed out twice; quick.
  func isSame(as other: TableSummary) -> Bool { content === other.content }

  /// The same table with the same records.
  public static func == (a: TableSummary, b: TableSummary) -> Bool {
    a.isSame(as: b) || (a.count, a.root, a.version) == (b.count, b.root, b.version) && a.name == b.name
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
  public private(set) var tables: [TableSummary]
  /// The state root.
  public var root: Hash { levels.last?.first ?? .emptyRoot }

  /// Where each table stands among the sorted ones, in the order in which they were handed in.
  private let places: [Int]
  /// The tree: the leaves, then the nodes of each level; an odd last node of a level stands in the next one too.
  private var levels: [[Hash]]
  /// The places of those taken since the last `finish` that changed.
  private var changed: [Int] = []
  /// How many tables were taken since the last `finish`; those of a commitment to none are gathered.
  private var next = 0
  private var first: [TableSummary] = []

  /// The commitment to tables in any order. Names are distinct and at most 65,535 bytes; anything
  /// else is a mistake of the caller and stops the program.
  public init(_ tables: [TableSummary]) {
    let order = tables.indices.sorted { tables[$0].name.lexicographicallyPrecedes(tables[$1].name) }
    for (index, next) in zip(order, order.dropFirst()) {
      precondition(tables[index].name != tables[next].name, "two tables of one name")
    }
    var places = [Int](repeating: 0, count: tables.count)
    for (place, index) in order.enumerated() { places[index] = place }
    self.places = places
    self.tables = order.map { tables[$0] }
    levels = [[Hash](repeating: .zero, count: tables.count)]
    while let last = levels.last, last.count > 1 {
      levels.append([Hash](repeating: .zero, count: (last.count + 1) / 2))
    }
    changed = Array(tables.indices)
    hashChanged()
  }

  /// Takes the next of the tables as it is now: only the hashes over those that changed are made again.
  ///
  /// Of a commitment to none these are the tables; otherwise they come in the order of its first ones. Anything else is
  /// a mistake of the caller and stops the program. The root is that of all once `finish` was called.
  public mutating func take<Record>(_ table: inout AuthenticatedTable<Record>) {
    // Of a table that stood still nothing more is touched, not even its type: after a long block most is in no cache.
    if next < places.count, table.tree.isFlushed, table.known?.isSame(as: tables[places[next]]) ?? false {
      next += 1
    } else {
      take(.current(of: &table.tree, known: &table.known, name: table.name, version: table.version))
    }
  }

  /// The same for a table with a unique key.
  public mutating func take<Record>(_ table: inout UniqueKeyTable<Record>) { take(&table.store) }

  /// The same for the summary of a table.
  public mutating func take(_ table: TableSummary) {
    guard next < places.count else {
      precondition(places.isEmpty, "more tables than before")
      first.append(table)
      return
    }
    let place = places[next]
    next += 1
    guard !table.isSame(as: tables[place]) else { return }
    precondition(table.name == tables[place].name, "another table than before")
    tables[place] = table
    changed.append(place)
  }

  /// All tables have been taken.
  public mutating func finish() {
    precondition(next == places.count, "fewer tables than before")
    next = 0
    if first.isEmpty { hashChanged() } else { self = StateCommitment(first) }
  }

  /// Hashes the leaves of the changed tables, and each node above them.
  private mutating func hashChanged() {
    for place in changed { levels[0][place] = StateCommitment.leaf(tables[place]) }
    for level in 1..<max(1, levels.count) {
      var kept = 0
      for position in changed.indices {
        let index = changed[position] / 2
        // Tables come mostly by name, so that the children of one node follow each other and it is hashed once.
        guard kept == 0 || changed[kept - 1] != index else { continue }
        levels[level][index] = StateCommitment.node(index, over: levels[level - 1])
        changed[kept] = index
        kept += 1
      }
      changed.removeSubrange(kept...)
    }
    changed.removeAll(keepingCapacity: true)
  }

  private static func leaf(_ table: TableSummary) -> Hash {
    guard let bytes = table.leafBytes else { preconditionFailure("a table's name is too long") }
    return Hash.leaf(bytes)
  }

  private static func node(_ index: Int, over level: [Hash]) -> Hash {
    2 * index + 1 < level.count ? Hash.node(level[2 * index], level[2 * index + 1]) : level[2 * index]
  }

  /// The proof that a table stands in the state, or `nil` if there is none of this name.
  public func proof(ofTable name: String) -> TableProof? {
    let bytes = Array(name.utf8)
    guard let index = tables.firstIndex(where: { $0.name == bytes }),
      let proof = try? InclusionProof.build(index: UInt64(index), leaves: levels[0])
    else { return nil }
    return TableProof(table: tables[index], index: proof.index, tableCount: proof.size, path: proof.path)
  }
}
