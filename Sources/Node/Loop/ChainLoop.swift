internal import Contracts
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
  let block: CertifiedBlock<ChainState>
  let certifiers: EndorserSet
  let settled: [Settled]
  /// The journal's position before everything that later blocks need.
  let mark: UInt64

  /// Tells those who wait that the node stops before the block is on the disk. It is in the journal, so it will be.
  func abandon() {
    let error = NodeError(.stopping, "the node stopped before the transaction was acknowledged")
    for waiter in settled.flatMap(\.waiters) { waiter.resume(throwing: error) }
  }
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
  private let patience: DiskPatience
  private var journal: Journal
  private var participants: [Endorsing<ChainState>]
  private var ordering: FileOrdering
  private var releasedBelow: UInt64
  /// Of each sequence that is not published yet, the journal's position before what it says of it.
  private var marks: [UInt64: UInt64]
  /// Set when the node was stopped before the disk took a round: what was to be said then is lost, so nothing may
  /// follow.
  private var isHalted = false

  /// Events for each organisation that it has not seen yet.
  private var deliveries: [[Event]]
  private var waiters: [TransactionID: Waiter] = [:]
  private var prepared: (sequence: UInt64, batch: PreparedBatch?)?
  private var divergence: NodeError?
  private var publishedAt: ContinuousClock.Instant?
  /// What arrives from other threads, taken up together by the next round.
  private nonisolated let inbox = Mutex(Inbox())
  /// Set from outside: the thread may be waiting for a full disk when the node is told to stop.
  private nonisolated let isStopping = Atomic(false)

  /// How long transactions gather after a block.
  private static let gathering = Duration.milliseconds(20)
  /// How long they do where at least so many have come until then, and blocks of so many before a checkpoint.
  static let busyGathering = Duration.milliseconds(100)
  static let busy = 100

  /// Those who wait for one transaction.
  private struct Waiter {
    let transaction: VerifiedTransaction
    var continuations: [CheckedContinuation<Placement, any Error>]
  }

  private struct Inbox {
    var submissions: [(Submission, CheckedContinuation<Placement, any Error>)] = []
    var hasTick = false
    /// Blocks before this mark are published and durable.
    var released: (mark: UInt64, sequence: UInt64)?
    /// Whether a round is under way or called for.
    var isAwake = false
    var isClosed = false
  }

  init(
    _ start: ChainStart, clock: @escaping @Sendable () -> Timestamp, publications: BoundedQueue<Publication>,
    patience: DiskPatience, logger: Logger
  ) {
    executor = ThreadExecutor(name: "tongzhou loop")
    genesis = start.chain.genesis
    self.clock = clock
    self.publications = publications
    self.patience = patience
    self.logger = logger
    journal = start.journal
    openJournal = start.openJournal
    participants = start.participants
    ordering = start.ordering
    releasedBelow = start.chain.sequence
    marks = Dictionary(uniqueKeysWithValues: start.unpublished.map { ($0, 0) })
    deliveries = start.participants.map { _ in [] }
  }

  /// Hands in a transaction and waits until it is final or refused.
  nonisolated func submit(_ submission: Submission) async throws -> Placement {
    try await withCheckedThrowingContinuation { continuation in
      let isOpen = change { inbox in
        if inbox.isClosed { return false }
        inbox.submissions.append((submission, continuation))
        return true
      }
      if !isOpen { continuation.resume(throwing: NodeError(.stopping, "the node is stopping")) }
    }
  }

  /// Time passes.
  nonisolated func tick() { change { $0.hasTick = true } }

  /// The blocks before a mark are published and durable.
  nonisolated func release(below mark: UInt64, sequence: UInt64) { change { $0.released = (mark, sequence) } }

  /// Puts something into the inbox, and calls for a round unless one is called for.
  private nonisolated func change<T>(_ body: (inout Inbox) -> T) -> T {
    let (result, wakes) = inbox.withLock { inbox in
      let result = body(&inbox)
      defer { inbox.isAwake = true }
      return (result, !inbox.isAwake)
    }
    if wakes { Task { await self.pump() } }
    return result
  }

  /// The state an organisation of this process has after its last final block.
  var chain: Chain<ChainState> { participants[0].chain }

  /// Lets a write that the disk refuses not be tried again.
  nonisolated func giveUp() { isStopping.store(true, ordering: .relaxed) }

  /// Takes no more transactions; those that wait are told so.
  nonisolated func stop() async {
    giveUp()
    change { $0.isClosed = true }
    await fail(NodeError(.stopping, "the node stopped before the transaction was final"))
  }

  private func fail(_ error: NodeError) {
    takeUp()
    let waiting = waiters
    waiters = [:]
    for waiter in waiting.values {
      for continuation in waiter.continuations { continuation.resume(throwing: error) }
    }
  }

  /// Ends the thread; to be called last.
  nonisolated func end() { executor.stop() }
}

