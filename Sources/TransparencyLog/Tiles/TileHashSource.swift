/// Node hashes of a published tree, taken out of its tiles.
///
/// It trusts the tiles it is given: what is built from them is checked by verifying it against a
/// checkpoint. Tiles are kept for the next question, the oldest being dropped at the limit, each with the nodes inside
/// it: the path of one leaf needs all of them but eight, and those of its neighbours need the same ones again.
public struct TileHashSource {
  /// Fetches the tile at a coordinate. It may answer with the full tile where a partial one was asked
  /// for and has been deleted; the first hashes are the same.
  public typealias Fetch = (TileCoordinate) throws -> Tile

  /// The number of leaves of the tree; only tiles that this tree has are asked for.
  public let treeSize: UInt64

  private let fetch: Fetch
  private let cacheLimit: Int
  /// Of each tile its hashes, and above them the rows of nodes, each half as long.
  private var cache: [TileCoordinate: [[Hash]]] = [:]
  // The cached coordinates in a ring, so that the oldest is found without walking the dictionary.
  private var ring: [TileCoordinate] = []
  private var oldest = 0

  /// Makes a source for a tree of `treeSize` leaves that keeps at most `cacheLimit` tiles (16 kB each);
  /// a limit below 1 counts as 1.
  public init(treeSize: UInt64, cacheLimit: Int = 1024, fetch: @escaping Fetch) {
    self.treeSize = treeSize
    self.cacheLimit = max(1, cacheLimit)
    self.fetch = fetch
  }

  /// The root of the perfect subtree over the leaves `index << level ..< (index + 1) << level`.
  ///
  /// Throws `nodeOutsideTree` when the tree does not have it whole, `malformedTile` when the fetched
  /// tile has neither the asked width nor 256 hashes, and what the fetch throws.
  public mutating func hash(level: Int, index: UInt64) throws -> Hash {
    guard let coordinate = TileCoordinate.holding(level: level, index: index, treeSize: treeSize) else {
      throw TransparencyLogError(.nodeOutsideTree, "The tree does not have this node.")
    }
    let height = level % 8
    let firstOfTile = coordinate.index << UInt64(8 - height)
    let rows = try rows(at: coordinate)
    let place = Int(index - firstOfTile)
    guard height < rows.count, place < rows[height].count else {
      throw TransparencyLogError(.nodeOutsideTree, "The tree does not have this node.")
    }
    return rows[height][place]
  }

  /// The root of the tree. Throws what `hash(level:index:)` throws.
  public mutating func root() throws -> Hash {
    try MerkleTree.root(size: treeSize) { try hash(level: $0, index: $1) }
  }

  /// The inclusion proof for leaf `index`. Throws what `InclusionProof.build` throws.
  public mutating func inclusionProof(index: UInt64) throws -> InclusionProof {
    try InclusionProof.build(index: index, size: treeSize) { try hash(level: $0, index: $1) }
  }

  /// The consistency proof from an older tree. Throws what `ConsistencyProof.build` throws.
  public mutating func consistencyProof(oldSize: UInt64) throws -> ConsistencyProof {
    try ConsistencyProof.build(oldSize: oldSize, newSize: treeSize) { try hash(level: $0, index: $1) }
  }

  private mutating func rows(at coordinate: TileCoordinate) throws -> [[Hash]] {
    if let known = cache[coordinate] {
      return known
    }
    let tile = try fetch(coordinate)
    guard tile.width == coordinate.width || tile.width == TileCoordinate.fullWidth else {
      throw TransparencyLogError(.malformedTile, "The fetched tile does not have the width that was asked for.")
    }
    if ring.count < cacheLimit {
      ring.append(coordinate)
    } else {
      cache[ring[oldest]] = nil
      ring[oldest] = coordinate
      oldest = (oldest + 1) % cacheLimit
    }
    let rows = tile.rows
    cache[coordinate] = rows
    return rows
  }
}
