internal import Glibc

/// The files of the operating system.
public struct PosixDisk: Disk {
  /// The disk.
  public init() {}

  /// See ``Disk``.
  public func open(_ path: String, _ access: DiskAccess) throws(StorageError) -> (any DiskFile)? {
    let flags = (access == .reading ? O_RDONLY : O_RDWR) | O_CLOEXEC
    let descriptor = PosixCall.repeating { Glibc.open(path, flags) }
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw PosixCall.failure("open", path)
    }
    let file = PosixFile(descriptor, path)
    try file.requireRegular()
    return file
  }

  /// See ``Disk``.
  public func create(_ path: String) throws(StorageError) -> any DiskFile {
    let descriptor = PosixCall.repeating { Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else { throw PosixCall.failure("create", path) }
    return PosixFile(descriptor, path)
  }

  /// See ``Disk``.
  public func rename(_ path: String, to new: String) throws(StorageError) {
    guard Glibc.rename(path, new) == 0 else { throw PosixCall.failure("rename", path) }
  }

  /// See ``Disk``.
  public func remove(_ path: String) throws(StorageError) {
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw PosixCall.failure("remove", path) }
  }

  /// See ``Disk``.
  public func createDirectory(_ path: String) throws(StorageError) {
    if mkdir(path, 0o755) == 0 { return }
    let refused = PosixCall.failure("create directory", path)
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw refused }
  }

  /// See ``Disk``.
  public func removeDirectory(_ path: String) throws(StorageError) {
    let harmless = [ENOENT, ENOTDIR, ENOTEMPTY, EEXIST]
    guard rmdir(path) == 0 || harmless.contains(errno) else {
      throw PosixCall.failure("remove directory", path)
    }
  }

  /// See ``Disk``.
  public func syncDirectory(_ path: String) throws(StorageError) {
    let descriptor = PosixCall.repeating { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let refused = PosixCall.failure("open directory", path)
      // In a directory that is closed to us we have put nothing that could be lost.
      if errno == EACCES, access(path, W_OK) != 0 { return }
      throw refused
    }
    defer { close(descriptor) }
    // EINVAL: a file system that has nothing to sync in a directory.
    guard PosixCall.repeating({ fsync(descriptor) }) == 0 || errno == EINVAL else {
      throw PosixCall.failure("sync directory", path)
    }
  }

  /// See ``Disk``.
  public func list(_ path: String) throws(StorageError) -> [DiskEntry]? {
    guard let stream = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw PosixCall.failure("list", path)
    }
    defer { closedir(stream) }
    var found: [DiskEntry] = []
    while true {
      // Only errno tells the end from an error here.
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw PosixCall.failure("list", path) }
        return found
      }
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      var isDirectory = entry.pointee.d_type == DT_DIR
      if entry.pointee.d_type == DT_UNKNOWN {
        var status = stat()
        isDirectory = lstat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      found.append(DiskEntry(name: name, isDirectory: isDirectory))
    }
  }
}

/// Calls of the operating system and what they say when they fail.
enum PosixCall {
  /// The call's result, with the call made again as long as a signal cuts it short.
  static func repeating<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// The error of the call made just before.
  static func failure(_ verb: String, _ path: String) -> StorageError {
    let number = errno
    let code: StorageError.Code = number == ENOSPC || number == EDQUOT ? .diskFull : .inputOutput
    return StorageError(code, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
  }
}
