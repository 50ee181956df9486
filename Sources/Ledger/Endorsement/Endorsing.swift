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
  /// Values and messages kept that are ahead of this organisation.
  static var lookahead: UInt64 { 16 }

  /// The chain after the last final block.
  public private(set) var chain: Chain<App>
  /// The certificate on the last checkpoint; `nil` before the first block.
  public private(set) var certificate: Certificate?
  /// The next sequence to come from the ordering engine.
  public private(set) var nextSequence: UInt64 = 1

  private let keys: OrganisationKeys
  private var pool = Pool()
  private var flight: Flight<App>?
  private var last: CertifiedCheckpoint?
  private var proposal: (sequence: UInt64, bytes: [UInt8])?
  private var ahead: [(sequence: UInt64, batch: PreparedBatch?)] = []
  private var early: [EndorsementMessage] = []
  private var stopped = false

  /// An organisation that starts at the genesis.
  public init(genesis: Genesis, keys: OrganisationKeys) throws(LedgerError) {
    chain = try Chain(genesis: genesis)
    self.keys = keys
  }

  /// Its ordinal among the endorsers; `nil` while it is none of them.
  public var ordinal: UInt32? { chain.app.endorsers.member(voteKey: keys.vote.publicKey)?.ordinal }

  /// Whether it waits for others on a block.
  public var isInFlight: Bool { flight != nil }

  /// Whether transactions wait here to be proposed.
  public var hasWaiting: Bool { !pool.isEmpty }

  /// Takes in one event and says what to do.
  public mutating func handle(_ event: Event, at now: Timestamp) -> [Effect<App>] {
    guard !stopped else { return [] }
    var effects: [Effect<App>] = []
    switch event {
    case .submitted(let transaction, let entries): submit(transaction, entries: entries, now, &effects)
    case .ordered(let sequence, let batch): order(batch, at: sequence)
    case .received(let message): receive(message, now, &effects)
    case .tick: resend(&effects)
    }
    advance(now, &effects)
    return effects
  }
}

extension Endorsing {
  private mutating func submit(
    _ transaction: VerifiedTransaction, entries: [[UInt8]], _ now: Timestamp, _ effects: inout [Effect<App>]
  ) {
    do throws(LedgerError) {
      let byteCount = entries.reduce(0) { $0 + $1.count }
      guard byteCount + Proposal.headerReserve <= Int(chain.genesis.limits.batchBytes) else {
        throw LedgerError(.tooLarge, "the transaction and its rows do not fit into a batch")
      }
      // Judged by the wall clock: block time lags behind after a silence and catches up first.
      try chain.admit(transaction, byteCount: byteCount, at: max(now, chain.time))
      try pool.add(transaction, entries: entries)
    } catch {
      effects.append(.refuse(transaction.name, error))
    }
  }

  private mutating func order(_ batch: PreparedBatch?, at sequence: UInt64) {
    guard sequence >= nextSequence, sequence < nextSequence + Self.lookahead,
      !ahead.contains(where: { $0.sequence == sequence })
    else { return }
    ahead.append((sequence, batch))
  }

  /// Goes on as far as what has arrived allows: finishes flights, takes up batches, proposes.
  private mutating func advance(_ now: Timestamp, _ effects: inout [Effect<App>]) {
    while !stopped {
      if flight != nil {
        if finishFromNextBatch(&effects) || progress(now, &effects) { continue }
        return
      }
      guard let index = ahead.firstIndex(where: { $0.sequence == nextSequence }) else { break }
      let (sequence, batch) = ahead.remove(at: index)
      take(batch, at: sequence, &effects)
    }
    if !stopped { propose(now, &effects) }
  }

  /// Validates, executes and votes for the value at the next sequence, or skips it.
  private mutating func take(_ prepared: PreparedBatch?, at sequence: UInt64, _ effects: inout [Effect<App>]) {
    nextSequence = sequence + 1
    if let mine = proposal, mine.sequence == sequence { proposal = nil }
    guard let prepared else { return }
    do throws(LedgerError) {
      let certificate = try chain.validate(prepared.batch, at: sequence)
      let block = try chain.execute(prepared, certificate: certificate)
      let statement = Statement(
        chain: chain.id, epoch: chain.epoch, sequence: sequence, batch: block.batch.hash, size: block.log.size,
        root: block.log.root)
      var flight = Flight(block, statement: statement, origin: chain.genesis.origin)
      effects.append(.store(.batch(block.batch)))
      if ordinal != nil {
        let vote = try SignedStatement(statement, domain: Domain.vote, key: keys.vote)
        _ = flight.note(vote: vote)
        effects.append(.store(.vote(vote)))
        effects.append(.broadcast(.vote(vote)))
      }
      self.flight = flight
    } catch {
      // Invalid for everyone alike, since validity is a function of the log: the next batch goes on.
      return
    }
    let waiting = early
    early = []
    for message in waiting { keep(message) }
  }
}

