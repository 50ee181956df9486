internal import TransparencyLog

extension Endorsing {
  /// Proposes a batch when there is a reason and the last checkpoint is certified.
  mutating func propose(_ now: Timestamp, _ effects: inout [Effect<App>]) {
    guard proposal == nil, flight == nil, let ordinal else { return }
    let time = chain.blockTime(certificate: certificate)
    let present = present(now, after: time)
    var taken: [Submission] = []
    if !pool.isEmpty {
      // After a silence time is refreshed first: the transactions go into the batch after this one.
      var isEmptyWanted = true
      if present.seconds - time.seconds <= Self.silence {
        (taken, isEmptyWanted) = Proposal.choose(from: &pool, chain: chain, at: time, present: present, &effects)
      }
      if taken.isEmpty, !isEmptyWanted, !isMyTurn(now, time: time, present: present, ordinal: ordinal) { return }
    } else if !isMyTurn(now, time: time, present: present, ordinal: ordinal) {
      return
    }
    let draft = Header(
      chain: chain.id, epoch: chain.epoch, sequence: nextSequence, previous: chain.previous,
      certificate: certificate?.cosignatures ?? [], count: 0, root: .zero, proposer: ordinal)
    var (entries, leaves, items) = ([[UInt8]](), [Hash](), [PreparedBatch.Item]())
    let count = taken.reduce(0) { $0 + $1.entries.count }
    entries.reserveCapacity(count)
    leaves.reserveCapacity(count)
    items.reserveCapacity(count)
    for submission in taken {
      entries += submission.entries
      leaves.append(submission.leaf)
      items.append(.transaction(submission.transaction))
      for (item, leaf) in submission.rows {
        leaves.append(leaf)
        items.append(item)
      }
    }
    guard let batch = try? Batch(draft, entries: entries, leaves: leaves, signedBy: keys.vote) else {
      preconditionFailure("a batch of checked entries cannot be built")
    }
    // A batch beyond the allowance would be skipped by all, and proposed again for ever.
    guard chain.allows(batch, at: time) else { return }
    let bytes = batch.encoded()
    proposal = (nextSequence, bytes, PreparedBatch(batch, items: items))
    effects.append(.store(.proposal(sequence: nextSequence, bytes)))
    effects.append(.append(sequence: nextSequence, bytes))
  }

  /// What time it may be: no later than this clock says, and no later than the time of the last certificate
  /// plus the seconds counted since. So a clock that is ahead of the others makes nobody hurry.
  private func present(_ now: Timestamp, after time: Timestamp) -> Timestamp {
    guard now > time else { return time }
    guard let finishedAt else { return now }
    return min(now, time.adding(seconds: now > finishedAt ? now.seconds - finishedAt.seconds : 0))
  }

  /// Whether an empty batch is wanted by everyone alike, and it is this organisation's turn to propose it.
  ///
  /// The turns follow from when it is first seen to be wanted here, so that organisations that wake up
  /// late do not all speak at once.
  private mutating func isMyTurn(_ now: Timestamp, time: Timestamp, present: Timestamp, ordinal: UInt32) -> Bool {
    let isSilent = present.seconds - time.seconds >= UInt64(chain.genesis.limits.heartbeatSeconds)
    let isDue = chain.app.nextDue.map { $0 <= present } ?? false
    guard isSilent || isDue else {
      emptyWantedSince = nil
      return false
    }
    let since = emptyWantedSince ?? now
    emptyWantedSince = since
    let members = chain.app.endorsers.members
    guard let place = members.firstIndex(where: { $0.ordinal == ordinal }) else { return false }
    let turn = (UInt64(place) + nextSequence) % UInt64(members.count)
    return now.seconds >= since.seconds + turn * Self.patience
  }
}
