internal import Glibc

/// The files of the operating system: only their owner can read them, and a link is never followed.
public struct PosixVaultDisk: VaultDisk {
  /// The disk.
  public init() {}

  /// See ``VaultDisk``.
  public func open(_ path: String) throws(VaultError) -> (any VaultFile)? {
    let descriptor = PosixVaultFile.repeating { Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) }
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw PosixVaultFile.failure("open", path)
    }
    return try PosixVaultFile(descriptor, path)
  }

  /// See ``VaultDisk``.
  public func create(_ path: String) throws(VaultError) -> any VaultFile {
    let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let descriptor = PosixVaultFile.repeating { Glibc.open(path, flags, 0o600) }
    guard descriptor >= 0 else { throw PosixVaultFile.failure("create", path) }
    return try PosixVaultFile(descriptor, path)
  }

  /// See ``VaultDisk``.
  public func rename(_ path: String, to new: String) throws(VaultError) {
    guard Glibc.rename(path, new) == 0 else { throw PosixVaultFile.failure("rename", path) }
  }

  /// See ``VaultDisk``.
  public func remove(_ path: String) throws(VaultError) {
    guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw PosixVaultFile.failure("remove", path)
    }
  }

  /// See ``VaultDisk``.
  public func createDirectory(_ path: String) throws(VaultError) {
    if mkdir(path, 0o700) == 0 { return }
    let refused = PosixVaultFile.failure("create directory", path)
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw refused }
  }

  /// See ``VaultDisk``.
  public func syncDirectory(_ path: String) throws(VaultError) {
    let descriptor = PosixVaultFile.repeating { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw PosixVaultFile.failure("open directory", path) }
    defer { close(descriptor) }
    // EINVAL: a file system that has nothing to sync in a directory.
    guard PosixVaultFile.repeating({ fsync(descriptor) }) == 0 || errno == EINVAL else {
      throw PosixVaultFile.failure("sync directory", path)
    }
  }

  /// See ``VaultDisk``.
  public func list(_ path: String) throws(VaultError) -> [String]? {
    guard let stream = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw PosixVaultFile.failure("list", path)
    }
    defer { closedir(stream) }
    var found: [String] = []
    while true {
      // Only errno tells the end from an error here.
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw PosixVaultFile.failure("list", path) }
        return found
      }
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { found.append(name) }
    }
  }

  /// See ``VaultDisk``: a lock of the file, which the system gives back when the process ends, however it ends.
  public func lock(_ path: String) throws(VaultError) -> (any AnyObject & Sendable)? {
    let descriptor = PosixVaultFile.repeating { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard descriptor >= 0 else { throw PosixVaultFile.failure("lock", path) }
    let lock = Lock(descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw VaultError(.unusableDirectory, "another process holds \(path)")
    }
    return lock
  }

  private final class Lock: Sendable {
    private let descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }
}

/// A file of the operating system by its descriptor, closed when it is let go.
final class PosixVaultFile: VaultFile {
  private let descriptor: Int32
  /// For messages only.
  private let path: String

  /// Takes a descriptor of a file; of anything else it is closed.
  init(_ descriptor: Int32, _ path: String) throws(VaultError) {
    self.descriptor = descriptor
    self.path = path
    guard try status().st_mode & S_IFMT == S_IFREG else { throw VaultError(.inputOutput, "\(path) is not a file") }
  }

  deinit { close(descriptor) }

  func size() throws(VaultError) -> Int { Int(try status().st_size) }

  private func status() throws(VaultError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("look at", path) }
    return status
  }

  func read(at offset: Int, count: Int) throws(VaultError) -> [UInt8] {
    // No more memory than the file has bytes, whatever was asked for.
    let wanted = max(0, min(count, try size() - offset))
    var done = 0
    var failed: VaultError?
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      while done < wanted, let base = buffer.baseAddress {
        let got = Self.repeating { pread(descriptor, base + done, wanted - done, off_t(offset + done)) }
        if got < 0 { failed = Self.failure("read", path) }
        guard got > 0 else { break }
        done += got
      }
      initialized = done
    }
    if let failed { throw failed }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(VaultError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        Self.repeating {
          pwrite(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
        }
      }
      guard written > 0 else { throw Self.failure("write", path) }
      done += written
    }
  }

  func sync() throws(VaultError) {
    guard Self.repeating({ fdatasync(descriptor) }) == 0 else { throw Self.failure("sync", path) }
  }

  func truncate(to size: Int) throws(VaultError) {
    guard Self.repeating({ ftruncate(descriptor, off_t(size)) }) == 0 else { throw Self.failure("truncate", path) }
  }

  /// The call's result, with the call made again as long as a signal cuts it short.
  static func repeating<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// The error of the call made just before.
  static func failure(_ verb: String, _ path: String) -> VaultError {
    let number = errno
    let code: VaultError.Code = number == ENOSPC || number == EDQUOT ? .diskFull : .inputOutput
    return VaultError(code, "cannot \(verb) \(path): \(String(cString: strerror(number)))")
  }
}
