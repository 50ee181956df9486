internal import TransparencyLog

extension LogWriter {
  /// Goes on with the log that a directory holds, from its checkpoint.
  ///
  /// Files beyond the checkpoint are removed: whoever wrote them was stopped before they counted. Everything
  /// else stays as it is. The right edge is read and its root compared with the checkpoint's; the files left
  /// of it are `fsck`'s and `audit`'s business. Where the edge lacks a partial file but the full one is there,
  /// the partial one is cut from it.
  ///
  /// - Parameters:
  ///   - size: the size of the checkpoint that stands, 0 for a directory that has none yet.
  ///   - synced: as for a new log.
  /// - Throws: `storage.foreign_directory` where the checkpoint is of another size, `storage.damaged` where the
  ///   right edge does not lead to its root, `storage.input_output`, `storage.disk_full`.
  public init(
    resuming directory: String, disk: some Disk = PosixDisk(), upTo size: UInt64, synced: Bool = true
  ) throws {
    self.init(directory: directory, disk: disk, synced: synced)
    let checkpoint = try Self.checkpoint(in: directory, disk: disk)
    guard checkpoint?.size ?? 0 == size else {
      throw StorageError(
        .foreignDirectory, "\(directory) holds a log of \(checkpoint?.size ?? 0) entries, not of \(size)")
    }
    try files.begin()
    let edge = LogEdge(directory: directory, disk: disk, size: size)
    try readEdge(edge, root: checkpoint?.root ?? .emptyRoot)
    // Before the files they are cut from are removed.
    for (path, bytes) in edge.cut { try files.write(bytes, to: path) }
    try files.sync()
    try sortOut(disk.files(below: directory))
  }

  /// The checkpoint that stands in a log's directory, its signatures not looked at; `nil` if there is none.
  ///
  /// - Throws: `storage.damaged` where the file is no signed checkpoint.
  public static func size(in directory: String, disk: some Disk = PosixDisk()) throws(StorageError) -> UInt64? {
    try checkpoint(in: directory, disk: disk)?.size
  }

  private static func checkpoint(in directory: String, disk: some Disk) throws(StorageError) -> Checkpoint? {
    guard let bytes = try disk.read(directory + "/checkpoint") else { return nil }
    do {
      return try UnverifiedCheckpoint(bytes).checkpoint
    } catch {
      throw StorageError(.damaged, "\(directory)/checkpoint is no signed checkpoint: \(error)")
    }
  }

  private mutating func readEdge(_ edge: LogEdge, root: Hash) throws {
    tiles = try TileBuilder(size: edge.size, fetch: edge.tile)
    guard tiles.root == root else {
      throw StorageError(.damaged, "the tiles at the right edge of \(directory) do not lead to its checkpoint")
    }
    open = try edge.openBundle()
    let leaves = tiles.partialTiles.first { $0.coordinate.level == 0 }?.tile.hashes ?? []
    guard open.map({ Hash.leaf($0) }) == leaves else {
      throw StorageError(.damaged, "the last entries of \(directory) are not those its tiles are made of")
    }
  }

  /// Finds the partial files again, and removes what lies beyond the checkpoint or never got its name.
  private mutating func sortOut(_ paths: [String]) throws {
    var standing: Set<String> = []
    var found: [LogPlace: String] = [:]
    for path in paths {
      if let place = LogPlace(path: path) {
        if place.needs > size {
          try files.removeForGood(path)
        } else if place.isFull {
          standing.insert(path)
        } else {
          found[place] = path
        }
      } else if path.hasSuffix(PosixDisk.temporaryEnding) {
        try files.removeForGood(path)
      }
    }
    try files.sync()
    for (place, path) in found {
      // One whose full file is missing is what is left of it.
      guard place.fullFrom > size || standing.contains(place.full) else { continue }
      partials[path] = place.fullFrom
    }
    try removeSuperseded()
  }
}

/// Reads what the right edge of a log is made of.
private final class LogEdge {
  let size: UInt64
  private let directory: String
  private let disk: any Disk
  /// Partial files that were missing, cut from full ones, by path.
  private(set) var cut: [(path: String, bytes: [UInt8])] = []

  init(directory: String, disk: some Disk, size: UInt64) {
    self.directory = directory
    self.disk = disk
    self.size = size
  }

  func tile(_ coordinate: TileCoordinate) throws -> Tile {
    if let bytes = try disk.read(directory + "/" + coordinate.path) {
      return try decode(coordinate.path) { try Tile(bytes: bytes, width: coordinate.width) }
    }
    let full = LogPlace(coordinate).full
    let bytes = try require(full)
    let tile = try decode(full) {
      try Tile(Array(Tile(bytes: bytes, width: TileCoordinate.fullWidth).hashes.prefix(coordinate.width)))
    }
    cut.append((coordinate.path, tile.bytes))
    return tile
  }

  /// The entries of the bundle that is not full.
  func openBundle() throws -> [[UInt8]] {
    let width = UInt64(TileCoordinate.fullWidth)
    guard size % width > 0 else { return [] }
    let coordinate = try EntryBundleCoordinate(index: size / width, width: Int(size % width))
    if let bytes = try disk.read(directory + "/" + coordinate.path) {
      return try decode(coordinate.path) { try EntryBundle(bytes: bytes, width: coordinate.width).entries }
    }
    let full = LogPlace(coordinate).full
    let bytes = try require(full)
    let bundle = try decode(full) {
      try EntryBundle(
        Array(EntryBundle(bytes: bytes, width: TileCoordinate.fullWidth).entries.prefix(coordinate.width)))
    }
    cut.append((coordinate.path, bundle.bytes))
    return bundle.entries
  }

  private func require(_ path: String) throws(StorageError) -> [UInt8] {
    guard let bytes = try disk.read(directory + "/" + path) else {
      throw StorageError(.damaged, "\(directory)/\(path) is missing, and its partial file too")
    }
    return bytes
  }

  private func decode<Value>(_ path: String, _ body: () throws -> Value) throws(StorageError) -> Value {
    do { return try body() } catch { throw StorageError(.damaged, "\(directory)/\(path): \(error)") }
  }
}
