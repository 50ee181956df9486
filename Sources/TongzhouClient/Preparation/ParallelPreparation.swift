internal import Contracts
internal import Dispatch
public import Ledger
internal import MutualAid
internal import Synchronization

/// Prepares batches on all cores: decoding and verifying signatures needs no state.
public enum ParallelPreparation {
  /// Entries that one core takes at a time; fewer cost more in switching than they bring.
  private static let slice = 32

  /// The batch with every entry prepared, the same as if it were done one after the other.
  public static func prepare(_ batch: Batch, genesis: Genesis) -> PreparedBatch {
    PreparedBatch(batch, items: items(batch.entries, genesis: genesis))
  }

  /// The batches of logged blocks, each prepared; an error for one whose header or entries have a wrong form.
  static func prepare(_ blocks: [LoggedBlock], genesis: Genesis) -> [Result<PreparedBatch, LedgerError>] {
    let all = items(blocks.flatMap { $0.entries.dropFirst().dropLast() }, genesis: genesis)
    var offset = 0
    return blocks.map { block in
      let count = block.entries.count - 2
      defer { offset += count }
      return Result { () throws(LedgerError) in
        let batch = try Batch(
          signedHeader: Array(block.entries[0].dropFirst()), entries: Array(block.entries.dropFirst().dropLast()),
          leaves: block.leaves.isEmpty ? nil : Array(block.leaves.dropFirst().dropLast()))
        return PreparedBatch(batch, items: Array(all[offset..<(offset + count)]))
      }
    }
  }

  /// Entries prepared on all cores, in their order.
  public static func items(_ entries: [[UInt8]], genesis: Genesis) -> [PreparedBatch.Item] {
    guard entries.count > slice else { return entries.map { item($0, genesis: genesis) } }
    let slices = (entries.count + slice - 1) / slice
    let done = Mutex([[PreparedBatch.Item]](repeating: [], count: slices))
    DispatchQueue.concurrentPerform(iterations: slices) { number in
      let range = (number * slice)..<min((number + 1) * slice, entries.count)
      let prepared = entries[range].map { item($0, genesis: genesis) }
      done.withLock { $0[number] = prepared }
    }
    var all: [PreparedBatch.Item] = []
    all.reserveCapacity(entries.count)
    for prepared in done.withLock({ $0 }) { all += prepared }
    return all
  }

  /// One entry prepared for a mutual-aid chain, its action read ahead.
  public static func item(_ entry: [UInt8], genesis: Genesis) -> PreparedBatch.Item {
    PreparedBatch.item(entry, chain: genesis.chain, reader: ChainState.read)
  }
}
