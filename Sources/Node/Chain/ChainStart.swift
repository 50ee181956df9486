internal import Contracts
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// What a node starts from: the files of a data directory, read and checked.
///
/// Unchecked because of the journal, which is used by one thread: it goes from here to the loop and to nobody else.
struct ChainStart: @unchecked Sendable {
  /// The chain after the last published block, and how it was come by.
  let opened: OpenedChain
  /// The checkpoint on it; `nil` before the first block.
  let checkpoint: [UInt8]?
  /// The organisations of this process, each with what it must not forget.
  let participants: [Endorsing<ChainState>]
  /// Values of the ordering engine that are not published yet.
  let ordering: FileOrdering
  /// The sequences above the last published one of which the journal holds something.
  let unpublished: Set<UInt64>
  let journal: Journal
  let openJournal: @Sendable () throws -> Journal
  let writer: LogWriter
  let resumeWriter: @Sendable () throws -> LogWriter

  var chain: Chain<ChainState> { opened.chain }
}

extension ChainStart {
  /// Reads a data directory.
  ///
  /// - Parameters:
  ///   - keys: gives an organisation's endorsing keys by its name, where this node has them.
  ///   - progress: called with entries replayed and entries in all.
  /// - Throws: ``NodeError``, `StorageError`, `AuditFailure` for a log that is not what its checkpoint says.
  static func open(
    _ paths: ChainPaths, disk: some Disk, keys: (String) throws -> OrganisationKeys?, logger: Logger,
    progress: (UInt64, UInt64) -> Void
  ) throws -> ChainStart {
    let log = LogDirectory(paths.log, disk: disk)
    let checkpoint = try log.read("checkpoint")
    let head = try checkpoint.map { try UnverifiedCheckpoint($0).checkpoint }
    let genesis = try genesis(paths, log: log, disk: disk, size: head?.size)
    let snapshots = SnapshotStore(paths.snapshots, disk: disk)
    let opened = try OpenedChain(
      log, genesis: genesis, head: head.map { LogHead(size: $0.size, root: $0.root) }, snapshots: snapshots,
      logger: logger, progress: progress)
    let chain = opened.chain
    if checkpoint == nil, try !snapshots.heights().isEmpty {
      // Begun anew, it would sign other blocks in place of those it signed before.
      throw NodeError(.unusableDirectory, "\(paths.log)/checkpoint is missing, though there were blocks")
    }
    let certificate = try checkpoint.map {
      try Certificate(on: UnverifiedCheckpoint($0), origin: genesis.origin, endorsers: chain.certifiers)
    }

    let openJournal: @Sendable () throws -> Journal = { try Journal.open(paths.journal, disk: disk).0 }
    let (journal, kept, cut) = try Journal.open(paths.journal, disk: disk)
    if cut > 0 {
      // What a crash left of a sync that nobody heard the end of; damage to the very end looks the same.
      logger.warning("torn end of the journal cut off", metadata: ["chain": "\(paths.chain)", "bytes": "\(cut)"])
    }
    var ordering = FileOrdering()
    var stored: [UInt8: [StoredRecord]] = [:]
    var unpublished: Set<UInt64> = []
    for record in kept {
      let record = try Journalled(record)
      guard let sequence = record.sequence, sequence > chain.sequence else { continue }
      unpublished.insert(sequence)
      switch record {
      case .value(let sequence, let bytes): _ = ordering.append(bytes, at: sequence)
      case .stored(let ordinal, let record): stored[ordinal, default: []].append(record)
      }
    }

    if checkpoint == nil, let first = unpublished.min(), first > 1 {
      throw NodeError(.unusableDirectory, "\(paths.log)/checkpoint is missing, though there were blocks")
    }

    var participants: [Endorsing<ChainState>] = []
    for member in chain.app.endorsers.members {
      guard let own = try keys(member.name) else { continue }
      guard own.publicKeys == member.keys else {
        throw NodeError(.unusableDirectory, "the keys of \(member.name) are not those the chain knows")
      }
      participants.append(
        Endorsing(
          chain: chain, certificate: certificate, keys: own, records: stored[UInt8(member.ordinal)] ?? []))
    }
    guard !participants.isEmpty else {
      throw NodeError(.unusableDirectory, "\(paths.keys) holds the keys of no endorsing organisation of this chain")
    }
    let resumeWriter: @Sendable () throws -> LogWriter = {
      let published = try LogDirectory(paths.log, disk: disk).read("checkpoint")
      if let published {
        let size = try UnverifiedCheckpoint(published).checkpoint.size
        return try LogWriter(resuming: paths.log, disk: disk, upTo: size, synced: true)
      }
      // Not as a new log: files of a first block that never counted may lie there.
      var writer = try LogWriter(resuming: paths.log, disk: disk, upTo: 0, synced: true)
      try writer.append([Entry.make(.genesis, genesis.bytes)])
      try writer.write(policy: ChainState(genesis: genesis).endorsers.policy(origin: genesis.origin).text, height: 0)
      return writer
    }
    return ChainStart(
      opened: opened, checkpoint: checkpoint, participants: participants, ordering: ordering, unpublished: unpublished,
      journal: journal,
      openJournal: openJournal, writer: try resumeWriter(), resumeWriter: resumeWriter)
  }

  /// Entry 0: from the log, or from a file of its own while there is no block.
  static func genesis(
    _ paths: ChainPaths, log: LogDirectory, disk: some Disk, size: UInt64?
  ) throws -> Genesis {
    if let size, let first = EntryBundleCoordinate.holding(entry: 0, treeSize: size) {
      guard let bytes = try log.read(first.path) else {
        throw NodeError(.unusableDirectory, "\(paths.log)/\(first.path) is missing")
      }
      return try Genesis(decoding: Array(EntryBundle(bytes: bytes, width: first.width).entries[0].dropFirst()))
    }
    guard let bytes = try disk.read(paths.genesis) else {
      throw NodeError(.unusableDirectory, "\(paths.data) holds no chain \(paths.chain)")
    }
    return try Genesis(decoding: bytes)
  }
}
