internal import Ledger
internal import Storage

/// Finds blocks by their time, which never falls from one block to the next.
struct BlockSearch {
  private let index: SearchIndex

  init(_ index: SearchIndex) { self.index = index }

  /// The block with a time, if there is exactly one. O(log height) lookups.
  func only(at time: Timestamp, height: UInt64) throws -> UInt64? {
    var low: UInt64 = 1
    var high = height + 1
    while low < high {
      let middle = low + (high - low) / 2
      guard let block = try index.block(height: middle) else { return nil }
      if block.time < time { low = middle + 1 } else { high = middle }
    }
    guard let first = try index.block(height: low), first.time == time else { return nil }
    if let next = try index.block(height: low + 1), next.time == time { return nil }
    return low
  }
}
