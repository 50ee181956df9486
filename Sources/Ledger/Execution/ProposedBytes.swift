extension Batch {
  /// The bytes the batch puts into the log: header and entries, each with the length an entry bundle gives it.
  ///
  /// Limits count these, not the bytes an ordering engine carried: those differ with the encoding and are
  /// not in the log, so a node that starts from the log would judge otherwise than the others.
  var loggedBytes: Int {
    entries.reduce(signedHeader.count + 3) { $0 + $1.count + 2 }
  }
}

/// Bytes each organisation has proposed within the last ten minutes of block time.
///
/// Without this one organisation could fill a permanent log with batches of its own.
struct ProposedBytes: Sendable {
  private var recent: [(time: Timestamp, proposer: UInt32, byteCount: Int)] = []
  private var totals: [UInt64] = []

  func allows(_ byteCount: Int, by proposer: UInt32, at time: Timestamp, limit: UInt64) -> Bool {
    var total = Int(proposer) < totals.count ? totals[Int(proposer)] : 0
    for entry in recent {
      guard isOver(entry.time, at: time) else { break }
      if entry.proposer == proposer { total -= UInt64(entry.byteCount) }
    }
    let (sum, overflow) = total.addingReportingOverflow(UInt64(byteCount))
    return !overflow && sum <= limit
  }

  mutating func add(_ byteCount: Int, by proposer: UInt32, at time: Timestamp) {
    let over = recent.prefix { isOver($0.time, at: time) }
    for entry in over { totals[Int(entry.proposer)] -= UInt64(entry.byteCount) }
    recent.removeFirst(over.count)
    while totals.count <= Int(proposer) { totals.append(0) }
    totals[Int(proposer)] += UInt64(byteCount)
    recent.append((time, proposer, byteCount))
  }

  private func isOver(_ entry: Timestamp, at time: Timestamp) -> Bool {
    entry.adding(seconds: LiveTransactions.horizon) < time
  }
}
