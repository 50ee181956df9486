internal import FoundationEssentials
internal import GRDB
public import TransparencyLog

/// Finds transactions, blocks, addresses, the changes of memberships and hearts and the events of lots in the log of
/// one chain.
///
/// It follows from the log and proves nothing: it may lag, says how far it is (`height`), and can be deleted and
/// fed anew at any time. Feeding never blocks readers, and a reader sees whole blocks. Use from any thread; feed
/// from one at a time.
public final class SearchIndex: Sendable {
  /// The most that one query gives; what asks for more gets this many.
  public static let maximumLimit = 1000

  private let database: any DatabaseWriter
  let generationRows: Int64

  private init(_ database: any DatabaseWriter, generationRows: Int64) {
    self.database = database
    self.generationRows = generationRows
  }

  /// Opens the index in a file, or makes a new one with its directory.
  ///
  /// A file of another schema version or chain, or one that is damaged, is deleted and made anew: then `height`
  /// is 0. Damage that shows only later is thrown as `search.damaged` by whoever meets it.
  ///
  /// - Throws: `search.input_output` and the like where the file cannot be read or written; it is left alone.
  public static func open(path: String, chain: Hash) throws(SearchIndexError) -> SearchIndex {
    try open(path: path, chain: chain, generationRows: SearchSchema.generationRows)
  }

  /// With generations of another size, which any file may have.
  static func open(path: String, chain: Hash, generationRows: Int64) throws(SearchIndexError) -> SearchIndex {
    do throws(SearchIndexError) {
      if let found = try existing(path: path, chain: chain, generationRows: generationRows) { return found }
    } catch  where error.code == .damaged {
      // Derived data is not repaired but made again.
    }
    remove(path: path)
    return try wrapping {
      if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
        try PosixDisk().makeDirectory(String(path[..<slash]), durability: .buffered)
      }
      let pool = try DatabasePool(path: path, configuration: configuration)
      return try made(pool, chain: chain, generationRows: generationRows)
    }
  }

  /// An index that lives as long as the value.
  public static func inMemory(chain: Hash) throws(SearchIndexError) -> SearchIndex {
    try inMemory(chain: chain, generationRows: SearchSchema.generationRows)
  }

  /// With generations of another size.
  static func inMemory(chain: Hash, generationRows: Int64) throws(SearchIndexError) -> SearchIndex {
    try wrapping {
      let queue = try DatabaseQueue(configuration: configuration)
      return try made(queue, chain: chain, generationRows: generationRows)
    }
  }

  /// Deletes an index, also one that nobody could open.
  public static func remove(path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { try? PosixDisk().remove(path + suffix) }
  }

  /// The height of the last block that was fed; 0 for none.
  public var height: UInt64 {
    get throws(SearchIndexError) {
      try read { db in try SearchIndex.lastBlock(db)?.height ?? 0 }
    }
  }

  /// `nil` if there is no file, or one that does not fit.
  private static func existing(
    path: String, chain: Hash, generationRows: Int64
  ) throws(SearchIndexError) -> SearchIndex? {
    guard ((try? PosixDisk().open(path, .reading)) ?? nil) != nil else { return nil }
    return try wrapping {
      let pool = try DatabasePool(path: path, configuration: configuration)
      do {
        if try pool.read({ db in try SearchSchema.fits(db, chain: chain) }) {
          return SearchIndex(pool, generationRows: generationRows)
        }
      } catch {
        // Before the file goes away under it.
        try? pool.close()
        throw error
      }
      try pool.close()
      return nil
    }
  }

  private static func made(
    _ database: any DatabaseWriter, chain: Hash, generationRows: Int64
  ) throws -> SearchIndex {
    try database.write { db in try SearchSchema.create(in: db, chain: chain) }
    return SearchIndex(database, generationRows: generationRows)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "search index"
    configuration.foreignKeysEnabled = false
    configuration.maximumReaderCount = 4
    // Nobody else writes; somebody may look with the sqlite3 program.
    configuration.busyMode = .timeout(2)
    configuration.prepareDatabase { db in
      if !db.configuration.readonly {
        // The inner pages of the postings stay in memory, and the same page changes often before it is
        // copied from the write-ahead log into the file.
        try db.execute(sql: "PRAGMA cache_size = -65536")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
      }
    }
    return configuration
  }

  /// Runs a query on one state of the index.
  func read<T>(_ query: (Database) throws -> T) throws(SearchIndexError) -> T {
    try SearchIndex.wrapping { try database.read(query) }
  }

  /// Runs a change that counts as a whole or not at all.
  func write(_ change: (Database) throws -> Void) throws(SearchIndexError) {
    try SearchIndex.wrapping { try database.write(change) }
  }

  private static func wrapping<T>(_ body: () throws -> T) throws(SearchIndexError) -> T {
    do {
      return try body()
    } catch {
      throw SearchIndexError(wrapping: error)
    }
  }
}
