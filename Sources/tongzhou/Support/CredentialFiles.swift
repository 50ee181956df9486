internal import Credentials
internal import Foundation
internal import Ledger
internal import TongzhouClient

/// The wallet of a giver, a file that only she can read.
enum WalletFile {
  /// - Throws: `key.unacceptable` where others may read it; `encoding.malformed` where it is missing.
  static func read(_ path: String, mayBeMissing: Bool = false) throws -> Wallet {
    switch SecretFile.content(of: path, limit: Wallet.maximumBytes) {
    case .missing where mayBeMissing && !FileManager.default.fileExists(atPath: path): return Wallet()
    case .missing: throw LedgerError(.malformed, "cannot read a wallet from \(path)")
    case .exposed: throw LedgerError(.badKey, "\(path) can be read by others; chmod 600 \(path)")
    case .bytes(let bytes): return try Wallet(file: bytes)
    }
  }

  static func write(_ wallet: Wallet, to path: String) throws { try SecretFile.replace(path, wallet.file()) }
}

/// The keys of an issuer that somebody trusts, in a file.
enum PinnedKeys {
  static func read(_ path: String) throws -> IssuerKeys {
    try CredentialAdvice.require(path, from: "`tongzhou partner fetch`, or with `credential fetch`")
    return try IssuerKeys(file: SmallFile.read(path, limit: IssuerKeys.maximumBytes))
  }

  /// Those in the file, or, where there is none, those that a node gives, which are then written there.
  static func read(_ path: String, or client: NodeClient) async throws -> IssuerKeys {
    if FileManager.default.fileExists(atPath: path) { return try read(path) }
    let keys = try IssuerKeys(file: try await client.issuerKeys())
    try SmallFile.write(keys.file(), to: path)
    return keys
  }
}

/// Keeps two processes from changing one file at once: without it one of two would undo what the other has marked.
///
/// The lock is on a file of its own beside it, since the file itself is put in place anew at each change.
struct FileLock {
  private let descriptor: Int32

  /// Waits for the lock; the system gives it back when the process ends, however it ends.
  init(_ path: String) throws {
    let path = "\(path).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LedgerError(.malformed, "cannot create \(path): \(String(cString: strerror(errno)))")
    }
    var result = flock(descriptor, LOCK_EX)
    while result != 0, errno == EINTR { result = flock(descriptor, LOCK_EX) }
    guard result == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw LedgerError(.malformed, "cannot lock \(path): \(reason)")
    }
    self.descriptor = descriptor
  }

  /// Gives the lock back.
  func release() { close(descriptor) }
}

extension SecretFile {
  /// Writes a new file that only its owner can read; never over another.
  static func create(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw LedgerError(.malformed, "cannot create \(path): \(String(cString: strerror(errno)))")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data(bytes))
    try handle.synchronize()
  }

  /// Puts a file that only its owner can read in another's place, whole or not at all.
  static func replace(_ path: String, _ bytes: [UInt8]) throws {
    let new = "\(path).\(getpid()).new"
    unlink(new)
    try create(new, bytes)
    guard rename(new, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(new)
      throw LedgerError(.malformed, "cannot write \(path): \(reason)")
    }
  }
}

/// What somebody shows, in a file or at standard input, without blanks around it.
enum ShownFile {
  static func read(_ file: String, limit: Int) throws -> String {
    let bytes =
      file == "-"
      ? Array((try FileHandle.standardInput.read(upToCount: limit)) ?? Data())
      : try SmallFile.read(file, limit: limit)
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
