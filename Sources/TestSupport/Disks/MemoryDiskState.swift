internal import Storage

/// What a disk in memory consists of. Directories are inodes whose names are durable one by one.
struct MemoryDiskState {
  struct Folder {
    /// Names as programs see them.
    var seen: [String: Int] = [:]
    /// Names as they are on the disk.
    var durable: [String: Int] = [:]
    /// What the next sync writes, in order. A renaming is one change: both names or none.
    var unsynced: [[String: Int?]] = []
  }

  var inodes: [Int: MemoryInode] = [:]
  var folders: [Int: Folder] = [0: Folder()]
  var calls = 0
  var faults: [Int: MemoryDisk.Fault] = [:]
  var capacity: Int?
  private(set) var isDown = false
  private var random: SeededGenerator
  private var next = 1

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A copy that has everything durable and no faults.
  func settled(seed: UInt64) -> MemoryDiskState {
    var copy = MemoryDiskState(seed: seed)
    copy.next = next
    copy.inodes = inodes.mapValues { MemoryInode(durable: $0.seen) }
    copy.folders = folders.mapValues { Folder(seen: $0.seen, durable: $0.seen) }
    return copy
  }

  // MARK: Faults

  func requirePower(_ path: String) throws(StorageError) {
    guard !isDown else { throw StorageError(.inputOutput, "\(path): the power is off") }
  }

  /// Counts a call and lets it fail if it is to. `partly` is what happens nevertheless.
  private mutating func count(
    _ path: String, partly: (inout MemoryDiskState) -> Void = { _ in }
  ) throws(StorageError) -> MemoryDisk.Fault? {
    try requirePower(path)
    calls += 1
    switch faults[calls] {
    case nil: return nil
    case .lostSync: return .lostSync
    case .crash:
      // The call was under way: it is done in part or in whole like everything else that is not synced.
      partly(&self)
      isDown = true
      throw StorageError(.inputOutput, "\(path): the power went")
    case .inputOutput:
      partly(&self)
      throw StorageError(.inputOutput, "\(path): injected")
    case .diskFull:
      partly(&self)
      throw StorageError(.diskFull, "\(path): injected")
    }
  }

  mutating func restart() {
    isDown = false
    // In a fixed order, so that the seed decides alone.
    for number in inodes.keys.sorted() { inodes[number]?.crash(random: &random) }
    for number in folders.keys.sorted() {
      guard var folder = folders[number] else { continue }
      let manner = Int.random(in: 0..<3, using: &random)
      for change in folder.unsynced where manner == 1 || manner == 2 && Bool.random(using: &random) {
        Self.apply(change, to: &folder.durable)
      }
      folder.seen = folder.durable
      folder.unsynced = []
      folders[number] = folder
    }
  }

  mutating func edit(_ path: String, _ change: (inout [UInt8]) -> Void) {
    guard let inode = file(at: path) else { return }
    inodes[inode]?.edit(change)
  }

  // MARK: Names

