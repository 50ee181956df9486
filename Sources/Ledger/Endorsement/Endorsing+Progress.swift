internal import TransparencyLog

extension Endorsing {
  /// Votes for the block in flight: once for each (epoch, sequence), since a sequence is taken up once.
  mutating func vote(_ effects: inout [Effect<App>]) {
    guard ordinal != nil, let statement = flight?.statement else { return }
    if let earlier = contradiction(of: statement) {
      // The engine gives another value than before, or this machine computes otherwise: either way no second vote.
      stop(ours: statement, theirs: earlier, &effects)
      return
    }
    let vote = signed(statement, domain: Domain.vote)
    flight?.add(ownVote: vote)
    effects.append(.store(.vote(vote)))
    effects.append(.broadcast(.vote(vote)))
  }

  /// One step of the block in flight, if a quorum allows it; false if nothing moved.
  mutating func progress(_ now: Timestamp, _ effects: inout [Effect<App>]) -> Bool {
    guard let flight else { return false }
    let endorsers = chain.app.endorsers
    if let theirs = flight.dissent(quorum: endorsers.quorum) {
      stop(ours: flight.statement, theirs: theirs, &effects)
      return false
    }
    let cosignatures = flight.cosigned.map(\.cosignature)
    if let certificate = Certificate(choosing: cosignatures, quorum: endorsers.quorum) {
      finish(certificate, logSignatures: flight.cosigned.map(\.logSignature), now, &effects)
      return true
    }
    if finishFromClaims(now, &effects) { return true }
    guard !stopped, ordinal != nil else { return false }
    switch flight.stage {
    case .voted:
      let votes = flight.agreeingVotes
      guard votes.count >= endorsers.quorum else { return false }
      let lock = signed(flight.statement, domain: Domain.lock)
      effects.append(.store(.voteCertificate(Array(votes.prefix(endorsers.quorum)))))
      effects.append(.store(.lock(lock)))
      effects.append(.broadcast(.lock(lock)))
      self.flight?.add(ownLock: lock)
    case .locked:
      guard flight.agreeingLocks.count >= endorsers.quorum else { return false }
      let cosigned = cosigned(flight, at: max(now, flight.block.seal.time))
      effects.append(.store(.cosigned(cosigned)))
      effects.append(.broadcast(.cosigned(cosigned)))
      self.flight?.add(ownCosignature: cosigned)
    case .cosigned: return false
    }
    return true
  }

  private func signed(_ statement: Statement, domain: [UInt8]) -> SignedStatement {
    guard let signed = try? SignedStatement(statement, domain: domain, key: keys.vote) else {
      preconditionFailure("a key that was read cannot sign")
    }
    return signed
  }

  private func cosigned(_ flight: Flight<App>, at time: Timestamp) -> CosignedCheckpoint {
    guard let cosignature = try? EndorserCosignature(text: flight.text, time: time, key: keys.cosign),
      let logSignature = try? LogSignature(text: flight.text, key: keys.log)
    else { preconditionFailure("a key that was read cannot sign") }
    return CosignedCheckpoint(statement: flight.statement, cosignature: cosignature, logSignature: logSignature)
  }

  private mutating func stop(ours: Statement, theirs: Statement, _ effects: inout [Effect<App>]) {
    effects.append(.diverged(ours: ours, theirs: theirs))
    stopped = true
  }

  /// Looks at the certificates others sent for the block in flight; true if one ended it.
  private mutating func finishFromClaims(_ now: Timestamp, _ effects: inout [Effect<App>]) -> Bool {
    guard let flight else { return false }
    self.flight?.claims = []
    for claim in flight.claims {
      // What a claim says of its batch nobody signed, and an old certificate can be sent under a new sequence.
      // Only another root for the very size of our log says that a quorum computed something else.
      let head = LogHead(size: claim.statement.size, root: claim.statement.root)
      guard head.size == flight.block.head.size,
        let certificate = try? Certificate(
          validating: claim.cosignatures, head: head, origin: chain.genesis.origin, endorsers: chain.app.endorsers)
      else { continue }
      guard head == flight.block.head else {
        stop(ours: flight.statement, theirs: claim.statement, &effects)
        return false
      }
      finish(
        certificate, logSignatures: flight.cosigned.map(\.logSignature) + claim.logSignatures.filter(isMembers), now,
        &effects)
      return true
    }
    return false
  }

  /// The next valid batch carries the certificate on the block in flight: a slow organisation needs no message.
  mutating func finish(certifiedBy next: Batch, _ now: Timestamp, _ effects: inout [Effect<App>]) -> Bool {
    guard let flight, next.header.previous == flight.block.batch.hash,
      let certificate = try? Certificate(
        validating: next.header.certificate, head: flight.block.head, origin: chain.genesis.origin,
        endorsers: chain.app.endorsers)
    else { return false }
    finish(certificate, logSignatures: flight.cosigned.map(\.logSignature), now, &effects)
    return true
  }

  /// Takes out of the pool what stood in a block. Also what the block refused: it would be refused again, and
  /// a block in which it stands is one its proposer answers for.
  private mutating func forget(_ block: ExecutedBlock<App>) {
    var names = block.admitted.map(\.name)
    var refused: Set<[UInt8]> = []
    for (entry, codes) in zip(block.batch.entries, block.codes)
    where codes.first != .success && entry.first == EntryKind.transaction.rawValue {
      refused.insert(entry)
    }
    if !refused.isEmpty { names += pool.names(of: refused) }
    if !names.isEmpty { pool.remove(names) }
  }

  private func isMembers(_ signature: LogSignature) -> Bool {
    guard let flight else { return false }
    return chain.app.endorsers.members.contains { $0.keys.log == signature.key }
      && signature.verifies(text: flight.text)
  }

  private mutating func finish(
    _ certificate: Certificate, logSignatures: [LogSignature], _ now: Timestamp, _ effects: inout [Effect<App>]
  ) {
    guard let flight else { return }
    var signatures: [LogSignature] = []
    // A note with two lines by one key is refused by its readers.
    for signature in logSignatures where !signatures.contains(where: { $0.key == signature.key }) {
      signatures.append(signature)
    }
    // A certified checkpoint is final, so a log signature on it can never meet a second one.
    if ordinal != nil, !signatures.contains(where: { $0.key == keys.log.publicKey }),
      let mine = try? LogSignature(text: flight.text, key: keys.log)
    {
      signatures.append(mine)
    }
    signatures.sort { $0.key < $1.key }
    let certifiers = chain.app.endorsers
    chain.commit(flight.block)
    self.flight = nil
    verified = certificate.cosignatures + flight.cosigned.map(\.cosignature)
    self.certificate = certificate
    finishedAt = now
    let checkpoint = CertifiedCheckpoint(
      statement: flight.statement, cosignatures: certificate.cosignatures, logSignatures: signatures)
    recent.append((checkpoint, certifiers))
    if recent.count > Int(Self.lookahead) { recent.removeFirst() }
    let next = nextSequence
    early.removeAll { $0.statement.sequence < next }
    spoken.removeAll { $0.sequence < next }
    forget(flight.block)
    effects.append(
      .publish(CertifiedBlock(block: flight.block, certificate: certificate, logSignatures: signatures)))
  }
}
