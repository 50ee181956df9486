internal import Foundation
internal import GRDB
public import TransparencyLog

/// What a look at an index's file has found.
public enum SearchFileState: Sendable, Equatable {
  /// There is no file.
  case missing
  /// The file is sound; the last block that was fed, with the index of its seal in the log, if there is one.
  case sound(height: UInt64, sealIndex: UInt64?)
  /// The file is damaged, of another version or of another chain: it is made anew by whoever opens it.
  case unusable(String)
}

extension SearchIndex {
  /// Reads an index's whole file, which nobody has open, and changes nothing in it.
  ///
  /// - Throws: `search.input_output` and the like where the file cannot be read.
  public static func look(path: String, chain: Hash) throws(SearchIndexError) -> SearchFileState {
    guard ((try? PosixDisk().open(path, .reading)) ?? nil) != nil else { return .missing }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      return try queue.read { db in
        guard try SearchSchema.fits(db, chain: chain) else { return .unusable("of another version or chain") }
        let report = try String.fetchAll(db, sql: "PRAGMA integrity_check(1)")
        guard report == ["ok"] else { return .unusable("damaged") }
        let last = try lastBlock(db)
        return .sound(height: last?.height ?? 0, sealIndex: last?.sealIndex)
      }
    } catch {
      let error = SearchIndexError(wrapping: error)
      if error.code == .damaged { return .unusable("damaged") }
      throw error
    }
  }
}