  private static func split(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  private func folder(_ parts: some Collection<String>) -> Int? {
    var place = 0
    for part in parts where part != "." {
      guard let next = folders[place]?.seen[part], folders[next] != nil else { return nil }
      place = next
    }
    return place
  }

  /// The file at a path.
  func file(at path: String) -> Int? {
    let parts = Self.split(path)
    guard let name = parts.last, let above = folder(parts.dropLast()), let found = folders[above]?.seen[name],
      inodes[found] != nil
    else { return nil }
    return found
  }

  private func above(_ path: String) throws(StorageError) -> (folder: Int, name: String) {
    let parts = Self.split(path)
    guard let name = parts.last, let above = folder(parts.dropLast()) else {
      throw StorageError(.inputOutput, "\(path): no such directory")
    }
    return (above, name)
  }

  private static func apply(_ change: [String: Int?], to names: inout [String: Int]) {
    for (name, inode) in change { names[name] = inode }
  }

  private mutating func change(_ folder: Int, _ change: [String: Int?]) {
    folders[folder]?.unsynced.append(change)
    if var names = folders[folder]?.seen {
      Self.apply(change, to: &names)
      folders[folder]?.seen = names
    }
  }

  mutating func create(_ path: String) throws(StorageError) -> Int {
    _ = try count(path)
    let (folder, name) = try above(path)
    if let inode = file(at: path) {
      inodes[inode]?.apply(.resize(0))
      return inode
    }
    defer { next += 1 }
    inodes[next] = MemoryInode()
    change(folder, [name: next])
    return next
  }

  mutating func rename(_ path: String, to new: String) throws(StorageError) {
    let (folder, name) = try above(path)
    let (target, newName) = try above(new)
    guard folder == target, let inode = file(at: path) else {
      throw StorageError(.inputOutput, "\(path): cannot be renamed to \(new)")
    }
    _ = try count(path) { state in state.maybe { $0.change(folder, [name: nil, newName: inode]) } }
    change(folder, [name: nil, newName: inode])
  }

  mutating func remove(_ path: String) throws(StorageError) {
    _ = try count(path)
    guard file(at: path) != nil else { return }
    let (folder, name) = try above(path)
    change(folder, [name: nil])
  }

  mutating func createDirectory(_ path: String) throws(StorageError) {
    let parts = Self.split(path)
    _ = try count(path)
    if folder(parts) != nil { return }
    let (above, name) = try above(path)
    guard folders[above]?.seen[name] == nil else { throw StorageError(.inputOutput, "\(path): a file") }
    folders[next] = Folder()
    change(above, [name: next])
    next += 1
  }

  mutating func removeDirectory(_ path: String) throws(StorageError) {
    _ = try count(path)
    guard let folder = folder(Self.split(path)), folders[folder]?.seen.isEmpty == true else { return }
    let (above, name) = try above(path)
    change(above, [name: nil])
  }

  mutating func syncDirectory(_ path: String) throws(StorageError) {
    guard let folder = folder(Self.split(path)) else {
      throw StorageError(.inputOutput, "\(path): no such directory")
    }
    if try count(path) == .lostSync { return }
    guard var names = folders[folder]?.durable else { return }
    for change in folders[folder]?.unsynced ?? [] { Self.apply(change, to: &names) }
    folders[folder]?.durable = names
    folders[folder]?.unsynced = []
  }

  func list(_ path: String) throws(StorageError) -> [DiskEntry]? {
    try requirePower(path)
    guard let folder = folder(Self.split(path)), let names = folders[folder]?.seen else { return nil }
    return names.sorted { $0.key < $1.key }.map { DiskEntry(name: $0.key, isDirectory: folders[$0.value] != nil) }
  }

  var contents: [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    collect(0, as: "", into: &found)
    return found
  }

  private func collect(_ folder: Int, as prefix: String, into found: inout [String: [UInt8]]) {
    for (name, inode) in folders[folder]?.seen ?? [:] {
      if let file = inodes[inode] { found[prefix + name] = file.seen }
      if folders[inode] != nil { collect(inode, as: prefix + name + "/", into: &found) }
    }
  }

  // MARK: Bytes

  var used: Int { contents.values.reduce(0) { $0 + $1.count } }

  private mutating func maybe(_ body: (inout MemoryDiskState) -> Void) {
    if Bool.random(using: &random) { body(&self) }
  }

  private mutating func writePart(_ bytes: [UInt8], at offset: Int, to inode: Int) {
    let part = Int.random(in: 0...bytes.count, using: &random)
    inodes[inode]?.apply(.write(at: offset, Array(bytes.prefix(part))))
  }

  mutating func write(_ bytes: [UInt8], at offset: Int, to inode: Int, _ path: String) throws(StorageError) {
    _ = try count(path) { $0.writePart(bytes, at: offset, to: inode) }
    if let capacity, let file = inodes[inode] {
      let growth = max(0, offset + bytes.count - file.seen.count)
      let room = capacity - used
      guard growth <= room else {
        let fits = max(0, min(bytes.count, bytes.count - growth + max(0, room)))
        inodes[inode]?.apply(.write(at: offset, Array(bytes.prefix(fits))))
        throw StorageError(.diskFull, "\(path): no room")
      }
    }
    inodes[inode]?.apply(.write(at: offset, bytes))
  }

  mutating func sync(_ inode: Int, _ path: String) throws(StorageError) {
    let fault = try count(path) { state in
      // A failed sync is worse than none: what it could not write is forgotten.
      var random = state.random
      state.inodes[inode]?.failSync(random: &random)
      state.random = random
    }
    if fault != .lostSync { inodes[inode]?.sync() }
  }

  mutating func truncate(_ inode: Int, to size: Int, _ path: String) throws(StorageError) {
    _ = try count(path)
    inodes[inode]?.apply(.resize(size))
  }
}
