internal import Dispatch
internal import Ledger
internal import Synchronization
internal import TransparencyLog

/// Walks over a log's entries block by block and checks how the blocks hang together, without executing them.
///
/// What a quorum signed is believed: the state, the results and the due steps that a seal names. Everything around it
/// is not: links, places, counts, roots, times, proposers and certificates.
struct BlockWalk {
  /// Signatures that wait until they are worth the cores.
  private static let grouped = 64

  /// The signatures of one block.
  private struct Signatures: Sendable {
    let place: String
    let batch: Batch
    let proposer: Endorser
    /// The checkpoint before the block and who had to certify it; `nil` before the first.
    let certified: (head: LogHead, endorsers: EndorserSet)?
    let origin: String
  }

  /// The chain's beginning.
  let genesis: Genesis
  private let policies: TrustedPolicies
  private var log = MerkleFrontier()
  private var open = LoggedBlock()
  private var waiting: [Signatures] = []
  /// Of the last block: its height, time, batch, and sequence.
  private(set) var height: UInt64 = 0
  private var time: Timestamp
  private var previous: Hash
  private var sequence: UInt64 = 0
  private(set) var transactions: UInt64 = 0
  private(set) var failed: UInt64 = 0

  /// - Parameter genesis: entry 0's, which is taken for read.
  init(genesis: Genesis, policies: TrustedPolicies) {
    self.genesis = genesis
    self.policies = policies
    time = genesis.time
    previous = genesis.chain
    log.append(.leaf(Entry.make(.genesis, genesis.bytes)))
  }

  /// Takes the entries behind those before.
  mutating func add(_ entries: ArraySlice<[UInt8]>, _ leaves: ArraySlice<Hash>) throws {
    for (entry, leaf) in zip(entries, leaves) {
      let kind = entry.first.flatMap { EntryKind(rawValue: $0) }
      switch (kind, open.entries.isEmpty) {
      case (.header, true), (.transaction, false), (.rows, false), (.seal, false):
        open.entries.append(entry)
        open.leaves.append(leaf)
      default:
        throw AuditFailure(
          .badBlock, "entry \(log.size + UInt64(open.entries.count))",
          "a block is header, transactions and rows, seal")
      }
      if kind == .seal {
        let block = open
        open = LoggedBlock()
        try take(block)
      }
    }
  }

  /// Checks what is left; the log must end with a seal.
  ///
  /// - Returns: the set that had to certify the last checkpoint.
  mutating func finish() throws -> EndorserSet? {
    try verifySignatures()
    guard open.entries.isEmpty else {
      throw AuditFailure(
        .badBlock, "entry \(log.size + UInt64(open.entries.count))", "the log ends within a block")
    }
    guard height > 0 else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "a checkpoint is issued after a seal, and there is none")
    }
    return policies.term(size: log.size).endorsers
  }

  private mutating func take(_ block: LoggedBlock) throws {
    let place = "block \(height + 1) (entries \(log.size) to \(log.size + UInt64(block.entries.count) - 1))"
    let batch: Batch
    do throws(LedgerError) {
      batch = try Batch(
        signedHeader: Array(block.entries[0].dropFirst()), entries: Array(block.entries.dropFirst().dropLast()),
        leaves: Array(block.leaves.dropFirst().dropLast()))
    } catch {
      throw AuditFailure(.invalidBatch, place, "\(error)")
    }
    try link(batch, place)
    try seal(block.entries[block.entries.count - 1], of: batch, place)
    for leaf in block.leaves { log.append(leaf) }
    for term in policies.terms where term.height == height && height > 0 {
      guard term.after == log.size, term.root == log.root else {
        throw AuditFailure(.wrongFile, PolicyChanges.path, "its change after block \(height) is of another log")
      }
    }
    if waiting.count >= BlockWalk.grouped { try verifySignatures() }
  }

  /// The header follows the block before, and is by somebody who endorses.
  private mutating func link(_ batch: Batch, _ place: String) throws {
    let header = batch.header
    func invalid(_ why: String) -> AuditFailure { AuditFailure(.invalidBatch, place, why) }
    guard header.chain == genesis.chain else { throw invalid("made for another chain") }
    // No epoch has followed the first yet.
    guard header.epoch == 0 else { throw invalid("made in another epoch") }
    guard header.sequence > sequence else { throw invalid("made for sequence \(header.sequence)") }
    guard header.previous == previous else { throw invalid("does not follow the batch before") }
    guard let proposer = policies.term(size: log.size + 1).endorsers?.member(ordinal: header.proposer) else {
      throw invalid("not by an endorser")
    }
    var certified: (head: LogHead, endorsers: EndorserSet)?
    if height > 0 {
      guard let endorsers = policies.term(size: log.size).endorsers else { throw invalid("nobody is known to certify") }
      certified = (LogHead(size: log.size, root: log.root), endorsers)
    } else if !header.certificate.isEmpty {
      throw invalid("a certificate before the first checkpoint")
    }
    waiting.append(
      Signatures(place: place, batch: batch, proposer: proposer, certified: certified, origin: genesis.origin))
  }

  /// The seal names the batch, and what of it does not come from execution is right.
  private mutating func seal(_ entry: [UInt8], of batch: Batch, _ place: String) throws {
    func wrong(_ why: String) -> AuditFailure { AuditFailure(.wrongSeal, place, why) }
    guard let seal = try? Seal(entry: entry) else { throw wrong("the seal does not decode") }
    guard seal.height == height + 1 else { throw wrong("the seal says height \(seal.height)") }
    guard seal.batch == batch.hash else { throw wrong("the seal names another batch") }
    let times = batch.header.certificate.map(\.time).sorted()
    let expected = times.isEmpty ? time : max(time, times[(times.count - 1) / 2])
    guard seal.time == expected else {
      throw wrong("block time \(seal.time.seconds) where \(expected.seconds) follows")
    }
    let sent = batch.entries.count { $0.first == EntryKind.transaction.rawValue }
    guard Int(seal.transactions) == sent, UInt64(seal.failed) <= UInt64(sent) + UInt64(seal.rows),
      seal.steps <= genesis.limits.dueSteps
    else { throw wrong("other counts") }
    height = seal.height
    time = seal.time
    previous = seal.batch
    sequence = batch.header.sequence
    transactions += UInt64(seal.transactions)
    failed += UInt64(seal.failed)
  }

  /// Verifies headers and certificates that wait, on all cores; the first wrong one counts.
  private mutating func verifySignatures() throws {
    let all = waiting
    waiting = []
    let failures = Mutex([AuditFailure?](repeating: nil, count: all.count))
    DispatchQueue.concurrentPerform(iterations: all.count) { number in
      let failure = BlockWalk.failure(of: all[number])
      failures.withLock { $0[number] = failure }
    }
    if let first = failures.withLock({ $0.compactMap(\.self).first }) { throw first }
  }

  private static func failure(of block: Signatures) -> AuditFailure? {
    guard block.batch.isSigned(by: block.proposer.keys.vote) else {
      return AuditFailure(.invalidBatch, block.place, "not signed by the endorser who proposed it")
    }
    guard let certified = block.certified else { return nil }
    do throws(LedgerError) {
      _ = try Certificate(
        validating: block.batch.header.certificate, head: certified.head, origin: block.origin,
        endorsers: certified.endorsers)
      return nil
    } catch {
      return AuditFailure(.invalidBatch, block.place, "\(error)")
    }
  }
}
