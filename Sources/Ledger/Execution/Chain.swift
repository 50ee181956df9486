public import TransparencyLog

/// A chain after its last final block: everything the next block depends on.
public struct Chain<App: Application>: Sendable {
  /// What it started from.
  public let genesis: Genesis
  /// The contracts' state.
  public private(set) var app: App
  /// The log's right edge.
  public private(set) var log: MerkleFrontier
  /// Blocks since the genesis.
  public private(set) var height: UInt64
  /// The last block's time.
  public private(set) var time: Timestamp
  /// Counts recoveries.
  public private(set) var epoch: UInt64
  /// The sequence of the last valid batch; 0 before the first.
  public private(set) var sequence: UInt64
  /// The hash of the last valid batch; the chain id before the first.
  public private(set) var previous: Hash
  /// The organisations that certified the last checkpoint, needed to check its certificate.
  public private(set) var certifiers: EndorserSet
  private var live: LiveTransactions
  private var proposed: ProposedBytes

  /// The chain at its genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    try self.init(genesis: genesis, app: App(genesis: genesis))
  }

  /// The chain at its genesis, with the application's state of that genesis.
  public init(genesis: Genesis, app: App) throws(LedgerError) {
    self.genesis = genesis
    self.app = app
    guard (1...EndorserSet.maximumCount).contains(app.endorsers.count) else {
      throw LedgerError(.badGenesis, "a chain needs one to \(EndorserSet.maximumCount) endorsers")
    }
    log = MerkleFrontier()
    log.append(.leaf(Entry.make(.genesis, genesis.bytes)))
    height = 0
    time = genesis.time
    epoch = 0
    sequence = 0
    previous = genesis.chain
    certifiers = app.endorsers
    live = LiveTransactions()
    proposed = ProposedBytes()
  }

  /// A chain from its parts, which the caller has checked.
  init(
    genesis: Genesis, app: App, log: MerkleFrontier, last: Seal, header: Header, certifiers: EndorserSet,
    live: LiveTransactions, proposed: ProposedBytes
  ) {
    self.genesis = genesis
    self.app = app
    self.log = log
    height = last.height
    time = last.time
    epoch = header.epoch
    sequence = header.sequence
    previous = last.batch
    self.certifiers = certifiers
    self.live = live
    self.proposed = proposed
  }

  /// The chain's id.
  public var id: Hash { genesis.chain }

  /// Size and root of the log after the last block.
  public var head: LogHead { LogHead(size: log.size, root: log.root) }

  /// Whether a transaction could stand in a block at this time; the same checks as in the block.
  ///
  /// - Throws: `transaction.expired`, `transaction.expiry_too_far`, `transaction.replayed`,
  ///   `signature.not_the_sender`, `transaction.quota_used`, `transaction.unknown_sender` and what the
  ///   contract's own check says.
  public func admit(
    _ transaction: VerifiedTransaction, byteCount: Int, at time: Timestamp
  ) throws(LedgerError) {
    try requireRoom(
      for: transaction, byteCount: byteCount, at: time, key: app.currentKey(of: transaction.sender),
      isOfficer: app.isOfficer(transaction.sender))
    try app.admit(transaction, at: time)
  }

  /// The ledger's own checks, against the state inside a block: whoever passes them is alive from there on.
  ///
  /// Only they throw the codes of ``ErrorCode/leavesNoTrace``, so that whether a transaction came to be alive
  /// can be read from its code (docs/adr/0006).
  func requireRoom(
    for transaction: VerifiedTransaction, byteCount: Int, at time: Timestamp, key: PublicKey?, isOfficer: Bool
  ) throws(LedgerError) {
    if transaction.expiry < time { throw LedgerError(.expired, "its time is over") }
    if transaction.expiry > time.adding(seconds: LiveTransactions.horizon) {
      throw LedgerError(.expiryTooFar, "more than ten minutes ahead of block time")
    }
    let alive = live.alive[transaction.sender]
    if live.alive.contains(transaction.name, of: alive) {
      throw LedgerError(.replayed, "this sender and id are alive")
    }
    if let key {
      guard key == transaction.senderKey else { throw LedgerError(.wrongSigner, "the sender's key was changed") }
    } else {
      guard transaction.isFirstKey else {
        throw LedgerError(.wrongSigner, "the key is not the sender's")
      }
    }
    let limit = isOfficer ? genesis.limits.officerBytes : genesis.limits.senderBytes
    let (used, overflow) = (alive?.byteCount ?? 0).addingReportingOverflow(UInt64(byteCount))
    guard !overflow, used <= limit else {
      throw LedgerError(.quotaUsed, "more than \(limit) bytes alive from this sender")
    }
  }
}

