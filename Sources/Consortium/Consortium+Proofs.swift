public import Ledger

extension Consortium {
  /// The proof that a record stands in one of the contract's tables; `nil` for an unknown table or ordinal.
  ///
  /// The tables' roots must have been asked for since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    return switch table {
    case organisations.name: organisations.proof(at: ordinal)
    case officers.name: officers.proof(at: ordinal)
    case accounts.records.name: accounts.records.proof(at: ordinal)
    case attestations.name: attestations.proof(at: ordinal)
    default: boxed.wrapped.recordProof(table: table, ordinal: ordinal)
    }
  }
}
