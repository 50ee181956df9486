/// What goes into a batch that is about to be proposed.
enum Proposal {
  /// Bytes kept free for the header and the framing of entries.
  static let headerReserve = 16 * 1024

  /// Waiting transactions that fit a batch and would be let in at this block time, and whether
  /// some would be let in at the present time though not yet at block time.
  ///
  /// Those that would never be are taken out of the pool and refused: in a block they would be no-ops for
  /// which the proposer is accountable.
  static func choose<App: Application>(
    from pool: inout Pool, chain: Chain<App>, at time: Timestamp, present: Timestamp,
    _ effects: inout [Effect<App>]
  ) -> (taken: [Submission], wantsTime: Bool) {
    var taken: [Submission] = []
    var wantsTime = false
    var size = headerReserve
    var bytes: [Address: Int] = [:]
    var refused: [TransactionID: LedgerError] = [:]
    bytes.reserveCapacity(pool.waiting.count)
    for waiting in pool.waiting {
      guard size + waiting.framedByteCount <= Int(chain.genesis.limits.batchBytes) else { break }
      let sender = waiting.transaction.sender
      do throws(LedgerError) {
        let used = (bytes[sender] ?? 0) + waiting.byteCount
        try chain.admit(waiting.transaction, byteCount: used, at: time)
        bytes[sender] = used
        size += waiting.framedByteCount
        taken.append(waiting)
      } catch {
        // Block time lags behind the clock by which its sender chose the expiry: it can wait for it.
        if error.code == .expiryTooFar {
          if waiting.transaction.expiry <= present.adding(seconds: LiveTransactions.horizon) { wantsTime = true }
        } else {
          refused[waiting.transaction.name] = error
        }
      }
    }
    if !refused.isEmpty {
      for waiting in pool.remove(Array(refused.keys)) {  // order-free: the pool's order counts
        if let error = refused[waiting.transaction.name] {
          effects.append(.refuse(waiting.transaction.name, error))
        }
      }
    }
    return (taken, wantsTime)
  }
}