extension Endorsing {
  private mutating func receive(
    _ message: EndorsementMessage, _ now: Timestamp, _ effects: inout [Effect<App>]
  ) {
    let statement = message.statement
    guard statement.chain == chain.id, statement.epoch == chain.epoch else { return }
    if statement.sequence < nextSequence, flight?.statement.sequence != statement.sequence {
      answer(message, &effects)
    } else {
      keep(message)
    }
  }

  /// Tells a slower organisation that what it still works on is final.
  private func answer(_ message: EndorsementMessage, _ effects: inout [Effect<App>]) {
    guard let last, last.statement.sequence == message.statement.sequence else { return }
    let sender: Endorser?
    switch message {
    case .vote(let signed), .lock(let signed): sender = chain.certifiers.member(voteKey: signed.key)
    case .cosigned, .certified: sender = nil
    }
    if let sender, sender.keys.vote != keys.vote.publicKey {
      effects.append(.send(to: sender.ordinal, .certified(last)))
    }
  }

  /// Notes a message for the block in flight, or keeps it for the block it is about.
  private mutating func keep(_ message: EndorsementMessage) {
    let endorsers = chain.app.endorsers
    guard let current = flight?.statement, current.sequence == message.statement.sequence else {
      let isNear = message.statement.sequence < nextSequence + Self.lookahead
      if isNear, early.count < endorsers.count * 4 * Int(Self.lookahead), !early.contains(message) {
        early.append(message)
      }
      return
    }
    switch message {
    case .vote(let vote):
      if endorsers.member(voteKey: vote.key) != nil { _ = flight?.note(vote: vote) }
    case .lock(let lock):
      if endorsers.member(voteKey: lock.key) != nil { _ = flight?.note(lock: lock) }
    case .cosigned(let cosigned):
      if endorsers.member(cosignKey: cosigned.cosignature.key)?.keys.log == cosigned.logSignature.key {
        _ = flight?.note(cosigned: cosigned)
      }
    case .certified(let certified):
      if certified.statement == current, !early.contains(message) { early.append(message) }
    }
  }

  /// One step of the block in flight, if a quorum allows it; false if nothing moved.
  private mutating func progress(_ now: Timestamp, _ effects: inout [Effect<App>]) -> Bool {
    guard var flight else { return false }
    let endorsers = chain.app.endorsers
    if let theirs = flight.dissent(quorum: endorsers.quorum) {
      effects.append(.diverged(ours: flight.statement, theirs: theirs))
      stopped = true
      return false
    }
    let cosignatures = flight.cosigned.map(\.cosignature)
    if let certificate = Certificate(choosing: cosignatures, quorum: endorsers.quorum) {
      finish(certificate, logSignatures: flight.cosigned.map(\.logSignature), &effects)
      return true
    }
    if let certificate = certificateFromOthers(flight) {
      finish(certificate.0, logSignatures: certificate.1, &effects)
      return true
    }
    guard ordinal != nil else { return false }
    do throws(LedgerError) {
      if flight.stage == .voted, flight.agreeingVotes.count >= endorsers.quorum {
        let lock = try SignedStatement(flight.statement, domain: Domain.lock, key: keys.vote)
        effects.append(.store(.voteCertificate(Array(flight.agreeingVotes.prefix(endorsers.quorum)))))
        effects.append(.store(.lock(lock)))
        effects.append(.broadcast(.lock(lock)))
        flight.stage = .locked
        _ = flight.note(lock: lock)
        self.flight = flight
        return true
      }
      if flight.stage == .locked, flight.agreeingLocks.count >= endorsers.quorum {
        let cosigned = CosignedCheckpoint(
          statement: flight.statement,
          cosignature: try EndorserCosignature(text: flight.text, time: max(now, flight.block.seal.time), key: keys.cosign),
          logSignature: try LogSignature(text: flight.text, key: keys.log))
        effects.append(.store(.cosigned(cosigned)))
        effects.append(.broadcast(.cosigned(cosigned)))
        flight.stage = .cosigned
        _ = flight.note(cosigned: cosigned)
        self.flight = flight
        return true
      }
    } catch {
      preconditionFailure("a key that signed before cannot sign: \(error)")
    }
    return false
  }

  /// A certificate for the block in flight that another organisation sent.
  private mutating func certificateFromOthers(_ flight: Flight<App>) -> (Certificate, [LogSignature])? {
    while let index = early.firstIndex(where: {
      if case .certified(let found) = $0 { found.statement == flight.statement } else { false }
    }) {
      guard case .certified(let found) = early.remove(at: index) else { continue }
      if let certificate = try? Certificate(
        validating: found.cosignatures, head: flight.block.head, origin: chain.genesis.origin,
        endorsers: chain.app.endorsers)
      {
        return (certificate, found.logSignatures.filter { isOurs($0, text: flight.text) })
      }
    }
    return nil
  }

