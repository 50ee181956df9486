internal import Dispatch
internal import Synchronization
internal import TransparencyLog

/// Compares a log's tiles and bundles with what its entries give, file by file.
struct FileAudit<Source: LogSource> {
  private let source: Source
  private let size: UInt64
  /// The root the checkpoint claims.
  private let claimed: Hash
  private var tiles = TileBuilder()
  private var compared = 0
  /// Every tile that stands in full, by its path without a width: partial ones must be its beginning.
  private var expected: Set<String> = []

  init(source: Source, size: UInt64, root: Hash) {
    self.source = source
    self.size = size
    claimed = root
  }

  /// The root over all entries read so far.
  var root: Hash { tiles.root }

  /// Reads a bundle and the tiles its entries complete; gives the entries with their leaf hashes.
  mutating func bundle(_ coordinate: EntryBundleCoordinate) throws -> (entries: [[UInt8]], leaves: [Hash]) {
    let bundle = try FileAudit.hashed(require(coordinate.path), coordinate)
    try take(bundle.leaves, of: coordinate)
    return bundle
  }

  /// Reads neighbouring bundles and the tiles their entries complete; entries are hashed on all cores.
  mutating func bundles(_ coordinates: ArraySlice<EntryBundleCoordinate>) throws -> [HashedBundle] {
    let files = try coordinates.map { try ($0, require($0.path)) }
    let done = Mutex([Result<HashedBundle, any Error>?](repeating: nil, count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { number in
      let result = Result { try FileAudit.hashed(files[number].1, files[number].0) }
      done.withLock { $0[number] = result }
    }
    var bundles: [HashedBundle] = []
    for (coordinate, result) in zip(coordinates, done.withLock { $0 }) {
      guard let bundle = try result?.get() else { continue }
      try take(bundle.leaves, of: coordinate)
      bundles.append(bundle)
    }
    return bundles
  }

  /// The entries of a bundle with their leaf hashes.
  typealias HashedBundle = (entries: [[UInt8]], leaves: [Hash])

  private static func hashed(_ bytes: [UInt8], _ coordinate: EntryBundleCoordinate) throws -> HashedBundle {
    do {
      let bundle = try EntryBundle(bytes: bytes, width: coordinate.width)
      return (bundle.entries, bundle.leafHashes)
    } catch {
      throw AuditFailure(.wrongFile, coordinate.path, "\(error)")
    }
  }

  /// Holds the leaf hashes of a bundle against the tile beside it and those above that they complete.
  private mutating func take(_ hashes: [Hash], of coordinate: EntryBundleCoordinate) throws {
    expected.insert(coordinate.path)
    try compare(hashes, besides: coordinate)
    for placed in tiles.append(contentsOf: hashes) { try compare(placed) }
    if coordinate.entries.upperBound == size { for placed in tiles.partialTiles { try compare(placed) } }
  }

  /// The level-0 tile stands beside the bundle. Where they disagree, the tile above tells which was changed.
  private func compare(_ hashes: [Hash], besides bundle: EntryBundleCoordinate) throws {
    let coordinate = try TileCoordinate(level: 0, index: bundle.index, width: bundle.width)
    guard let bytes = try source.read(coordinate.path), let tile = try? Tile(bytes: bytes, width: bundle.width) else {
      throw AuditFailure(.missingFile, coordinate.path, "the tile is missing or has a wrong length")
    }
    guard let different = zip(hashes, tile.hashes).enumerated().first(where: { $0.element.0 != $0.element.1 })
    else { return }
    if bundle.isFull, let above = TileCoordinate.holding(level: 8, index: bundle.index, treeSize: size),
      let parent = try source.read(above.path), let hash = try? Tile(bytes: parent, width: above.width),
      hash.hashes[Int(bundle.index % UInt64(TileCoordinate.fullWidth))] == MerkleTree.treeRoot(of: hashes)
    {
      throw AuditFailure(.wrongFile, coordinate.path, "hash \(different.offset) is not that of its entry")
    }
    var beside = tiles
    if !bundle.isFull {
      _ = beside.append(contentsOf: hashes)
      if beside.root == claimed {
        throw AuditFailure(.wrongFile, coordinate.path, "hash \(different.offset) is not that of its entry")
      }
    }
    throw AuditFailure(
      .wrongFile, bundle.path, "entry \(bundle.entries.lowerBound + UInt64(different.offset)) is not the one hashed")
  }

  private mutating func compare(_ placed: PlacedTile) throws {
    let path = placed.coordinate.path
    guard try require(path) == placed.bytes else {
      throw AuditFailure(.wrongFile, path, "not the hashes of the entries below it")
    }
    expected.insert(path)
  }

  private mutating func require(_ path: String) throws -> [UInt8] {
    guard let bytes = try source.read(path) else { throw AuditFailure(.missingFile, path, "the file is missing") }
    compared += 1
    return bytes
  }

  /// Looks at every other file there is: superseded partial ones must be the beginning of what stands now,
  /// and nothing else may lie there. Returns the number of files compared.
  mutating func finish(policies: [String]) throws -> Int {
    guard let files = try source.files() else { return compared }
    for path in files where !expected.contains(path) && path != "checkpoint" && !policies.contains(path) {
      if let tile = try? TileCoordinate(path: path), !tile.isFull {
        try compareSuperseded(tile)
      } else if let bundle = try? EntryBundleCoordinate(path: path), !bundle.isFull {
        try compareSuperseded(bundle)
      } else {
        throw AuditFailure(.strangeFile, path, "no file of a log of \(size) entries")
      }
    }
    return compared + policies.count + 1
  }

  private mutating func compareSuperseded(_ tile: TileCoordinate) throws {
    guard
      let now = TileCoordinate.holding(
        level: 8 * tile.level, index: tile.index * UInt64(TileCoordinate.fullWidth), treeSize: size),
      now.width >= tile.width
    else { throw AuditFailure(.strangeFile, tile.path, "no tile of a log of \(size) entries") }
    let whole = try require(now.path)
    guard try require(tile.path) == Array(whole.prefix(tile.width * Hash.byteCount)) else {
      throw AuditFailure(.wrongFile, tile.path, "not the beginning of \(now.path)")
    }
  }

  private mutating func compareSuperseded(_ bundle: EntryBundleCoordinate) throws {
    guard let now = EntryBundleCoordinate.holding(entry: bundle.entries.lowerBound, treeSize: size),
      now.width >= bundle.width
    else { throw AuditFailure(.strangeFile, bundle.path, "no bundle of a log of \(size) entries") }
    let whole = try EntryBundle(bytes: require(now.path), width: now.width)
    guard try require(bundle.path) == EntryBundle(Array(whole.entries.prefix(bundle.width))).bytes else {
      throw AuditFailure(.wrongFile, bundle.path, "not the beginning of \(now.path)")
    }
  }
}