extension ChainLoop {
  /// Takes what came in from other threads.
  private func takeUp() {
    let taken = inbox.withLock { inbox in
      defer {
        inbox.submissions = []
        inbox.hasTick = false
        inbox.released = nil
      }
      return inbox
    }
    if let (mark, sequence) = taken.released {
      ordering.release(below: sequence, from: releasedBelow)
      releasedBelow = max(releasedBelow, sequence)
      do {
        try journal.release(below: mark)
      } catch {
        logger.warning("journal not shortened", metadata: ["error": "\(error)"])
      }
    }
    for (submission, continuation) in taken.submissions { wait(for: submission, continuation) }
    if taken.hasTick {
      for place in participants.indices { deliver(.tick, to: place) }
    }
  }

  private func wait(for submission: Submission, _ continuation: CheckedContinuation<Placement, any Error>) {
    if let divergence { return continuation.resume(throwing: divergence) }
    let transaction = submission.transaction
    guard let earlier = waiters[transaction.name] else {
      waiters[transaction.name] = Waiter(transaction: transaction, continuations: [continuation])
      return deliver(.submitted(submission), to: 0)
    }
    // The same bytes again wait for the same block; other bytes under the same name are a mistake.
    guard earlier.transaction.hasSameBytes(as: transaction) else {
      return continuation.resume(throwing: LedgerError(.replayed, "another transaction of this name waits"))
    }
    waiters[transaction.name]?.continuations.append(continuation)
  }

  private func deliver(_ event: Event, to place: Int) { deliveries[place].append(event) }

  /// Rounds, until nothing is left to do.
  private func pump() {
    while divergence == nil && !isHalted {
      if deliveries.allSatisfy(\.isEmpty) {
        // Between blocks, so that what comes during one does not make a small next one.
        gather()
        takeUp()
      }
      if deliveries.allSatisfy(\.isEmpty) {
        let isDone = inbox.withLock { inbox in
          if !inbox.submissions.isEmpty || inbox.hasTick || inbox.released != nil { return false }
          inbox.isAwake = false
          return true
        }
        if isDone { return }
        continue
      }
      guard round() else { break }
    }
    // Stands still from now on; whoever comes is told so.
    inbox.withLock { $0.isAwake = false }
    takeUp()
  }

  /// Lets transactions gather for a moment after a block: each block costs signatures, syncs and files of its own, so
  /// that a busy node is faster with fewer. Who comes to an idle one does not wait.
  private func gather() {
    guard let publishedAt else { return }
    sleep(until: publishedAt + ChainLoop.gathering)
    if inbox.withLock({ $0.submissions.count }) >= ChainLoop.busy {
      sleep(until: publishedAt + ChainLoop.busyGathering)
    }
  }

  private func sleep(until end: ContinuousClock.Instant) {
    let left = end - .now
    if left > .zero { Thread.sleep(forTimeInterval: left / .seconds(1)) }
  }

