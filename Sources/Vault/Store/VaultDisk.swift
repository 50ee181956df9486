/// Where a vault's files lie: the steps a file system offers, each of which can fail or be the last one before the
/// power goes.
///
/// The room imports nothing but Crypto, so that a member's program gets no database with it, and has this in place of
/// `Storage`'s `Disk` (docs/adr/0010). A test puts a disk in memory under it that forgets what was not synced.
///
/// Every call throws `vault.disk_full` when there is no room and `vault.input_output` when the operating system
/// refuses for another reason.
public protocol VaultDisk: Sendable {
  /// Opens a file that exists for reading and writing; `nil` if there is none.
  func open(_ path: String) throws(VaultError) -> (any VaultFile)?

  /// Creates an empty file that only its owner can read; one that exists is emptied.
  func create(_ path: String) throws(VaultError) -> any VaultFile

  /// Gives a file another name in the same directory; whatever had that name is gone.
  func rename(_ path: String, to new: String) throws(VaultError)

  /// Removes a file; nothing happens if there is none.
  func remove(_ path: String) throws(VaultError)

  /// Creates a directory that only its owner can enter, in one that exists; nothing happens if it is there.
  func createDirectory(_ path: String) throws(VaultError)

  /// Makes the names in a directory durable as they are now.
  func syncDirectory(_ path: String) throws(VaultError)

  /// The names in a directory, in no order; `nil` if there is none.
  func list(_ path: String) throws(VaultError) -> [String]?

  /// Keeps other processes out until what is returned is let go.
  ///
  /// - Throws: `vault.unusable_directory` if another process holds the lock.
  func lock(_ path: String) throws(VaultError) -> (any AnyObject & Sendable)?
}

/// A file of a vault, open until it is let go. Used by one thread at a time.
public protocol VaultFile: AnyObject {
  /// The number of bytes.
  func size() throws(VaultError) -> Int

  /// Up to `count` bytes from `offset`: fewer only where the file ends.
  func read(at offset: Int, count: Int) throws(VaultError) -> [UInt8]

  /// Writes all bytes at `offset`. After an error any part of them may have been written.
  func write(_ bytes: [UInt8], at offset: Int) throws(VaultError)

  /// Makes what was written durable. After an error it is unknown what is.
  func sync() throws(VaultError)

  /// Cuts the file off.
  func truncate(to size: Int) throws(VaultError)
}

/// What is made of several steps.
extension VaultDisk {
  /// The ending of a file that has not got its name yet.
  static var temporaryEnding: String { ".tmp" }

  /// The whole file; `nil` if there is none.
  ///
  /// - Throws: `vault.damaged` for a file of more than `limit` bytes.
  func read(_ path: String, limit: Int) throws(VaultError) -> [UInt8]? {
    guard let file = try open(path) else { return nil }
    let size = try file.size()
    guard size <= limit else { throw VaultError(.damaged, "\(path) has \(size) bytes, at most \(limit)") }
    let bytes = try file.read(at: 0, count: size)
    guard bytes.count == size else { throw VaultError(.inputOutput, "\(path) ends before byte \(size)") }
    return bytes
  }

  /// Writes a whole file under a temporary name, syncs it, gives it its name, and syncs that too: nobody ever sees half
  /// of it. What is left over after an error is dealt with when the vault is opened.
  func replace(_ path: String, with bytes: [UInt8]) throws(VaultError) {
    let temporary = path + Self.temporaryEnding
    let file = try create(temporary)
    try file.write(bytes, at: 0)
    try file.sync()
    try rename(temporary, to: path)
    try syncDirectory(Self.directory(of: path))
  }

  /// Overwrites a file with zeros, makes that durable, and removes it; nothing happens if there is none.
  func destroy(_ path: String) throws(VaultError) {
    guard let file = try open(path) else { return }
    try file.write([UInt8](repeating: 0, count: try file.size()), at: 0)
    try file.sync()
    try remove(path)
  }

  /// The directory that a path lies in; `.` for a bare name, `/` for what lies at the top.
  static func directory(of path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  }
}
