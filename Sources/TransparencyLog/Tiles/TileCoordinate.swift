/// Where a tile of hashes stands, and how wide it is (C2SP tlog-tiles; height 8).
///
/// Hash i of tile (level L, index n) is the root of the perfect subtree over the leaves
/// `(256n + i) * 256^L ..< (256n + i + 1) * 256^L`.
public struct TileCoordinate: Hashable, Sendable {
  /// The number of hashes in a full tile.
  public static let fullWidth = TilePath.fullWidth

  /// The highest level a path may name. A tree of at most 2^63 - 1 leaves ends at level 7.
  public static let maximumLevel = 63

  /// The level, 0...63: at level 0 the hashes are the leaf hashes.
  public let level: Int

  /// The tile's index in its level, from zero.
  public let index: UInt64

  /// The number of hashes, 1...256; 256 is a full tile.
  public let width: Int

  /// Makes a coordinate. Throws `malformedPath` for a level, index or width out of range.
  public init(level: Int, index: UInt64, width: Int = TileCoordinate.fullWidth) throws(TransparencyLogError) {
    guard (0...Self.maximumLevel).contains(level) else {
      throw TransparencyLogError(.malformedPath, "The level must be 0...63.")
    }
    try TilePath.check(index: index, width: width)
    self.init(uncheckedLevel: level, index: index, width: width)
  }

  init(uncheckedLevel level: Int, index: UInt64, width: Int) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// Whether the tile has all 256 hashes, and so never changes or grows again.
  public var isFull: Bool {
    width == Self.fullWidth
  }

  /// The path below the log's prefix, such as `tile/0/x001/x234/067.p/5`.
  public var path: String {
    "tile/\(level)/" + TilePath.render(index: index, width: width)
  }

  /// Reads a path. Throws `malformedPath` for anything that `path` would not write.
  public init(path: [UInt8]) throws(TransparencyLogError) {
    let parts = path.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].elementsEqual("tile".utf8),
      let level = DecimalText.decode(parts[1], maximum: UInt64(Self.maximumLevel)),
      let (index, width) = TilePath.parse(parts[2])
    else {
      throw TransparencyLogError(.malformedPath, TilePath.refusal)
    }
    self.init(uncheckedLevel: Int(level), index: index, width: width)
  }

  /// Reads a path. Throws `malformedPath` for anything that `path` would not write.
  public init(path: String) throws(TransparencyLogError) {
    try self.init(path: Array(path.utf8))
  }

  /// The tile that holds, or is folded to, the node `(level, index)` in a tree of `treeSize` leaves, as
  /// wide as that tree fills it; `nil` when the tree does not have the whole node.
  public static func holding(level: Int, index: UInt64, treeSize: UInt64) -> TileCoordinate? {
    guard treeSize <= MerkleTree.maximumSize, (0..<63).contains(level), index < treeSize >> UInt64(level) else {
      return nil
    }
    let tileLevel = level / 8
    let tileIndex = (index << UInt64(level % 8)) / UInt64(fullWidth)
    let left = (treeSize >> UInt64(8 * tileLevel)) - tileIndex * UInt64(fullWidth)
    return TileCoordinate(
      uncheckedLevel: tileLevel, index: tileIndex, width: Int(min(left, UInt64(fullWidth))))
  }
}
