internal import Glibc

/// A file of the operating system by its descriptor, closed when it is let go.
final class PosixFile: DiskFile {
  private let descriptor: Int32
  /// For messages only.
  private let path: String

  init(_ descriptor: Int32, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  func requireRegular() throws(StorageError) {
    guard try status().st_mode & S_IFMT == S_IFREG else {
      throw StorageError(.inputOutput, "\(path) is not a file")
    }
  }

  func size() throws(StorageError) -> UInt64 { UInt64(try status().st_size) }

  private func status() throws(StorageError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw PosixCall.failure("look at", path) }
    return status
  }

  func read(at offset: UInt64, count: Int) throws(StorageError) -> [UInt8] {
    let start = try place(offset, count)
    // No more memory than the file has bytes, whatever was asked for.
    let size = try status().st_size
    let wanted = max(0, min(count, Int(size) - min(Int(start), Int(size))))
    var done = 0
    var failed: StorageError?
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
      while done < wanted, let base = buffer.baseAddress {
        let got = PosixCall.repeating { pread(descriptor, base + done, wanted - done, start + off_t(done)) }
        if got < 0 { failed = PosixCall.failure("read", path) }
        guard got > 0 else { break }
        done += got
      }
      initialized = done
    }
    if let failed { throw failed }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
    let start = try place(offset, bytes.count)
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        PosixCall.repeating {
          pwrite(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done, start + off_t(done))
        }
      }
      guard written >= 0 else { throw PosixCall.failure("write", path) }
      guard written > 0 else { throw StorageError(.inputOutput, "cannot write \(path): nothing was taken") }
      done += written
    }
  }

  func sync() throws(StorageError) {
    guard PosixCall.repeating({ fdatasync(descriptor) }) == 0 else { throw PosixCall.failure("sync", path) }
  }

  func truncate(to size: UInt64) throws(StorageError) {
    let length = try place(size, 0)
    guard PosixCall.repeating({ ftruncate(descriptor, length) }) == 0 else {
      throw PosixCall.failure("truncate", path)
    }
  }

  /// An offset as the operating system takes it, such that `count` bytes from there are still within its range.
  private func place(_ offset: UInt64, _ count: Int) throws(StorageError) -> off_t {
    guard let start = off_t(exactly: offset), !start.addingReportingOverflow(off_t(count)).overflow else {
      throw StorageError(.inputOutput, "\(path) has no byte \(offset)")
    }
    return start
  }
}
