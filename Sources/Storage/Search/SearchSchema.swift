internal import FoundationEssentials
internal import GRDB
internal import TransparencyLog

/// The tables of the index.
///
/// Ordered so that feeding touches few pages, however much was fed before. Transactions and blocks are only ever
/// appended. What is sorted by hashes, addresses or memberships would be scattered over a growing file; so it is
/// kept by generations, runs of blocks that hold about `generationRows` of such rows together. Feeding changes
/// the last generation only, and a query asks one after the other.
enum SearchSchema {
  /// Another number makes every older file go away and be fed anew, so a change of tables needs no migration.
  static let version = 3

  /// Rows from which a new generation begins: about 20 MB. With fewer, queries ask more generations, at three
  /// millionths of a second each; with more, feeding changes more pages.
  static let generationRows: Int64 = 1 << 20

  /// - `transactions`: by place in the log.
  /// - `postings`: which transactions have a hash or sender that begins so, or are about a subject
  ///   (`PostingKey`).
  /// - `changes`: by membership, so that a statement reads neighbours. `bytes` is null for no bytes, which is
  ///   what GRDB makes of an empty blob.
  /// - `steps`: events of lots by their place (`IndexedStep`). `lot_steps`: the places of each lot's events. Most of
  ///   them come soon after the lot began, and lots are numbered in order, so both grow at their end and need no
  ///   generations: a lot is found at once, which a way of thousands of lots needs.
  /// - `heart_gifts`, `heart_changes`: by the address of the giver or of a claim code's key.
  private static let statements = """
    CREATE TABLE about (chain BLOB NOT NULL, generation INTEGER NOT NULL, rows INTEGER NOT NULL);
    CREATE TABLE blocks (
      height INTEGER PRIMARY KEY, time INTEGER NOT NULL, first_index INTEGER NOT NULL UNIQUE,
      size INTEGER NOT NULL, seal_index INTEGER NOT NULL, proposer INTEGER NOT NULL,
      transactions INTEGER NOT NULL, failed INTEGER NOT NULL);
    CREATE TABLE transactions (
      entry INTEGER PRIMARY KEY, hash BLOB NOT NULL, height INTEGER NOT NULL, time INTEGER NOT NULL,
      sender BLOB NOT NULL, contract TEXT NOT NULL, kind INTEGER NOT NULL, code INTEGER NOT NULL,
      code_name TEXT NOT NULL, manifest_rows INTEGER NOT NULL);
    CREATE TABLE postings (
      generation INTEGER NOT NULL, key INTEGER NOT NULL, entry INTEGER NOT NULL,
      PRIMARY KEY (generation, key, entry)) WITHOUT ROWID;
    CREATE TABLE changes (
      generation INTEGER NOT NULL, membership INTEGER NOT NULL, height INTEGER NOT NULL, place INTEGER NOT NULL,
      bytes BLOB, PRIMARY KEY (generation, membership, height, place)) WITHOUT ROWID;
    CREATE TABLE owners (
      generation INTEGER NOT NULL, owner BLOB NOT NULL, membership INTEGER NOT NULL,
      PRIMARY KEY (generation, owner, membership)) WITHOUT ROWID;
    CREATE TABLE steps (
      place INTEGER PRIMARY KEY, event INTEGER NOT NULL UNIQUE, time INTEGER NOT NULL, bytes BLOB NOT NULL,
      sources BLOB, made BLOB);
    CREATE TABLE lot_steps (lot INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (lot, place)) WITHOUT ROWID;
    CREATE TABLE heart_gifts (
      generation INTEGER NOT NULL, party BLOB NOT NULL, gift INTEGER NOT NULL, height INTEGER NOT NULL,
      PRIMARY KEY (generation, party, gift)) WITHOUT ROWID;
    CREATE TABLE heart_changes (
      generation INTEGER NOT NULL, party BLOB NOT NULL, height INTEGER NOT NULL, place INTEGER NOT NULL,
      bytes BLOB NOT NULL, PRIMARY KEY (generation, party, height, place)) WITHOUT ROWID;
    """

  static func create(in db: Database, chain: Hash) throws {
    try db.execute(sql: statements)
    try db.execute(sql: "INSERT INTO about VALUES (?, 0, 0)", arguments: [Data(chain.bytes)])
    // Last, so that a file that was never finished has no version.
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Whether the file has this version's tables and belongs to the chain.
  static func fits(_ db: Database, chain: Hash) throws -> Bool {
    do {
      return try hasTables(db, chain: chain)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
      // A query that does not compile: the tables are somebody else's.
      return false
    }
  }

  private static func hasTables(_ db: Database, chain: Hash) throws -> Bool {
    guard try Int.fetchOne(db, sql: "PRAGMA user_version") == version else { return false }
    guard try DatabaseValue.fetchOne(db, sql: "SELECT chain FROM about") == Data(chain.bytes).databaseValue else {
      return false
    }
    // Reads the root of every table and its way to the last row: a cut or overwritten file shows here mostly,
    // without reading gigabytes at every start.
    for (table, order) in [
      ("blocks", "height"), ("blocks", "first_index"), ("transactions", "entry"), ("postings", "generation"),
      ("changes", "generation"), ("owners", "generation"), ("steps", "place"), ("steps", "event"),
      ("lot_steps", "lot"), ("heart_gifts", "generation"), ("heart_changes", "generation"),
    ] {
      for direction in ["ASC", "DESC"] {
        _ = try Row.fetchOne(db, sql: "SELECT * FROM \(table) ORDER BY \(order) \(direction) LIMIT 1")
      }
    }
    return true
  }
}