  /// Everything that arrived goes to the organisations; what they store is durable before what they say leaves.
  ///
  /// - Returns: false if the node was stopped before the disk took it.
  private func round() -> Bool {
    let events = deliveries
    for place in deliveries.indices { deliveries[place] = [] }
    var records: [Journalled] = []
    var held: [(place: Int, effect: Effect<ChainState>)] = []
    let now = clock()
    for place in participants.indices where !events[place].isEmpty {
      for effect in participants[place].handle(events[place], at: now) {
        switch effect {
        case .store(let record):
          if let kept = kept(record, by: place) { records.append(kept) }
        case .append(let sequence, let bytes):
          if ordering.append(bytes, at: sequence) {
            records.append(.value(sequence: sequence, bytes))
            // What this process made it need not decode and verify again.
            if let batch = participants[place].proposed(at: sequence) { prepared = (sequence, batch) }
          }
          held.append((place, effect))
        default: held.append((place, effect))
        }
      }
    }
    guard persist(records) else {
      isHalted = true
      return false
    }
    for (place, effect) in held { carryOut(effect, of: place) }
    return true
  }

  /// What of an organisation's records has to be written: batches are in the journal as the engine's values.
  private func kept(_ record: StoredRecord, by place: Int) -> Journalled? {
    switch record {
    case .proposal, .batch: nil
    case .vote, .voteCertificate, .lock, .cosigned:
      participants[place].ordinal.map { .stored(by: UInt8($0), record) }
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
        let mark = journal.mark()
        for record in records {
          let (kind, body) = try record.encoded()
          // More than one group holds: all of them are durable before anything is said.
          if journal.waitingBytes + body.count > Journal.maximumWaitingBytes / 2 { try journal.sync() }
          try journal.append(kind, body)
          if let sequence = record.sequence { marks[sequence] = min(mark, marks[sequence] ?? mark) }
        }
        try journal.sync()
        return true
      } catch {
        patience.note(.journal, error)
        if isStopping.load(ordering: .relaxed) { return false }
        patience.wait()
        // A failed sync says nothing about what is on the disk: read it anew and write the round once more.
        // Records that stand there twice say the same.
        if let reopened = try? openJournal() { journal = reopened }
      }
    }
  }

  private func carryOut(_ effect: Effect<ChainState>, of place: Int) {
    switch effect {
    case .append(let sequence, _): announce(sequence)
    case .read(let first):
      // What it took up since it asked need not come again.
      var sequence = max(first, participants[place].nextSequence)
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
    let batch = (try? Batch(decoding: bytes)).map { ParallelPreparation.prepare($0, genesis: genesis) }
    prepared = (sequence, batch)
    return .ordered(sequence: sequence, batch)
  }

  private func refuse(_ name: TransactionID, _ error: LedgerError) {
    for continuation in waiters.removeValue(forKey: name)?.continuations ?? [] {
      continuation.resume(throwing: error)
    }
  }

  private func publish(_ certified: CertifiedBlock<ChainState>) {
    let block = certified.block
    var settled: [Settled] = []
    for (offset, item) in block.items.enumerated() {
      guard case .transaction(let transaction) = item, let waiter = waiters.removeValue(forKey: transaction.name) else {
        continue
      }
      guard waiter.transaction.hasSameBytes(as: transaction) else {
        let error = LedgerError(.replayed, "another transaction of this name stands in a block")
        for continuation in waiter.continuations { continuation.resume(throwing: error) }
        continue
      }
      var end = offset + 1
      while end < block.items.count, case .rows = block.items[end] { end += 1 }
      settled.append(
        Settled(
          placement: Placement(
            index: block.firstIndex + 1 + UInt64(offset), height: block.seal.height, code: block.codes[offset][0],
            rows: block.codes[(offset + 1)..<end].flatMap { $0 }), waiters: waiter.continuations))
    }
    publishedAt = .now
    let sequence = block.batch.header.sequence
    marks = marks.filter { $0.key > sequence }
    let publication = Publication(
      block: certified, certifiers: participants[0].chain.certifiers, settled: settled,
      mark: min(journal.mark(), marks.values.min() ?? .max))
    if !publications.put(publication) { publication.abandon() }
  }
}
