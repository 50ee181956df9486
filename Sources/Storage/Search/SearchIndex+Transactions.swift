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
      try db.first(
        """
        SELECT \(IndexedTransaction.columns) FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
        WHERE p.key = ? AND t.hash = ? ORDER BY t.code <> 0, t.entry LIMIT 1
        """, [PostingKey(transaction: hash).value, Data(hash.bytes)], read: IndexedTransaction.init)
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
    let bound = Int64(bound: index)
    let limit = Int64(limit: limit)
    let about = subject.map { PostingKey(subject: $0) }
    // A subject that no record can be has no transactions.
    if case .some(.none) = about { return [] }
    return try read { db in
      switch (sender, about ?? nil) {
      case (nil, nil):
        try db.all(
          "SELECT \(IndexedTransaction.columns) FROM transactions t WHERE t.entry < ? ORDER BY t.entry DESC LIMIT ?",
          [bound, limit], read: IndexedTransaction.init)
      case (nil, let about?):
        try db.all(
          """
          SELECT \(IndexedTransaction.columns) FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
          WHERE p.key = ? AND p.entry < ? ORDER BY p.entry DESC LIMIT ?
          """, [about.value, bound, limit], read: IndexedTransaction.init)
      case (let sender?, nil):
        try db.all(
          """
          SELECT \(IndexedTransaction.columns) FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
          WHERE p.key = ? AND p.entry < ? AND t.sender = ? ORDER BY p.entry DESC LIMIT ?
          """, [PostingKey(sender: sender).value, bound, Data(sender.bytes), limit], read: IndexedTransaction.init)
      case (let sender?, let about?):
        try SearchIndex.transactions(of: sender, about: about, before: bound, limit: limit, db)
      }
    }
  }

  /// Those in both lists. Each list is asked for its next one below the other's, so that a few of a long list
  /// cost as little as a few of a short one.
  private static func transactions(
    of sender: Address, about: PostingKey, before bound: Int64, limit: Int64, _ db: Database
  ) throws -> [IndexedTransaction] {
    var found: [IndexedTransaction] = []
    var bound = bound
    while found.count < limit, let entry = try last(PostingKey(sender: sender), before: bound, db) {
      // Entries are below 2^62, so the next number is one.
      guard let other = try last(about, before: entry + 1, db) else { break }
      if other == entry {
        guard let transaction = try transaction(index: entry, db) else { throw RowValues.damage }
        if transaction.sender == sender { found.append(transaction) }
        bound = entry
      } else {
        bound = other + 1
      }
    }
    return found
  }

  private static func last(_ key: PostingKey, before bound: Int64, _ db: Database) throws -> Int64? {
    try db.first(
      "SELECT entry FROM postings WHERE key = ? AND entry < ? ORDER BY entry DESC LIMIT 1", [key.value, bound]
    ) { row in
      var values = RowValues(row)
      return try values.integer()
    }
  }

  static func transaction(index: Int64, _ db: Database) throws -> IndexedTransaction? {
    try db.first(
      "SELECT \(IndexedTransaction.columns) FROM transactions t WHERE t.entry = ?", [index],
      read: IndexedTransaction.init)
  }
}
