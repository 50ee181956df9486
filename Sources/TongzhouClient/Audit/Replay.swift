public import Contracts
public import Ledger
internal import MutualAid
public import TransparencyLog

/// Executes a log's entries block by block and compares every seal.
public struct Replay {
  /// Entries worth verifying together: fewer leave cores idle at the end of each group, more only take memory.
  public static let groupedEntries = 4096

  /// Takes a block that was executed and compared, with the set that had to certify it.
  public typealias Observer = (ExecutedBlock<ChainState>, EndorserSet) throws -> Void

  /// The chain after the last complete block.
  public private(set) var chain: Chain<ChainState>
  /// The height from which each set of endorsers there ever was governs.
  private(set) var endorserSets: [(height: UInt64, endorsers: EndorserSet)]
  private(set) var transactions: UInt64 = 0
  private(set) var failed: UInt64 = 0
  /// The changes of the watched membership, oldest first.
  private(set) var changes: [MembershipChange] = []
  /// Entries of the block that is not complete yet, and the index of the next entry.
  private var open = LoggedBlock()
  private var preparing: Preparation?
  private var index: UInt64
  private let observe: Observer

  /// Goes on after a chain's last block.
  public init(after chain: Chain<ChainState>, observe: @escaping Observer = { _, _ in }) {
    self.chain = chain
    self.observe = observe
    index = chain.log.size
    endorserSets = [(chain.height, chain.app.endorsers)]
  }

  init(
    genesis entry: [UInt8], pinned: Hash?, watching membership: UInt32?, observe: Observer? = nil
  ) throws {
    guard entry.first == EntryKind.genesis.rawValue else {
      throw AuditFailure(.badBlock, "entry 0", "the log does not begin with a genesis")
    }
    do throws(LedgerError) {
      let genesis = try Genesis(decoding: Array(entry.dropFirst()))
      if let pinned, genesis.chain != pinned {
        throw LedgerError(.wrongChain, "the chain's id is \(genesis.chain)")
      }
      var app = try ChainState(genesis: genesis)
      if observe != nil { app.watchEverything() }
      if let membership { app.watch(.membership(membership)) }
      chain = try Chain(genesis: genesis, app: app)
    } catch {
      throw AuditFailure(.wrongGenesis, "entry 0", "\(error)")
    }
    endorserSets = [(0, chain.app.endorsers)]
    index = 1
    self.observe = observe ?? { _, _ in }
  }

  /// Takes up entries and hands over the blocks they complete.
  ///
  /// - Parameter leaves: their leaf hashes, where the caller has them already.
  public mutating func add(_ entries: [[UInt8]], leaves: [Hash]? = nil, into blocks: inout [LoggedBlock]) throws {
    for (offset, entry) in entries.enumerated() {
      let kind = entry.first.flatMap { EntryKind(rawValue: $0) }
      switch (kind, open.entries.isEmpty) {
      case (.header, true), (.transaction, false), (.rows, false), (.seal, false):
        open.entries.append(entry)
        if let leaves { open.leaves.append(leaves[offset]) }
      default:
        throw AuditFailure(.badBlock, "entry \(index)", "a block is header, transactions and rows, seal")
      }
      if kind == .seal {
        blocks.append(open)
        open = LoggedBlock()
      }
      index += 1
    }
  }

  /// Executes complete blocks; their signatures are verified on all cores first.
  public mutating func execute(_ blocks: inout [LoggedBlock]) throws {
    try enqueue(&blocks)
    try drain()
  }

  /// Begins to verify complete blocks on all cores, and meanwhile executes those of the call before.
  ///
  /// The chain is up to date only after ``drain()``.
  public mutating func enqueue(_ blocks: inout [LoggedBlock]) throws {
    let next = blocks.isEmpty ? nil : Preparation(blocks, genesis: chain.genesis)
    blocks = []
    try drain()
    preparing = next
  }

  /// Executes what was enqueued.
  public mutating func drain() throws {
    guard let waiting = preparing else { return }
    preparing = nil
    for (block, prepared) in zip(waiting.blocks, waiting.result()) {
      switch prepared {
      case .success(let batch): try execute(block.entries, batch)
      case .failure(let error): throw AuditFailure(.invalidBatch, "block \(chain.height + 1)", "\(error)")
      }
    }
  }

  private mutating func execute(_ block: [[UInt8]], _ prepared: PreparedBatch) throws {
    let place = "block \(chain.height + 1) (entries \(chain.log.size) to \(chain.log.size + UInt64(block.count) - 1))"
    let executed: ExecutedBlock<ChainState>
    do throws(LedgerError) {
      let certificate = try chain.validate(prepared.batch, at: prepared.batch.header.sequence)
      executed = try chain.execute(prepared, certificate: certificate)
    } catch {
      throw AuditFailure(.invalidBatch, place, "\(error)")
    }
    guard executed.seal.entry == block[block.count - 1] else {
      throw AuditFailure(.wrongSeal, place, difference(executed.seal, block[block.count - 1]))
    }
    let before = chain.app.endorsers
    chain.commit(executed)
    try observe(executed, before)
    changes += chain.app.changes.map(\.change)
    transactions += UInt64(executed.seal.transactions)
    failed += UInt64(executed.seal.failed)
    if chain.app.endorsers != before { endorserSets.append((chain.height, chain.app.endorsers)) }
    do throws(StateFault) { try chain.app.check() } catch { throw wrongSum(error, place) }
  }

  /// What in a seal is not what execution gives.
  private func difference(_ ours: Seal, _ entry: [UInt8]) -> String {
    guard let theirs = try? Seal(entry: entry) else { return "the seal does not decode" }
    if theirs.height != ours.height { return "the seal says height \(theirs.height)" }
    if theirs.time != ours.time { return "block time \(theirs.time.seconds) where \(ours.time.seconds) follows" }
    if theirs.batch != ours.batch { return "the seal names another batch" }
    if theirs.steps != ours.steps { return "\(theirs.steps) due steps where \(ours.steps) were due" }
    if theirs.results != ours.results || theirs.failed != ours.failed { return "other results of transactions" }
    if theirs.state != ours.state { return "another state: \(theirs.state) where \(ours.state) follows" }
    return "other counts"
  }

  /// The log must end with a seal, and every balance counted anew must be what the plans say.
  mutating func finish() throws {
    try drain()
    guard open.entries.isEmpty else {
      throw AuditFailure(.badBlock, "entry \(index)", "the log ends within a block")
    }
    do throws(StateFault) { try chain.app.recount() } catch { throw wrongSum(error, "block \(chain.height)") }
  }

  private func wrongSum(_ fault: StateFault, _ place: String) -> AuditFailure {
    AuditFailure(chain.app.isHearts ? .wrongHearts : .wrongMoney, place, fault.description)
  }
}
