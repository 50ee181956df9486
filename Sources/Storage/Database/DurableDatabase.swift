internal import GRDB
internal import Glibc

/// A SQLite file that follows from nothing else: synced with every change, of one version only, never repaired.
///
/// Its errors are ours: without SQLite's statements and arguments, which are none of a log's business. Use from any
/// thread.
struct DurableDatabase: Sendable {
  private let queue: DatabaseQueue
  /// What the file keeps, in a word, for errors.
  private let label: String

  /// Opens the file, or makes it with its directory.
  ///
  /// - Parameters:
  ///   - path: without one it is kept in memory only.
  ///   - version: what a file has to have been written by.
  ///   - isPrivate: the file and its directory are for the process's user alone, and what is deleted is overwritten.
  ///   - create: makes the tables of a new file.
  /// - Throws: `storage.damaged`, `storage.unknown_version`, and what the disk refuses.
  init(
    path: String?, label: String, version: Int, isPrivate: Bool = false, create: (Database) throws -> Void
  ) throws(StorageError) {
    self.label = label
    queue = try Self.wrapping(path ?? label) {
      var configuration = Configuration()
      configuration.label = label
      configuration.busyMode = .timeout(10)
      let queue: DatabaseQueue
      if let path {
        // Synced: what waits in the file is lost with its directory.
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
          let directory = String(path[..<slash])
          try PosixDisk().makeDirectory(directory)
          if isPrivate { try Self.keepPrivate(directory, 0o700) }
        }
        if isPrivate {
          // Made before SQLite makes it readable by others; the files beside it get its permissions.
          let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
          guard descriptor >= 0 else { throw StorageError(.inputOutput, "\(path): cannot be opened, error \(errno)") }
          close(descriptor)
          for file in [path, path + "-wal", path + "-shm"] where access(file, F_OK) == 0 {
            try Self.keepPrivate(file, 0o600)
          }
        }
        configuration.journalMode = .wal
        queue = try DatabaseQueue(path: path, configuration: configuration)
        // GRDB chooses less, with the journal's mode; what was done must not be done again because the power went.
        try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        if isPrivate {
          try queue.writeWithoutTransaction { db in _ = try Int.fetchOne(db, sql: "PRAGMA secure_delete = ON") }
        }
      } else {
        queue = try DatabaseQueue(configuration: configuration)
      }
      try queue.write { db in
        switch try Int.fetchOne(db, sql: "PRAGMA user_version") {
        case version: break
        case 0:
          try create(db)
          try db.execute(sql: "PRAGMA user_version = \(version)")
        default: throw StorageError(.unknownVersion, "\(path ?? label) was written by another version")
        }
      }
      return queue
    }
  }

  /// Reads in one transaction.
  func read<T>(_ query: (Database) throws -> T) throws(StorageError) -> T {
    try Self.wrapping(label) { try queue.read(query) }
  }

  /// Changes in one transaction: all of it or nothing.
  func write<T>(_ change: (Database) throws -> T) throws(StorageError) -> T {
    try Self.wrapping(label) { try queue.write(change) }
  }

  /// Deletes, and where it deleted something takes it out of the file of latest changes too.
  ///
  /// - Parameter deletion: says whether it deleted anything.
  func writeAndClear(_ deletion: (Database) throws -> Bool) throws(StorageError) {
    try Self.wrapping(label) {
      try queue.writeWithoutTransaction { db in
        if try deletion(db) { try db.checkpoint(.truncate) }
      }
    }
  }

  private static func keepPrivate(_ path: String, _ mode: mode_t) throws(StorageError) {
    guard chmod(path, mode) == 0 else {
      throw StorageError(.inputOutput, "\(path): permissions cannot be set, error \(errno)")
    }
  }

  private static func wrapping<T>(_ what: String, _ body: () throws -> T) throws(StorageError) -> T {
    do {
      return try body()
    } catch let error as StorageError {
      throw error
    } catch let error as DatabaseError {
      let code: StorageError.Code =
        switch error.resultCode {
        case .SQLITE_FULL: .diskFull
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: .damaged
        default: .inputOutput
        }
      throw StorageError(code, "\(what): SQLite's result \(error.extendedResultCode)")
    } catch {
      throw StorageError(.inputOutput, "\(what): an error of type \(type(of: error))")
    }
  }
}
