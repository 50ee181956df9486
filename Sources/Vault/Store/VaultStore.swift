/// Documents of cases, encrypted at rest: the vault holds ciphertext and wrapped keys, and no key to open them.
///
/// Whoever reads brings her own key. Every access stands in the access log before it happens. A change is there whole
/// or not at all after a crash at any step (docs/vault.md). After a failed write nobody knows what is on the disk: then
/// everything is refused with `vault.stopped` until the vault is opened again.
///
/// Who may do what is decided by the caller; the vault sees to it that a document opens for its readers only.
///
/// Used by one thread at a time; a lock keeps other processes out.
public final class VaultStore {
  static let marker = "vault"
  static let markerText = Array("tongzhou vault 1\n".utf8)
  static let lockName = "lock"

  let directory: String
  let disk: any VaultDisk
  let limits: VaultLimits
  let log: AccessLog
  private let lock: (any AnyObject & Sendable)?
  private var cases: Set<CaseID>
  private var failed = false

  /// What opening a vault found and put in order.
  public struct Mended: Sendable, Equatable {
    /// Files that a crash had left over, or that an erasure had still to destroy.
    public let files: Int
    /// Bytes of a torn entry cut off the access log. Damage to the last entry looks the same.
    public let logBytes: Int
  }

  private init(
    _ directory: String, _ disk: any VaultDisk, _ limits: VaultLimits, _ log: AccessLog, _ cases: Set<CaseID>,
    _ lock: (any AnyObject & Sendable)?
  ) {
    self.directory = directory
    self.disk = disk
    self.limits = limits
    self.log = log
    self.cases = cases
    self.lock = lock
  }

  /// Makes an empty vault in a directory that does not exist or is empty, or nothing where a vault is already.
  ///
  /// - Throws: `vault.unusable_directory` where something else lies there.
  public static func create(_ directory: String, disk: some VaultDisk = PosixVaultDisk()) throws(VaultError) {
    if let names = try disk.list(directory) {
      if names.contains(marker) { return }
      let strange = names.filter { $0 != marker + disk.ending && $0 != lockName }
      guard strange.isEmpty else {
        throw VaultError(.unusableDirectory, "\(directory) holds something else than a vault")
      }
    } else {
      try disk.createDirectory(directory)
    }
    // Also where it was there already: whoever made it may have been stopped before this.
    try disk.syncDirectory(type(of: disk).directory(of: directory))
    try disk.replace(directory + "/" + marker, with: markerText)
  }

  /// Opens a vault and puts in order what a crash left.
  ///
  /// - Throws: `vault.unusable_directory`, `vault.damaged`, what the disk throws.
  public static func open(
    _ directory: String, disk: some VaultDisk = PosixVaultDisk(), limits: VaultLimits = VaultLimits()
  ) throws(VaultError) -> (VaultStore, Mended) {
    try require(directory, disk)
    let lock = try disk.lock(directory + "/" + lockName)
    try disk.createDirectory(directory + "/cases")
    let (log, cut) = try AccessLog.open(directory, disk)
    var cases: Set<CaseID> = []
    var gone = 0
    for name in try disk.list(directory + "/cases") ?? [] {
      guard let caseID = CaseID(hexadecimal: name) else { continue }
      cases.insert(caseID)
      gone += try CaseFolder(directory, caseID, disk).mend(disk)
    }
    try disk.syncDirectory(directory + "/cases")
    let store = VaultStore(directory, disk, limits, log, cases, lock)
    try store.finishLog()
    return (store, Mended(files: gone, logBytes: cut))
  }

  /// Says in the log what the last entry speaks of and did not come to pass. Earlier ones did, or it says so: after a
  /// failure nothing more is done until the vault is opened again.
  private func finishLog() throws(VaultError) {
    guard log.head.count > 0, let last = try log.entries(from: log.head.count - 1, limit: 1).first else { return }
    let files = try CaseFolder(directory, last.caseID, disk).documents[last.document]
    let isDone: Bool =
      switch last.access {
      case .stored: files.map { $0.isErased || !$0.keys.isEmpty } ?? false
      case .erased: files?.isErased ?? false
      default: true
      }
    if !isDone { try log.append(.notDone, by: last.actor, last.document, in: last.caseID, at: last.time) }
  }

  static func require(_ directory: String, _ disk: some VaultDisk) throws(VaultError) {
    guard let text = try disk.read(directory + "/" + marker, limit: 1_024) else {
      throw VaultError(.unusableDirectory, "\(directory) is no vault")
    }
    guard text == markerText else {
      throw VaultError(.unusableDirectory, "\(directory) is a vault of another version, or none")
    }
  }

  /// How far the access log goes: to be kept elsewhere.
  public var head: AccessHead { log.head }

  /// Some entries of the access log from a number on.
  public func accesses(from first: UInt64 = 0, limit: Int) throws(VaultError) -> [AccessEntry] {
    try log.entries(from: first, limit: limit)
  }

  func requireGood() throws(VaultError) {
    guard !failed else { throw VaultError(.stopped, "writing to \(directory) failed before; open it again") }
  }

  /// Does something to the disk; if it fails, nothing more is done until the vault is opened again.
  func changing(_ body: () throws(VaultError) -> Void) throws(VaultError) {
    try requireGood()
    failed = true
    try body()
    failed = false
  }

  /// Makes the folder of a case where there is none; only within ``changing(_:)``.
  func makeFolder(_ caseID: CaseID) throws(VaultError) {
    guard !cases.contains(caseID) else { return }
    try disk.createDirectory(CaseFolder.path(directory, caseID))
    try disk.syncDirectory(directory + "/cases")
    cases.insert(caseID)
  }

  /// - Throws: `vault.full` where a new case is one too many.
  func requireRoom(for caseID: CaseID) throws(VaultError) {
    guard cases.contains(caseID) || cases.count < limits.cases else {
      throw VaultError(.full, "the vault holds \(limits.cases) cases")
    }
  }
}

extension VaultDisk {
  fileprivate var ending: String { Self.temporaryEnding }
}
