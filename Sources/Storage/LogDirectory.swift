internal import Glibc
internal import TransparencyLog

/// A log's files in a directory, read as anyone could.
public struct LogDirectory: Sendable {
  /// The directory that holds `tile/`, `policy/` and `checkpoint`.
  public let path: String

  /// The log in a directory.
  public init(_ path: String) { self.path = path }

  /// The chains whose logs lie in a data directory, by name, sorted.
  public static func chains(in data: String) throws -> [String] {
    var found: [String] = []
    for file in try LogDirectory(data + "/log").files() where file.hasSuffix("/checkpoint") {
      found.append(String(file.dropLast("/checkpoint".utf8.count)))
    }
    return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// One file's bytes by its path within the log; `nil` if there is none.
  public func read(_ file: String) throws(StorageError) -> [UInt8]? {
    try LogFile.read(path + "/" + file)
  }

  /// The paths of all files, sorted by their bytes.
  public func files() throws(StorageError) -> [String] {
    var found: [String] = []
    try collect(folder: "", into: &found)
    return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private func collect(folder: String, into found: inout [String]) throws(StorageError) {
    let name = folder.isEmpty ? path : path + "/" + folder
    guard let stream = opendir(name) else {
      throw StorageError(.inputOutput, "cannot list \(name): \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let child = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if child == "." || child == ".." { continue }
      let file = folder.isEmpty ? child : folder + "/" + child
      if entry.pointee.d_type == DT_DIR {
        try collect(folder: file, into: &found)
      } else {
        found.append(file)
      }
    }
  }
}
