/// The writing side of a log's directory: files at once visible, durable together.
///
/// Every file gets its name only when it is whole, so that readers never see half of one. Syncing waits until
/// a checkpoint needs it: one file system commit then serves many files.
struct LogFiles: Sendable {
  private let directory: String
  private let disk: any Disk
  private let durability: Durability
  /// Folders that this writer has seen to, relative to the log.
  private var known: Set<String> = []
  /// Files and folders that `sync` has to make durable, in the order they were written.
  private var unsyncedFiles: [String] = []
  private var unsyncedFolders: [String] = []
  /// Files written before this many are waiting make room by a sync.
  private static let most = 1024

  init(_ directory: String, disk: any Disk, durability: Durability) {
    self.directory = directory
    self.disk = disk
    self.durability = durability
  }

  /// Creates the directories.
  mutating func begin() throws(StorageError) {
    try disk.makeDirectory(directory, durability: durability)
    try prepare("tile/entries")
    try prepare("policy")
    try sync()
  }

  /// Writes a file that no checkpoint needs yet.
  mutating func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
    let folder = Self.folder(of: path)
    try prepare(folder)
    try disk.replace(directory + "/" + path, with: bytes, durability: .buffered)
    guard durability == .synced else { return }
    unsyncedFiles.append(path)
    note(folder)
    if unsyncedFiles.count >= Self.most { try sync() }
  }

  /// Writes a file that counts from now on.
  mutating func replace(_ path: String, with bytes: [UInt8]) throws(StorageError) {
    try prepare(Self.folder(of: path))
    if !unsyncedFolders.isEmpty { try sync() }
    try disk.replace(directory + "/" + path, with: bytes, durability: durability)
  }

  /// A file's bytes; `nil` if there is none.
  func read(_ path: String) throws(StorageError) -> [UInt8]? { try disk.read(directory + "/" + path) }

  /// Makes durable what was written.
  mutating func sync() throws(StorageError) {
    for path in unsyncedFiles { try disk.sync(directory + "/" + path) }
    unsyncedFiles.removeAll(keepingCapacity: true)
    for folder in unsyncedFolders { try disk.syncDirectory(place(folder)) }
    unsyncedFolders.removeAll(keepingCapacity: true)
  }

  /// Removes a file, and its folder when nothing else is in it. Comes back after a crash, which harms nobody.
  mutating func remove(_ path: String) throws(StorageError) {
    try disk.remove(directory + "/" + path)
    let folder = Self.folder(of: path)
    guard folder.hasSuffix(".p") else { return }
    try disk.removeDirectory(place(folder))
    known.remove(folder)
  }

  /// Removes a file for good, once `sync` has been called: what a crash left half written must not come back beside
  /// what is written in its place.
  mutating func removeForGood(_ path: String) throws(StorageError) {
    try disk.remove(directory + "/" + path)
    if durability == .synced { note(Self.folder(of: path)) }
  }

  /// Creates a folder and those above it once.
  private mutating func prepare(_ folder: String) throws(StorageError) {
    guard !folder.isEmpty, !known.contains(folder) else { return }
    let above = Self.folder(of: folder)
    try prepare(above)
    try disk.createDirectory(place(folder))
    known.insert(folder)
    // Also where it was there already: whoever made it may have been stopped before syncing its name.
    if durability == .synced { note(above) }
  }

  private mutating func note(_ folder: String) {
    if !unsyncedFolders.contains(folder) { unsyncedFolders.append(folder) }
  }

  private func place(_ folder: String) -> String { folder.isEmpty ? directory : directory + "/" + folder }

  /// The folder of a path within the log, empty for the log's own directory.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[..<slash])
  }
}
