internal import Contracts
internal import Ledger
internal import Logging
internal import MutualAid
public import Storage
internal import TongzhouClient
internal import TransparencyLog

/// Checks everything in a data directory that no node is running on, and makes anew what follows from the rest.
///
/// Whether the checkpoint's signatures are those of the organisations, and whether the contracts were kept, is
/// `audit`'s part: here it is about files.
public struct DirectoryCheck {
  private let data: String
  private let disk: any Disk
  private let repairs: Bool
  private var report = DirectoryReport()

  /// - Parameter repairs: whether to make anew what can be; else the directory stays as it is.
  public init(_ data: String, disk: some Disk = PosixDisk(), repairs: Bool) {
    self.data = data
    self.disk = disk
    self.repairs = repairs
  }

  /// Looks at all chains.
  ///
  /// - Throws: ``NodeError`` for a directory without a chain; `StorageError` and `SearchIndexError` where the operating
  ///   system refuses to read or write. What is wrong with the files is in the report.
  public mutating func run() throws -> DirectoryReport {
    let names = try ChainPaths.chains(in: data)
    guard !names.isEmpty else { throw NodeError(.unusableDirectory, "\(data) holds no chain") }
    for name in names { try check(ChainPaths(data: data, chain: name)) }
    return report
  }

  private mutating func check(_ paths: ChainPaths) throws {
    report.chains.append(DirectoryReport.Chain(name: paths.chain))
    let log = try checkLog(paths)
    guard let genesis = try genesis(paths, log) else { return }
    try checkPolicy(paths, genesis, log)
    try checkJournal(paths, genesis, log)
    try checkSnapshots(paths, genesis, log)
    try checkSearch(paths, genesis, log)
    checkKeys(paths, genesis)
  }

  private mutating func note(
    _ paths: ChainPaths, _ part: DirectoryFinding.Part, _ path: String, _ problem: String,
    _ remedy: DirectoryFinding.Remedy
  ) {
    let relative = path.hasPrefix(data + "/") ? String(path.dropFirst(data.count + 1)) : path
    report.findings.append(
      DirectoryFinding(chain: paths.chain, part: part, path: relative, problem: problem, remedy: remedy))
  }

  /// The chain that is being checked.
  private var current: DirectoryReport.Chain {
    get { report.chains[report.chains.count - 1] }
    set { report.chains[report.chains.count - 1] = newValue }
  }
}

// MARK: The log

extension DirectoryCheck {
  /// What the log's check leaves for the others.
  private struct CheckedLog {
    let directory: LogDirectory
    /// Size and root by the checkpoint; `nil` before the first block.
    var head: LogHead?
    /// The last block's seal.
    var seal: Seal?
    /// Whether all entries are there and lead to that root.
    var isGood = true
  }

  private mutating func checkLog(_ paths: ChainPaths) throws -> CheckedLog {
    var log = CheckedLog(directory: LogDirectory(paths.log, disk: disk))
    // Before the first block there is a genesis file, and perhaps a log without a checkpoint.
    let isWaiting = try disk.read(paths.genesis) != nil
    let isThere = try disk.list(paths.log) != nil
    let hasCheckpoint = try log.directory.read("checkpoint") != nil
    // Others may know of blocks.
    let hadBlocks = try !SnapshotStore(paths.snapshots, disk: disk).heights().isEmpty
    if !hasCheckpoint, isWaiting, !hadBlocks { return log }
    guard isThere else {
      note(paths, .log, paths.log, "there is no log", .person)
      log.isGood = false
      return log
    }
    let found = try LogFsck(paths.log, disk: disk).run(repair: repairs)
    for finding in found.findings {
      let remedy: DirectoryFinding.Remedy =
        finding.isRepaired ? .repaired : finding.isLeftover ? .start : finding.canRepair ? .repair : .person
      note(paths, .log, paths.log + "/" + finding.path, finding.detail, remedy)
    }
    log.isGood = found.leadsToRoot && !found.findings.contains { !$0.isRepaired && !$0.isLeftover && !$0.canRepair }
    current.entries = found.size
    guard let bytes = try log.directory.read("checkpoint"), let checkpoint = try? UnverifiedCheckpoint(bytes) else {
      log.isGood = false
      return log
    }
    log.head = LogHead(size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root)
    guard log.isGood else { return log }
    log.seal = try seal(log, at: checkpoint.checkpoint.size - 1)
    if let seal = log.seal {
      current.height = seal.height
    } else {
      note(paths, .log, paths.log, "the log does not end with a seal", .person)
      log.isGood = false
    }
    return log
  }

  private func seal(_ log: CheckedLog, at index: UInt64) throws -> Seal? {
    guard let size = log.head?.size, let place = EntryBundleCoordinate.holding(entry: index, treeSize: size),
      let entries = try log.directory.entries(place)
    else { return nil }
    return try? Seal(entry: entries[Int(index - place.entries.lowerBound)])
  }

  private mutating func genesis(_ paths: ChainPaths, _ log: CheckedLog) throws -> Genesis? {
    if let head = log.head {
      guard log.isGood, let place = EntryBundleCoordinate.holding(entry: 0, treeSize: head.size),
        let entry = try log.directory.entries(place)?.first
      else { return nil }
      do {
        return try Genesis(decoding: Array(entry.dropFirst()))
      } catch {
        note(paths, .log, paths.log + "/" + place.path, "entry 0 is no genesis: \(error)", .person)
        return nil
      }
    }
    guard let bytes = try disk.read(paths.genesis) else { return nil }
    do {
      return try Genesis(decoding: bytes)
    } catch {
      note(paths, .log, paths.genesis, "no genesis: \(error)", .person)
      return nil
    }
  }

