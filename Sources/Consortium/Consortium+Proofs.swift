public import Ledger

extension Consortium {
  /// The proof that a record stands in one of the contract's tables; `nil` for an unknown table or ordinal.
  ///
  /// The tables' roots must have been asked for since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    func proof<Record>(_ table: AuthenticatedTable<Record>) -> RecordProof? {
      (0..<table.count).contains(ordinal) ? table.proof(of: ordinal) : nil
    }
    return switch table {
    case organisations.name: proof(organisations)
    case officers.name: proof(officers)
    case accounts.records.name: proof(accounts.records)
    case attestations.name: proof(attestations)
    default: boxed.wrapped.recordProof(table: table, ordinal: ordinal)
    }
  }
}
