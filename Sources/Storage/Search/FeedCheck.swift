internal import Ledger

/// Checks blocks before any of them is written.
///
/// A lookup by a place in the log relies on blocks that do not overlap and on transactions inside their block.
struct FeedCheck {
  /// The last block in the index.
  let last: IndexedBlockSummary?

  func check(_ blocks: [IndexedBlock]) throws(SearchIndexError) {
    var height = last?.height ?? 0
    var end = last.map { $0.firstIndex + $0.size } ?? 0
    for block in blocks {
      guard block.height == height + 1 else {
        throw SearchIndexError(.gap, "block \(block.height) came where \(height + 1) is next")
      }
      try check(block, after: end)
      height = block.height
      end = block.firstIndex + block.size
    }
  }

  private func check(_ block: IndexedBlock, after end: UInt64) throws(SearchIndexError) {
    // Half of what SQLite's integers hold, so that sums stay within them.
    let limit = UInt64(1) << 62
    guard block.firstIndex < limit, (1..<limit).contains(block.size), block.time.seconds < limit else {
      throw bad(block, "a number out of range")
    }
    guard block.firstIndex >= end else { throw bad(block, "it begins within the block before it") }
    let entries = block.firstIndex..<(block.firstIndex + block.size)
    guard entries.contains(block.sealIndex) else { throw bad(block, "its seal lies outside of it") }

    var next = block.firstIndex
    for transaction in block.transactions {
      guard entries.contains(transaction.index), transaction.index >= next else {
        throw bad(block, "a transaction outside of it or out of order")
      }
      guard transaction.height == block.height, transaction.time.seconds < limit else {
        throw bad(block, "a transaction of another height or a time out of range")
      }
      next = transaction.index + 1
    }
    for (index, subject) in block.subjects {
      guard has(index, block.transactions) else { throw bad(block, "a subject of no transaction of this block") }
      guard subject.ordinal <= IndexedSubject.maximumOrdinal else { throw bad(block, "an ordinal out of range") }
    }
    try checkHearts(block)
  }

  /// Places of events are numbers of a height and a position, and what SQLite finds twice it refuses.
  private func checkHearts(_ block: IndexedBlock) throws(SearchIndexError) {
    let hearts = block.hearts
    guard hearts.steps.isEmpty && hearts.changes.isEmpty || block.height <= IndexedStep.maximumHeight,
      max(hearts.steps.count, hearts.changes.count) <= IndexedStep.maximumPerBlock
    else { throw bad(block, "more events or changes, or a greater height, than places have room for") }
    for step in hearts.steps {
      guard step.event < 1 << 62, step.time == block.time, !step.row.isEmpty else {
        throw bad(block, "an event of another time, without a row or with a number out of range")
      }
      let lots = (step.sources + step.made).sorted()
      guard zip(lots, lots.dropFirst()).allSatisfy({ $0 != $1 }) else { throw bad(block, "a lot twice in an event") }
    }
    guard hearts.changes.allSatisfy({ !$0.bytes.isEmpty }) else { throw bad(block, "a change of hearts without bytes") }
  }

  /// Whether one of the transactions, which are in order, has this place.
  private func has(_ index: UInt64, _ transactions: [IndexedTransaction]) -> Bool {
    var range = transactions.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if transactions[middle].index == index { return true }
      range = transactions[middle].index < index ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return false
  }

  private func bad(_ block: IndexedBlock, _ what: String) -> SearchIndexError {
    SearchIndexError(.badBlock, "block \(block.height): \(what)")
  }
}
