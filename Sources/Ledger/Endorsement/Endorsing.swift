internal import TransparencyLog

/// One organisation's part in a chain: a pure state machine over events, which returns effects.
///
/// States of the block in flight: none → voted → locked → cosigned → certified (none again). A value that
/// the rules call invalid is skipped by everyone alike. Nothing is ever taken back.
public struct Endorsing<App: Application>: Sendable {
  /// Seconds of silence after which time is refreshed by an empty batch before transactions go in.
  public static var silence: UInt64 { 60 }
  /// Seconds by which each organisation after the first waits longer before it proposes an empty batch.
  static var patience: UInt64 { 2 }
  /// Values and messages kept that are ahead of this organisation, and final checkpoints kept for those
  /// who are behind.
  static var lookahead: UInt64 { 16 }

  /// The chain after the last final block.
  public internal(set) var chain: Chain<App>
  /// The certificate on the last checkpoint; `nil` before the first block.
  public internal(set) var certificate: Certificate?
  /// The next sequence to come from the ordering engine.
  public internal(set) var nextSequence: UInt64 = 1

  let keys: OrganisationKeys
  /// Cosignatures on the last checkpoint that were verified when they arrived: the next header repeats them.
  var verified: [EndorserCosignature] = []
  var pool = Pool()
  var flight: Flight<App>?
  /// The last final checkpoints, oldest first, each with the set that certified it.
  var recent: [(checkpoint: CertifiedCheckpoint, certifiers: EndorserSet)] = []
  var proposal: (sequence: UInt64, bytes: [UInt8], prepared: PreparedBatch?)?
  var ahead: [(sequence: UInt64, batch: PreparedBatch?)] = []
  var early: [EndorsementMessage] = []
  /// When the last block became final here, by this organisation's clock; `nil` since it started.
  var finishedAt: Timestamp?
  /// Since when an empty batch is wanted at the next sequence, by this organisation's clock.
  var emptyWantedSince: Timestamp?
  /// What it said before it was restarted, about blocks that are not final.
  var spoken: [Statement] = []
  var stopped = false

  /// An organisation that starts at the genesis.
  public init(genesis: Genesis, keys: OrganisationKeys) throws(LedgerError) {
    chain = try Chain(genesis: genesis)
    self.keys = keys
  }

  /// Its ordinal among the endorsers; `nil` while it is none of them, and while one of its keys is not the one that
  /// stands for it: what it signed with a key that was changed would count for nothing, or spoil a checkpoint.
  public var ordinal: UInt32? {
    guard let member = chain.app.endorsers.member(voteKey: keys.vote.publicKey), member.keys == keys.publicKeys else {
      return nil
    }
    return member.ordinal
  }

  /// Whether it waits for others on a block.
  public var isInFlight: Bool { flight != nil }

  /// Whether transactions wait here to be proposed.
  public var hasWaiting: Bool { !pool.isEmpty }

  /// The batch it has just proposed at a sequence, as it was prepared when its transactions were handed in. Whoever
  /// runs it need not decode and verify again what he carries to the ordering engine himself.
  public func proposed(at sequence: UInt64) -> PreparedBatch? {
    proposal?.sequence == sequence ? proposal?.prepared : nil
  }

  /// Takes in one event and says what to do.
  public mutating func handle(_ event: Event, at now: Timestamp) -> [Effect<App>] {
    handle([event], at: now)
  }

  /// Takes in events that arrived together, in this order, and says what to do about all of them: transactions
  /// that come together are proposed together.
  public mutating func handle(_ events: [Event], at now: Timestamp) -> [Effect<App>] {
    guard !stopped else { return [] }
    var effects: [Effect<App>] = []
    for event in events {
      switch event {
      case .submitted(let submission): submit(submission, now, &effects)
      case .ordered(let sequence, let batch): order(batch, at: sequence, now, &effects)
      case .received(let message): receive(message, &effects)
      case .tick:
        effects.append(.read(from: nextSequence))
        resend(&effects)
      }
    }
    advance(now, &effects)
    return effects
  }
}

extension Endorsing {
  private mutating func submit(_ submission: Submission, _ now: Timestamp, _ effects: inout [Effect<App>]) {
    let transaction = submission.transaction
    do throws(LedgerError) {
      guard Proposal.headerReserve + submission.framedByteCount <= Int(chain.genesis.limits.batchBytes) else {
        throw LedgerError(.tooLarge, "the transaction and its rows do not fit into a batch")
      }
      // Judged by the wall clock: block time lags behind after a silence and catches up first.
      try chain.admit(transaction, byteCount: submission.byteCount, at: max(now, chain.time))
      try pool.add(submission)
    } catch {
      effects.append(.refuse(transaction.name, error))
    }
  }

  private mutating func order(
    _ batch: PreparedBatch?, at sequence: UInt64, _ now: Timestamp, _ effects: inout [Effect<App>]
  ) {
    guard sequence >= nextSequence, !ahead.contains(where: { $0.sequence == sequence }) else { return }
    // Also from beyond what is kept: behind a long row of values that count for nothing stands the one batch
    // that shows the block in flight to be final.
    if let batch { _ = finish(certifiedBy: batch.batch, now, &effects) }
    if sequence < nextSequence + Self.lookahead { ahead.append((sequence, batch)) }
  }

  /// Goes on as far as what has arrived allows: finishes flights, takes up batches, proposes.
  private mutating func advance(_ now: Timestamp, _ effects: inout [Effect<App>]) {
    while !stopped {
      if flight != nil {
        if progress(now, &effects) { continue }
        return
      }
      guard let index = ahead.firstIndex(where: { $0.sequence == nextSequence }) else { break }
      let (sequence, batch) = ahead.remove(at: index)
      take(batch, at: sequence, now, &effects)
    }
    if !stopped { propose(now, &effects) }
  }

  /// Validates, executes and votes for the value at the next sequence, or skips it.
  private mutating func take(
    _ prepared: PreparedBatch?, at sequence: UInt64, _ now: Timestamp, _ effects: inout [Effect<App>]
  ) {
    nextSequence = sequence + 1
    emptyWantedSince = nil
    if let mine = proposal, mine.sequence == sequence { proposal = nil }
    guard let prepared else { return }
    let block: ExecutedBlock<App>
    do throws(LedgerError) {
      let certificate = try chain.validate(prepared.batch, at: sequence, verified: verified)
      block = try chain.execute(prepared, certificate: certificate)
    } catch {
      // Invalid for everyone alike, since validity is a function of the log: the next batch goes on.
      return
    }
    let statement = Statement(
      chain: chain.id, epoch: chain.epoch, sequence: sequence, batch: block.batch.hash, size: block.log.size,
      root: block.log.root)
    flight = Flight(block, statement: statement, origin: chain.genesis.origin)
    // Who is behind finds the certificate in the next batch and has no need to vote.
    for (_, next) in ahead {
      if let next, finish(certifiedBy: next.batch, now, &effects) { return }
    }
    let waiting = early
    early = []
    for message in waiting { keep(message) }
    effects.append(.store(.batch(block.batch)))
    vote(&effects)
  }
}
