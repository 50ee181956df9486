public import Ledger

extension MutualAid {
  /// The proof that a record stands in one of the contract's tables; `nil` for an unknown table or ordinal.
  ///
  /// The tables' roots must have been asked for since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    return switch table {
    case plans.name: plans.proof(at: ordinal)
    case conventions.name: conventions.proof(at: ordinal)
    case conventionPages.name: conventionPages.proof(at: ordinal)
    case memberships.name: memberships.proof(at: ordinal)
    case nullifiers.records.name: nullifiers.records.proof(at: ordinal)
    case references.records.name: references.records.proof(at: ordinal)
    case cases.name: cases.proof(at: ordinal)
    case notices.name: notices.proof(at: ordinal)
    case settlements.name: settlements.proof(at: ordinal)
    case queue.name: queue.proof(at: ordinal)
    case refunds.name: refunds.proof(at: ordinal)
    case volunteers.name: volunteers.proof(at: ordinal)
    case objections.name: objections.proof(at: ordinal)
    case dice.name: dice.proof(at: ordinal)
    case draws.name: draws.proof(at: ordinal)
    case reveals.name: reveals.proof(at: ordinal)
    case juries.name: juries.proof(at: ordinal)
    case seats.name: seats.proof(at: ordinal)
    case fastTracks.name: fastTracks.proof(at: ordinal)
    case reserveStatements.name: reserveStatements.proof(at: ordinal)
    case reports.name: reports.proof(at: ordinal)
    case hospitalRecords.records.name: hospitalRecords.records.proof(at: ordinal)
    case helpers.records.name: helpers.records.proof(at: ordinal)
    case fieldChecks.name: fieldChecks.proof(at: ordinal)
    case complaints.name: complaints.proof(at: ordinal)
    case accountKeys.records.name: accountKeys.records.proof(at: ordinal)
    case recoveries.name: recoveries.proof(at: ordinal)
    case beneficiaries.records.name: beneficiaries.records.proof(at: ordinal)
    case illnesses.records.name: illnesses.records.proof(at: ordinal)
    case groups.name: groups.proof(at: ordinal)
    case groupSeats.records.name: groupSeats.records.proof(at: ordinal)
    case consents.name: consents.proof(at: ordinal)
    default: nil
    }
  }
}
