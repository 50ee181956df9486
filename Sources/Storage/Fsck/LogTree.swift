internal import TransparencyLog

/// A tree that grows from hashes of any level: where a bundle and its tile are lost, from the hash above them.
struct LogTree {
  /// A tile of the tree and the file it stands in.
  struct Placed {
    let coordinate: TileCoordinate
    let tile: Tile
  }

  private(set) var size: UInt64 = 0
  /// The hashes of each level's tile that is not full.
  private var edge: [[Hash]] = []

  /// Adds hashes of a level, which complete no more than one tile of it; lower levels have no open tile.
  ///
  /// - Returns: the tiles completed, lowest level first.
  mutating func append(_ hashes: [Hash], level: Int) throws -> [Placed] {
    size += UInt64(hashes.count) << UInt64(8 * level)
    var completed: [Placed] = []
    var carried = hashes
    var level = level
    while !carried.isEmpty {
      while edge.count <= level { edge.append([]) }
      edge[level] += carried
      carried = []
      guard edge[level].count == TileCoordinate.fullWidth else { break }
      let tile = try Tile(edge[level])
      let index = (size >> UInt64(8 * (level + 1))) - 1
      completed.append(Placed(coordinate: try TileCoordinate(level: level, index: index), tile: tile))
      if let root = tile.root { carried = [root] }
      edge[level] = []
      level += 1
    }
    return completed
  }

  /// The tiles that are not full, lowest level first.
  func partial() throws -> [Placed] {
    var found: [Placed] = []
    for (level, hashes) in edge.enumerated() where !hashes.isEmpty {
      let coordinate = try TileCoordinate(
        level: level, index: size >> UInt64(8 * (level + 1)), width: hashes.count)
      found.append(Placed(coordinate: coordinate, tile: try Tile(hashes)))
    }
    return found
  }

  /// The root over everything added.
  func root() throws -> Hash? {
    var parts: [Hash] = []
    for placed in try partial().reversed() {
      var start = 0
      for height in (0..<8).reversed() where placed.tile.width >> height & 1 == 1 {
        guard let part = placed.tile.root(height: height, index: start >> height) else { return nil }
        parts.append(part)
        start += 1 << height
      }
    }
    return MerkleFrontier(size: size, hashes: parts)?.root
  }
}
