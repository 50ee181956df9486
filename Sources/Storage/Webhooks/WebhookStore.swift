internal import FoundationEssentials
internal import GRDB
internal import TransparencyLog

/// Keeps which webhooks are to be sent, which were, and which were given up, and how far each chain was looked at.
///
/// What was seen and what follows from it are written as one: after a kill or a power cut nothing is missing and
/// nothing is there twice. No address and no secret is kept. Use from any thread; another process may list and change
/// deliveries meanwhile (``generation``).
public final class WebhookStore: Sendable {
  /// Deliveries that are kept of one receiver after they arrived, for people to look at.
  public static let keptDelivered = 1000
  /// Deliveries that are kept of one receiver after they were given up; the oldest go.
  public static let keptDead = 10_000

  private static let version = 1

  private static let statements = """
    CREATE TABLE chains (name TEXT PRIMARY KEY, id BLOB NOT NULL, height INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE facts (
      chain TEXT NOT NULL, kind INTEGER NOT NULL, ordinal INTEGER NOT NULL, value INTEGER NOT NULL,
      PRIMARY KEY (chain, kind, ordinal)) WITHOUT ROWID;
    CREATE TABLE deliveries (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
      body BLOB NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL,
      pause INTEGER NOT NULL, reason TEXT NOT NULL, made INTEGER NOT NULL, UNIQUE (endpoint, id));
    CREATE INDEX by_state ON deliveries (endpoint, state, sequence);
    CREATE TABLE disabled (endpoint TEXT PRIMARY KEY) WITHOUT ROWID;
    """

  private static let columns = "sequence, endpoint, id, type, state, attempts, due, pause, reason, made"

  private let database: DurableDatabase

  /// Opens the file, or makes it with its directory.
  ///
  /// - Throws: `storage.damaged`, `storage.unknown_version`, and what the disk refuses. Nothing is repaired: it follows
  ///   from nothing else.
  public init(path: String) throws(StorageError) {
    database = try DurableDatabase(path: path, label: "webhooks", version: Self.version) { db in
      try db.execute(sql: Self.statements)
    }
  }

  /// Another number after another process changed the file.
  public var generation: Int {
    get throws(StorageError) { try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 } }
  }

  /// What was last seen of a chain; `nil` before the first time.
  public func facts(of chain: String) throws(StorageError) -> WebhookFacts? {
    try read { db in
      guard let row = try Row.fetchOne(db, sql: "SELECT id, height FROM chains WHERE name = ?", arguments: [chain])
      else { return nil }
      let id: Data = row["id"]
      guard let id = Hash(Array(id)) else { throw StorageError(.damaged, "a chain's id has another length") }
      let facts = try Row.fetchAll(
        db, sql: "SELECT kind, ordinal, value FROM facts WHERE chain = ? ORDER BY kind, ordinal", arguments: [chain]
      ).map { WebhookFact(kind: $0["kind"], ordinal: $0["ordinal"], value: $0["value"]) }
      let height: Int64 = row["height"]
      return WebhookFacts(chain: id, height: UInt64(clamping: height), facts: facts)
    }
  }

  /// Keeps what was seen of a chain, and the letters that follow from it: all of it or nothing.
  ///
  /// - Parameters:
  ///   - seen: the facts that changed, or all where it begins anew.
  ///   - isAnew: whether what was kept of the chain before is forgotten.
  ///   - now: milliseconds since 1970.
  /// - Returns: the deliveries that were made; not those of a receiver that has the same id already.
  public func keep(
    _ seen: WebhookFacts, of chain: String, isAnew: Bool, _ letters: [WebhookLetter], now: UInt64
  ) throws(StorageError) -> [WebhookDelivery] {
    try write { db in
      if isAnew { try db.execute(sql: "DELETE FROM facts WHERE chain = ?", arguments: [chain]) }
      try db.execute(
        sql: "INSERT OR REPLACE INTO chains VALUES (?, ?, ?)",
        arguments: [chain, Data(seen.chain.bytes), Int64(clamping: seen.height)])
      let fact = try db.cachedStatement(sql: "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)")
      for seen in seen.facts { try fact.execute(arguments: [chain, seen.kind, seen.ordinal, seen.value]) }
      var made: [WebhookDelivery] = []
      for letter in letters {
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO deliveries (endpoint, id, type, body, state, attempts, due, pause, reason, made)
            VALUES (?, ?, ?, ?, 0, 0, ?, 0, '', ?)
            """,
          arguments: [
            letter.endpoint, letter.id, letter.type, Data(letter.body), Int64(clamping: now), Int64(clamping: now),
          ])
        guard db.changesCount == 1 else { continue }
        made.append(
          WebhookDelivery(
            sequence: db.lastInsertedRowID, endpoint: letter.endpoint, id: letter.id, type: letter.type,
            state: .pending, attempts: 0, due: now, pause: 0, reason: "", made: now))
      }
      return made
    }
  }

  /// A message as it is sent; `nil` for one that is gone.
  public func letter(_ sequence: Int64) throws(StorageError) -> WebhookLetter? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT endpoint, id, type, body FROM deliveries WHERE sequence = ?", arguments: [sequence]
      ).map { row in
        let body: Data = row["body"]
        return WebhookLetter(endpoint: row["endpoint"], id: row["id"], type: row["type"], body: Array(body))
      }
    }
  }

  /// The newest deliveries, or with a state or receiver only those; newest first.
  public func deliveries(
    to endpoint: String? = nil, in state: WebhookDelivery.State? = nil, limit: Int
  ) throws(StorageError) -> [WebhookDelivery] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT \(Self.columns) FROM deliveries WHERE (?1 IS NULL OR endpoint = ?1) AND (?2 IS NULL OR state = ?2)
          ORDER BY sequence DESC LIMIT ?3
          """, arguments: [endpoint, state?.rawValue, limit]
      ).map(Self.delivery)
    }
  }

  /// The deliveries that a receiver still waits for, oldest first.
  public func pending(_ endpoint: String) throws(StorageError) -> [WebhookDelivery] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(Self.columns) FROM deliveries WHERE endpoint = ? AND state = 0 ORDER BY sequence",
        arguments: [endpoint]
      ).map(Self.delivery)
    }
  }

  /// How many deliveries a receiver has in a state.
  public func count(_ state: WebhookDelivery.State, to endpoint: String) throws(StorageError) -> Int {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM deliveries WHERE endpoint = ? AND state = ?",
        arguments: [endpoint, state.rawValue]) ?? 0
    }
  }

  func read<T>(_ query: (Database) throws -> T) throws(StorageError) -> T {
    try database.read(query)
  }

  func write<T>(_ change: (Database) throws -> T) throws(StorageError) -> T {
    try database.write(change)
  }

  private static func delivery(_ row: Row) -> WebhookDelivery {
    let (due, pause, made): (Int64, Int64, Int64) = (row["due"], row["pause"], row["made"])
    return WebhookDelivery(
      sequence: row["sequence"], endpoint: row["endpoint"], id: row["id"], type: row["type"],
      state: WebhookDelivery.State(rawValue: row["state"]) ?? .dead, attempts: row["attempts"],
      due: UInt64(clamping: due), pause: UInt64(clamping: pause), reason: row["reason"], made: UInt64(clamping: made))
  }
}
