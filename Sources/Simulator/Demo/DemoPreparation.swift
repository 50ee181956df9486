internal import Dispatch
public import Ledger
internal import Synchronization
internal import TransparencyLog

/// Verifies every signature of the demonstration once, on all cores, for all organisations of the process.
public final class DemoPreparation: Sendable {
  /// Prepares entries on all cores.
  public typealias Items = @Sendable ([[UInt8]], Genesis) -> [PreparedBatch.Item]

  private let items: Items
  private let known = Mutex<[Hash: PreparedBatch.Item]>([:])

  /// Preparation by a function that uses all cores.
  public init(items: @escaping Items) { self.items = items }

  /// Verifies entries that are about to be submitted and remembers them.
  func take(_ entries: [[UInt8]], genesis: Genesis) -> [PreparedBatch.Item] {
    let prepared = items(entries, genesis)
    known.withLock { known in
      for (entry, item) in zip(entries, prepared) { known[.sha256(entry)] = item }
    }
    return prepared
  }

  /// A batch from what was verified before; anything else is verified now.
  func batch(_ batch: Batch, genesis: Genesis) -> PreparedBatch {
    PreparedBatch(
      batch,
      items: batch.entries.map { entry in
        known.withLock { $0.removeValue(forKey: .sha256(entry)) } ?? PreparedBatch.item(entry, chain: genesis.chain)
      })
  }
}

/// Work on all cores whose results come back in order.
enum Parallel {
  static func map<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    let results = Mutex([T?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: (count + 63) / 64) { slice in
      let range = (slice * 64)..<min(slice * 64 + 64, count)
      let part = range.map(body)
      results.withLock { results in
        for (index, value) in zip(range, part) { results[index] = value }
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}
