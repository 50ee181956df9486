internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Storage
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// A transaction that stands in a final block, with those who wait to hear of it.
struct Settled: Sendable {
  let placement: Placement
  let waiters: [CheckedContinuation<Placement, any Error>]
}

/// A final block on its way to the disk.
struct Publication: Sendable {
  let block: CertifiedBlock<AidChain>
  let certifiers: EndorserSet
  let settled: [Settled]
  /// The journal's position before everything that later blocks need.
  let mark: UInt64
}

/// The organisations that one process runs: events in, effects carried out.
///
/// All on one thread, which may wait for the disk. What an organisation stores is durable before anything it
/// says afterwards leaves: records of one round of events share one write and one sync.
actor ChainLoop {
  private nonisolated let executor: ThreadExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let genesis: Genesis
  private let clock: @Sendable () -> Timestamp
  private let publications: BoundedQueue<Publication>
  private let openJournal: @Sendable () throws -> Journal
  private let logger: Logger
  private var journal: Journal
  private var participants: [Endorsing<AidChain>]
  private var ordering: FileOrdering
  private var releasedBelow: UInt64

  /// Events for each organisation that it has not seen yet.
  private var deliveries: [(place: Int, event: Event)] = []
  private var isPumping = false
  /// Set from outside: the thread may be waiting for a full disk when the node is told to stop.
  private nonisolated let isStopping = Atomic(false)
  /// Transactions that wait here, by their entry: a batch made of them need not verify them again.
  private var known: [[UInt8]: VerifiedTransaction] = [:]
  private var waiters: [TransactionID: [CheckedContinuation<Placement, any Error>]] = [:]
  private var prepared: (sequence: UInt64, batch: PreparedBatch?)?
  private var divergence: NodeError?

  init(
    _ start: ChainStart, clock: @escaping @Sendable () -> Timestamp, publications: BoundedQueue<Publication>,
    logger: Logger
  ) {
    executor = ThreadExecutor(name: "tongzhou loop")
    genesis = start.chain.genesis
    self.clock = clock
    self.publications = publications
    self.logger = logger
    journal = start.journal
    openJournal = start.openJournal
    participants = start.participants
    ordering = start.ordering
    releasedBelow = start.chain.sequence
  }

  /// Hands in a verified transaction and waits until it is final or refused.
  func submit(_ transaction: VerifiedTransaction, entries: [[UInt8]]) async throws -> Placement {
    if let divergence { throw divergence }
    guard !isStopping.load(ordering: .relaxed) else { throw NodeError(.stopping, "the node is stopping") }
    return try await withCheckedThrowingContinuation { continuation in
      if waiters[transaction.name] != nil {
        // The same bytes again wait for the same block; other bytes under the same name are a mistake.
        guard known[entries[0]] != nil else {
          continuation.resume(throwing: LedgerError(.replayed, "another transaction of this name waits"))
          return
        }
        waiters[transaction.name]?.append(continuation)
        return
      }
      waiters[transaction.name] = [continuation]
      known[entries[0]] = transaction
      deliver(.submitted(transaction, entries: entries), to: 0)
    }
  }

  /// Time passes.
  func tick() {
    for place in participants.indices { deliver(.tick, to: place) }
  }

  /// The blocks before a mark are published and durable.
  func release(below mark: UInt64, sequence: UInt64) {
    ordering.release(below: sequence, from: releasedBelow)
    releasedBelow = max(releasedBelow, sequence)
    do {
      try journal.release(below: mark)
    } catch {
      logger.warning("journal not shortened", metadata: ["error": "\(error)"])
    }
  }

  /// The state an organisation of this process has after its last final block.
  var chain: Chain<AidChain> { participants[0].chain }

  /// Takes no more transactions; those that wait are told so.
  nonisolated func stop() async {
    isStopping.store(true, ordering: .relaxed)
    await fail(NodeError(.stopping, "the node stopped before the transaction was final"))
  }

  private func fail(_ error: NodeError) {
    let waiting = waiters
    waiters = [:]
    known = [:]
    for continuations in waiting.values {
      for continuation in continuations { continuation.resume(throwing: error) }
    }
  }

  /// Ends the thread; to be called last.
  nonisolated func end() { executor.stop() }
}

extension ChainLoop {
  private func deliver(_ event: Event, to place: Int) {
    deliveries.append((place, event))
    guard !isPumping else { return }
    isPumping = true
    // As a job of its own: what arrives meanwhile is taken up together.
    Task { self.pump() }
  }

  private func pump() {
    defer { isPumping = false }
    while !deliveries.isEmpty && divergence == nil {
      let round = deliveries
      deliveries = []
      var records: [Journalled] = []
      var held: [(place: Int, effect: Effect<AidChain>)] = []
      let now = clock()
      for place in participants.indices {
        let events = round.compactMap { $0.place == place ? $0.event : nil }
        if events.isEmpty { continue }
        for effect in participants[place].handle(events, at: now) {
          switch effect {
          case .store(let record):
            if let kept = kept(record, by: place) { records.append(kept) }
          case .append(let sequence, let bytes):
            if ordering.append(bytes, at: sequence) { records.append(.value(sequence: sequence, bytes)) }
            held.append((place, effect))
          default: held.append((place, effect))
          }
        }
      }
      guard persist(records) else { return }
      for (place, effect) in held { carryOut(effect, of: place) }
    }
  }

