public import TransparencyLog

/// Writes a log's files exactly as they are served: bundles and tiles durable first, the checkpoint last.
///
/// A partial tile or bundle stays until the full one stands under a durable checkpoint, because a client may
/// still hold a checkpoint that needs it.
///
/// After an error the writer takes nothing more; `init(resuming:disk:upTo:synced:)` finds out what is there.
public struct LogWriter: Sendable {
  /// The log's directory, which holds `tile/`, `policy/` and `checkpoint`.
  public let directory: String
  var files: LogFiles
  var tiles = TileBuilder()
  /// Entries of the bundle that is not full yet.
  var open: [[UInt8]] = []
  /// The partial files that stand, each with the size of the log from which a full one stands in its place.
  var partials: [String: UInt64] = [:]
  private var hasFailed = false

  /// The number of entries, of which those beyond the last checkpoint may not be on the disk yet.
  public var size: UInt64 { tiles.size }

  init(directory: String, disk: some Disk, synced: Bool) {
    self.directory = directory
    files = LogFiles(directory, disk: disk, durability: synced ? .synced : .buffered)
  }

  /// A writer of a new log in a directory that has none.
  ///
  /// - Parameter synced: whether everything a checkpoint covers is on the disk before the checkpoint is written.
  /// - Throws: `storage.foreign_directory` where a checkpoint stands, `storage.input_output`,
  ///   `storage.disk_full`.
  public init(creating directory: String, disk: some Disk = PosixDisk(), synced: Bool) throws {
    self.init(directory: directory, disk: disk, synced: synced)
    guard try disk.read(directory + "/checkpoint") == nil else {
      throw StorageError(.foreignDirectory, "\(directory) holds a log")
    }
    try files.begin()
  }

  /// Adds entries; full bundles and tiles are written at once, the rest at the next checkpoint.
  ///
  /// - Parameter leaves: their leaf hashes, where the caller has them already.
  public mutating func append(_ entries: [[UInt8]], leaves: [Hash]? = nil) throws {
    precondition(leaves.map { $0.count == entries.count } ?? true)
    try gated { writer in
      for (index, entry) in entries.enumerated() { try writer.append(entry, leaf: leaves?[index] ?? .leaf(entry)) }
    }
  }

  private mutating func append(_ entry: [UInt8], leaf: Hash) throws {
    open.append(entry)
    let completed = tiles.append(leaf)
    if open.count == TileCoordinate.fullWidth {
      let coordinate = try EntryBundleCoordinate(index: (size - 1) / UInt64(TileCoordinate.fullWidth))
      try files.write(EntryBundle(open).bytes, to: coordinate.path)
      open.removeAll(keepingCapacity: true)
    }
    for placed in completed { try files.write(placed.bytes, to: placed.coordinate.path) }
  }

  /// Writes what the present size needs, then the checkpoint.
  ///
  /// - Parameter checkpoint: a signed checkpoint for exactly the entries appended so far.
  public mutating func publish(checkpoint: [UInt8]) throws {
    try gated { writer in
      try writer.writePartials()
      try writer.files.sync()
      try writer.files.replace("checkpoint", with: checkpoint)
      try writer.removeSuperseded()
    }
  }

  /// Writes the policy that holds from a height on.
  public mutating func write(policy: [UInt8], height: UInt64) throws {
    try gated { writer in try writer.files.replace("policy/\(height)", with: policy) }
  }

  /// Writes the file of all changes of the policy with their proofs, in place of the one before.
  public mutating func write(policyChanges bytes: [UInt8]) throws {
    try gated { writer in try writer.files.replace(LogWriter.policyChanges, with: bytes) }
  }

  /// The file of all changes of the policy; `nil` where there was none.
  public func readPolicyChanges() throws -> [UInt8]? { try files.read(LogWriter.policyChanges) }

  /// Its path within the log.
  static let policyChanges = "policies"

  private mutating func gated(_ work: (inout LogWriter) throws -> Void) throws {
    guard !hasFailed else {
      throw StorageError(.stopped, "writing in \(directory) failed before; resume the log")
    }
    hasFailed = true
    try work(&self)
    hasFailed = false
  }

  private mutating func writePartials() throws {
    let full = UInt64(TileCoordinate.fullWidth)
    if !open.isEmpty {
      let coordinate = try EntryBundleCoordinate(index: size / full, width: open.count)
      try writePartial(EntryBundle(open).bytes, LogPlace(coordinate), coordinate.path)
    }
    for placed in tiles.partialTiles {
      try writePartial(placed.bytes, LogPlace(placed.coordinate), placed.coordinate.path)
    }
  }

  private mutating func writePartial(_ bytes: [UInt8], _ place: LogPlace, _ path: String) throws {
    // One that stands is needed by the checkpoint that stands: written anew, it could be lost with the power.
    guard partials[path] == nil else { return }
    try files.write(bytes, to: path)
    partials[path] = place.fullFrom
  }

  /// Removes partial files whose full one stands now.
  mutating func removeSuperseded() throws {
    let superseded = partials.filter { $0.value <= size }.keys.sorted()
    for path in superseded {
      try files.remove(path)
      partials[path] = nil
    }
  }
}