  /// The next batch carries the certificate on this one: a slow organisation needs no message at all.
  private mutating func finishFromNextBatch(_ effects: inout [Effect<App>]) -> Bool {
    guard let flight, let next = ahead.first(where: { $0.sequence == nextSequence })?.batch?.batch,
      next.header.previous == flight.block.batch.hash,
      let certificate = try? Certificate(
        validating: next.header.certificate, head: flight.block.head, origin: chain.genesis.origin,
        endorsers: chain.app.endorsers)
    else { return false }
    finish(certificate, logSignatures: flight.cosigned.map(\.logSignature), &effects)
    return true
  }

  private func isOurs(_ signature: LogSignature, text: [UInt8]) -> Bool {
    chain.app.endorsers.members.contains { $0.keys.log == signature.key } && signature.verifies(text: text)
  }

  private mutating func finish(
    _ certificate: Certificate, logSignatures: [LogSignature], _ effects: inout [Effect<App>]
  ) {
    guard let flight else { return }
    var logSignatures = logSignatures
    // A certified checkpoint is final, so a log signature on it can never meet a second one.
    if ordinal != nil, !logSignatures.contains(where: { $0.key == keys.log.publicKey }),
      let mine = try? LogSignature(text: flight.text, key: keys.log)
    {
      logSignatures.append(mine)
    }
    logSignatures.sort { $0.key < $1.key }
    chain.commit(flight.block)
    self.flight = nil
    self.certificate = certificate
    last = CertifiedCheckpoint(
      statement: flight.statement, cosignatures: certificate.cosignatures, logSignatures: logSignatures)
    early.removeAll { $0.statement.sequence < nextSequence }
    let names = Set(flight.block.admitted.map(\.name))
    if !names.isEmpty { pool.remove { names.contains($0.transaction.name) } }
    effects.append(
      .publish(CertifiedBlock(block: flight.block, certificate: certificate, logSignatures: logSignatures)))
  }
}

extension Endorsing {
  /// Says again what was said about the block in flight, and hands in the same proposal again.
  private func resend(_ effects: inout [Effect<App>]) {
    if let proposal, flight == nil { effects.append(.append(sequence: proposal.sequence, proposal.bytes)) }
    guard let flight else { return }
    let mine = keys.vote.publicKey
    if let vote = flight.votes.first(where: { $0.key == mine }) { effects.append(.broadcast(.vote(vote))) }
    if let lock = flight.locks.first(where: { $0.key == mine }) { effects.append(.broadcast(.lock(lock))) }
    if let cosigned = flight.cosigned.first(where: { $0.cosignature.key == keys.cosign.publicKey }) {
      effects.append(.broadcast(.cosigned(cosigned)))
    }
  }

  /// Proposes a batch when there is a reason and the last checkpoint is certified.
  private mutating func propose(_ now: Timestamp, _ effects: inout [Effect<App>]) {
    guard let ordinal, proposal == nil, flight == nil else { return }
    let nextTime = chain.blockTime(certificate: certificate)
    let age = now > nextTime ? now.seconds - nextTime.seconds : 0
    var taken: [[UInt8]] = []
    if !pool.isEmpty, age <= Self.silence {
      taken = Proposal.choose(from: &pool, chain: chain, at: nextTime, &effects)
    }
    if taken.isEmpty {
      guard !pool.isEmpty || isEmptyBatchDue(age: age, now: now, ordinal: ordinal) else { return }
    }
    let draft = Header(
      chain: chain.id, epoch: chain.epoch, sequence: nextSequence, previous: chain.previous,
      certificate: certificate?.cosignatures ?? [], count: 0, root: .zero, proposer: ordinal)
    guard let batch = try? Batch(draft, entries: taken, signedBy: keys.vote), let bytes = try? batch.encoded() else {
      preconditionFailure("a batch of checked entries cannot be built")
    }
    proposal = (nextSequence, bytes)
    effects.append(.store(.proposal(sequence: nextSequence, bytes)))
    effects.append(.append(sequence: nextSequence, bytes))
  }

  /// Whether an empty batch is wanted, and it is this organisation's turn to propose it.
  private func isEmptyBatchDue(age: UInt64, now: Timestamp, ordinal: UInt32) -> Bool {
    let heartbeat = UInt64(chain.genesis.limits.heartbeatSeconds)
    var waited: UInt64?
    if age >= heartbeat { waited = age - heartbeat }
    if let due = chain.app.nextDue, due <= now { waited = max(waited ?? 0, now.seconds - due.seconds) }
    guard let waited else { return false }
    let members = chain.app.endorsers.members
    guard let place = members.firstIndex(where: { $0.ordinal == ordinal }) else { return false }
    let turn = (UInt64(place) + nextSequence) % UInt64(members.count)
    return waited >= turn * Self.patience
  }
}
