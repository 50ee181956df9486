internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// Finds the transactions by which organisations told events.
struct StepTransactions {
  /// Transactions of one block that are looked at, the last ones first; what an earlier one told has no link.
  private static let maximumInBlock = 20_000

  private let scope: PageScope
  /// Transactions that are asked for at a time.
  private let pageSize: Int
  private let manifests: AuthenticatedTable<TraceManifestRecord>
  /// What was found, by the manifest's ordinal.
  private var known: [Int: IndexedTransaction?] = [:]

  init(_ scope: PageScope, pageSize: Int = SearchIndex.maximumLimit) {
    self.scope = scope
    self.pageSize = pageSize
    manifests = scope.hearts.manifests
  }

  /// The transaction whose rows hold an event; `nil` while the index is behind.
  mutating func transaction(of step: FollowedWay.Step) throws -> IndexedTransaction? {
    guard let place = manifest(of: step) else { return nil }
    if let found = known[place] { return found }
    let found = try find(step, in: manifests[place])
    known[place] = .some(found)
    return found
  }

  /// The manifest that holds an event. Manifests stand in the order in which they came, so their times never fall.
  private func manifest(of step: FollowedWay.Step) -> Int? {
    var low = 0
    var high = manifests.count
    while low < high {
      let middle = low + (high - low) / 2
      if manifests[middle].time < step.step.time { low = middle + 1 } else { high = middle }
    }
    while low < manifests.count, manifests[low].time == step.step.time {
      let manifest = manifests[low]
      if manifest.organisation == step.organisation, manifest.first <= step.number,
        step.number - manifest.first < UInt64(manifest.count)
      {
        return low
      }
      low += 1
    }
    return nil
  }

  private func find(
    _ step: FollowedWay.Step, in manifest: TraceManifestRecord
  ) throws -> IndexedTransaction? {
    let entries = LogEntries(log: scope.log, size: scope.view.head.size)
    guard let place = try scope.index.step(of: step.step.event)?.place,
      let block = try scope.index.block(height: IndexedStep.height(place: place))
    else { return nil }
    var bound = block.sealIndex
    var left = min(Int(block.transactions), StepTransactions.maximumInBlock)
    while left > 0 {
      let found = try scope.index.transactions(before: bound, limit: min(left, pageSize), sender: nil, subject: nil)
      for transaction in found
      where transaction.height == block.height && transaction.contract == Hearts.name
        && transaction.kind == HeartAction.trace.rawValue && transaction.rows == manifest.count
      {
        guard let entry = try entries.entry(transaction.index), entry.first == EntryKind.transaction.rawValue,
          let told = try? VerifiedTransaction.decodeUnsigned(entry: entry, chain: scope.view.genesis.chain),
          told.manifest?.root == manifest.root
        else { continue }
        return transaction
      }
      guard let last = found.last else { return nil }
      bound = last.index
      left -= found.count
    }
    return nil
  }
}
