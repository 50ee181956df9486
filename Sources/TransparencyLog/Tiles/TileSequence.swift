/// The tiles that a tree of `newSize` leaves has and one of `oldSize` leaves does not, level by level
/// from 0, each level from left to right.
///
/// It is what a log writer has to make durable before it publishes the checkpoint of `newSize`. A tile
/// that has grown is listed at its new width. A sequence, since the list of a large tree is long.
public struct TileSequence: Sequence, Sendable {
  private let oldSize: UInt64
  private let newSize: UInt64

  /// Every tile of a tree. Sizes above `MerkleTree.maximumSize` are taken for it.
  public init(treeSize: UInt64) {
    self.init(from: 0, to: treeSize)
  }

  /// The new and the grown tiles between two sizes; none unless `newSize` is the larger. Sizes above
  /// `MerkleTree.maximumSize` are taken for it.
  public init(from oldSize: UInt64, to newSize: UInt64) {
    self.oldSize = Swift.min(oldSize, MerkleTree.maximumSize)
    self.newSize = Swift.min(newSize, MerkleTree.maximumSize)
  }

  /// Walks over the tiles.
  public struct Iterator: IteratorProtocol {
    private var old: UInt64
    private var new: UInt64
    private var level = 0
    private var index: UInt64

    init(old: UInt64, new: UInt64) {
      (self.old, self.new) = (old, new)
      index = old / UInt64(TilePath.fullWidth)
    }

    /// The next tile; `nil` at the end.
    public mutating func next() -> TileCoordinate? {
      let fullWidth = UInt64(TilePath.fullWidth)
      while new > old {
        let first = index * fullWidth
        if first < new {
          defer { index += 1 }
          return TileCoordinate(
            uncheckedLevel: level, index: index, width: Int(Swift.min(new - first, fullWidth)))
        }
        // A level counts the full tiles of the one below; where none was completed, the walk is over.
        old /= fullWidth
        new /= fullWidth
        level += 1
        index = old / fullWidth
      }
      return nil
    }
  }

  /// Starts a walk over the tiles.
  public func makeIterator() -> Iterator {
    Iterator(old: oldSize, new: newSize)
  }
}

/// The bundles that a log of `newSize` entries has and one of `oldSize` entries does not, in order.
///
/// A bundle that has grown is listed at its new width.
public struct EntryBundleSequence: Sequence, Sendable {
  private let oldSize: UInt64
  private let newSize: UInt64

  /// Every bundle of a log. Sizes above `MerkleTree.maximumSize` are taken for it.
  public init(treeSize: UInt64) {
    self.init(from: 0, to: treeSize)
  }

  /// The new and the grown bundles between two sizes; none unless `newSize` is the larger. Sizes above
  /// `MerkleTree.maximumSize` are taken for it.
  public init(from oldSize: UInt64, to newSize: UInt64) {
    self.oldSize = Swift.min(oldSize, MerkleTree.maximumSize)
    self.newSize = Swift.min(newSize, MerkleTree.maximumSize)
  }

  /// Walks over the bundles.
  public struct Iterator: IteratorProtocol {
    private var tiles: TileSequence.Iterator

    init(tiles: TileSequence.Iterator) {
      self.tiles = tiles
    }

    /// The next bundle; `nil` at the end.
    public mutating func next() -> EntryBundleCoordinate? {
      // Bundles have the places and widths of the tiles of level 0, which come first.
      guard let tile = tiles.next(), tile.level == 0 else { return nil }
      return EntryBundleCoordinate(uncheckedIndex: tile.index, width: tile.width)
    }
  }

  /// Starts a walk over the bundles.
  public func makeIterator() -> Iterator {
    Iterator(tiles: TileSequence.Iterator(old: oldSize, new: newSize))
  }
}
