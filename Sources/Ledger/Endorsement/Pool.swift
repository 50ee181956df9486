/// Transactions waiting to be proposed, first come first.
struct Pool: Sendable {
  /// The most bytes that wait; beyond this a node says that it is busy instead of queueing.
  static let maximumBytes = 64 << 20

  private(set) var waiting: [Submission] = []
  private var byteCount = 0
  private var names: Set<TransactionID> = []

  var isEmpty: Bool { waiting.isEmpty }

  mutating func add(_ submission: Submission) throws(LedgerError) {
    guard byteCount + submission.byteCount <= Pool.maximumBytes else { throw LedgerError(.poolFull, "try again later") }
    guard names.insert(submission.transaction.name).inserted else {
      throw LedgerError(.replayed, "it is waiting already")
    }
    waiting.append(submission)
    byteCount += submission.byteCount
  }

  /// The names of those whose transactions stand in these entries.
  func names(of refused: Set<[UInt8]>) -> [TransactionID] {
    waiting.compactMap { submission in
      guard let entry = submission.entries.first, refused.contains(entry) else { return nil }
      return submission.transaction.name
    }
  }

  /// Takes out those with these names, and returns them in the order they came.
  ///
  /// Names that are not waiting are passed over. Who came first is proposed first, so that mostly the names are those
  /// of the first that wait, in their order.
  @discardableResult
  mutating func remove(_ wanted: [TransactionID]) -> [Submission] {
    var same = 0
    while same < wanted.count, same < waiting.count, waiting[same].transaction.name == wanted[same] { same += 1 }
    var removed = Array(waiting[..<same])
    for name in wanted[..<same] { names.remove(name) }
    // A name may be wanted twice; what is left of them then waits no more.
    let left = Set(wanted[same...].filter(names.contains))  // order-free: only looked up
    var kept: [Submission] = []
    var end = same
    while removed.count < same + left.count {
      let submission = waiting[end]
      if left.contains(submission.transaction.name) {
        removed.append(submission)
      } else {
        kept.append(submission)
      }
      end += 1
    }
    names.subtract(left)
    waiting.replaceSubrange(..<end, with: kept)
    byteCount -= removed.reduce(0) { $0 + $1.byteCount }
    return removed
  }
}
