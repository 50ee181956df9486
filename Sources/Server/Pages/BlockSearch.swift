internal import Ledger
internal import Storage

/// Finds blocks by their time, which never falls from one block to the next.
struct BlockSearch {
  /// Blocks of one time that are looked at; under load a second has many.
  private static let maximumAlike = 16

  let index: SearchIndex
  let entries: LogEntries

  /// The block of a time in which something due was done, if it can only be one. O(log height) lookups.
  func due(at time: Timestamp, height: UInt64) throws -> UInt64? {
    guard let low = try first(from: time, height: height) else { return nil }
    var found: UInt64?
    for height in low...(low + UInt64(BlockSearch.maximumAlike)) {
      guard let block = try index.block(height: height), block.time == time else { return found }
      guard let seal = try entries.entry(block.sealIndex).map(Seal.init(entry:)), seal.steps > 0 else { continue }
      if found != nil { return nil }
      found = height
    }
    return nil
  }

  /// The block of a time, if only one has it. O(log height) lookups.
  func only(at time: Timestamp, height: UInt64) throws -> UInt64? {
    guard let low = try first(from: time, height: height), low <= height,
      try index.block(height: low)?.time == time,
      try low == height || index.block(height: low + 1)?.time != time
    else { return nil }
    return low
  }

  /// The first block that is not earlier; one past the last where all are; `nil` while the index is behind.
  private func first(from time: Timestamp, height: UInt64) throws -> UInt64? {
    var low: UInt64 = 1
    var high = height + 1
    while low < high {
      let middle = low + (high - low) / 2
      guard let block = try index.block(height: middle) else { return nil }
      if block.time < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
