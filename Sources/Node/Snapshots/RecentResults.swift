internal import Ledger

/// The results of the blocks within ten minutes of the last one: what a snapshot needs beside the state and the log.
struct RecentResults: Sendable {
  private(set) var blocks: [(time: Timestamp, results: BlockResults)] = []

  /// The results, oldest first.
  var results: [BlockResults] { blocks.map(\.results) }

  /// Takes up the next block's, and forgets those that lie too far back.
  mutating func add(_ results: BlockResults, at time: Timestamp) {
    let over = blocks.prefix { $0.time.adding(seconds: VerifiedTransaction.horizon) < time }
    blocks.removeFirst(over.count)
    blocks.append((time, results))
  }
}
