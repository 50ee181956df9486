internal import GRDB

/// Inserts rows of one table, many with each statement: at the speed of feeding, what a statement costs besides
/// its rows is more than the rows.
///
/// Values are bound one by one as they come. `StatementArguments` would box each of them, which costs as much
/// as all that SQLite does with it.
struct BulkInsert {
  private static let wideRows = 64

  private let wide: Statement
  private let narrow: Statement
  private let columns: Int
  /// Rows that are still to come, those of the statement at hand included.
  private var missing: Int
  private var statement: Statement
  /// Values that the statement at hand takes, and has.
  private var slots: CInt = 0
  private var bound: CInt = 0

  /// - Parameters:
  ///   - verb: what happens to a row that is there already: `INSERT OR FAIL` or `INSERT OR IGNORE`. Never plain
  ///     `INSERT`, which keeps copies of the pages that a statement of many rows changes.
  ///   - rows: how many rows will come. The last one has to be complete.
  init(
    _ verb: String = "INSERT OR FAIL", into table: String, columns: Int, rows: Int, in db: Database
  ) throws {
    let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
    let many = Array(repeating: row, count: BulkInsert.wideRows).joined(separator: ",")
    wide = try db.cachedStatement(sql: "\(verb) INTO \(table) VALUES \(many)")
    narrow = try db.cachedStatement(sql: "\(verb) INTO \(table) VALUES \(row)")
    self.columns = columns
    missing = rows
    statement = wide
    begin()
  }

  /// Takes the next value of the row at hand, or the first of the next.
  mutating func add(_ value: some StatementBinding) throws {
    bound += 1
    guard value.bind(to: statement.sqliteStatement, at: bound) == ResultCode.SQLITE_OK.rawValue else {
      throw SearchIndexError(.database, "a value that SQLite does not take")
    }
    guard bound == slots else { return }
    // With what has just been bound: the statement believes that it has its arguments since `begin`.
    try statement.execute()
    missing -= Int(slots) / columns
    begin()
  }

  private mutating func begin() {
    let isWide = missing >= BulkInsert.wideRows
    statement = isWide ? wide : narrow
    slots = CInt(isWide ? columns * BulkInsert.wideRows : columns)
    bound = 0
    // Resets it, so that SQLite lets values be bound.
    statement.setUncheckedArguments(StatementArguments())
  }
}
