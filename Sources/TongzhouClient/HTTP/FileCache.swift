internal import Foundation
internal import TransparencyLog

/// Files of a log that never change, kept in a directory so that nobody has to fetch them twice.
///
/// The layout is the log's own. Nothing here is believed: what comes out of the cache is checked like what comes
/// from a server.
struct FileCache: Sendable {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  /// A full tile or bundle that is as long as it should be; `nil` for anything else.
  func read(_ path: String) -> [UInt8]? {
    guard FileCache.isKept(path), let data = FileManager.default.contents(atPath: directory + "/" + path) else {
      return nil
    }
    let bytes = Array(data)
    // A machine that stopped may have left a file without its content.
    return FileCache.isPlausible(bytes, path) ? bytes : nil
  }

  /// Keeps a full tile or bundle. A cache that cannot be written saves nothing, and that is all.
  func keep(_ bytes: [UInt8], _ path: String) {
    guard FileCache.isKept(path), FileCache.isPlausible(bytes, path) else { return }
    let url = URL(fileURLWithPath: directory + "/" + path)
    try? FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    // Under its name only when it is whole: several may write it, and any of them may be killed.
    try? Data(bytes).write(to: url, options: .atomic)
  }

  private static func isKept(_ path: String) -> Bool {
    (try? TileCoordinate(path: path))?.isFull ?? (try? EntryBundleCoordinate(path: path))?.isFull ?? false
  }

  private static func isPlausible(_ bytes: [UInt8], _ path: String) -> Bool {
    if let tile = try? TileCoordinate(path: path) { return bytes.count == tile.width * Hash.byteCount }
    guard let bundle = try? EntryBundleCoordinate(path: path) else { return false }
    return (try? EntryBundle(bytes: bytes, width: bundle.width)) != nil
  }
}
