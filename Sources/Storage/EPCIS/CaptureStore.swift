internal import FoundationEssentials
internal import GRDB
public import TransparencyLog

/// Keeps what the gateway to EPCIS knows and no chain does: under which identifiers of others lots were recorded, how
/// senders call their events, and what became of each capture.
///
/// What a capture's manifest would mean is written before it is handed in, and taken back when it does not get
/// through: after a kill nothing on the chain is without its sender's names. Use from any thread.
public final class CaptureStore: Sendable {
  /// Captures that are kept after they were done; the oldest go.
  public static let keptCaptures = 10_000
  /// Lots that are looked up of one identifier.
  public static let maximumLots = 1024

  private static let version = 2

  private static let statements = """
    CREATE TABLE about (secret BLOB NOT NULL);
    CREATE TABLE captures (
      id TEXT PRIMARY KEY, organisation INTEGER NOT NULL, made INTEGER NOT NULL, finished INTEGER,
      rollback INTEGER NOT NULL, success INTEGER NOT NULL, errors BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX by_end ON captures (finished);
    CREATE TABLE signed (
      capture TEXT PRIMARY KEY, organisation INTEGER NOT NULL, expiry INTEGER NOT NULL, root BLOB NOT NULL,
      first INTEGER NOT NULL, rows INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE events (
      number INTEGER PRIMARY KEY, capture TEXT NOT NULL, organisation INTEGER NOT NULL, hash TEXT NOT NULL, id TEXT,
      first INTEGER NOT NULL, rows INTEGER NOT NULL, main INTEGER,
      UNIQUE (hash, organisation), UNIQUE (id, organisation));
    CREATE INDEX by_first ON events (first);
    CREATE INDEX events_by_capture ON events (capture, main);
    CREATE TABLE identifiers (
      identifier TEXT NOT NULL, event INTEGER NOT NULL, output INTEGER NOT NULL, capture TEXT NOT NULL,
      PRIMARY KEY (identifier, event, output)) WITHOUT ROWID;
    CREATE INDEX identifiers_by_capture ON identifiers (capture, event);
    """

  private let database: DurableDatabase

  /// Opens the file, or makes it with its directory; without a path it is kept in memory only.
  ///
  /// - Parameter secret: makes the secret that commitments to recipients are salted with, the first time.
  /// - Throws: `storage.damaged`, `storage.unknown_version`, and what the disk refuses.
  public init(path: String?, secret: () -> Hash) throws(StorageError) {
    // The secret is nobody else's.
    database = try DurableDatabase(path: path, label: "captures", version: Self.version, isPrivate: true) { db in
      try db.execute(sql: Self.statements)
      try db.execute(sql: "INSERT INTO about VALUES (?)", arguments: [Data(secret().bytes)])
    }
  }

  /// The secret that commitments to recipients are salted with.
  public var secret: Hash {
    get throws(StorageError) {
      let bytes = try read { try Data.fetchOne($0, sql: "SELECT secret FROM about") }
      guard let bytes, let secret = Hash(Array(bytes)) else {
        throw StorageError(.damaged, "the captures have no secret")
      }
      return secret
    }
  }

  // MARK: Captures

