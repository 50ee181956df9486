public import Storage
public import TongzhouClient

/// A log's files in a directory as a source for proofs and audits.
public struct DirectorySource: LogSource {
  private let log: LogDirectory

  /// The log in a directory.
  public init(_ log: LogDirectory) { self.log = log }

  /// One file; `nil` if there is none.
  public func read(_ path: String) throws -> [UInt8]? { try log.read(path) }

  /// All files' paths.
  public func files() throws -> [String]? { try log.files() }
}
