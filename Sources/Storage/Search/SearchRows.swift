internal import FoundationEssentials
internal import GRDB
internal import Ledger
internal import TransparencyLog

/// Reads one row column by column. A value that no feeding wrote is damage, never a trap.
struct RowValues {
  private let row: Row
  private var column = 0

  init(_ row: Row) { self.row = row }

  private mutating func next() -> DatabaseValue {
    defer { column += 1 }
    return column < row.count ? row[column] : .null
  }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(SearchIndexError) -> Value {
    guard case .int64(let number) = next().storage, let value = Value(exactly: number) else {
      throw RowValues.damage
    }
    return value
  }

  mutating func text() throws(SearchIndexError) -> String {
    guard case .string(let text) = next().storage else { throw RowValues.damage }
    return text
  }

  mutating func bytes() throws(SearchIndexError) -> [UInt8] {
    switch next().storage {
    case .blob(let data): return Array(data)
    case .null: return []
    default: throw RowValues.damage
    }
  }

  static var damage: SearchIndexError { SearchIndexError(.damaged, "a row holds what was never written") }
}

extension IndexedTransaction {
  static let columns =
    "t.entry, t.hash, t.height, t.time, t.sender, t.contract, t.kind, t.code, t.code_name, t.manifest_rows"

  /// Reads `columns`.
  init(_ row: Row) throws(SearchIndexError) {
    var values = RowValues(row)
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
  init(_ row: Row) throws(SearchIndexError) {
    var values = RowValues(row)
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
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), body: (Row) throws -> Bool
  ) throws {
    let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
    while let row = try rows.next(), try body(row) {}
  }

  /// The number of the generation that is fed now; the first is 0.
  func generation() throws -> Int64 {
    let found = try first("SELECT generation FROM about") { row in
      var values = RowValues(row)
      return try values.integer(Int64.self)
    }
    guard let found, found >= 0 else { throw RowValues.damage }
    return found
  }

  /// All rows of a query.
  func all<T>(
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), read: (Row) throws -> T
  ) throws -> [T] {
    var found: [T] = []
    try rows(sql, arguments) { row in
      found.append(try read(row))
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
    _ sql: String, _ arguments: StatementArguments = StatementArguments(), read: (Row) throws -> T
  ) throws -> T? {
    var found: T?
    try rows(sql, arguments) { row in
      found = try read(row)
      return false
    }
    return found
  }
}
