internal import Foundation

/// Keeps two processes out of one data directory.
public struct DirectoryLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock; the system gives it back when the process ends, however it ends.
  ///
  /// - Throws: ``NodeError`` `node.unusable_directory` if another process holds it.
  public init(_ data: String) throws {
    let path = data + "/node.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw NodeError(.unusableDirectory, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw NodeError(.unusableDirectory, "another process runs on \(data)")
    }
    self.descriptor = descriptor
  }

  /// Gives the lock back.
  public func release() { close(descriptor) }
}
