internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import TransparencyLog

extension SearchIndex {
  /// What a text can mean and the index knows: an address, a transaction's hash or its first eight or more
  /// digits, a block's number, or a subject such as "case 12" or "案例 12". Anything else finds nothing.
  ///
  /// - Parameter limit: how many hits, at most `maximumLimit`.
  public func search(_ text: String, limit: Int) throws(SearchIndexError) -> [SearchHit] {
    let text = SearchText(text)
    let limit = Int64(limit: limit)
    let hits = try read { db in
      var hits: [SearchHit] = []
      if let subject = text.subject, try SearchIndex.knows(subject, db) { hits.append(.subject(subject)) }
      if let address = text.address, try SearchIndex.knows(address, db) { hits.append(.address(address)) }
      if let height = text.block, let block = try SearchIndex.block(height: height, db) { hits.append(.block(block)) }
      if let prefix = text.hash {
        hits += try SearchIndex.transactions(prefix, limit: limit, db).map(SearchHit.transaction)
      }
      return hits
    }
    return Array(hits.prefix(Int(limit)))
  }

  private static func knows(_ subject: IndexedSubject, _ db: Database) throws -> Bool {
    guard let key = PostingKey(subject: subject) else { return false }
    return try (0...db.generation()).contains { generation in
      try db.has("SELECT 1 FROM postings WHERE generation = ? AND key = ? LIMIT 1", [generation, key.value])
    }
  }

  private static func knows(_ address: Address, _ db: Database) throws -> Bool {
    let bytes = Data(address.bytes)
    return try (0...db.generation()).contains { generation in
      for (table, column) in [("owners", "owner"), ("heart_changes", "party")]
      where try db.has("SELECT 1 FROM \(table) WHERE generation = ? AND \(column) = ? LIMIT 1", [generation, bytes]) {
        return true
      }
      return try db.has(
        "\(posted) AND p.key = ? AND t.sender = ? LIMIT 1", [generation, PostingKey(sender: address).value, bytes])
    }
  }

  /// Transactions whose hash begins so, the oldest first.
  private static func transactions(
    _ prefix: HexadecimalPrefix, limit: Int64, _ db: Database
  ) throws -> [IndexedTransaction] {
    let keys = PostingKey.transactions(prefix)
    var found: [IndexedTransaction] = []
    for generation in 0...(try db.generation()) where found.count < limit {
      var alike: [IndexedTransaction] = []
      try db.rows("\(posted) AND p.key BETWEEN ? AND ?", [generation, keys.lowerBound, keys.upperBound]) { values in
        let transaction = try IndexedTransaction(&values)
        if prefix.begins(transaction.hash) { alike.append(transaction) }
        // More than this begin alike only where somebody made them so.
        return alike.count < maximumLimit
      }
      found += alike.sorted { $0.index < $1.index }
    }
    return Array(found.prefix(Int(limit)))
  }
}
