public import Contracts
internal import HeartChain
public import Ledger
internal import MutualAid
public import Storage
internal import TransparencyLog

/// What the search index needs of an executed block to make its rows of it, without the block's state: that would hold
/// on to every page that later blocks change.
struct BlockToIndex: Sendable {
  let seal: Seal
  private let batch: Batch
  private let items: [PreparedBatch.Item]
  private let codes: [[ErrorCode]]
  private let firstIndex: UInt64
  private let changes: [(membership: UInt32, bytes: [UInt8])]
  private let owners: [(membership: UInt32, owner: Address)]
  private let hearts: HeartsToIndex

  init(_ block: ExecutedBlock<ChainState>) {
    let state = block.app.mutualAid
    seal = block.seal
    batch = block.batch
    items = block.items
    codes = block.codes
    firstIndex = block.firstIndex
    changes = state.noted.map { ($0.membership, $0.change.canonicalBytes) }
    owners = state.noted.filter { $0.change.kind == .join || $0.change.kind == .takeOver }.map {
      ($0.membership, state.memberships[Int($0.membership)].owner)
    }
    hearts = HeartsToIndex(block.app)
  }

  /// What the index keeps of it.
  var indexed: IndexedBlock {
    var transactions: [IndexedTransaction] = []
    var subjects: [(transactionIndex: UInt64, IndexedSubject)] = []
    let chain = batch.header.chain
    for (offset, item) in items.enumerated() {
      let transaction: VerifiedTransaction
      switch item {
      case .transaction(let verified): transaction = verified
      case .refused:
        // What does not decode is in the log as a no-op; it has a place there and a code, but nothing to be found by.
        guard
          let decoded = try? VerifiedTransaction.decodeUnsigned(
            entry: batch.entries[offset], chain: chain)
        else { continue }
        transaction = decoded
      case .rows: continue
      }
      let index = firstIndex + 1 + UInt64(offset)
      transactions.append(
        IndexedTransaction(
          index: index, hash: transaction.hash, height: seal.height, time: seal.time,
          sender: transaction.sender, contract: transaction.action.contract, kind: transaction.action.kind,
          code: codes[offset][0].number, codeName: codes[offset][0].name,
          rows: transaction.manifest?.count ?? 0))
      // Anybody may send as many about a gift as fit, which fail: they would hide the few that changed it.
      guard !transaction.action.belongs(to: Hearts.name) || codes[offset][0].number == 0 else { continue }
      for subject in IndexedSubject.subjects(of: transaction) { subjects.append((index, subject)) }
    }
    return IndexedBlock(
      height: seal.height, time: seal.time, firstIndex: firstIndex, size: UInt64(items.count) + 2,
      sealIndex: firstIndex + UInt64(items.count) + 1, proposer: batch.header.proposer, transactions: transactions,
      subjects: subjects, changes: changes, owners: owners, hearts: hearts.indexed)
  }
}

extension IndexedBlock {
  /// What the search index keeps of an executed block.
  public init(_ block: ExecutedBlock<ChainState>) { self = BlockToIndex(block).indexed }
}

extension IndexedSubject {
  /// What a transaction is about.
  static func subjects(of transaction: VerifiedTransaction) -> [IndexedSubject] {
    if let subjects = hearts(of: transaction) { return subjects }
    guard transaction.action.belongs(to: MutualAid.name) else { return [] }
    return MutualAid.subjects(of: transaction).map { subject in
      switch subject {
      case .plan(let ordinal): IndexedSubject(kind: .plan, ordinal: UInt64(ordinal))
      case .membership(let ordinal): IndexedSubject(kind: .membership, ordinal: UInt64(ordinal))
      case .claim(let ordinal): IndexedSubject(kind: .case, ordinal: UInt64(ordinal))
      case .refund(let ordinal): IndexedSubject(kind: .refund, ordinal: UInt64(ordinal))
      }
    }
  }
}
