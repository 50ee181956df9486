internal import TransparencyLog

/// Writes a log's files exactly as they are served: bundles and tiles first, the checkpoint last.
///
/// A partial tile or bundle stays until the full one stands, because a client may still hold a checkpoint
/// that needs it.
public struct LogWriter {
  /// The log's directory, which holds `tile/`, `policy/` and `checkpoint`.
  public let directory: String
  private let durability: LogFile.Durability
  private var tiles = TileBuilder()
  /// Entries of the bundle that is not full yet.
  private var open: [[UInt8]] = []
  private var size: UInt64 = 0
  /// Partial files, each with the size of the log from which a full one stands in its place.
  private var partials: [(fullFrom: UInt64, path: String)] = []
  private var known: Set<String> = []

  /// A writer of a new log in a directory that has none.
  ///
  /// - Parameter synced: whether every file is on the disk before the next is written.
  /// - Throws: `storage.foreign_directory` where a checkpoint stands, `storage.input_output`.
  public init(creating directory: String, synced: Bool) throws {
    self.directory = directory
    durability = synced ? .synced : .buffered
    guard try LogFile.read(directory + "/checkpoint") == nil else {
      throw StorageError(.foreignDirectory, "\(directory) holds a log")
    }
    try LogFile.makeDirectory(directory + "/tile/entries")
    try LogFile.makeDirectory(directory + "/policy")
  }

  /// Adds entries; full bundles and tiles are written at once, the rest at the next checkpoint.
  public mutating func append(_ entries: [[UInt8]]) throws {
    for entry in entries {
      open.append(entry)
      size += 1
      if open.count == TileCoordinate.fullWidth {
        let coordinate = try EntryBundleCoordinate(index: (size - 1) / UInt64(TileCoordinate.fullWidth))
        try write(EntryBundle(open).bytes, to: coordinate.path)
        open.removeAll(keepingCapacity: true)
      }
      for placed in tiles.append(.leaf(entry)) { try write(placed.bytes, to: placed.coordinate.path) }
    }
  }

  /// Writes what the present size needs, then the checkpoint.
  ///
  /// - Parameter checkpoint: a signed checkpoint for exactly the entries appended so far.
  public mutating func publish(checkpoint: [UInt8]) throws {
    let full = UInt64(TileCoordinate.fullWidth)
    if !open.isEmpty {
      let coordinate = try EntryBundleCoordinate(index: size / full, width: open.count)
      try write(EntryBundle(open).bytes, to: coordinate.path)
      partials.append(((size / full + 1) * full, coordinate.path))
    }
    for placed in tiles.partialTiles {
      try write(placed.bytes, to: placed.coordinate.path)
      let covered = UInt64(1) << (8 * UInt64(placed.coordinate.level + 1))
      partials.append(((placed.coordinate.index + 1) * covered, placed.coordinate.path))
    }
    try LogFile.write(checkpoint, to: directory + "/checkpoint", durability: durability)
    removeSuperseded()
  }

  /// Writes the policy that holds from a height on.
  public func write(policy: [UInt8], height: UInt64) throws {
    try LogFile.write(policy, to: directory + "/policy/\(height)", durability: durability)
  }

  private mutating func write(_ bytes: [UInt8], to path: String) throws {
    let file = directory + "/" + path
    if let slash = file.lastIndex(of: "/") {
      let folder = String(file[..<slash])
      if known.insert(folder).inserted { try LogFile.makeDirectory(folder) }
    }
    try LogFile.write(bytes, to: file, durability: durability)
  }

  /// Removes partial files whose full one stands now.
  private mutating func removeSuperseded() {
    partials.removeAll { partial in
      guard partial.fullFrom <= size else { return false }
      LogFile.remove(directory + "/" + partial.path)
      if let slash = partial.path.lastIndex(of: "/") {
        LogFile.removeDirectory(directory + "/" + partial.path[..<slash])
      }
      return true
    }
  }
}
