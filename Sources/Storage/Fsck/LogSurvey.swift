internal import TransparencyLog

/// Goes through a log's entries once, builds its tree and compares every file with it.
struct LogSurvey {
  private let source: Source
  private let size: UInt64
  private let wanted: Hash?
  private(set) var findings: [LogFinding] = []
  /// Bundles that may be what is wrong, unless the root is right in the end.
  private var doubted: [LogFinding] = []
  /// Files whose content follows from the rest, if the whole leads to the wanted root.
  private(set) var rebuildable: Set<String> = []
  /// The root that the files lead to; `nil` if they lead to none.
  private(set) var root: Hash?
  private var tree = LogTree()
  private var trust: LogTrust?
  /// Whether files are written rather than compared, and those that were.
  private var isRebuilding = false
  private var rebuilt: Set<String> = []

  init(_ directory: String, _ disk: any Disk, size: UInt64, root: Hash?) {
    source = Source(directory: directory, disk: disk)
    self.size = size
    wanted = root
  }

  /// Compares all files.
  mutating func run() throws(StorageError) {
    trust = try LogTrust(source, size: size, root: wanted)
    doubted = []
    defer { if root == nil || root != wanted { findings += doubted } }
    do {
      for coordinate in EntryBundleSequence(treeSize: size) {
        guard try look(at: coordinate) else { return }
      }
      for placed in try tree.partial() where placed.coordinate.level > 0 { try compare(placed) }
      root = try tree.root()
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError(.damaged, "\(error)")
    }
  }

  /// Writes the files that are rebuildable, after a run that led to the wanted root. Returns those written.
  mutating func rebuild() throws(StorageError) -> Set<String> {
    isRebuilding = true
    tree = LogTree()
    try run()
    return rebuilt
  }

  /// A bundle and the tile of level 0 beside it; `false` if nothing tells what they should be.
  private mutating func look(at bundle: EntryBundleCoordinate) throws -> Bool {
    let coordinate = try TileCoordinate(level: 0, index: bundle.index, width: bundle.width)
    let entries = try source.bundle(bundle)
    let tile = try source.tile(coordinate)
    let leaves = entries.entries.map { $0.map { Hash.leaf($0) } }
    let above = bundle.isFull ? try trust?.hash(level: 1, index: bundle.index) : nil

    let hashes: [Hash]
    if let leaves, try isRight(leaves, above) ?? (tile.tile == nil || tile.tile?.hashes == leaves) {
      hashes = leaves
      if entries.problem != nil {
        try report(bundle.path, entries.problem, cut: EntryBundle(entries.entries ?? []).bytes)
      }
    } else if let found = tile.tile, try isRight(found.hashes, above) ?? (leaves == nil) {
      hashes = found.hashes
      report(bundle.path, entries.problem ?? .damaged("an entry is not the one hashed"))
    } else if let above {
      report(bundle.path, entries.problem ?? .damaged("not the entries that were hashed"))
      report(coordinate.path, tile.problem ?? .damaged("not the hashes that were hashed"))
      for placed in try tree.append([above], level: 1) { try compare(placed) }
      return true
    } else if let leaves {
      // They disagree and nothing above tells which is right: the root will tell whether this one is.
      hashes = leaves
      doubted.append(
        LogFinding(path: bundle.path, kind: .damaged, detail: "its entries or \(coordinate.path) are wrong"))
    } else {
      report(bundle.path, entries.problem ?? .damaged("not the entries that were hashed"))
      report(coordinate.path, tile.problem ?? .damaged("not the hashes that were hashed"))
      return false
    }
    try compare(LogTree.Placed(coordinate: coordinate, tile: Tile(hashes)), with: tile)
    for placed in try tree.append(hashes, level: 0) where placed.coordinate.level > 0 { try compare(placed) }
    return true
  }

  /// Whether leaf hashes are the right ones; `nil` if nothing tells.
  private func isRight(_ hashes: [Hash], _ above: Hash?) throws -> Bool? {
    if let above { return try Tile(hashes).root == above }
    guard hashes.count < TileCoordinate.fullWidth, let wanted else { return nil }
    // The last ones: with them the tree is whole.
    var whole = tree
    _ = try whole.append(hashes, level: 0)
    return try whole.root() == wanted ? true : nil
  }

  private mutating func compare(_ placed: LogTree.Placed) throws {
    try compare(placed, with: source.tile(placed.coordinate))
  }

  private mutating func compare(_ placed: LogTree.Placed, with found: Source.FoundTile) throws {
    let problem = found.tile == placed.tile ? found.problem : found.problem ?? .damaged("not the hashes below it")
    try report(placed.coordinate.path, problem, cut: placed.tile.bytes)
  }

  private mutating func report(_ path: String, _ problem: Source.Problem?) {
    guard let problem, !isRebuilding else { return }
    findings.append(LogFinding(path: path, kind: problem.kind, detail: problem.detail))
  }

  /// Reports a file whose right content is known.
  private mutating func report(_ path: String, _ problem: Source.Problem?, cut bytes: [UInt8]) throws {
    guard problem != nil else { return }
    report(path, problem)
    if !isRebuilding {
      rebuildable.insert(path)
    } else if rebuildable.contains(path) {
      try source.write(bytes, to: path)
      rebuilt.insert(path)
    }
  }
}
