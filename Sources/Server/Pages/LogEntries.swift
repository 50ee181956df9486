internal import Ledger
internal import Storage
internal import TransparencyLog

/// Single entries out of a log's files.
struct LogEntries {
  let log: LogDirectory
  /// Entries of the log, as the reader knows it.
  let size: UInt64

  /// An entry, its kind byte first; `nil` past the end.
  func entry(_ index: UInt64) throws -> [UInt8]? {
    guard let place = EntryBundleCoordinate.holding(entry: index, treeSize: size) else { return nil }
    let full = try EntryBundleCoordinate(index: place.index)
    // A partial bundle goes away as soon as the full one stands; the log may have grown since the view was taken.
    for coordinate in place.isFull ? [full] : [place, full] {
      guard let bytes = try log.read(coordinate.path) else { continue }
      return try EntryBundle(bytes: bytes, width: coordinate.width).entries[Int(index - coordinate.entries.lowerBound)]
    }
    return nil
  }
}
