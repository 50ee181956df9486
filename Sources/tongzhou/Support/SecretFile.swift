internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// The option by which a member says where her secret lies: in a file, never on the command line.
enum SecretFile {
  /// Reads a backup secret from a file that only its owner can read.
  ///
  /// - Throws: `key.unacceptable` for a file that others may read, and for what is no secret.
  static func read(_ path: String) throws -> BackupSecret {
    switch content(of: path, limit: 4095) {
    case .missing:
      throw LedgerError(.badKey, "cannot read a secret from \(path); `tongzhou key new --output \(path)` makes one")
    case .exposed: throw LedgerError(.badKey, "\(path) can be read by others; chmod 600 \(path)")
    case .bytes(let bytes):
      let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      return try BackupSecret(text: text)
    }
  }

  /// What a file with secrets holds.
  enum Content {
    /// There is none, it may not be read, or it is too long.
    case missing
    /// Others than its owner may read or write it.
    case exposed
    /// Its bytes.
    case bytes([UInt8])
  }

  /// Reads a file that only its owner can read.
  ///
  /// - Parameter limit: the most bytes it may have.
  static func content(of path: String, limit: Int) -> Content {
    let files = FileManager.default
    // What counts is the file, not a link to it.
    let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? files.attributesOfItem(atPath: path), let size = attributes[.size] as? Int,
      size <= limit, let mode = attributes[.posixPermissions] as? Int, let content = files.contents(atPath: path)
    else { return .missing }
    return mode & 0o077 == 0 ? .bytes(Array(content)) : .exposed
  }
}

/// Small files that commands read and write.
enum SmallFile {
  /// The most bytes of a document whose hash goes into a commitment.
  static let maximumByteCount = 64 << 20

  /// A file's bytes.
  ///
  /// - Throws: `encoding.malformed` where it cannot be read or is too long.
  static func read(_ path: String, limit: Int = maximumByteCount) throws -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: limit + 1) else {
      throw LedgerError(.malformed, "cannot read \(path)")
    }
    guard data.count <= limit else { throw LedgerError(.malformed, "\(path) has more than \(limit) bytes") }
    return Array(data)
  }

  /// Writes a file whole or not at all.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw LedgerError(.malformed, "cannot write \(path)")
    }
  }
}
