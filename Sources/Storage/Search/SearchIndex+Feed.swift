internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import TransparencyLog

extension SearchIndex {
  /// Adds blocks: all of them, or none when it throws. Readers see the state before until it returns.
  ///
  /// Larger pieces are faster: what lies close together is then written together.
  ///
  /// - Throws: `search.gap` if a block does not follow the one before it, `search.bad_block` if one contradicts
  ///   itself, else what SQLite said.
  public func feed(_ blocks: [IndexedBlock]) throws(SearchIndexError) {
    guard !blocks.isEmpty else { return }
    try write { db in
      let last = try SearchIndex.lastBlock(db)
      try FeedCheck(last: last).check(blocks)
      try FeedWriter(db, generationRows: generationRows).insert(blocks)
    }
  }
}

/// Writes blocks that were checked.
private struct FeedWriter {
  private let db: Database
  private let generationRows: Int64
  private let generation: Int64

  init(_ db: Database, generationRows: Int64) throws {
    self.db = db
    self.generationRows = generationRows
    generation = try db.generation()
  }

  func insert(_ blocks: [IndexedBlock]) throws {
    try insertBlocks(blocks)
    try insertTransactions(blocks)
    try insertPostings(blocks)
    try insertChanges(blocks)
    try insertOwners(blocks)
    try HeartsWriter(db, generation: generation).insert(blocks)
    let rows = blocks.reduce(0) { sum, block in
      sum + 2 * block.transactions.count + block.subjects.count + block.changes.count + block.owners.count
        + block.hearts.gifts.count + block.hearts.changes.count
    }
    let count = try db.cachedStatement(sql: "UPDATE about SET rows = rows + ?")
    try count.execute(arguments: [rows])
    let next = try db.cachedStatement(
      sql: "UPDATE about SET generation = generation + 1, rows = 0 WHERE rows >= ?")
    try next.execute(arguments: [generationRows])
  }

  private func insertBlocks(_ blocks: [IndexedBlock]) throws {
    var rows = try BulkInsert(into: "blocks", columns: 8, rows: blocks.count, in: db)
    for block in blocks {
      try rows.add(Int64(block.height))
      try rows.add(Int64(block.time.seconds))
      try rows.add(Int64(block.firstIndex))
      try rows.add(Int64(block.size))
      try rows.add(Int64(block.sealIndex))
      try rows.add(Int64(block.proposer))
      try rows.add(Int64(block.transactions.count))
      try rows.add(Int64(block.transactions.count { $0.code != 0 }))
    }
  }

  private func insertTransactions(_ blocks: [IndexedBlock]) throws {
    let count = blocks.reduce(0) { $0 + $1.transactions.count }
    var rows = try BulkInsert(into: "transactions", columns: 10, rows: count, in: db)
    for block in blocks {
      for transaction in block.transactions {
        try rows.add(Int64(transaction.index))
        try rows.add(transaction.hash.withUnsafeBytes { Data($0) })
        try rows.add(Int64(transaction.height))
        try rows.add(Int64(transaction.time.seconds))
        try rows.add(Data(transaction.sender.bytes))
        try rows.add(transaction.contract)
        try rows.add(Int64(transaction.kind))
        try rows.add(Int64(transaction.code))
        try rows.add(transaction.codeName)
        try rows.add(Int64(transaction.rows))
      }
    }
  }

  private func insertPostings(_ blocks: [IndexedBlock]) throws {
    var postings: [Posting] = []
    postings.reserveCapacity(blocks.reduce(0) { $0 + 2 * $1.transactions.count + $1.subjects.count })
    for block in blocks {
      for transaction in block.transactions {
        let entry = Int64(transaction.index)
        postings.append(Posting(key: PostingKey(transaction: transaction.hash).value, entry: entry))
        postings.append(Posting(key: PostingKey(sender: transaction.sender).value, entry: entry))
      }
      for (index, subject) in block.subjects {
        guard let key = PostingKey(subject: subject) else { continue }
        postings.append(Posting(key: key.value, entry: Int64(index)))
      }
    }
    // In the table's order neighbours share pages, whatever hashes and addresses are.
    postings.sort()
    // A transaction may name a subject twice.
    var different: [Posting] = []
    different.reserveCapacity(postings.count)
    for posting in postings where posting != different.last { different.append(posting) }
    var rows = try BulkInsert(into: "postings", columns: 3, rows: different.count, in: db)
    for posting in different {
      try rows.add(generation)
      try rows.add(posting.key)
      try rows.add(posting.entry)
    }
  }

  private func insertChanges(_ blocks: [IndexedBlock]) throws {
    var order: [ChangePlace] = []
    order.reserveCapacity(blocks.reduce(0) { $0 + $1.changes.count })
    for (number, block) in blocks.enumerated() {
      for (place, change) in block.changes.enumerated() {
        order.append(ChangePlace(membership: change.membership, block: number, place: place))
      }
    }
    order.sort()
    var rows = try BulkInsert(into: "changes", columns: 5, rows: order.count, in: db)
    for change in order {
      try rows.add(generation)
      try rows.add(Int64(change.membership))
      try rows.add(Int64(blocks[change.block].height))
      try rows.add(Int64(change.place))
      try rows.add(Data(blocks[change.block].changes[change.place].bytes))
    }
  }

  private func insertOwners(_ blocks: [IndexedBlock]) throws {
    let owners = blocks.flatMap(\.owners).sorted { ($0.owner, $0.membership) < ($1.owner, $1.membership) }
    // Said twice is as good as once, here and in whoever reads.
    var rows = try BulkInsert("INSERT OR IGNORE", into: "owners", columns: 3, rows: owners.count, in: db)
    for (membership, owner) in owners {
      try rows.add(generation)
      try rows.add(Data(owner.bytes))
      try rows.add(Int64(membership))
    }
  }
}

/// One row of `postings`.
private struct Posting: Comparable {
  var key: Int64
  var entry: Int64

  static func < (a: Posting, b: Posting) -> Bool { a.key == b.key ? a.entry < b.entry : a.key < b.key }
}

/// Where a change stands in the blocks that are fed.
private struct ChangePlace: Comparable {
  var membership: UInt32
  var block: Int
  var place: Int

  static func < (a: ChangePlace, b: ChangePlace) -> Bool {
    (a.membership, a.block, a.place) < (b.membership, b.block, b.place)
  }
}
