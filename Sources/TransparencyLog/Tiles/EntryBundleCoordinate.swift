/// Where a bundle of entries stands, and how many it holds (C2SP tlog-tiles).
///
/// Bundle n holds the entries whose leaf hashes are in tile n of level 0.
public struct EntryBundleCoordinate: Hashable, Sendable {
  /// The bundle's index, from zero.
  public let index: UInt64

  /// The number of entries, 1...256; 256 is a full bundle.
  public let width: Int

  /// Makes a coordinate. Throws `malformedPath` for an index or width out of range.
  public init(index: UInt64, width: Int = TileCoordinate.fullWidth) throws(TransparencyLogError) {
    try TilePath.check(index: index, width: width)
    self.init(uncheckedIndex: index, width: width)
  }

  init(uncheckedIndex index: UInt64, width: Int) {
    self.index = index
    self.width = width
  }

  /// Whether the bundle has all 256 entries, and so never changes or grows again.
  public var isFull: Bool {
    width == TileCoordinate.fullWidth
  }

  /// The indices in the log of the entries it holds.
  public var entries: Range<UInt64> {
    let first = index * UInt64(TileCoordinate.fullWidth)
    return first..<(first + UInt64(width))
  }

  /// The path below the log's prefix, such as `tile/entries/x001/x234/067.p/5`.
  public var path: String {
    "tile/entries/" + TilePath.render(index: index, width: width)
  }

  /// Reads a path. Throws `malformedPath` for anything that `path` would not write.
  public init(path: [UInt8]) throws(TransparencyLogError) {
    guard let text = path.dropping("tile/entries/"), let (index, width) = TilePath.parse(text) else {
      throw TransparencyLogError(.malformedPath, TilePath.refusal)
    }
    self.init(uncheckedIndex: index, width: width)
  }

  /// Reads a path. Throws `malformedPath` for anything that `path` would not write.
  public init(path: String) throws(TransparencyLogError) {
    try self.init(path: Array(path.utf8))
  }

  /// The bundle that holds entry `index` in a log of `treeSize` entries, as wide as that log fills it;
  /// `nil` when the log does not have the entry.
  public static func holding(entry index: UInt64, treeSize: UInt64) -> EntryBundleCoordinate? {
    guard let tile = TileCoordinate.holding(level: 0, index: index, treeSize: treeSize) else { return nil }
    return EntryBundleCoordinate(uncheckedIndex: tile.index, width: tile.width)
  }
}
