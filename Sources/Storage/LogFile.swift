internal import Glibc

/// Single files, written so that a reader never sees half of one.
enum LogFile {
  /// Whether a write returns only when it is on the disk.
  enum Durability: Sendable {
    /// `fsync` before the file gets its name.
    case synced
    /// The operating system decides when.
    case buffered
  }

  /// Writes under a temporary name, then renames.
  static func write(_ bytes: [UInt8], to path: String, durability: Durability) throws(StorageError) {
    let temporary = path + ".tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        let error = failure("write", path)
        close(descriptor)
        unlink(temporary)
        throw error
      }
      offset += count
    }
    if durability == .synced, fsync(descriptor) != 0 {
      let error = failure("sync", path)
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else { throw failure("rename", path) }
  }

  /// The whole file; `nil` if there is none.
  static func read(_ path: String) throws(StorageError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("open", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StorageError(.inputOutput, "\(path) is not a file")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var offset = 0
    while offset < bytes.count {
      let wanted = bytes.count - offset
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + offset }, wanted)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure("read", path) }
      offset += count
    }
    return bytes
  }

  /// Creates a directory and those above it.
  static func makeDirectory(_ path: String) throws(StorageError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw failure("create directory", path)
    }
    try makeDirectory(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("create directory", path) }
  }

  /// Whether something has this path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func remove(_ path: String) { unlink(path) }

  /// Removes a directory if it is empty.
  static func removeDirectory(_ path: String) {
    rmdir(path)
  }

  private static func failure(_ verb: String, _ path: String) -> StorageError {
    StorageError(.inputOutput, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}
