internal import TransparencyLog

/// A tile or bundle by what it covers of a log.
struct LogPlace: Hashable {
  /// The same place as wide as it can be.
  let full: String
  /// The number of hashes or entries.
  let width: Int
  /// The size from which the log has it, as wide as it is.
  let needs: UInt64
  /// The size from which the log has the full one.
  let fullFrom: UInt64
  let kind: Kind

  enum Kind: Hashable {
    case bundle(EntryBundleCoordinate)
    case tile(TileCoordinate)
  }

  var isFull: Bool { width == TileCoordinate.fullWidth }

  init(_ bundle: EntryBundleCoordinate) {
    let width = UInt64(TileCoordinate.fullWidth)
    self.init(
      kind: .bundle(bundle), width: bundle.width, full: bundle.path, unit: 1, first: bundle.index * width)
  }

  /// A tile below level 8; no log is so large that it has a higher one.
  init(_ tile: TileCoordinate) {
    let unit = UInt64(1) << UInt64(8 * min(tile.level, 7))
    let first = tile.index.multipliedReportingOverflow(by: UInt64(TileCoordinate.fullWidth))
    self.init(
      kind: .tile(tile), width: tile.width, full: tile.path, unit: tile.level < 8 ? unit : .max,
      first: first.overflow ? .max : first.partialValue)
  }

  /// What stands at a path within a log; `nil` if that is no tile's or bundle's.
  init?(path: String) {
    if let tile = try? TileCoordinate(path: path) {
      self.init(tile)
    } else if let bundle = try? EntryBundleCoordinate(path: path) {
      self.init(bundle)
    } else {
      return nil
    }
  }

  private init(kind: Kind, width: Int, full path: String, unit: UInt64, first: UInt64) {
    self.kind = kind
    self.width = width
    full = width == TileCoordinate.fullWidth ? path : String(path.dropLast(".p/\(width)".utf8.count))
    needs = Self.product(first, UInt64(width), unit)
    fullFrom = Self.product(first, UInt64(TileCoordinate.fullWidth), unit)
  }

  /// `(first + count) * unit`, at most what fits: such a size no log has.
  private static func product(_ first: UInt64, _ count: UInt64, _ unit: UInt64) -> UInt64 {
    let sum = first.addingReportingOverflow(count)
    let product = sum.partialValue.multipliedReportingOverflow(by: unit)
    return sum.overflow || product.overflow ? .max : product.partialValue
  }
}