extension Chain {
  /// The time a block gets whose batch carries this certificate; empty before the first block.
  public func blockTime(certificate: Certificate?) -> Timestamp {
    guard let certificate else { return time }
    return max(time, certificate.time)
  }

  /// Checks that a batch is valid at a sequence after this chain: a pure function of the log's content.
  ///
  /// - Parameter verified: cosignatures on the last checkpoint that the caller has verified already.
  /// - Throws: `batch.invalid` or `certificate.invalid`; the batch is then skipped by everyone alike.
  public func validate(
    _ batch: Batch, at sequence: UInt64, verified: [EndorserCosignature] = []
  ) throws(LedgerError) -> Certificate? {
    let header = batch.header
    guard header.chain == id else { throw Batch.invalid("made for another chain") }
    guard header.epoch == epoch else { throw Batch.invalid("made in another epoch") }
    guard header.sequence == sequence, sequence > self.sequence else {
      throw Batch.invalid("made for sequence \(header.sequence)")
    }
    guard header.previous == previous else { throw Batch.invalid("does not follow the last valid batch") }
    guard batch.loggedBytes <= Int(genesis.limits.batchBytes) else { throw Batch.invalid("larger than the limit") }
    guard let proposer = app.endorsers.member(ordinal: header.proposer), batch.isSigned(by: proposer.keys.vote)
    else { throw Batch.invalid("not signed by an endorser") }
    var certificate: Certificate?
    if height > 0 {
      certificate = try Certificate(
        validating: header.certificate, head: head, origin: genesis.origin, endorsers: certifiers,
        verified: verified)
    } else if !header.certificate.isEmpty {
      throw Batch.invalid("a certificate before the first checkpoint")
    }
    let time = blockTime(certificate: certificate)
    guard allows(batch, at: time) else { throw Batch.invalid("its proposer has used up its bytes") }
    return certificate
  }

  /// Whether a batch's proposer may still put so many bytes into the log at this block time.
  func allows(_ batch: Batch, at time: Timestamp) -> Bool {
    proposed.allows(
      batch.loggedBytes, by: batch.header.proposer, at: time, limit: genesis.limits.proposerBytes)
  }

  /// Executes a valid batch on a copy; the chain itself stays as it is until ``commit(_:)``.
  public func execute(_ prepared: PreparedBatch, certificate: Certificate?) throws(LedgerError) -> ExecutedBlock<App> {
    let batch = prepared.batch
    let time = blockTime(certificate: certificate)
    var app = self.app
    var log = self.log
    let header = Entry.make(.header, batch.signedHeader)
    let headerLeaf = Hash.leaf(header)
    log.append(headerLeaf)

    app.beginBlock()
    var steps: UInt32 = 0
    while steps < genesis.limits.dueSteps, app.runDueStep(at: time) { steps += 1 }

    var run = BlockRun<App>(time: time)
    run.execute(prepared.items, entries: batch.entries, after: self, on: &app)
    log.append(contentsOf: batch.leaves)
    var results = MerkleFrontier()
    results.append(contentsOf: run.codes.map(Chain.resultLeaf))
    let seal = Seal(
      height: height + 1, time: time, batch: batch.hash, state: app.stateRoot(), results: results.root,
      transactions: run.transactions, failed: run.failed, rows: run.rows, steps: steps)
    let sealEntry = seal.entry
    let sealLeaf = Hash.leaf(sealEntry)
    let beforeSeal = log
    log.append(sealLeaf)
    return ExecutedBlock(
      batch: batch, items: prepared.items, seal: seal, entries: [header] + batch.entries + [sealEntry],
      leaves: [headerLeaf] + batch.leaves + [sealLeaf], codes: run.codes, app: app, log: log, beforeSeal: beforeSeal,
      admitted: run.admitted, firstIndex: self.log.size)
  }

