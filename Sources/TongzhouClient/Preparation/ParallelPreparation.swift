internal import Dispatch
public import Ledger
internal import Synchronization

/// Prepares batches on all cores: decoding and verifying signatures needs no state.
public enum ParallelPreparation {
  /// Entries that one core takes at a time; fewer cost more in switching than they bring.
  private static let slice = 32

  /// The batch with every entry prepared, the same as if it were done one after the other.
  public static func prepare(_ batch: Batch, genesis: Genesis) -> PreparedBatch {
    PreparedBatch(batch, items: items(batch.entries, genesis: genesis))
  }

  /// Several batches at once.
  public static func prepare(_ batches: [Batch], genesis: Genesis) -> [PreparedBatch] {
    let all = items(batches.flatMap(\.entries), genesis: genesis)
    var offset = 0
    return batches.map { batch in
      defer { offset += batch.entries.count }
      return PreparedBatch(batch, items: Array(all[offset..<(offset + batch.entries.count)]))
    }
  }

  /// Entries prepared on all cores, in their order.
  public static func items(_ entries: [[UInt8]], genesis: Genesis) -> [PreparedBatch.Item] {
    guard entries.count > slice else { return entries.map { PreparedBatch.item($0, chain: genesis.chain) } }
    let slices = (entries.count + slice - 1) / slice
    let done = Mutex([[PreparedBatch.Item]](repeating: [], count: slices))
    DispatchQueue.concurrentPerform(iterations: slices) { number in
      let range = (number * slice)..<min((number + 1) * slice, entries.count)
      let prepared = entries[range].map { PreparedBatch.item($0, chain: genesis.chain) }
      done.withLock { $0[number] = prepared }
    }
    return done.withLock { Array($0.joined()) }
  }
}
