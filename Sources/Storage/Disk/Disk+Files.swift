/// What is made of several steps.
extension Disk {
  /// The ending of a file that has not got its name yet.
  public static var temporaryEnding: String { ".tmp" }

  /// The whole file; `nil` if there is none.
  public func read(_ path: String) throws(StorageError) -> [UInt8]? {
    guard let file = try open(path, .reading) else { return nil }
    return try read(file, path, at: 0, count: file.size())
  }

  /// Exactly `count` bytes from `offset`; `nil` if there is no such file.
  ///
  /// - Throws: `storage.input_output` also where the file ends before.
  public func read(_ path: String, at offset: UInt64, count: Int) throws(StorageError) -> [UInt8]? {
    guard let file = try open(path, .reading) else { return nil }
    return try read(file, path, at: offset, count: UInt64(count))
  }

  private func read(
    _ file: any DiskFile, _ path: String, at offset: UInt64, count: UInt64
  ) throws(StorageError) -> [UInt8] {
    guard let wanted = Int(exactly: count) else { throw StorageError(.inputOutput, "\(path) is too large") }
    let bytes = try file.read(at: offset, count: wanted)
    guard bytes.count == wanted else {
      throw StorageError(.inputOutput, "\(path) ends before byte \(offset + count)")
    }
    return bytes
  }

  /// Writes a whole file so that no reader, and no start after a crash, ever sees half of it: under a temporary
  /// name, synced, renamed, and the name synced too.
  ///
  /// With `.buffered` nothing is synced: a reader still never sees half of it, but after a crash the file may
  /// be empty.
  public func replace(
    _ path: String, with bytes: [UInt8], durability: Durability = .synced
  ) throws(StorageError) {
    let temporary = path + Self.temporaryEnding
    do {
      let file = try create(temporary)
      try file.write(bytes, at: 0)
      if durability == .synced { try file.sync() }
      try rename(temporary, to: path)
    } catch {
      // What is left over takes room that may be what is missing.
      try? remove(temporary)
      throw error
    }
    if durability == .synced { try syncDirectory(Self.directory(of: path)) }
  }

  /// Makes a file durable that was written before, by whomever.
  public func sync(_ path: String) throws(StorageError) {
    guard let file = try open(path, .writing) else {
      throw StorageError(.inputOutput, "\(path) is gone")
    }
    try file.sync()
  }

  /// Creates a directory and those above it, all of them durable.
  public func makeDirectory(_ path: String, durability: Durability = .synced) throws(StorageError) {
    let above = Self.directory(of: path)
    if try list(path) == nil {
      if above != path { try makeDirectory(above, durability: durability) }
      try createDirectory(path)
    }
    // Also where it was there already: whoever made it may have been stopped before this.
    if durability == .synced, above != path { try syncDirectory(above) }
  }

  /// The paths of all files below a directory, relative to it and sorted by their bytes.
  public func files(below directory: String) throws(StorageError) -> [String] {
    guard let top = try list(directory) else { throw StorageError(.inputOutput, "no directory \(directory)") }
    var found: [String] = []
    try collect(top, of: directory, as: "", into: &found)
    return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private func collect(
    _ entries: [DiskEntry], of directory: String, as prefix: String, into found: inout [String]
  ) throws(StorageError) {
    for entry in entries {
      guard entry.isDirectory else {
        found.append(prefix + entry.name)
        continue
      }
      let path = directory + "/" + entry.name
      // It may have been removed since its name was read.
      try collect(try list(path) ?? [], of: path, as: prefix + entry.name + "/", into: &found)
    }
  }

  /// The directory that a path lies in; `.` for a bare name, `/` for the top.
  public static func directory(of path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  }
}
