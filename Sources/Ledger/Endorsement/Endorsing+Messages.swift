internal import TransparencyLog

extension Endorsing {
  mutating func receive(_ message: EndorsementMessage, _ effects: inout [Effect<App>]) {
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
    let key: PublicKey
    switch message {
    case .vote(let signed), .lock(let signed): key = signed.key
    case .cosigned, .certified: return
    }
    guard key != keys.vote.publicKey,
      let (checkpoint, certifiers) = recent.last(where: {
        $0.checkpoint.statement.sequence == message.statement.sequence
      }), let sender = certifiers.member(voteKey: key)
    else { return }
    effects.append(.send(to: sender.ordinal, .certified(checkpoint)))
  }

  /// Notes a message for the block in flight, or keeps it for the block it is about.
  mutating func keep(_ message: EndorsementMessage) {
    let endorsers = chain.app.endorsers
    guard flight?.statement.sequence == message.statement.sequence else {
      let isNear = message.statement.sequence < nextSequence + Self.lookahead
      if isNear, early.count < endorsers.count * 4 * Int(Self.lookahead), !early.contains(message) {
        early.append(message)
      }
      return
    }
    switch message {
    case .vote(let vote):
      if endorsers.member(voteKey: vote.key) != nil { flight?.note(vote: vote) }
    case .lock(let lock):
      if endorsers.member(voteKey: lock.key) != nil { flight?.note(lock: lock) }
    case .cosigned(let cosigned):
      if endorsers.member(cosignKey: cosigned.cosignature.key)?.keys.log == cosigned.logSignature.key {
        flight?.note(cosigned: cosigned)
      }
    case .certified(let certified):
      flight?.claims.append(certified)
    }
  }

  /// Says again what was said about the block in flight, and hands in the same proposal again.
  func resend(_ effects: inout [Effect<App>]) {
    guard let flight else {
      if let proposal { effects.append(.append(sequence: proposal.sequence, proposal.bytes)) }
      return
    }
    let mine = keys.vote.publicKey
    if let vote = flight.votes.first(where: { $0.key == mine }) { effects.append(.broadcast(.vote(vote))) }
    if let lock = flight.locks.first(where: { $0.key == mine }) { effects.append(.broadcast(.lock(lock))) }
    if let cosigned = flight.cosigned.first(where: { $0.cosignature.key == keys.cosign.publicKey }) {
      effects.append(.broadcast(.cosigned(cosigned)))
    }
  }
}
