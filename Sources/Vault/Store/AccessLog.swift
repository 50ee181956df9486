/// The access log on the disk: entries one after another, each naming the hash of the one before.
///
/// An entry is durable before what it speaks of is done. So only the last one can be torn by a crash, and what it would
/// have spoken of was not done. Used by one thread.
final class AccessLog {
  /// The most entries of a log.
  static let maximumEntries: UInt64 = 1 << 32
  static let name = "access.log"

  private let path: String
  private let file: any VaultFile
  private(set) var head: AccessHead
  private var failed = false

  private init(_ path: String, _ file: any VaultFile, _ head: AccessHead) {
    self.path = path
    self.file = file
    self.head = head
  }

  /// Opens the log, makes one where there is none, and cuts off an entry that a crash tore.
  ///
  /// - Returns: the log and the number of bytes cut off.
  static func open(_ directory: String, _ disk: some VaultDisk) throws(VaultError) -> (AccessLog, cut: Int) {
    let path = directory + "/" + name
    var file = try disk.open(path)
    if file == nil { file = try disk.create(path) }
    guard let file else { throw VaultError(.inputOutput, "\(path) is gone") }
    let size = try file.size()
    let (good, last) = try end(of: file, path)
    if good < size { try file.truncate(to: good) }
    // A sync that failed before may have left the last entry in memory only, counted as written.
    if let last { try file.write(last.encoded, at: good - AccessEntry.byteCount) }
    try file.sync()
    try disk.syncDirectory(directory)
    let head = last.map { AccessHead(count: $0.sequence + 1, hash: $0.hash) } ?? .empty
    return (AccessLog(path, file, head), size - good)
  }

  /// Where the good entries end, and the last of them.
  static func end(of file: any VaultFile, _ path: String) throws(VaultError) -> (Int, AccessEntry?) {
    let whole = try file.size() / AccessEntry.byteCount
    let isTorn = try file.size() % AccessEntry.byteCount != 0
    // Entries are written one by one: where half a one follows, the one before was durable.
    for count in stride(from: whole, through: max(0, whole - (isTorn ? 0 : 1)), by: -1) {
      guard count > 0 else { return (0, nil) }
      let offset = (count - 1) * AccessEntry.byteCount
      if let entry = try? AccessEntry(try file.read(at: offset, count: AccessEntry.byteCount)),
        entry.sequence == UInt64(count - 1)
      {
        return (count * AccessEntry.byteCount, entry)
      }
    }
    throw VaultError(.damaged, "\(path) does not end in a good entry")
  }

  /// Writes an entry and makes it durable.
  ///
  /// - Throws: `vault.full`, `vault.stopped` after a failure, what the disk throws.
  func append(
    _ access: Access, by actor: PartyID, _ document: DocumentID, in caseID: CaseID, at time: UInt64
  ) throws(VaultError) {
    guard !failed else { throw VaultError(.stopped, "writing to \(path) failed before; open the vault again") }
    guard head.count < Self.maximumEntries else { throw VaultError(.full, "the access log is full") }
    let entry = AccessEntry(access, by: actor, document, in: caseID, at: time, after: head)
    failed = true
    try file.write(entry.encoded, at: Int(head.count) * AccessEntry.byteCount)
    try file.sync()
    failed = false
    head = AccessHead(count: head.count + 1, hash: entry.hash)
  }

  /// Some entries from a number on.
  ///
  /// - Throws: `vault.damaged` for an entry that does not read.
  func entries(from first: UInt64, limit: Int) throws(VaultError) -> [AccessEntry] {
    try Self.entries(
      of: file, path, from: first, limit: Int(min(UInt64(max(0, limit)), head.count - min(first, head.count))))
  }

  static func entries(
    of file: any VaultFile, _ path: String, from first: UInt64, limit: Int
  ) throws(VaultError) -> [AccessEntry] {
    guard limit > 0 else { return [] }
    let bytes = try file.read(at: Int(first) * AccessEntry.byteCount, count: limit * AccessEntry.byteCount)
    var found: [AccessEntry] = []
    for start in stride(from: 0, to: bytes.count, by: AccessEntry.byteCount) {
      let number = first + UInt64(found.count)
      guard let entry = try? AccessEntry(bytes[start..<min(start + AccessEntry.byteCount, bytes.count)]),
        entry.sequence == number
      else { throw VaultError(.damaged, "\(path): entry \(number) does not read") }
      found.append(entry)
    }
    return found
  }
}