  /// The first policy follows from the genesis.
  private mutating func checkPolicy(_ paths: ChainPaths, _ genesis: Genesis, _ log: CheckedLog) throws {
    guard log.head != nil else { return }
    let path = paths.log + "/policy/0"
    let wanted = try ChainState(genesis: genesis).endorsers.policy(origin: genesis.origin).text
    guard try disk.read(path) != wanted else { return }
    if repairs {
      try disk.makeDirectory(paths.log + "/policy")
      try disk.replace(path, with: wanted)
    }
    note(paths, .log, path, "not the policy of the genesis", repairs ? .repaired : .repair)
  }
}

// MARK: What only this node reads

extension DirectoryCheck {
  private mutating func checkJournal(_ paths: ChainPaths, _ genesis: Genesis, _ log: CheckedLog) throws {
    let found: (records: [JournalRecord], torn: Int)
    do {
      found = try Journal.look(paths.journal, disk: disk)
    } catch {
      guard error.code == .damaged else { throw error }
      // Never cut short by us: what is lost may be a vote, and voting twice is what brings an organisation down.
      return note(paths, .journal, paths.journal, error.message, .person)
    }
    current.journalRecords = found.records.count
    if found.torn > 0 {
      note(paths, .journal, paths.journal, "a torn end of \(found.torn) bytes; the next start cuts it off", .start)
    }
    if let bad = found.records.firstIndex(where: { (try? Journalled($0)) == nil }) {
      note(paths, .journal, paths.journal, "record \(bad) is of no kind that this version knows", .person)
    }
  }

  private mutating func checkSnapshots(_ paths: ChainPaths, _ genesis: Genesis, _ log: CheckedLog) throws {
    let store = SnapshotStore(paths.snapshots, disk: disk)
    for height in try store.heights() {
      do {
        let file = try store.open(height)
        if log.isGood, let head = log.head {
          _ = try SnapshotRestore(genesis: genesis, log: log.directory, size: head.size)(file)
        } else {
          _ = try file.read()
        }
        current.snapshots.append(height)
      } catch let error as StorageError where error.code == .inputOutput || error.code == .diskFull {
        throw error
      } catch {
        let problem = (error as? StorageError)?.message ?? (error as? StateError)?.message ?? "\(error)"
        if repairs { try store.remove(height) }
        note(paths, .snapshots, store.path(of: height), problem, repairs ? .repaired : .repair)
      }
    }
    for entry in try disk.list(paths.snapshots) ?? [] where entry.name.hasSuffix(PosixDisk.temporaryEnding) {
      let path = paths.snapshots + "/" + entry.name
      if repairs { try disk.remove(path) }
      note(paths, .snapshots, path, "a write that never ended", repairs ? .repaired : .start)
    }
  }

  private mutating func checkSearch(_ paths: ChainPaths, _ genesis: Genesis, _ log: CheckedLog) throws {
    switch try SearchIndex.look(path: paths.index, chain: genesis.chain) {
    case .missing:
      return
    case .unusable(let why):
      try remakeSearch(paths, genesis, log, problem: why)
    case .sound(let height, let sealIndex):
      current.searchHeight = height
      guard log.isGood, height > 0 else { return }
      // It may lag, but not be ahead of the log or beside it.
      var seal: Seal?
      if let sealIndex { seal = try self.seal(log, at: sealIndex) }
      if seal?.height != height { try remakeSearch(paths, genesis, log, problem: "of blocks that are not in the log") }
    }
  }

  private mutating func remakeSearch(
    _ paths: ChainPaths, _ genesis: Genesis, _ log: CheckedLog, problem: String
  ) throws {
    guard repairs else { return note(paths, .search, paths.index, problem, .repair) }
    SearchIndex.remove(path: paths.index)
    let index = try SearchIndex.open(path: paths.index, chain: genesis.chain)
    if log.isGood, let seal = log.seal {
      try Indexer.read(
        log.directory, genesis: genesis, snapshots: SnapshotStore(paths.snapshots, disk: disk), after: 0,
        upTo: seal.height, logger: Logger(label: "fsck") { _ in SwiftLogNoOpLogHandler() }
      ) { try index.feed($0) }
    }
    let height = try index.height
    current.searchHeight = height
    note(paths, .search, paths.index, problem, .repaired)
  }

  private mutating func checkKeys(_ paths: ChainPaths, _ genesis: Genesis) {
    guard let endorsers = try? ChainState(genesis: genesis).endorsers else { return }
    // Where organisations or keys have changed since, only the state says whose keys these are: the node looks there
    // when it starts.
    let present = (try? disk.read(paths.log + "/policy")) ?? nil
    if let present, present != (try? endorsers.policy(origin: genesis.origin).text) { return }
    for member in endorsers.members {
      do {
        guard let own = try KeyDirectory(paths.keys).endorser(member.name) else { continue }
        if own.publicKeys != member.keys {
          note(paths, .keys, "\(paths.keyFolder)/\(member.name).endorser", "not the keys that the chain knows", .person)
        }
      } catch {
        let problem = (error as? NodeError)?.message ?? "the keys do not read"
        note(paths, .keys, "\(paths.keyFolder)/\(member.name).endorser", problem, .person)
      }
    }
  }
}
