internal import Storage
internal import TongzhouClient

/// A directory is a place to audit from.
struct DirectorySource: LogSource {
  private let directory: LogDirectory

  init(_ path: String) { directory = LogDirectory(path) }

  func read(_ path: String) throws -> [UInt8]? { try directory.read(path) }

  func files() throws -> [String]? { try directory.files() }
}