  /// Keeps a capture, new or as it ended. Of those that are done the oldest go.
  public func keep(_ capture: CaptureRecord) throws(StorageError) {
    try write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          capture.id, Int64(capture.organisation), Int64(clamping: capture.made),
          capture.finished.map { Int64(clamping: $0) }, capture.isRollback, capture.hasSucceeded, Data(capture.errors),
        ])
      try db.execute(
        sql: """
          DELETE FROM captures WHERE finished <= (
            SELECT finished FROM captures WHERE finished IS NOT NULL ORDER BY finished DESC LIMIT 1 OFFSET ?)
          """, arguments: [Self.keptCaptures])
    }
  }

  /// A capture; `nil` for none of this name.
  public func capture(_ id: String) throws(StorageError) -> CaptureRecord? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM captures WHERE id = ?", arguments: [id]).map(Self.capture)
    }
  }

  /// Captures that were under way when the process ended.
  public func unfinished() throws(StorageError) -> [CaptureRecord] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM captures WHERE finished IS NULL ORDER BY made").map(Self.capture)
    }
  }

  private static func capture(_ row: Row) -> CaptureRecord {
    let (organisation, made, finished): (Int64, Int64, Int64?) = (row["organisation"], row["made"], row["finished"])
    let errors: Data = row["errors"]
    return CaptureRecord(
      id: row["id"], organisation: UInt16(clamping: organisation), made: UInt64(clamping: made),
      finished: finished.map { UInt64(clamping: $0) }, isRollback: row["rollback"], hasSucceeded: row["success"],
      errors: Array(errors))
  }

  // MARK: What a manifest means

  /// Keeps what a manifest would mean, before it is handed in.
  ///
  /// - Throws: `storage.input_output` also for events that the organisation told before.
  public func keep(
    _ signed: SignedCapture, events: [CapturedEvent], identifiers: [(identifier: String, lot: CapturedLot)]
  ) throws(StorageError) {
    try write { db in
      try Self.forget(db, capture: signed.capture)
      try db.execute(
        sql: "INSERT INTO signed VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          signed.capture, Int64(signed.organisation), Int64(clamping: signed.expiry), Data(signed.root.bytes),
          Int64(clamping: signed.first), Int64(signed.rows),
        ])
      for event in events {
        try db.execute(
          sql: "INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            signed.capture, Int64(signed.organisation), event.hashID, event.id, Int64(clamping: event.first),
            Int64(event.rows), event.main.map { Int64(clamping: $0) },
          ])
      }
      for (identifier, lot) in identifiers {
        try db.execute(
          sql: "INSERT OR REPLACE INTO identifiers VALUES (?, ?, ?, ?)",
          arguments: [identifier, Int64(clamping: lot.event), lot.output, signed.capture])
      }
    }
  }

  /// The manifest of a capture that was under way.
  public func signed(_ capture: String) throws(StorageError) -> SignedCapture? {
    try read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM signed WHERE capture = ?", arguments: [capture]).map(Self.signed)
    }
  }

  /// Manifests of which it is not known what became of them.
  ///
  /// - Parameter organisation: only those that were signed for it; all without one.
  public func signed(of organisation: UInt16? = nil) throws(StorageError) -> [SignedCapture] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM signed WHERE organisation = ?1 OR ?1 IS NULL ORDER BY first",
        arguments: [organisation.map { Int64($0) }]
      ).map(Self.signed)
    }
  }

  private static func signed(_ row: Row) throws -> SignedCapture {
    let (organisation, expiry, first, rows): (Int64, Int64, Int64, Int64) = (
      row["organisation"], row["expiry"], row["first"], row["rows"]
    )
    let root: Data = row["root"]
    guard let root = Hash(Array(root)) else { throw StorageError(.damaged, "a root has another length") }
    return SignedCapture(
      capture: row["capture"], organisation: UInt16(clamping: organisation), expiry: UInt64(clamping: expiry),
      root: root, first: UInt64(clamping: first), rows: UInt32(clamping: rows))
  }

  /// Takes back what a manifest would have meant: it did not get through. What another capture recorded under the same
  /// numbers stays.
  public func forget(_ capture: String) throws(StorageError) {
    try write { db in try Self.forget(db, capture: capture) }
  }

  private static func forget(_ db: Database, capture: String) throws {
    for table in ["events", "identifiers", "signed"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE capture = ?", arguments: [capture])
    }
  }

  /// A manifest got through; what its refused rows would have meant is taken back.
  ///
  /// - Parameter refused: names of rows.
  public func settle(_ capture: String, refused: [UInt64]) throws(StorageError) {
    try write { db in
      for event in refused {
        let name: StatementArguments = [Int64(clamping: event), capture]
        try db.execute(sql: "DELETE FROM identifiers WHERE event = ? AND capture = ?", arguments: name)
        // An event is taken when its own row is; one whose row was refused can be sent again.
        try db.execute(sql: "DELETE FROM events WHERE main = ? AND capture = ?", arguments: name)
      }
      try db.execute(sql: "DELETE FROM signed WHERE capture = ?", arguments: [capture])
    }
  }

  // MARK: Names

  /// The lots that were recorded under an identifier, the oldest first of the last ``maximumLots``.
  public func lots(_ identifier: String) throws(StorageError) -> [CapturedLot] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT event, output FROM identifiers WHERE identifier = ? ORDER BY event DESC, output DESC LIMIT ?",
        arguments: [identifier, Self.maximumLots]
      ).reversed().map { row in
        let event: Int64 = row["event"]
        return CapturedLot(event: UInt64(clamping: event), output: row["output"])
      }
    }
  }

  /// Whether an event with this name or this content was taken of an organisation. What others call theirs is no
  /// reason: nobody can take a name away from another.
  public func isKnown(id: String?, hashID: String, of organisation: UInt16) throws(StorageError) -> Bool {
    try read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM events WHERE organisation = ?3 AND (hash = ?1 OR id = ?2))",
        arguments: [hashID, id, Int64(organisation)]) ?? false
    }
  }

  /// The event that a sender, or its content, names so: of several organisations' the one that came first; `nil` for
  /// none.
  public func event(_ id: String) throws(StorageError) -> CapturedEvent? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM events WHERE id = ?1 OR hash = ?1 ORDER BY number LIMIT 1", arguments: [id]
      ).map(Self.event)
    }
  }

  /// An organisation's own event of this name or this content; `nil` for none.
  public func event(_ id: String, of organisation: UInt16) throws(StorageError) -> CapturedEvent? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT * FROM events WHERE organisation = ?2 AND (id = ?1 OR hash = ?1) ORDER BY number LIMIT 1",
        arguments: [id, Int64(organisation)]
      ).map(Self.event)
    }
  }

  /// The captured event that each row belongs to; `nil` for a row that came another way.
  public func events(of rows: [UInt64]) throws(StorageError) -> [CapturedEvent?] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT * FROM events WHERE first <= ? AND rows > 0 ORDER BY first DESC LIMIT 1")
      return try rows.map { row in
        let found = try Row.fetchOne(statement, arguments: [Int64(clamping: row)]).map(Self.event)
        return found.flatMap { row < $0.first + UInt64($0.rows) ? $0 : nil }
      }
    }
  }

  private static func event(_ row: Row) -> CapturedEvent {
    let (first, rows, main): (Int64, Int64, Int64?) = (row["first"], row["rows"], row["main"])
    return CapturedEvent(
      id: row["id"], hashID: row["hash"], first: UInt64(clamping: first), rows: UInt32(clamping: rows),
      main: main.map { UInt64(clamping: $0) })
  }

  private func read<T>(_ query: (Database) throws -> T) throws(StorageError) -> T {
    try database.read(query)
  }

  private func write<T>(_ change: (Database) throws -> T) throws(StorageError) -> T {
    try database.write(change)
  }
}
