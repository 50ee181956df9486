/// Transactions that are alive: executed and not yet past their expiry.
///
/// With the expiry they stop replays, and their bytes are each sender's quota. The set is rebuilt at
/// start from the log's last ten minutes. It is looked up, never iterated, so the order of the hash
/// tables inside shows nowhere.
struct LiveTransactions: Sendable {
  /// How far ahead of block time an expiry may lie, in seconds: ten minutes.
  static let horizon = VerifiedTransaction.horizon

  private var expiries: [TransactionID: UInt64] = [:]
  private var bytes: [Address: UInt64] = [:]
  /// Names by expiry, ascending; at most `horizon` + 1 seconds are alive at once.
  private var bySecond: [(second: UInt64, entries: [(TransactionID, UInt64)])] = []

  func isAlive(_ name: TransactionID) -> Bool { expiries[name] != nil }

  func liveBytes(of sender: Address) -> UInt64 { bytes[sender] ?? 0 }

  mutating func insert(_ name: TransactionID, expiry: Timestamp, byteCount: Int) {
    precondition(expiries.updateValue(expiry.seconds, forKey: name) == nil, "admitted twice")
    bytes[name.sender, default: 0] += UInt64(byteCount)
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
      for (name, byteCount) in entries {
        expiries[name] = nil
        let left = (bytes[name.sender] ?? 0) - byteCount
        bytes[name.sender] = left == 0 ? nil : left
      }
    }
    bySecond.removeFirst(dead.count)
  }
}
