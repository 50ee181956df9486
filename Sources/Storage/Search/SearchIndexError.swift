internal import GRDB

/// Why the search index could not be opened, fed or read.
///
/// Two errors are equal when their codes are; the message holds nothing of what is indexed or looked for.
public struct SearchIndexError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// The blocks do not follow the last one that was fed.
    public static let gap = Code("search.gap")
    /// A block contradicts itself, or holds a number that the index cannot keep.
    public static let badBlock = Code("search.bad_block")
    /// The file is damaged: delete it with `SearchIndex.remove(path:)` and feed a new one.
    public static let damaged = Code("search.damaged")
    /// No room on the disk; what was fed before still stands.
    public static let diskFull = Code("search.disk_full")
    /// The operating system refused a read or write.
    public static let inputOutput = Code("search.input_output")
    /// The index has not reached the block as of which something was asked.
    public static let lagging = Code("search.lagging")
    /// What was asked for is more than one answer holds.
    public static let tooLong = Code("search.too_long")
    /// Another process holds the file.
    public static let busy = Code("search.busy")
    /// SQLite refused for a reason of its own.
    public static let database = Code("search.database")
  }

  /// The reason.
  public let code: Code
  /// What happened, in words.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Whether both have the same code.
  public static func == (a: SearchIndexError, b: SearchIndexError) -> Bool { a.code == b.code }
}

extension SearchIndexError {
  /// What SQLite or GRDB said, without the statement, its arguments or SQLite's own words, which quote both.
  init(wrapping error: any Error) {
    switch error {
    case let error as SearchIndexError: self = error
    case let error as DatabaseError:
      self.init(SearchIndexError.code(of: error), "SQLite's result \(error.extendedResultCode)")
    case let error as StorageError: self.init(.inputOutput, error.message)
    default: self.init(.database, "an error of type \(type(of: error))")
    }
  }

  private static func code(of error: DatabaseError) -> Code {
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: .damaged
    case .SQLITE_FULL: .diskFull
    case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH: .inputOutput
    case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
    default: .database
    }
  }
}
