internal import FoundationEssentials
public import Ledger
public import TransparencyLog

extension MutualAid {
  /// The custodian states what it holds for a plan.
  ///
  /// - Parameters:
  ///   - number: one more than that of its last statement for this plan, from 1.
  ///   - asOf: when this was in its account; later than in the last statement.
  ///   - feesDrawn: what the platform has ever drawn of its fees.
  ///   - evidence: commitment to the bank's own statement.
  public static func reserveStatement(
    plan: UInt16, number: UInt32, asOf: Timestamp, held: Amount, feesDrawn: Amount = .zero, evidence: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireReserveStatement()
    wire.plan = UInt32(plan)
    wire.number = number
    wire.asOf = asOf.seconds
    wire.held = held.micro
    wire.feesDrawn = feesDrawn.micro
    wire.evidence = Data(evidence.bytes)
    return try action(.reserveStatement, wire)
  }

  /// A hospital registers a record when it writes it, by a MAC under its own key.
  public static func registerRecord(_ commitment: Hash) throws(LedgerError) -> Action {
    var wire = WireRegisterRecord()
    wire.record = Data(commitment.bytes)
    return try action(.registerRecord, wire)
  }

  /// An owner names somebody who may file for her when she cannot, or no longer.
  public static func nameHelper(
    membership: UInt32, helper: Address, remove: Bool = false
  ) throws(LedgerError) -> Action {
    var wire = WireNameHelper()
    wire.membership = membership
    wire.helper = Data(helper.bytes)
    wire.remove = remove
    return try action(.nameHelper, wire)
  }
}
