public import Ledger
internal import TransparencyLog

/// The snapshots of one chain in a directory of their own (docs/storage.md): each one file, named by its height.
///
/// A snapshot only saves time. It is a copy of what follows from the log, checked against the log before it is
/// used, and whoever finds none that is good replays the log instead.
public struct SnapshotStore: Sendable {
  /// Snapshots that are kept, the newest ones.
  public static let kept = 2
  private static let digits = 20
  /// Written and then made durable at once, so that the disk is never busy with a snapshot for long while a block
  /// waits for it.
  private static let syncedBytes = 16 << 20

  private let directory: String
  private let disk: any Disk

  /// The snapshots in a directory, which need not exist.
  public init(_ directory: String, disk: some Disk = PosixDisk()) {
    self.directory = directory
    self.disk = disk
  }

  /// The heights of the snapshots there are, newest first; nothing is said of what is in them.
  public func heights() throws(StorageError) -> [UInt64] {
    (try disk.list(directory) ?? []).compactMap { entry in
      guard !entry.isDirectory, entry.name.utf8.count == Self.digits else { return nil }
      let digits = entry.name.utf8.drop { $0 == UInt8(ascii: "0") }
      return digits.isEmpty ? 0 : DecimalText.decode(digits)
    }.sorted(by: >)
  }

  /// The file of a snapshot.
  public func path(of height: UInt64) -> String {
    let text = String(height)
    return directory + "/" + String(repeating: "0", count: Self.digits - text.utf8.count) + text
  }

  /// Writes a snapshot, makes it durable, and then removes all but the newest of the others.
  ///
  /// - Parameter isCancelled: asked now and then; when it says so, writing ends and nothing is left of it.
  /// - Returns: the file's bytes; `nil` if it was cancelled.
  /// - Throws: `storage.disk_full`, `storage.input_output`; what was there before is still there.
  @discardableResult
  public func write(
    _ head: SnapshotHead, _ image: StateImage, isCancelled: () -> Bool = { false }
  ) throws(StorageError) -> UInt64? {
    try disk.makeDirectory(directory)
    let path = path(of: head.height)
    let temporary = path + PosixDisk.temporaryEnding
    let size: UInt64?
    do {
      size = try write(head, image, to: temporary, isCancelled)
      guard size != nil else {
        try disk.remove(temporary)
        return nil
      }
      try disk.rename(temporary, to: path)
    } catch {
      // What is left over takes room that may be what is missing.
      try? disk.remove(temporary)
      throw error
    }
    try disk.syncDirectory(directory)
    try removeOld()
    return size
  }

  private func write(
    _ head: SnapshotHead, _ image: StateImage, to temporary: String, _ isCancelled: () -> Bool
  ) throws(StorageError) -> UInt64? {
    let file = try disk.create(temporary)
    var (place, synced) = (UInt64(0), UInt64(0))
    func put(_ bytes: [UInt8]) throws(StorageError) {
      try file.write(bytes, at: place)
      place += UInt64(bytes.count)
      guard place - synced >= UInt64(Self.syncedBytes) else { return }
      try file.sync()
      synced = place
    }
    try put(head.encoded())
    for table in image.tables {
      for chunk in 0..<table.chunkCount {
        if isCancelled() { return nil }
        try put(table.chunk(chunk))
      }
    }
    try file.sync()
    return place
  }

  /// Removes all but the newest, and what a crash left of one being written.
  private func removeOld() throws(StorageError) {
    for height in try heights().dropFirst(Self.kept) { try disk.remove(path(of: height)) }
    for entry in try disk.list(directory) ?? [] where entry.name.hasSuffix(PosixDisk.temporaryEnding) {
      try disk.remove(directory + "/" + entry.name)
    }
    try disk.syncDirectory(directory)
  }

  /// Removes one snapshot.
  public func remove(_ height: UInt64) throws(StorageError) {
    try disk.remove(path(of: height))
    try disk.syncDirectory(directory)
  }

  /// Opens a snapshot and checks its head.
  ///
  /// - Throws: `storage.damaged` for a file that is not whole or not what was written; `storage.unknown_version` for
  ///   one that another version of the program wrote; `storage.input_output`.
  public func open(_ height: UInt64) throws(StorageError) -> SnapshotFile {
    try SnapshotFile(path(of: height), height: height, disk: disk)
  }
}
