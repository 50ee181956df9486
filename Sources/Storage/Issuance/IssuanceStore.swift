internal import FoundationEssentials
internal import GRDB
public import TransparencyLog

/// A place in a status list that was given to a credential.
public struct IssuedPlace: Hashable, Sendable {
  /// The list, from 1.
  public let list: Int
  /// The place in it, from 0.
  public let place: Int
  /// Key of the consent under which it was issued; it names giver and partner only to who knows both.
  public let consent: Hash
  /// Block time of the state that it was issued from, in seconds.
  public let blockTime: UInt64
  /// The highest threshold that it says is reached; 0 for none.
  public let level: UInt16

  /// A place.
  public init(list: Int, place: Int, consent: Hash, blockTime: UInt64, level: UInt16) {
    self.list = list
    self.place = place
    self.consent = consent
    self.blockTime = blockTime
    self.level = level
  }
}

/// Keeps which place of which status list stands for a credential, until that is over: a day.
///
/// No address and no key is kept: of a consent its key in the state, a hash; of a holder's key its hash, so that each
/// is used once. What is revoked is not kept either, since it follows from the chain. A file that is lost costs nothing
/// but that what was issued within a day cannot be revoked. Use from any thread.
///
/// It is secret all the same: the state has the consent with this key, and there the giver's address stands. So the
/// file and its directory are for the node's user alone, and what is over is overwritten.
public final class IssuanceStore: Sendable {
  /// Places of one list.
  public static let listCount = 131_072
  /// The most lists.
  public static let maximumLists = 64
  /// The most credentials under one consent that are not over.
  public static let maximumOfConsent = 60
  /// A list is filled to this part only: places are drawn at random, and a draw ought to hit a free one.
  private static let filled = listCount / 2

  /// Why no place was given.
  public enum Refusal: Error, Hashable, Sendable {
    /// So many credentials under one consent are not over yet.
    case tooMany
    /// A credential was issued to one of the keys before.
    case keyUsed
    /// All lists are as full as they may be.
    case full
  }

  private static let version = 1
  private static let statements = """
    CREATE TABLE issued (
      list INTEGER NOT NULL, place INTEGER NOT NULL, consent BLOB NOT NULL, holder BLOB NOT NULL UNIQUE,
      block_time INTEGER NOT NULL, level INTEGER NOT NULL, expires INTEGER NOT NULL,
      PRIMARY KEY (list, place)) WITHOUT ROWID;
    CREATE INDEX by_consent ON issued (consent);
    CREATE INDEX by_end ON issued (expires);
    """

  private let database: DurableDatabase

  /// Opens the file, or makes it with its directory.
  ///
  /// - Throws: `storage.damaged`, `storage.unknown_version`, and what the disk refuses.
  public init(path: String) throws(StorageError) {
    database = try DurableDatabase(path: path, label: "issued", version: Self.version, isPrivate: true) { db in
      try db.execute(sql: Self.statements)
    }
  }

  /// Gives a place to each key of a batch, all or none, at random: neighbours would show what belongs together.
  ///
  /// - Parameters:
  ///   - holders: hashes of the keys.
  ///   - now: seconds since 1970; what ended before is forgotten.
  ///   - expires: the second at which these end.
  ///   - draw: a number below the one given, at random.
  /// - Throws: ``Refusal``, `StorageError`.
  public func reserve(
    _ holders: [Hash], consent: Hash, blockTime: UInt64, level: UInt16, now: UInt64, expires: UInt64,
    draw: (Int) -> Int
  ) throws -> [IssuedPlace] {
    try forget(now)
    var refusal: Refusal?
    do throws(StorageError) {
      return try database.write { db in
        do {
          return try Self.reserve(
            db, holders, consent: consent, blockTime: blockTime, level: level, expires: expires, draw: draw)
        } catch let error as Refusal {
          refusal = error
          throw error
        }
      }
    } catch {
      if let refusal { throw refusal }
      throw error
    }
  }

  private static func reserve(
    _ db: Database, _ holders: [Hash], consent: Hash, blockTime: UInt64, level: UInt16, expires: UInt64,
    draw: (Int) -> Int
  ) throws -> [IssuedPlace] {
    let live = try Int.fetchOne(
      db, sql: "SELECT COUNT(*) FROM issued WHERE consent = ?", arguments: [Data(consent.bytes)])
    guard (live ?? 0) + holders.count <= Self.maximumOfConsent else { throw Refusal.tooMany }
    let list = try Self.list(db, for: holders.count)
    return try holders.map { holder in
      let isUsed = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM issued WHERE holder = ?)", arguments: [Data(holder.bytes)])
      guard isUsed != true else { throw Refusal.keyUsed }
      // At least half of the list is free, so this many draws fail once in 2^64 batches.
      for _ in 0..<64 {
        let place = draw(Self.listCount)
        try db.execute(
          sql: "INSERT OR IGNORE INTO issued VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            list, place, Data(consent.bytes), Data(holder.bytes), Int64(clamping: blockTime), Int(level),
            Int64(clamping: expires),
          ])
        if db.changesCount == 1 {
          return IssuedPlace(list: list, place: place, consent: consent, blockTime: blockTime, level: level)
        }
      }
      throw Refusal.full
    }
  }

  /// The places of a list that stand for something at a moment; what ended before is forgotten.
  public func live(_ list: Int, now: UInt64) throws(StorageError) -> [IssuedPlace] {
    try forget(now)
    return try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT list, place, consent, block_time, level FROM issued WHERE list = ? AND expires > ? ORDER BY place
          """, arguments: [list, Int64(clamping: now)]
      ).map { row in
        let bytes: Data = row["consent"]
        guard let consent = Hash(Array(bytes)) else { throw StorageError(.damaged, "a hash has another length") }
        let (time, level): (Int64, Int64) = (row["block_time"], row["level"])
        return IssuedPlace(
          list: row["list"], place: row["place"], consent: consent, blockTime: UInt64(clamping: time),
          level: UInt16(clamping: level))
      }
    }
  }

  /// The first list with room for a batch.
  private static func list(_ db: Database, for count: Int) throws -> Int {
    for list in 1...maximumLists {
      let held = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM issued WHERE list = ?", arguments: [list]) ?? 0
      if held + count <= filled { return list }
    }
    throw Refusal.full
  }

  /// Drops what is over, also out of the file of latest changes, which would hold it for long on a quiet node.
  private func forget(_ now: UInt64) throws(StorageError) {
    try database.writeAndClear { db in
      try db.execute(sql: "DELETE FROM issued WHERE expires <= ?", arguments: [Int64(clamping: now)])
      return db.changesCount > 0
    }
  }
}
