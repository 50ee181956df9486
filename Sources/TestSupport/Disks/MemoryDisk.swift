public import Storage
internal import Synchronization

/// A disk in memory that loses at a crash what a real one may lose.
///
/// What was not synced is lost, or kept, or torn, as the seed decides: writes by sectors, names one by one.
/// Files are read and written through one lock, so a disk may be shared. The same seed and the same calls give
/// the same disk.
public final class MemoryDisk: Disk {
  /// What happens at a call instead of what was asked for.
  public enum Fault: Sendable {
    /// The power goes before the call: this and all further calls fail until `restart()`.
    case crash
    /// The call fails; a write may have been done in part, a sync leaves in doubt what is durable for good.
    case inputOutput
    /// As `inputOutput`, for want of room.
    case diskFull
    /// A sync returns without having made anything durable.
    case lostSync
  }

  private let state: Mutex<MemoryDiskState>

  /// An empty disk.
  public init(seed: UInt64) {
    state = Mutex(MemoryDiskState(seed: seed))
  }

  private init(_ copy: MemoryDiskState) { state = Mutex(copy) }

  /// Another disk with the same files, all of them durable, and no faults; calls count from zero again.
  public func copy(seed: UInt64) -> MemoryDisk {
    MemoryDisk(state.withLock { $0.settled(seed: seed) })
  }

  /// The number of calls that change or sync something, so far.
  public var calls: Int { state.withLock { $0.calls } }

  /// Whether the power went.
  public var isDown: Bool { state.withLock { $0.isDown } }

  /// Lets the n-th changing call from the beginning, counted from 1, go wrong.
  public func fail(at call: Int, with fault: Fault) { state.withLock { $0.faults[call] = fault } }

  /// Nothing goes wrong any more, whatever was said before.
  public func heal() { state.withLock { $0.faults = [:] } }

  /// The most bytes all files together may have; `nil` for no limit.
  public func limit(to bytes: Int?) { state.withLock { $0.capacity = bytes } }

  /// The bytes all files have together.
  public var used: Int { state.withLock { $0.used } }

  /// The power goes now, and comes back: what was not synced is lost, torn or kept, as the seed decides.
  public func restart() { state.withLock { $0.restart() } }

  /// Turns one bit of a file round, on the disk itself.
  public func flip(_ path: String, byte: Int, bit: Int) {
    state.withLock { $0.edit(path) { $0[byte] ^= 1 << UInt8(bit) } }
  }

  /// Changes a file on the disk itself, behind everybody's back.
  public func edit(_ path: String, _ change: (inout [UInt8]) -> Void) {
    state.withLock { $0.edit(path, change) }
  }

  /// All files as they are seen now, by path.
  public var contents: [String: [UInt8]] { state.withLock { $0.contents } }

  // MARK: Disk

  /// See `Disk`.
  public func open(_ path: String, _ access: DiskAccess) throws(StorageError) -> (any DiskFile)? {
    try locked { state throws(StorageError) in
      try state.requirePower(path)
      return state.file(at: path).map { MemoryFile(disk: self, inode: $0, path: path) }
    }
  }

  /// See `Disk`.
  public func create(_ path: String) throws(StorageError) -> any DiskFile {
    try locked { state throws(StorageError) in
      MemoryFile(disk: self, inode: try state.create(path), path: path)
    }
  }

  /// See `Disk`.
  public func rename(_ path: String, to new: String) throws(StorageError) {
    try locked { state throws(StorageError) in try state.rename(path, to: new) }
  }

  /// See `Disk`.
  public func remove(_ path: String) throws(StorageError) {
    try locked { state throws(StorageError) in try state.remove(path) }
  }

  /// See `Disk`.
  public func createDirectory(_ path: String) throws(StorageError) {
    try locked { state throws(StorageError) in try state.createDirectory(path) }
  }

  /// See `Disk`.
  public func removeDirectory(_ path: String) throws(StorageError) {
    try locked { state throws(StorageError) in try state.removeDirectory(path) }
  }

  /// See `Disk`.
  public func syncDirectory(_ path: String) throws(StorageError) {
    try locked { state throws(StorageError) in try state.syncDirectory(path) }
  }

  /// See `Disk`.
  public func list(_ path: String) throws(StorageError) -> [DiskEntry]? {
    try locked { state throws(StorageError) in try state.list(path) }
  }

  fileprivate func locked<Value>(
    _ body: (inout MemoryDiskState) throws(StorageError) -> sending Value
  ) throws(StorageError) -> sending Value {
    try state.withLock { state throws(StorageError) in try body(&state) }
  }
}

/// An open file of a disk in memory.
private final class MemoryFile: DiskFile {
  private let disk: MemoryDisk
  private let inode: Int
  private let path: String

  init(disk: MemoryDisk, inode: Int, path: String) {
    self.disk = disk
    self.inode = inode
    self.path = path
  }

  func size() throws(StorageError) -> UInt64 {
    try disk.locked { [inode, path] state throws(StorageError) in
      try state.requirePower(path)
      return UInt64(state.inodes[inode]?.seen.count ?? 0)
    }
  }

  func read(at offset: UInt64, count: Int) throws(StorageError) -> [UInt8] {
    try disk.locked { [inode, path] state throws(StorageError) in
      try state.requirePower(path)
      return Array((state.inodes[inode]?.seen ?? []).dropFirst(Int(offset)).prefix(count))
    }
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
    try disk.locked { [inode, path] state throws(StorageError) in
      try state.write(bytes, at: Int(offset), to: inode, path)
    }
  }

  func sync() throws(StorageError) {
    try disk.locked { [inode, path] state throws(StorageError) in try state.sync(inode, path) }
  }

  func truncate(to size: UInt64) throws(StorageError) {
    try disk.locked { [inode, path] state throws(StorageError) in
      try state.truncate(inode, to: Int(size), path)
    }
  }
}
