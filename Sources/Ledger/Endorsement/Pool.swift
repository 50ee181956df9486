/// Transactions waiting to be proposed, first come first.
struct Pool: Sendable {
  /// The most bytes that wait; beyond this a node says that it is busy instead of queueing.
  static let maximumBytes = 64 << 20

  struct Waiting: Sendable {
    let transaction: VerifiedTransaction
    let entries: [[UInt8]]
    let byteCount: Int
  }

  private(set) var waiting: [Waiting] = []
  private var byteCount = 0
  private var names: Set<TransactionID> = []

  var isEmpty: Bool { waiting.isEmpty }

  mutating func add(_ transaction: VerifiedTransaction, entries: [[UInt8]]) throws(LedgerError) {
    let size = entries.reduce(0) { $0 + $1.count }
    guard byteCount + size <= Pool.maximumBytes else { throw LedgerError(.poolFull, "try again later") }
    guard names.insert(transaction.name).inserted else { throw LedgerError(.replayed, "it is waiting already") }
    waiting.append(Waiting(transaction: transaction, entries: entries, byteCount: size))
    byteCount += size
  }

  /// Takes out those for which `drop` says so.
  mutating func remove(where drop: (Waiting) -> Bool) {
    waiting.removeAll { item in
      guard drop(item) else { return false }
      byteCount -= item.byteCount
      names.remove(item.transaction.name)
      return true
    }
  }
}
