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
  /// An owner signs with another key.
  case rotateKey = 40
  /// An organisation proposes a new key for an owner.
  case proposeRecovery = 41
  /// An owner forbids a recovery.
  case vetoRecovery = 42
  /// Renewed proof of identity after a veto.
  case proveIdentity = 43
  /// An owner names a payee.
  case setPayee = 44
  /// An owner names an heir.
  case setHeir = 45
  /// The identity authority reports a death.
  case reportDeath = 46
  /// The insured takes her membership over.
  case takeOver = 47
  /// An illness within the waiting period is reported.
  case reportIllness = 48
  /// The platform registers a group.
  case registerGroup = 49
  /// A group's payer enrols people.
  case enrol = 50
  /// The custodian reports a payment for a group.
  case groupDeposit = 51
  /// An owner leaves her group.
  case leaveGroup = 52
  /// An owner gives a consent.
  case giveConsent = 53
  /// An owner takes a consent back.
  case withdrawConsent = 54
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
