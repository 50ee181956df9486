internal import GRDB

/// Inserts rows of one table, many with each statement: at the speed of feeding, what a statement costs besides
/// its rows is more than the rows.
struct BulkInsert {
  private static let wideRows = 64

  private let columns: Int
  private let wide: Statement
  private let narrow: Statement
  private var values: [DatabaseValue] = []

  /// - Parameter verb: what happens to a row that is there already: `INSERT OR FAIL` or `INSERT OR IGNORE`.
  ///   Never plain `INSERT`, which keeps copies of the pages that a statement of many rows changes.
  init(_ verb: String = "INSERT OR FAIL", into table: String, columns: Int, in db: Database) throws {
    self.columns = columns
    let row = "(" + Array(repeating: "?", count: columns).joined(separator: ",") + ")"
    let rows = Array(repeating: row, count: BulkInsert.wideRows).joined(separator: ",")
    wide = try db.cachedStatement(sql: "\(verb) INTO \(table) VALUES \(rows)")
    narrow = try db.cachedStatement(sql: "\(verb) INTO \(table) VALUES \(row)")
    values.reserveCapacity(columns * BulkInsert.wideRows)
  }

  /// Takes the next value; a row is complete when it has one for each column.
  mutating func add(_ value: Int64) throws { try add(value.databaseValue) }

  /// Takes the next value.
  mutating func add(_ value: DatabaseValue) throws {
    values.append(value)
    guard values.count == columns * BulkInsert.wideRows else { return }
    // Unchecked: the number of values has just been counted.
    wide.setUncheckedArguments(StatementArguments(values))
    try wide.execute()
    values.removeAll(keepingCapacity: true)
  }

  /// Inserts the rows that are still waiting.
  mutating func finish() throws {
    for start in stride(from: 0, to: values.count, by: columns) {
      narrow.setUncheckedArguments(StatementArguments(values[start..<(start + columns)]))
      try narrow.execute()
    }
    values.removeAll(keepingCapacity: true)
  }
}
