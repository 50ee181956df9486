public import TransparencyLog

/// A partial tile or bundle whose place has been taken by a wider one: as much of that as there was then.
///
/// A log need not keep partial files for ever; a checkpoint that somebody still holds may need them.
public enum PartialFile: Sendable {
  case tile(TileCoordinate)
  case bundle(EntryBundleCoordinate)

  /// The partial file at a path; `nil` for a full one and for what is neither tile nor bundle.
  public init?(path: String) {
    if let tile = try? TileCoordinate(path: path), !tile.isFull {
      self = .tile(tile)
    } else if let bundle = try? EntryBundleCoordinate(path: path), !bundle.isFull {
      self = .bundle(bundle)
    } else {
      return nil
    }
  }

  /// The path of the full file at its place.
  public var fullPath: String {
    let partial =
      switch self {
      case .tile(let tile): tile.path
      case .bundle(let bundle): bundle.path
      }
    return String(partial.prefix { $0 != "." })
  }

  /// Cuts the partial file out of the full one; the errors of `EntryBundle` for bytes that are none.
  public func cut(from full: [UInt8]) throws(TransparencyLogError) -> [UInt8] {
    switch self {
    case .tile(let tile): return Array(full.prefix(tile.width * Hash.byteCount))
    case .bundle(let bundle):
      let entries = try EntryBundle(bytes: full, width: TileCoordinate.fullWidth).entries
      return try EntryBundle(Array(entries.prefix(bundle.width))).bytes
    }
  }
}
