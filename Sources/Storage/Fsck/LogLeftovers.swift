internal import TransparencyLog

/// Looks at the files of a log that its size does not ask for.
struct LogLeftovers {
  private let directory: String
  private let disk: any Disk
  private let size: UInt64
  /// Files that are known to be wrong and so tell nothing of others.
  private let bad: Set<String>

  init(_ directory: String, _ disk: any Disk, size: UInt64, bad: Set<String>) {
    self.directory = directory
    self.disk = disk
    self.size = size
    self.bad = bad
  }

  /// What is wrong with a file that the survey has not looked at; `nil` for nothing, and for those it has.
  func look(at path: String, repair: Bool, removeStrange: Bool) throws(StorageError) -> LogFinding? {
    guard let place = LogPlace(path: path) else {
      if path == "checkpoint" || path == LogWriter.policyChanges || Self.isPolicy(path) { return nil }
      let isTemporary = path.hasSuffix(PosixDisk.temporaryEnding)
      let why = isTemporary ? "a write that never ended" : "no file of a log"
      return try strange(path, why, isLeftover: isTemporary, remove: removeStrange)
    }
    guard place.needs <= size else {
      return try strange(path, "beyond the checkpoint's \(size) entries", isLeftover: true, remove: removeStrange)
    }
    guard let now = place.grown(to: size), now != path else { return nil }
    return try superseded(path, place, by: now, repair: repair)
  }

  /// A partial file that has grown since must be the beginning of what stands now.
  private func superseded(
    _ path: String, _ place: LogPlace, by now: String, repair: Bool
  ) throws(StorageError) -> LogFinding? {
    guard !bad.contains(now), let found = try disk.read(directory + "/" + path),
      let standing = try disk.read(directory + "/" + now), let beginning = place.beginning(of: standing, now)
    else { return nil }
    guard found != beginning else { return nil }
    if repair { try disk.replace(directory + "/" + path, with: beginning) }
    return LogFinding(path: path, kind: .damaged, detail: "not the beginning of \(now)", isRepaired: repair)
  }

  private func strange(
    _ path: String, _ detail: String, isLeftover: Bool, remove: Bool
  ) throws(StorageError) -> LogFinding {
    if remove { try disk.remove(directory + "/" + path) }
    return LogFinding(path: path, kind: .strange, detail: detail, isLeftover: isLeftover, isRepaired: remove)
  }

  private static func isPolicy(_ path: String) -> Bool {
    let folder = "policy/"
    return path.hasPrefix(folder) && DecimalText.decode(path.utf8.dropFirst(folder.utf8.count)) != nil
  }
}

extension LogPlace {
  /// The path of what stands at this place in a log of a size that has it.
  func grown(to size: UInt64) -> String? {
    switch kind {
    case .bundle(let bundle):
      EntryBundleCoordinate.holding(entry: bundle.entries.lowerBound, treeSize: size)?.path
    case .tile(let tile):
      TileCoordinate.holding(
        level: 8 * tile.level, index: tile.index * UInt64(TileCoordinate.fullWidth), treeSize: size)?.path
    }
  }

  /// What this narrower file holds when a wider one holds `bytes`; `nil` where they do not read.
  func beginning(of bytes: [UInt8], _ path: String) -> [UInt8]? {
    switch kind {
    case .bundle:
      guard let wide = try? EntryBundleCoordinate(path: path),
        let bundle = try? EntryBundle(bytes: bytes, width: wide.width)
      else { return nil }
      return try? EntryBundle(Array(bundle.entries.prefix(width))).bytes
    case .tile:
      return bytes.count >= width * Hash.byteCount ? Array(bytes.prefix(width * Hash.byteCount)) : nil
    }
  }
}
