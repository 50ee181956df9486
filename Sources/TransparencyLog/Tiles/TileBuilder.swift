/// A tile together with its place.
public struct PlacedTile: Hashable, Sendable {
  /// Where the tile stands; its width is that of `tile`.
  public let coordinate: TileCoordinate

  /// The hashes.
  public let tile: Tile

  /// The tile as published under `coordinate.path`.
  public var bytes: [UInt8] {
    tile.bytes
  }
}

/// Turns leaf hashes into tiles: what a log's writer keeps in memory.
///
/// It holds only the tile at the right edge of each level, at most 255 hashes for each of at most
/// eight levels. Tiles leave it when they are full, as the result of `append`; the partial ones of
/// the current size are read from `partialTiles` whenever a checkpoint is to be published.
public struct TileBuilder: Hashable, Sendable {
  /// The number of leaves.
  public private(set) var size: UInt64 = 0

  // edge[L] are the hashes of the tile of level L that is not yet full.
  private var edge: [[Hash]] = []

  /// The empty tree.
  public init() {}

  /// Goes on with a tree of `size` leaves, whose partial tiles are fetched.
  ///
  /// The fetch may answer with a full tile where a partial one is asked for. Throws `treeTooLarge`,
  /// `malformedTile` for a tile of any other width, and what the fetch throws. Compare `root` with
  /// the checkpoint of that size before building on it.
  public init(size: UInt64, fetch: (TileCoordinate) throws -> Tile) throws {
    guard size <= MerkleTree.maximumSize else {
      throw TransparencyLogError(.treeTooLarge, "A tree has at most 2^63 - 1 leaves.")
    }
    self.size = size
    let fullWidth = UInt64(TileCoordinate.fullWidth)
    var count = size
    while count > 0 {
      let width = Int(count % fullWidth)
      var hashes: [Hash] = []
      if width > 0 {
        let coordinate = TileCoordinate(uncheckedLevel: edge.count, index: count / fullWidth, width: width)
        let tile = try fetch(coordinate)
        guard tile.width == width || tile.width == TileCoordinate.fullWidth else {
          throw TransparencyLogError(.malformedTile, "The fetched tile does not have the width asked for.")
        }
        hashes = Array(tile.hashes.prefix(width))
      }
      edge.append(hashes)
      count /= fullWidth
    }
  }

  /// Adds one leaf by its leaf hash, and returns the tiles it completes: none for 255 of 256 leaves,
  /// else one of level 0, perhaps one of level 1 above it, and so on.
  public mutating func append(_ leafHash: Hash) -> [PlacedTile] {
    var completed: [PlacedTile] = []
    append(leafHash, to: &completed)
    return completed
  }

  /// Adds leaves in order by their leaf hashes, and returns the tiles they complete, in order.
  ///
  /// The result grows with the number of leaves given in one call; the builder does not.
  public mutating func append(contentsOf leafHashes: some Sequence<Hash>) -> [PlacedTile] {
    var completed: [PlacedTile] = []
    for leafHash in leafHashes {
      append(leafHash, to: &completed)
    }
    return completed
  }

  private mutating func append(_ leafHash: Hash, to completed: inout [PlacedTile]) {
    size += 1
    var carried = leafHash
    var level = 0
    while true {
      if level == edge.count {
        edge.append([])
      }
      edge[level].append(carried)
      guard edge[level].count == TileCoordinate.fullWidth else { return }
      let tile = Tile(unchecked: edge[level])
      let index = (size >> UInt64(8 * (level + 1))) - 1
      completed.append(
        PlacedTile(
          coordinate: TileCoordinate(uncheckedLevel: level, index: index, width: tile.width), tile: tile))
      carried = MerkleTree.perfectRoot(of: tile.hashes[...])
      edge[level] = []
      edge[level].reserveCapacity(TileCoordinate.fullWidth)
      level += 1
    }
  }

  /// The partial tiles of the current size, from level 0 upwards; levels whose tiles are all full have
  /// none. Together with the full tiles returned so far they are the whole tree.
  public var partialTiles: [PlacedTile] {
    var tiles: [PlacedTile] = []
    for (level, hashes) in edge.enumerated() where !hashes.isEmpty {
      let coordinate = TileCoordinate(
        uncheckedLevel: level, index: size >> UInt64(8 * (level + 1)), width: hashes.count)
      tiles.append(PlacedTile(coordinate: coordinate, tile: Tile(unchecked: hashes)))
    }
    return tiles
  }

  /// The compact form of the tree at the current size; costs at most 255 hashes a level.
  public var frontier: MerkleFrontier {
    var parts: [Hash] = []
    for hashes in edge.reversed() {
      var start = 0
      for height in (0..<8).reversed() where hashes.count >> height & 1 == 1 {
        let end = start + (1 << height)
        parts.append(MerkleTree.perfectRoot(of: hashes[start..<end]))
        start = end
      }
    }
    return MerkleFrontier(uncheckedSize: size, hashes: parts)
  }

  /// The root of the tree at the current size.
  public var root: Hash {
    frontier.root
  }
}
