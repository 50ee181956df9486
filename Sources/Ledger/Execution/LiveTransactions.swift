/// Transactions that are alive: executed and not yet past their expiry.
///
/// With the expiry they stop replays, and their bytes are each sender's quota. The set is rebuilt at
/// start from the log's last ten minutes.
struct LiveTransactions: Sendable {
  /// How far ahead of block time an expiry may lie, in seconds: ten minutes.
  static let horizon = VerifiedTransaction.horizon

  private(set) var alive = AliveTransactions()
  /// Names by expiry, ascending; at most `horizon` + 1 seconds are alive at once.
  private var bySecond: [(second: UInt64, entries: [(TransactionID, UInt64)])] = []

  func isAlive(_ name: TransactionID) -> Bool { alive.contains(name) }

  mutating func insert(_ name: TransactionID, expiry: Timestamp, byteCount: Int) {
    alive.insert(name, byteCount: UInt64(byteCount))
    var index = bySecond.endIndex
    while index > 0, bySecond[index - 1].second > expiry.seconds { index -= 1 }
    if index > 0, bySecond[index - 1].second == expiry.seconds {
      bySecond[index - 1].entries.append((name, UInt64(byteCount)))
    } else {
      bySecond.insert((expiry.seconds, [(name, UInt64(byteCount))]), at: index)
    }
  }

  /// Forgets those whose expiry lies before `time`.
  mutating func expire(before time: Timestamp) {
    let dead = bySecond.prefix { $0.second < time.seconds }
    for (_, entries) in dead {
      for (name, byteCount) in entries { alive.remove(name, byteCount: byteCount) }
    }
    bySecond.removeFirst(dead.count)
  }
}
