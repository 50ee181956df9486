internal import Foundation
internal import Ledger

/// A file that is written bit by bit, and stands under its name only once it is whole.
final class GrowingFile {
  private let path: String
  private let draft: String
  private let handle: FileHandle
  private var isWhole = false

  /// - Throws: `encoding.malformed` where nothing can be written there.
  init(_ path: String) throws {
    self.path = path
    draft = "\(path).\(UUID().uuidString.prefix(8)).part"
    guard FileManager.default.createFile(atPath: draft, contents: nil),
      let handle = FileHandle(forWritingAtPath: draft)
    else { throw LedgerError(.malformed, "cannot write \(path)") }
    self.handle = handle
  }

  deinit {
    if !isWhole {
      try? handle.close()
      try? FileManager.default.removeItem(atPath: draft)
    }
  }

  /// Writes on.
  func write(_ bytes: [UInt8]) throws {
    do { try handle.write(contentsOf: Data(bytes)) } catch { throw failure }
  }

  /// Gives the file its name; what had it before is gone.
  func finish() throws {
    do {
      try handle.synchronize()
      try handle.close()
    } catch { throw failure }
    guard rename(draft, path) == 0 else { throw failure }
    isWhole = true
  }

  private var failure: LedgerError { LedgerError(.malformed, "cannot write \(path)") }
}
