/// The actions of the contract "mutual-aid".
public enum MutualAidAction: UInt32, Sendable, CaseIterable {
  /// The platform opens a plan under a convention.
  case openPlan = 1
  /// A person joins.
  case join = 2
  /// The custodian reports deposits.
  case deposits = 3
  /// A case is filed.
  case fileCase = 4
  /// The investigating organisation reports.
  case investigate = 5
  /// The platform publishes a notice.
  case publishNotice = 6
  /// The custodian confirms a payout.
  case confirmPayout = 7
  /// An owner leaves.
  case leave = 8
  /// The custodian confirms a refund.
  case confirmRefund = 9
  /// The custodian reports a payment taken back.
  case reverse = 10
  /// The custodian reports a sponsor's money.
  case contribute = 11
  /// The platform hands a case to an investigator.
  case assign = 20
  /// An officer decides a case.
  case decide = 21
  /// An owner takes her case back.
  case withdrawCase = 22
  /// A member objects to a case in notice.
  case object = 23
  /// An owner appeals to a jury.
  case appeal = 24
  /// A member is ready to sit on juries, or no longer.
  case volunteer = 25
  /// An organisation commits a hash chain for draws.
  case commitDice = 26
  /// An organisation reveals its next preimage.
  case revealDice = 27
  /// A juror steps back.
  case recuse = 28
  /// A juror commits her vote.
  case commitVote = 29
  /// A juror opens her vote.
  case revealVote = 30
  /// The custodian reports a payout that came back.
  case returnPayout = 31
  /// A hospital signs a diagnosis for the fast track.
  case certifyDiagnosis = 32
  /// An insurer signs beside it.
  case countersign = 33
  /// An advance came back.
  case recover = 34
  /// The custodian states what it holds.
  case reserveStatement = 60
  /// A hospital registers a record.
  case registerRecord = 61
  /// An owner names somebody who may file for her, or no longer.
  case nameHelper = 62
  /// The investigator asks for a field check.
  case askFieldCheck = 63
  /// The platform sends a volunteer.
  case sendFieldCheck = 64
  /// The volunteer reports.
  case reportFieldCheck = 65
  /// A member complains.
  case complain = 66
  /// An organisation answers a complaint.
  case answerComplaint = 67
}
