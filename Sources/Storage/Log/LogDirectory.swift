public import TransparencyLog

/// A log's files in a directory, read as anyone could.
public struct LogDirectory: Sendable {
  /// The directory that holds `tile/`, `policy/` and `checkpoint`.
  public let path: String
  private let disk: any Disk

  /// The log in a directory.
  public init(_ path: String, disk: any Disk = PosixDisk()) {
    self.path = path
    self.disk = disk
  }

  /// The chains whose logs lie in a data directory, by name, sorted.
  public static func chains(in data: String, disk: any Disk = PosixDisk()) throws -> [String] {
    var found: [String] = []
    for file in try LogDirectory(data + "/log", disk: disk).files() where file.hasSuffix("/checkpoint") {
      found.append(String(file.dropLast("/checkpoint".utf8.count)))
    }
    return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// One file's bytes by its path within the log; `nil` if there is none.
  public func read(_ file: String) throws(StorageError) -> [UInt8]? {
    try disk.read(path + "/" + file)
  }

  /// Whether a path is that of a full tile or bundle that lies whole below the end of a log of so many entries: nothing
  /// about it changes any more.
  public static func isSettled(_ file: String, size: UInt64) -> Bool {
    LogPlace(path: file).map { $0.isFull && $0.needs <= size } ?? false
  }

  /// The entries of a bundle, also where only the full one stands by now; `nil` if there is neither.
  ///
  /// - Throws: `storage.damaged` for a file that is no such bundle.
  public func entries(_ place: EntryBundleCoordinate) throws(StorageError) -> [[UInt8]]? {
    if let bytes = try read(place.path) { return try decode(bytes, width: place.width, place.path) }
    let full = LogPlace(place).full
    guard !place.isFull, let bytes = try read(full) else { return nil }
    return Array(try decode(bytes, width: TileCoordinate.fullWidth, full).prefix(place.width))
  }

  private func decode(_ bytes: [UInt8], width: Int, _ file: String) throws(StorageError) -> [[UInt8]] {
    do {
      return try EntryBundle(bytes: bytes, width: width).entries
    } catch {
      throw StorageError(.damaged, "\(path)/\(file): \(error)")
    }
  }

  /// The paths of all files, sorted by their bytes.
  public func files() throws(StorageError) -> [String] {
    try disk.files(below: path)
  }
}
