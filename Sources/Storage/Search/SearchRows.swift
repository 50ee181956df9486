internal import GRDB
internal import GRDBSQLite
internal import Ledger
internal import TransparencyLog

/// Reads the row that a statement stands at, column by column. A value that no feeding wrote is damage, never a trap.
///
/// Straight from SQLite: a way of ten thousand events is as many times six values, and GRDB's rows copy each twice.
struct RowValues {
  private let statement: SQLiteStatement
  private let count: Int32
  private var column: Int32 = 0

  init(_ statement: SQLiteStatement) {
    self.statement = statement
    count = sqlite3_data_count(statement)
  }

  /// The place of the next column, which has to hold a type; `nil` if it holds nothing and may.
  private mutating func next(_ type: Int32, orNull: Bool = false) throws(SearchIndexError) -> Int32? {
    defer { column += 1 }
    let found = column < count ? sqlite3_column_type(statement, column) : SQLITE_NULL
    if found == type { return column }
    guard orNull, found == SQLITE_NULL else { throw RowValues.damage }
    return nil
  }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(SearchIndexError) -> Value {
    guard let column = try next(SQLITE_INTEGER),
      let value = Value(exactly: sqlite3_column_int64(statement, column))
    else { throw RowValues.damage }
    return value
  }

  mutating func text() throws(SearchIndexError) -> String {
    guard let column = try next(SQLITE_TEXT), let text = sqlite3_column_text(statement, column) else {
      throw RowValues.damage
    }
    let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// None are an empty array, and so is nothing.
  mutating func bytes() throws(SearchIndexError) -> [UInt8] {
    guard let column = try next(SQLITE_BLOB, orNull: true) else { return [] }
    return Array(bytes(at: column))
  }

  /// Ordinals as ``Ordinals/bytes(_:)`` writes them.
  mutating func ordinals() throws(SearchIndexError) -> [UInt32] {
    guard let column = try next(SQLITE_BLOB, orNull: true) else { return [] }
    let bytes = bytes(at: column)
    guard bytes.count.isMultiple(of: 4) else { throw RowValues.damage }
    return (0..<bytes.count / 4).map { number in
      UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * number, as: UInt32.self))
    }
  }

  /// They last until the statement's next step.
  private func bytes(at column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  static var damage: SearchIndexError { SearchIndexError(.damaged, "a row holds what was never written") }
}

extension IndexedTransaction {
  static let columns =
    "t.entry, t.hash, t.height, t.time, t.sender, t.contract, t.kind, t.code, t.code_name, t.manifest_rows"

  /// Reads `columns`.
  init(_ values: inout RowValues) throws(SearchIndexError) {
    index = try values.integer()
    guard let hash = Hash(try values.bytes()) else { throw RowValues.damage }
    self.hash = hash
    height = try values.integer()
    time = Timestamp(seconds: try values.integer())
    guard let sender = Address(try values.bytes()) else { throw RowValues.damage }
    self.sender = sender
    contract = try values.text()
    kind = try values.integer()
    code = try values.integer()
    codeName = try values.text()
    rows = try values.integer()
  }
}

extension IndexedBlockSummary {
  static let columns = "height, time, first_index, size, seal_index, proposer, transactions, failed"

  /// Reads `columns`.
  init(_ values: inout RowValues) throws(SearchIndexError) {
    height = try values.integer()
    time = Timestamp(seconds: try values.integer())
    firstIndex = try values.integer()
    size = try values.integer()
    sealIndex = try values.integer()
    proposer = try values.integer()
    transactions = try values.integer()
    failed = try values.integer()
  }
}

extension Database {
  /// Calls `body` with each row of a query, prepared once for each connection, until it returns `false`.
  func rows(
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), body: (inout RowValues) throws -> Bool
  ) throws {
    let statement = try cachedStatement(sql: sql)
    let rows = try Row.fetchCursor(statement, arguments: arguments)
    while try rows.next() != nil {
      var values = RowValues(statement.sqliteStatement)
      guard try body(&values) else { return }
    }
  }

  /// The number of the generation that is fed now; the first is 0.
  func generation() throws -> Int64 {
    let found = try first("SELECT generation FROM about") { values in try values.integer(Int64.self) }
    guard let found, found >= 0 else { throw RowValues.damage }
    return found
  }

  /// All rows of a query.
  func all<T>(
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), read: (inout RowValues) throws -> T
  ) throws -> [T] {
    var found: [T] = []
    try rows(sql, arguments) { values in
      found.append(try read(&values))
      return true
    }
    return found
  }

  /// Whether a query gives a row.
  func has(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try first(sql, arguments) { _ in true } ?? false
  }

  /// The first row of a query.
  func first<T>(
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), read: (inout RowValues) throws -> T
  ) throws -> T? {
    var found: T?
    try rows(sql, arguments) { values in
      found = try read(&values)
      return false
    }
    return found
  }
}
