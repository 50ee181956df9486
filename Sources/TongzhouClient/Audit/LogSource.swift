/// Where an audit gets a log's files from: a directory, or a server.
public protocol LogSource: Sendable {
  /// One file's bytes by its path within the log; `nil` if there is none.
  func read(_ path: String) throws -> [UInt8]?

  /// All paths there are, sorted by their bytes; `nil` where they cannot be listed.
  func files() throws -> [String]?
}
