internal import Ledger
internal import MutualAid
internal import Storage
internal import TransparencyLog

extension IndexedBlock {
  /// What the search index keeps of an executed block.
  init(_ block: ExecutedBlock<AidChain>) {
    var transactions: [IndexedTransaction] = []
    var subjects: [(transactionIndex: UInt64, IndexedSubject)] = []
    let chain = block.batch.header.chain
    for (offset, item) in block.items.enumerated() {
      let transaction: VerifiedTransaction
      switch item {
      case .transaction(let verified): transaction = verified
      case .refused:
        // What does not decode is in the log as a no-op; it has a place there and a code, but nothing to be found by.
        guard
          let decoded = try? VerifiedTransaction.decodeUnsigned(
            envelope: Array(block.batch.entries[offset].dropFirst()), chain: chain)
        else { continue }
        transaction = decoded
      case .rows: continue
      }
      let index = block.firstIndex + 1 + UInt64(offset)
      transactions.append(
        IndexedTransaction(
          index: index, hash: transaction.hash, height: block.seal.height, time: block.seal.time,
          sender: transaction.sender, contract: transaction.action.contract, kind: transaction.action.kind,
          code: block.codes[offset][0].number, codeName: block.codes[offset][0].name,
          rows: transaction.manifest?.count ?? 0))
      for subject in IndexedSubject.subjects(of: transaction) { subjects.append((index, subject)) }
    }
    let noted = block.app.mutualAid.noted
    self.init(
      height: block.seal.height, time: block.seal.time, firstIndex: block.firstIndex,
      size: UInt64(block.entries.count), sealIndex: block.firstIndex + UInt64(block.entries.count) - 1,
      proposer: block.batch.header.proposer, transactions: transactions, subjects: subjects,
      changes: noted.map { ($0.membership, $0.change.canonicalBytes) },
      owners: noted.filter { $0.change.kind == .join }.map {
        ($0.membership, block.app.mutualAid.memberships[Int($0.membership)].owner)
      })
  }
}

extension IndexedSubject {
  /// What a transaction is about.
  static func subjects(of transaction: VerifiedTransaction) -> [IndexedSubject] {
    guard transaction.action.contract == MutualAid.name else { return [] }
    return MutualAid.subjects(of: transaction.action).map { subject in
      switch subject {
      case .plan(let ordinal): IndexedSubject(kind: .plan, ordinal: UInt64(ordinal))
      case .membership(let ordinal): IndexedSubject(kind: .membership, ordinal: UInt64(ordinal))
      case .claim(let ordinal): IndexedSubject(kind: .case, ordinal: UInt64(ordinal))
      case .refund(let ordinal): IndexedSubject(kind: .refund, ordinal: UInt64(ordinal))
      }
    }
  }
}
