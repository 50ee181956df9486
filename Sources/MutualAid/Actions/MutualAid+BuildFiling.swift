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

extension MutualAid {
  /// The investigator of a case asks for a look at the place.
  public static func askFieldCheck(caseOrdinal: UInt32) throws(LedgerError) -> Action {
    var wire = WireAskFieldCheck()
    wire.case = caseOrdinal
    return try action(.askFieldCheck, wire)
  }

  /// The platform sends a volunteer to look.
  public static func sendFieldCheck(_ check: UInt32, membership: UInt32) throws(LedgerError) -> Action {
    var wire = WireSendFieldCheck()
    wire.check = check
    wire.membership = membership
    return try action(.sendFieldCheck, wire)
  }

  /// The volunteer reports whether what she saw agrees with the claim.
  public static func reportFieldCheck(_ check: UInt32, agrees: Bool, report: Hash) throws(LedgerError) -> Action {
    var wire = WireReportFieldCheck()
    wire.check = check
    wire.agrees = agrees
    wire.report = Data(report.bytes)
    return try action(.reportFieldCheck, wire)
  }

  /// A member complains about a case, a membership or an organisation.
  public static func complain(
    membership: UInt32, about: ComplaintRecord.Subject, ordinal: UInt32, reason: ComplaintRecord.Reason, content: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireComplain()
    wire.membership = membership
    wire.about = UInt32(about.rawValue)
    wire.ordinal = ordinal
    wire.reason = UInt32(reason.rawValue)
    wire.content = Data(content.bytes)
    return try action(.complain, wire)
  }

  /// The organisation concerned, or the platform, answers a complaint.
  public static func answer(complaint: UInt32, with answer: Hash) throws(LedgerError) -> Action {
    var wire = WireAnswerComplaint()
    wire.complaint = complaint
    wire.answer = Data(answer.bytes)
    return try action(.answerComplaint, wire)
  }
}
