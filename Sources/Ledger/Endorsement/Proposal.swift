/// What goes into a batch that is about to be proposed.
enum Proposal {
  /// Bytes kept free for the header and the framing of entries.
  static let headerReserve = 16 * 1024

  /// Entries of waiting transactions that fit a batch and would be let in at this block time.
  ///
  /// Those that would not are taken out of the pool and refused: in a block they would be no-ops for
  /// which the proposer is accountable.
  static func choose<App: Application>(
    from pool: inout Pool, chain: Chain<App>, at time: Timestamp, _ effects: inout [Effect<App>]
  ) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var size = headerReserve
    var bytes: [Address: Int] = [:]
    var refused: [TransactionID: LedgerError] = [:]
    for waiting in pool.waiting {
      let framed = waiting.byteCount + 8 * waiting.entries.count
      guard size + framed <= Int(chain.genesis.limits.batchBytes) else { break }
      let sender = waiting.transaction.sender
      do throws(LedgerError) {
        let used = (bytes[sender] ?? 0) + waiting.byteCount
        try chain.admit(waiting.transaction, byteCount: used, at: time)
        bytes[sender] = used
        size += framed
        entries.append(contentsOf: waiting.entries)
      } catch {
        refused[waiting.transaction.name] = error
      }
    }
    if !refused.isEmpty {
      pool.remove { waiting in
        guard let error = refused[waiting.transaction.name] else { return false }
        effects.append(.refuse(waiting.transaction.name, error))
        return true
      }
    }
    return entries
  }
}
