internal import TransparencyLog

/// Reads hashes from tiles that are proven by those above them, from the checkpoint's root down.
struct LogTrust {
  private let source: LogSurvey.Source
  private let size: UInt64
  /// The right edge of the tree if it leads to the root.
  private var edge: [Int: Tile] = [:]
  /// The last tile proven, by its level.
  private var proven: [Int: (index: UInt64, tile: Tile)] = [:]

  init(_ source: LogSurvey.Source, size: UInt64, root: Hash?) throws(StorageError) {
    self.source = source
    self.size = size
    guard let root else { return }
    // Either file of the last entries may be the damaged one.
    for fromBundle in [false, true] where edge.isEmpty {
      var found: [Int: Tile] = [:]
      let tree: TileBuilder?
      do {
        tree = try TileBuilder(size: size) { coordinate in
          let tile: Tile?
          if fromBundle, coordinate.level == 0 {
            let place = try EntryBundleCoordinate(index: coordinate.index, width: coordinate.width)
            tile = try source.bundle(place).entries.map { try Tile($0.map { Hash.leaf($0) }) }
          } else {
            tile = try source.tile(coordinate).tile
          }
          guard let tile else { throw Unknown() }
          found[coordinate.level] = tile
          return tile
        }
      } catch let error as StorageError {
        throw error
      } catch {
        tree = nil
      }
      if tree?.root == root { edge = found }
    }
  }

  private struct Unknown: Error {}

  /// The hash `index` of a level above 0, if it is proven.
  mutating func hash(level: Int, index: UInt64) throws(StorageError) -> Hash? {
    let width = UInt64(TileCoordinate.fullWidth)
    let (tile, place) = (index / width, Int(index % width))
    // No tree has more levels than the edge of its tree.
    guard level < 8, !edge.isEmpty else { return nil }
    if tile == size >> UInt64(8 * (level + 1)) {
      return edge[level].flatMap { place < $0.width ? $0.hashes[place] : nil }
    }
    if let last = proven[level], last.index == tile { return last.tile.hashes[place] }
    guard let coordinate = try? TileCoordinate(level: level, index: tile),
      let found = try source.tile(coordinate).tile, let root = found.root,
      try hash(level: level + 1, index: tile) == root
    else { return nil }
    proven[level] = (tile, found)
    return found.hashes[place]
  }
}
