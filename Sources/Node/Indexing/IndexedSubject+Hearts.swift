internal import HeartChain
internal import Ledger
internal import Storage

extension IndexedSubject {
  /// What a transaction of the contract "hearts" is about; `nil` for one of another contract.
  static func hearts(of transaction: VerifiedTransaction) -> [IndexedSubject]? {
    guard transaction.action.belongs(to: Hearts.name) else { return nil }
    return Hearts.gifts(of: transaction.action).map { IndexedSubject(kind: .gift, ordinal: UInt64($0)) }
  }
}