  /// The leaf of an entry's codes in the tree of a block's results: two bytes each, big-endian.
  private static func resultLeaf(_ codes: [ErrorCode]) -> Hash {
    // Nearly all entries are one transaction that succeeded.
    if codes.count == 1, codes[0] == .success { return ResultLeaf.success }
    return .leaf(codes.flatMap { [UInt8($0.number >> 8), UInt8($0.number & 255)] })
  }

  /// Makes an executed block the chain's last.
  public mutating func commit(_ block: ExecutedBlock<App>) {
    precondition(block.firstIndex == log.size && block.seal.height == height + 1, "not the next block")
    certifiers = app.endorsers
    app = block.app
    log = block.log
    height = block.seal.height
    time = block.seal.time
    sequence = block.batch.header.sequence
    previous = block.batch.hash
    proposed.add(block.batch.loggedBytes, by: block.batch.header.proposer, at: time)
    live.expire(before: time)
    for entry in block.admitted {
      live.insert(entry.name, expiry: entry.expiry, byteCount: entry.byteCount)
    }
  }
}

/// A leaf of the tree of a block's results that is made over and over.
private enum ResultLeaf {
  static let success = Hash.leaf([UInt8(ErrorCode.success.number >> 8), UInt8(ErrorCode.success.number & 255)])
}

/// A block that was executed but is not final yet.
public struct ExecutedBlock<App: Application>: Sendable {
  /// The batch it executed.
  public let batch: Batch
  /// What its entries were read as, one for each of the batch.
  public let items: [PreparedBatch.Item]
  /// What closes it.
  public let seal: Seal
  /// All its entries: header, transactions and rows, seal.
  public let entries: [[UInt8]]
  /// Their leaf hashes.
  public let leaves: [Hash]
  /// For each entry between header and seal its codes: one for a transaction, one per row for rows.
  public let codes: [[ErrorCode]]
  /// The state after it.
  public let app: App
  /// The log's right edge after it.
  public let log: MerkleFrontier
  /// The log's right edge before its seal: with the seal's leaf hash it gives the log's root.
  public let beforeSeal: MerkleFrontier
  /// Index of its header in the log.
  public let firstIndex: UInt64
  let admitted: [Admitted]

  init(
    batch: Batch, items: [PreparedBatch.Item], seal: Seal, entries: [[UInt8]], leaves: [Hash], codes: [[ErrorCode]],
    app: App, log: MerkleFrontier, beforeSeal: MerkleFrontier, admitted: [Admitted], firstIndex: UInt64
  ) {
    self.batch = batch
    self.items = items
    self.seal = seal
    self.entries = entries
    self.leaves = leaves
    self.codes = codes
    self.app = app
    self.log = log
    self.beforeSeal = beforeSeal
    self.admitted = admitted
    self.firstIndex = firstIndex
  }

  /// Size and root of the log after it.
  public var head: LogHead { LogHead(size: log.size, root: log.root) }
}

/// A transaction that a block let in, whether or not its contract then refused it.
struct Admitted: Sendable {
  let name: TransactionID
  let expiry: Timestamp
  let byteCount: Int
}
