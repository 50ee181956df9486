/// Where files lie: the one way by which this room touches them.
///
/// These are the steps a file system offers, each of which can fail or be the last one before the power goes.
/// What is made of several steps stands in `Disk+Files.swift`, on top of them, so that a disk in memory which
/// forgets what was not synced puts exactly the code to the test that runs on a real one.
///
/// Paths are as the operating system takes them. What a file holds is durable after `DiskFile.sync`; that it
/// exists, and under which name, only after `syncDirectory` of its directory.
///
/// Every call throws `storage.disk_full` when there is no room and `storage.input_output` when the operating
/// system refuses for another reason.
public protocol Disk: Sendable {
  /// Opens a file that exists; `nil` if there is none.
  func open(_ path: String, _ access: DiskAccess) throws(StorageError) -> (any DiskFile)?

  /// Creates an empty file and opens it for writing; one that exists is emptied.
  func create(_ path: String) throws(StorageError) -> any DiskFile

  /// Gives a file another name in the same directory; whatever had that name is gone.
  func rename(_ path: String, to new: String) throws(StorageError)

  /// Removes a file; nothing happens if there is none.
  func remove(_ path: String) throws(StorageError)

  /// Creates a directory in one that exists; nothing happens if it is there.
  func createDirectory(_ path: String) throws(StorageError)

  /// Removes a directory; nothing happens if there is none, or something is in it.
  func removeDirectory(_ path: String) throws(StorageError)

  /// Makes the names in a directory durable as they are now.
  func syncDirectory(_ path: String) throws(StorageError)

  /// What is in a directory, in no order; `nil` if there is none.
  func list(_ path: String) throws(StorageError) -> [DiskEntry]?
}

/// A file of a disk, open until it is let go. Used by one thread at a time.
public protocol DiskFile: AnyObject {
  /// The number of bytes.
  func size() throws(StorageError) -> UInt64

  /// Up to `count` bytes from `offset`: fewer only where the file ends.
  func read(at offset: UInt64, count: Int) throws(StorageError) -> [UInt8]

  /// Writes all bytes at `offset`; a gap between the file's end and `offset` reads as zeros.
  ///
  /// After an error any part of them may have been written.
  func write(_ bytes: [UInt8], at offset: UInt64) throws(StorageError)

  /// Makes what was written durable (`fdatasync`).
  ///
  /// After an error it is unknown what is durable, and a second call may return without having written what
  /// the first one could not: only writing the bytes again helps.
  func sync() throws(StorageError)

  /// Cuts the file off, or fills it up with zeros, to a length.
  func truncate(to size: UInt64) throws(StorageError)
}

/// What a file is opened for.
public enum DiskAccess: Sendable {
  /// Reading only.
  case reading
  /// Reading and writing.
  case writing
}

/// A name in a directory.
public struct DiskEntry: Sendable, Hashable {
  /// The name, without the directory.
  public let name: String
  /// Whether it is a directory; everything else counts as a file.
  public let isDirectory: Bool

  /// A name in a directory.
  public init(name: String, isDirectory: Bool) {
    self.name = name
    self.isDirectory = isDirectory
  }
}

/// Whether a write returns only when it is on the disk.
public enum Durability: Sendable {
  /// The write is durable when the call returns.
  case synced
  /// The operating system decides when.
  case buffered
}
