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
      if let subject = text.subject, let key = PostingKey(subject: subject), try SearchIndex.has(key, db) {
        hits.append(.subject(subject))
      }
      if let address = text.address, try SearchIndex.knows(address, db) { hits.append(.address(address)) }
      if let height = text.block, let block = try SearchIndex.block(height: height, db) { hits.append(.block(block)) }
      if let prefix = text.hash {
        hits += try SearchIndex.transactions(prefix, limit: limit, db).map(SearchHit.transaction)
      }
      return hits
    }
    return Array(hits.prefix(Int(limit)))
  }

  private static func has(_ key: PostingKey, _ db: Database) throws -> Bool {
    try db.first("SELECT 1 FROM postings WHERE key = ? LIMIT 1", [key.value]) { _ in true } ?? false
  }

  private static func knows(_ address: Address, _ db: Database) throws -> Bool {
    let bytes = Data(address.bytes)
    let owns = try db.first("SELECT 1 FROM owners WHERE owner = ? LIMIT 1", [bytes]) { _ in true }
    let sent = try db.first(
      """
      SELECT 1 FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
      WHERE p.key = ? AND t.sender = ? LIMIT 1
      """, [PostingKey(sender: address).value, bytes]
    ) { _ in true }
    return owns ?? sent ?? false
  }

  /// Transactions whose hash begins so, in the order of their hashes.
  private static func transactions(
    _ prefix: HexadecimalPrefix, limit: Int64, _ db: Database
  ) throws -> [IndexedTransaction] {
    guard limit > 0 else { return [] }
    let keys = PostingKey.transactions(prefix)
    var found: [IndexedTransaction] = []
    try db.rows(
      """
      SELECT \(IndexedTransaction.columns) FROM postings p CROSS JOIN transactions t ON t.entry = p.entry
      WHERE p.key BETWEEN ? AND ? ORDER BY p.key, p.entry
      """, [keys.lowerBound, keys.upperBound]
    ) { row in
      let transaction = try IndexedTransaction(row)
      if prefix.begins(transaction.hash) { found.append(transaction) }
      return found.count < limit
    }
    return found
  }
}
