internal import FoundationEssentials
internal import GRDB
public import Ledger

extension SearchIndex {
  /// The block of a height; `nil` if it was not fed.
  public func block(height: UInt64) throws(SearchIndexError) -> IndexedBlockSummary? {
    try read { db in try SearchIndex.block(height: height, db) }
  }

  /// Blocks below a height, or the last ones, newest first.
  ///
  /// - Parameter limit: how many, at most `maximumLimit`.
  public func blocks(before height: UInt64?, limit: Int) throws(SearchIndexError) -> [IndexedBlockSummary] {
    try read { db in
      try db.all(
        "SELECT \(IndexedBlockSummary.columns) FROM blocks WHERE height < ? ORDER BY height DESC LIMIT ?",
        [Int64(bound: height), Int64(limit: limit)], read: IndexedBlockSummary.init)
    }
  }

  /// The block that an entry of the log belongs to; `nil` for the genesis and for what was not fed.
  public func block(holding index: UInt64) throws(SearchIndexError) -> IndexedBlockSummary? {
    let found = try read { db in
      try db.first(
        "SELECT \(IndexedBlockSummary.columns) FROM blocks WHERE first_index <= ? ORDER BY first_index DESC LIMIT 1",
        [Int64(clamping: index)], read: IndexedBlockSummary.init)
    }
    return found.flatMap { index - $0.firstIndex < $0.size ? $0 : nil }
  }

  /// The changes of a membership, oldest first, as they stand at `height`.
  ///
  /// All of them, since a statement that leaves one out is none.
  public func changes(of membership: UInt32) throws(SearchIndexError) -> [[UInt8]] {
    try history(of: membership).changes
  }

  /// The changes of a membership, oldest first, and the height at which they stand so: both of one moment, also
  /// while blocks are fed.
  public func history(of membership: UInt32) throws(SearchIndexError) -> (height: UInt64, changes: [[UInt8]]) {
    try read { db in
      var changes: [[UInt8]] = []
      for generation in 0...(try db.generation()) {
        try db.rows(
          "SELECT bytes FROM changes WHERE generation = ? AND membership = ? ORDER BY height, place",
          [generation, Int64(membership)]
        ) { values in
          changes.append(try values.bytes())
          return true
        }
      }
      return (try SearchIndex.lastBlock(db)?.height ?? 0, changes)
    }
  }

  /// The memberships that an owner has opened, in the order of their ordinals.
  public func memberships(of owner: Address) throws(SearchIndexError) -> [UInt32] {
    try read { db in
      var found = Set<UInt32>()
      for generation in 0...(try db.generation()) {
        try db.rows(
          "SELECT membership FROM owners WHERE generation = ? AND owner = ?", [generation, Data(owner.bytes)]
        ) { values in
          found.insert(try values.integer())
          return true
        }
      }
      return found.sorted()
    }
  }

  static func lastBlock(_ db: Database) throws -> IndexedBlockSummary? {
    try db.first(
      "SELECT \(IndexedBlockSummary.columns) FROM blocks ORDER BY height DESC LIMIT 1",
      read: IndexedBlockSummary.init)
  }

  static func block(height: UInt64, _ db: Database) throws -> IndexedBlockSummary? {
    try db.first(
      "SELECT \(IndexedBlockSummary.columns) FROM blocks WHERE height = ?", [Int64(clamping: height)],
      read: IndexedBlockSummary.init)
  }
}

extension Int64 {
  /// An exclusive upper bound from outside; none is above everything.
  init(bound: UInt64?) { self = bound.map { Int64(clamping: $0) } ?? .max }

  /// A limit from outside.
  init(limit: Int) { self = Int64(Swift.min(Swift.max(limit, 0), SearchIndex.maximumLimit)) }
}
