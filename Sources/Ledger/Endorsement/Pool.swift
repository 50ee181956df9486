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
  /// Names that are not waiting are passed over. Who came first is proposed first, so the search ends early.
  @discardableResult
  mutating func remove(_ wanted: Set<TransactionID>) -> [Submission] {
    let present = names.intersection(wanted)  // order-free: only looked up
    var removed: [Submission] = []
    var kept: [Submission] = []
    var end = 0
    while removed.count < present.count {
      let submission = waiting[end]
      if present.contains(submission.transaction.name) {
        removed.append(submission)
        byteCount -= submission.byteCount
      } else {
        kept.append(submission)
      }
      end += 1
    }
    waiting.replaceSubrange(..<end, with: kept)
    names.subtract(present)
    return removed
  }
}