  /// What of an organisation's records has to be written: batches are in the journal as the engine's values.
  private func kept(_ record: StoredRecord, by place: Int) -> Journalled? {
    switch record {
    case .proposal, .batch: nil
    case .vote, .voteCertificate, .lock, .cosigned: .stored(place: UInt8(place), record)
    }
  }

  /// Writes records and waits for the disk. Nothing goes on before it is done: a full disk stops everything until
  /// there is room again.
  ///
  /// - Returns: false if the node was stopped before it could be done.
  private func persist(_ records: [Journalled]) -> Bool {
    if records.isEmpty { return true }
    while true {
      do {
        for record in records {
          let (kind, body) = try record.encoded()
          try journal.append(kind, body)
        }
        try journal.sync()
        return true
      } catch {
        logger.error("journal not written; trying again", metadata: ["error": "\(error)"])
        if isStopping.load(ordering: .relaxed) { return false }
        Thread.sleep(forTimeInterval: 1)
        // A failed sync says nothing about what is on the disk: read it anew and write the round once more.
        // Records that stand there twice say the same.
        if let reopened = try? openJournal() { journal = reopened }
      }
    }
  }

  private func carryOut(_ effect: Effect<AidChain>, of place: Int) {
    switch effect {
    case .append(let sequence, _): announce(sequence)
    case .read(let first):
      var sequence = first
      while ordering.value(at: sequence) != nil {
        if let event = ordered(sequence) { deliver(event, to: place) }
        sequence += 1
      }
    case .broadcast(let message):
      for other in participants.indices where other != place { deliver(.received(message), to: other) }
    case .send(let ordinal, let message):
      if let other = participants.firstIndex(where: { $0.ordinal == ordinal }) {
        deliver(.received(message), to: other)
      }
    case .publish(let block):
      if place == 0 { publish(block) }
    case .refuse(let name, let error): refuse(name, error)
    case .diverged(let ours, let theirs):
      let error = NodeError(
        .diverged, "organisation \(place), sequence \(ours.sequence): log root \(ours.root), others \(theirs.root)")
      logger.critical("stopped", metadata: ["error": "\(error)"])
      divergence = error
      fail(error)
    case .store: break
    }
  }

  private func announce(_ sequence: UInt64) {
    guard let event = ordered(sequence) else { return }
    for place in participants.indices { deliver(event, to: place) }
  }

  private func ordered(_ sequence: UInt64) -> Event? {
    if let prepared, prepared.sequence == sequence { return .ordered(sequence: sequence, prepared.batch) }
    guard let bytes = ordering.value(at: sequence) else { return nil }
    let batch = (try? Batch(decoding: bytes)).map { batch in
      PreparedBatch(batch, items: items(of: batch))
    }
    prepared = (sequence, batch)
    return .ordered(sequence: sequence, batch)
  }

  /// What was verified on its way in is not verified again; anything else is, on all cores.
  private func items(of batch: Batch) -> [PreparedBatch.Item] {
    guard batch.entries.contains(where: { $0.first == EntryKind.transaction.rawValue && known[$0] == nil }) else {
      return batch.entries.map { entry in
        known[entry].map { .transaction($0) } ?? .rows(RowEntries.unpack(entry))
      }
    }
    return ParallelPreparation.items(batch.entries, genesis: genesis)
  }

  private func refuse(_ name: TransactionID, _ error: LedgerError) {
    for continuation in waiters.removeValue(forKey: name) ?? [] { continuation.resume(throwing: error) }
    if let entry = known.first(where: { $0.value.name == name })?.key { known[entry] = nil }
  }

  private func publish(_ certified: CertifiedBlock<AidChain>) {
    let block = certified.block
    var settled: [Settled] = []
    var offset = 0
    while offset < block.batch.entries.count {
      let entry = block.batch.entries[offset]
      var end = offset + 1
      while end < block.batch.entries.count, block.batch.entries[end].first == EntryKind.rows.rawValue { end += 1 }
      if let transaction = known.removeValue(forKey: entry), let waiting = waiters.removeValue(forKey: transaction.name)
      {
        settled.append(
          Settled(
            placement: Placement(
              index: block.firstIndex + 1 + UInt64(offset), height: block.seal.height, code: block.codes[offset][0],
              rows: block.codes[(offset + 1)..<end].flatMap { $0 }), waiters: waiting))
      }
      offset = end
    }
    publications.put(
      Publication(
        block: certified, certifiers: participants[0].chain.certifiers, settled: settled, mark: journal.mark()))
  }
}
