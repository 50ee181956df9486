public import Ledger

extension MutualAid {
  /// The proof that a record stands in one of the contract's tables; `nil` for an unknown table or ordinal.
  ///
  /// The tables' roots must have been asked for since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    func proof<Record>(_ table: AuthenticatedTable<Record>) -> RecordProof? {
      (0..<table.count).contains(ordinal) ? table.proof(of: ordinal) : nil
    }
    return switch table {
    case plans.name: proof(plans)
    case conventions.name: proof(conventions)
    case conventionPages.name: proof(conventionPages)
    case memberships.name: proof(memberships)
    case nullifiers.records.name: proof(nullifiers.records)
    case references.records.name: proof(references.records)
    case cases.name: proof(cases)
    case notices.name: proof(notices)
    case settlements.name: proof(settlements)
    case queue.name: proof(queue)
    case refunds.name: proof(refunds)
    case volunteers.name: proof(volunteers)
    case objections.name: proof(objections)
    case dice.name: proof(dice)
    case draws.name: proof(draws)
    case reveals.name: proof(reveals)
    case juries.name: proof(juries)
    case seats.name: proof(seats)
    default: nil
    }
  }
}
