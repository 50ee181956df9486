internal import FoundationEssentials
internal import GRDB
public import Ledger
public import TransparencyLog

extension SearchIndex {
  /// The transaction of a hash; `nil` if none was fed.
  ///
  /// A batch may repeat a transaction, which then fails there. So the first one that succeeded is given, else
  /// the first.
  public func transaction(hash: Hash) throws(SearchIndexError) -> IndexedTransaction? {
    try read { db in
      var found: IndexedTransaction?
      for generation in 0...(try db.generation()) where found?.code != 0 {
        let best = try db.first(
          """
          \(SearchIndex.posted) AND p.key = ? AND t.hash = ? ORDER BY t.code <> 0, p.entry LIMIT 1
          """, [generation, PostingKey(transaction: hash).value, Data(hash.bytes)], read: IndexedTransaction.init)
        if found == nil || best?.code == 0 { found = best }
      }
      return found
    }
  }

  /// The transaction at a place in the log; `nil` if there is none or it was not fed.
  public func transaction(index: UInt64) throws(SearchIndexError) -> IndexedTransaction? {
    try read { db in try SearchIndex.transaction(index: Int64(clamping: index), db) }
  }

  /// Transactions before a place in the log, or the last ones, newest first.
  ///
  /// - Parameters:
  ///   - limit: how many, at most `maximumLimit`.
  ///   - sender: only those that it signed.
  ///   - subject: only those that are about it.
  public func transactions(
    before index: UInt64?, limit: Int, sender: Address?, subject: IndexedSubject?
  ) throws(SearchIndexError) -> [IndexedTransaction] {
    let page = Page(bound: Int64(bound: index), limit: Int64(limit: limit))
    guard let subject else {
      return try read { db in try sender.map { try page.sent(by: $0, db) } ?? page.all(db) }
    }
    guard let about = PostingKey(subject: subject) else { return [] }
    return try read { db in try sender.map { try page.sent(by: $0, about: about, db) } ?? page.about(about, db) }
  }

  static func transaction(index: Int64, _ db: Database) throws -> IndexedTransaction? {
    try db.first(
      "SELECT \(IndexedTransaction.columns) FROM transactions t WHERE t.entry = ?", [index],
      read: IndexedTransaction.init)
  }

  /// Transactions by postings of one generation, to which a query adds its own conditions.
  static let posted = """
    SELECT \(IndexedTransaction.columns) FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
    WHERE p.generation = ?
    """
}

/// Some transactions of a list, newest first.
private struct Page {
  /// Only what stands before this place in the log.
  let bound: Int64
  let limit: Int64

  func all(_ db: Database) throws -> [IndexedTransaction] {
    try db.all(
      "SELECT \(IndexedTransaction.columns) FROM transactions t WHERE t.entry < ? ORDER BY t.entry DESC LIMIT ?",
      [bound, limit], read: IndexedTransaction.init)
  }

  func sent(by sender: Address, _ db: Database) throws -> [IndexedTransaction] {
    try byGeneration(db) { generation, wanted in
      try db.all(
        "\(SearchIndex.posted) AND p.key = ? AND p.entry < ? AND t.sender = ? ORDER BY p.entry DESC LIMIT ?",
        [generation, PostingKey(sender: sender).value, bound, Data(sender.bytes), wanted],
        read: IndexedTransaction.init)
    }
  }

  func about(_ key: PostingKey, _ db: Database) throws -> [IndexedTransaction] {
    try byGeneration(db) { generation, wanted in
      try db.all(
        "\(SearchIndex.posted) AND p.key = ? AND p.entry < ? ORDER BY p.entry DESC LIMIT ?",
        [generation, key.value, bound, wanted], read: IndexedTransaction.init)
    }
  }

  /// Those in both lists. Each list is asked for its next one below the other's, so that a few of a long list
  /// cost as little as a few of a short one.
  func sent(by sender: Address, about: PostingKey, _ db: Database) throws -> [IndexedTransaction] {
    try byGeneration(db) { generation, wanted in
      var found: [IndexedTransaction] = []
      var bound = bound
      while found.count < wanted,
        let entry = try last(PostingKey(sender: sender), generation, before: bound, db),
        // Entries are below 2^62, so the next number is one.
        let other = try last(about, generation, before: entry + 1, db)
      {
        guard other == entry else {
          bound = other + 1
          continue
        }
        guard let transaction = try SearchIndex.transaction(index: entry, db) else { throw RowValues.damage }
        if transaction.sender == sender { found.append(transaction) }
        bound = entry
      }
      return found
    }
  }

  /// Asks one generation after the other, the newest first, for as many as are still wanted.
  private func byGeneration(
    _ db: Database, _ ask: (_ generation: Int64, _ wanted: Int64) throws -> [IndexedTransaction]
  ) throws -> [IndexedTransaction] {
    var found: [IndexedTransaction] = []
    var generation = try db.generation()
    while generation >= 0, found.count < limit {
      found += try ask(generation, limit - Int64(found.count))
      generation -= 1
    }
    return found
  }

  private func last(_ key: PostingKey, _ generation: Int64, before bound: Int64, _ db: Database) throws -> Int64? {
    try db.first(
      "SELECT entry FROM postings WHERE generation = ? AND key = ? AND entry < ? ORDER BY entry DESC LIMIT 1",
      [generation, key.value, bound]
    ) { values in
      return try values.integer()
    }
  }
}
