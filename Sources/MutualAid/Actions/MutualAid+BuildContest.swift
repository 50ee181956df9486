internal import FoundationEssentials
public import Ledger
public import TransparencyLog

extension MutualAid {
  /// The owner takes her case back.
  public static func withdrawCase(_ caseOrdinal: UInt32) throws(LedgerError) -> Action {
    var wire = WireWithdrawCase()
    wire.case = caseOrdinal
    return try action(.withdrawCase, wire)
  }

  /// A member objects to a case in notice; `evidence` commits to what supports it.
  public static func object(
    to caseOrdinal: UInt32, membership: UInt32, reason: ObjectionRecord.Reason, evidence: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireObject()
    wire.case = caseOrdinal
    wire.membership = membership
    wire.reason = UInt32(reason.rawValue)
    wire.evidence = Data(evidence.bytes)
    return try action(.object, wire)
  }

  /// The owner of a refused case appeals.
  public static func appeal(caseOrdinal: UInt32, evidence: Hash) throws(LedgerError) -> Action {
    var wire = WireAppeal()
    wire.case = caseOrdinal
    wire.evidence = Data(evidence.bytes)
    return try action(.appeal, wire)
  }

  /// A member is ready to sit on juries, or no longer.
  public static func volunteer(membership: UInt32, ready: Bool = true) throws(LedgerError) -> Action {
    var wire = WireVolunteer()
    wire.membership = membership
    wire.ready = ready
    return try action(.volunteer, wire)
  }

  /// An organisation commits a hash chain for draws by its tip (``diceTip(of:)``).
  public static func commitDice(tip: Hash) throws(LedgerError) -> Action {
    var wire = WireCommitDice()
    wire.tip = Data(tip.bytes)
    return try action(.commitDice, wire)
  }

  /// An organisation reveals the next preimage of its hash chain for the open draw.
  public static func revealDice(draw: UInt32, preimage: Hash) throws(LedgerError) -> Action {
    var wire = WireRevealDice()
    wire.draw = draw
    wire.preimage = Data(preimage.bytes)
    return try action(.revealDice, wire)
  }

  /// A juror steps back.
  public static func recuse(jury: UInt32, membership: UInt32) throws(LedgerError) -> Action {
    var wire = WireRecuse()
    wire.jury = jury
    wire.membership = membership
    return try action(.recuse, wire)
  }

  /// A juror commits her vote; the same salt opens it.
  public static func commitVote(
    jury: UInt32, membership: UInt32, approve: Bool, salt: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireCommitVote()
    wire.jury = jury
    wire.membership = membership
    wire.commitment = Data(vote(jury: jury, membership: membership, approve: approve, salt: salt).bytes)
    return try action(.commitVote, wire)
  }

  /// A juror opens her vote.
  public static func revealVote(
    jury: UInt32, membership: UInt32, approve: Bool, salt: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireRevealVote()
    wire.jury = jury
    wire.membership = membership
    wire.approve = approve
    wire.salt = Data(salt.bytes)
    return try action(.revealVote, wire)
  }

  /// A hospital signs the diagnosis of a case for the fast track; `diagnosis` commits to what it signed.
  public static func certifyDiagnosis(caseOrdinal: UInt32, diagnosis: Hash) throws(LedgerError) -> Action {
    var wire = WireCertifyDiagnosis()
    wire.case = caseOrdinal
    wire.diagnosis = Data(diagnosis.bytes)
    return try action(.certifyDiagnosis, wire)
  }

  /// An insurer signs beside the hospital: the reserve advances the aid.
  public static func countersign(caseOrdinal: UInt32) throws(LedgerError) -> Action {
    var wire = WireCountersign()
    wire.case = caseOrdinal
    return try action(.countersign, wire)
  }

  /// The custodian reports that an advance came back; whole fen.
  public static func recover(caseOrdinal: UInt32, amount: Amount, reference: Hash) throws(LedgerError) -> Action {
    var wire = WireRecover()
    wire.case = caseOrdinal
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.recover, wire)
  }

  /// The custodian reports that a payout came back; whole fen.
  public static func returnPayout(
    caseOrdinal: UInt32, amount: Amount, reference: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireReturnPayout()
    wire.case = caseOrdinal
    wire.amount = amount.micro
    wire.reference = Data(reference.bytes)
    return try action(.returnPayout, wire)
  }
}
