public import Ledger

extension ErrorCode {
  /// No plan has this ordinal.
  public static let unknownPlan = ErrorCode(220, "plan.unknown")
  /// The chain holds as many plans as it may.
  public static let tooManyPlans = ErrorCode(221, "plan.too_many")
  /// A convention of this key and version stands on the chain already.
  public static let conventionKnown = ErrorCode(222, "plan.convention_known")
  /// An organisation named for a plan lacks the role.
  public static let unfitOrganisation = ErrorCode(223, "plan.unfit_organisation")

  /// The organisation acts for a plan, and another has to take its place first.
  public static let organisationInOffice = ErrorCode(224, "plan.organisation_in_office")
  /// The convention is not a later version of the one in force.
  public static let notTheNext = ErrorCode(225, "convention.not_the_next")
  /// A plan's next convention counts payers in another way, or has a calendar where there was none, or none.
  public static let otherPayers = ErrorCode(226, "convention.other_payers")
  /// Joining this plan is paused.
  public static let joinsPaused = ErrorCode(227, "plan.joins_paused")
  /// Payouts of this plan are paused.
  public static let payoutsPaused = ErrorCode(228, "plan.payouts_paused")

  /// Before the attested earliest join date, or below the age from which the convention takes members.
  public static let tooYoung = ErrorCode(230, "membership.too_young")
  /// Past the age up to which the convention takes members.
  public static let tooOld = ErrorCode(231, "membership.too_old")
  /// The person has a live membership in this plan.
  public static let alreadyMember = ErrorCode(232, "membership.already_member")
  /// No membership has this ordinal.
  public static let unknownMembership = ErrorCode(233, "membership.unknown")
  /// The sender does not own the membership.
  public static let notTheOwner = ErrorCode(234, "membership.not_the_owner")
  /// The membership has ended, or its owner has asked to leave.
  public static let membershipEnded = ErrorCode(235, "membership.ended")

  /// The first number of a deposit manifest is not the custodian's next.
  public static let depositOutOfTurn = ErrorCode(240, "deposit.out_of_turn")
  /// A deposit is not a positive number of whole fen within the limit.
  public static let badDeposit = ErrorCode(241, "deposit.invalid_amount")
  /// The payment reference stands for another deposit of the last 90 days.
  public static let referenceUsed = ErrorCode(242, "deposit.reference_used")
  /// The credit could not be placed; it waits in suspense and is paid back.
  public static let suspended = ErrorCode(243, "deposit.in_suspense")
  /// The credit waits until the debit of the running notice is done.
  public static let pendingCredit = ErrorCode(244, "deposit.pending")
  /// A reversal of more than was ever deposited.
  public static let badReversal = ErrorCode(245, "deposit.invalid_reversal")

  /// No case has this ordinal.
  public static let unknownCase = ErrorCode(250, "case.unknown")
  /// The case is not in a state in which this can happen.
  public static let wrongCaseState = ErrorCode(251, "case.wrong_state")
  /// The disease class is unknown, or the convention pays nothing for it at this age.
  public static let notCovered = ErrorCode(252, "case.not_covered")
  /// The diagnosis lies within the waiting period.
  public static let waiting = ErrorCode(253, "case.waiting_period")
  /// The membership was not funded at the diagnosis.
  public static let notFunded = ErrorCode(254, "case.not_funded")
  /// The diagnosis lies in the future.
  public static let futureDiagnosis = ErrorCode(255, "case.diagnosis_in_future")
  /// The diagnosis is older than the convention takes claims for.
  public static let filedTooLate = ErrorCode(256, "case.filed_too_late")
  /// The membership has a case that is not closed.
  public static let caseOpen = ErrorCode(257, "case.another_open")
  /// Notices of this plan come by its calendar.
  public static let noticeByCalendar = ErrorCode(258, "case.notice_by_calendar")

  /// A payment of more than is due, or not of whole fen.
  public static let badPayment = ErrorCode(260, "payment.invalid_amount")
  /// No refund of this ordinal is due.
  public static let unknownRefund = ErrorCode(261, "payment.unknown_refund")
}
