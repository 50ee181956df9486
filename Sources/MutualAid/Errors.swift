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

  /// The plan has ended or is being wound down, or the diagnosis lies after the end of its cover.
  public static let windingDown = ErrorCode(229, "plan.winding_down")

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

  /// The case was handed to another organisation to investigate.
  public static let notAssigned = ErrorCode(270, "case.not_assigned")
  /// The organisation that investigated a case has no say in its decision.
  public static let ownInvestigation = ErrorCode(271, "case.own_investigation")
  /// The organisation has decided already; only another can be the second.
  public static let alreadyDecided = ErrorCode(272, "case.organisation_decided")
  /// The owner's time to appeal is over, or the convention knows no appeal.
  public static let appealTooLate = ErrorCode(273, "case.appeal_too_late")
  /// The case has been appealed once.
  public static let alreadyAppealed = ErrorCode(274, "case.already_appealed")

  /// The membership has no balance, or its waiting period is not over.
  public static let notCovering = ErrorCode(280, "objection.not_a_payer")
  /// Nobody objects to her own case.
  public static let ownCase = ErrorCode(281, "objection.own_case")
  /// The membership has objected to this case.
  public static let alreadyObjected = ErrorCode(282, "objection.repeated")
  /// The membership has made as many objections this year as the convention allows.
  public static let tooManyObjections = ErrorCode(283, "objection.limit")
  /// A jury has heard the case.
  public static let alreadyHeard = ErrorCode(284, "objection.case_heard")

  /// No jury has this ordinal.
  public static let unknownJury = ErrorCode(290, "jury.unknown")
  /// The membership has no seat on this jury.
  public static let notAJuror = ErrorCode(291, "jury.not_a_juror")
  /// Not the time for this: votes are committed first and opened afterwards.
  public static let wrongJuryPhase = ErrorCode(292, "jury.wrong_phase")
  /// The juror has done this, or has stepped back.
  public static let seatDone = ErrorCode(293, "jury.seat_done")
  /// The vote is not the one committed.
  public static let wrongOpening = ErrorCode(294, "jury.wrong_opening")
  /// The membership is on the list of volunteers already, or is not on it.
  public static let volunteerUnchanged = ErrorCode(295, "jury.volunteer_unchanged")
  /// The draw is not open, or does not exist.
  public static let noOpenDraw = ErrorCode(296, "draw.not_open")
  /// The organisation has yet to reveal for the open draw, and keeps its hash chain until then.
  public static let drawIsOpen = ErrorCode(297, "draw.is_open")
  /// The organisation has committed no hash chain that is part of this draw, or has revealed.
  public static let noDice = ErrorCode(298, "draw.not_part")
  /// The preimage does not hash to the organisation's tip.
  public static let wrongPreimage = ErrorCode(299, "draw.wrong_preimage")

  /// The plan's convention has no fast track.
  public static let noFastTrack = ErrorCode(300, "fast_track.none")
  /// The hospital's number of advances, or their sum, within the convention's days is used up.
  public static let fastTrackLimit = ErrorCode(301, "fast_track.limit")
  /// The plan's reserve does not hold the advance.
  public static let reserveShort = ErrorCode(302, "fast_track.reserve_short")
  /// A hospital has signed for this case, or its aid has been advanced.
  public static let fastTrackUsed = ErrorCode(303, "fast_track.repeated")
  /// No hospital has signed for this case.
  public static let notCertified = ErrorCode(304, "fast_track.not_certified")
  /// An advance on this hospital's word was overturned within the convention's days.
  public static let hospitalBarred = ErrorCode(305, "fast_track.hospital_barred")
  /// Nothing is owed back for this case, or less, or not in whole fen.
  public static let nothingOwed = ErrorCode(306, "fast_track.nothing_owed")
  /// The organisation has signed for this case's advance, and has no second say in it.
  public static let ownCountersignature = ErrorCode(307, "fast_track.own_signature")

  /// A payment of more than is due, or not of whole fen.
  public static let badPayment = ErrorCode(260, "payment.invalid_amount")
  /// No refund of this ordinal is due.
  public static let unknownRefund = ErrorCode(261, "payment.unknown_refund")

  /// The new key is the one that stands already, or the account is an officer's, whose key is changed by proposal.
  public static let keyNotChangeable = ErrorCode(310, "key.not_changeable")
  /// A recovery of the account's key is under way.
  public static let recoveryUnderWay = ErrorCode(311, "recovery.under_way")
  /// The organisation has proposed a key for this account in the last seven days.
  public static let recoveryProposed = ErrorCode(312, "recovery.already_proposed")
  /// No recovery has this ordinal.
  public static let unknownRecovery = ErrorCode(313, "recovery.unknown")
  /// The recovery is not in the state in which this can happen.
  public static let wrongRecoveryState = ErrorCode(314, "recovery.wrong_state")
  /// The person was attested before that which makes a new attestation necessary.
  public static let notAttestedAnew = ErrorCode(315, "attestation.not_renewed")
  /// The attestation is of another person, or for neither of the keys in question.
  public static let otherPerson = ErrorCode(316, "attestation.other_person")
  /// What is due to the account is frozen until its owner proves who she is.
  public static let accountFrozen = ErrorCode(317, "account.frozen")
  /// The payment names another than the payee of record.
  public static let wrongPayee = ErrorCode(318, "payee.not_of_record")
  /// The insured's death was reported.
  public static let deathReported = ErrorCode(319, "membership.death_reported")

  /// A death before the join, or of a day to come.
  public static let badDeathDay = ErrorCode(320, "death.invalid_day")
  /// The insured is not of age.
  public static let notOfAge = ErrorCode(321, "ownership.not_of_age")
  /// The membership is the sender's already.
  public static let ownerUnchanged = ErrorCode(322, "ownership.unchanged")
  /// The convention pays no shares back, or the diagnosis does not lie within the waiting period.
  public static let notRefunded = ErrorCode(323, "illness.not_refunded")
  /// The organisation has reported this, or the report is confirmed.
  public static let illnessReported = ErrorCode(324, "illness.already_reported")
  /// No group has this ordinal.
  public static let unknownGroup = ErrorCode(325, "group.unknown")
  /// The sender is not the group's payer.
  public static let notThePayer = ErrorCode(326, "group.not_the_payer")
  /// The group has as many memberships as it may.
  public static let groupFull = ErrorCode(327, "group.full")
  /// The membership is in no group.
  public static let notInGroup = ErrorCode(328, "group.not_a_member")
  /// No consent of this ordinal is in force.
  public static let unknownConsent = ErrorCode(329, "consent.unknown")
  /// The statement's number is not the custodian's next for this plan.
  public static let statementOutOfTurn = ErrorCode(330, "reserves.out_of_turn")
  /// The statement is as of no later time than the one before.
  public static let statementNotLater = ErrorCode(331, "reserves.not_later")
  /// The statement is as of a time to come.
  public static let statementInFuture = ErrorCode(332, "reserves.in_future")
  /// The statement is as of a time too long ago.
  public static let statementTooOld = ErrorCode(333, "reserves.too_old")
  /// What is held is negative, or more fees were drawn than collected, or fewer than said before.
  public static let badStatement = ErrorCode(334, "reserves.invalid_amount")
  /// The custodian's last statement is older than the convention allows, or there never was one.
  public static let statementMissing = ErrorCode(335, "plan.no_reserve_statement")
  /// The custodian's last statement is further short of what is owed than the convention allows.
  public static let reservesShort = ErrorCode(336, "plan.reserves_short")

  /// The hospital has registered this record before.
  public static let recordKnown = ErrorCode(340, "record.known")
  /// The hospital has registered no such record.
  public static let unknownRecord = ErrorCode(341, "record.unknown")
  /// The record serves, or served, another case.
  public static let recordUsed = ErrorCode(342, "record.used")
  /// The record was registered later after the diagnosis than the convention allows.
  public static let backDated = ErrorCode(343, "record.back_dated")
  /// The record was registered before the day of the diagnosis.
  public static let recordBeforeDiagnosis = ErrorCode(344, "record.before_diagnosis")
  /// The convention asks for a hospital record, and the case has none.
  public static let recordMissing = ErrorCode(345, "record.missing")

  /// The membership has as many helpers as it may.
  public static let tooManyHelpers = ErrorCode(347, "helper.limit")
  /// The helper is named already, or is not named.
  public static let helperUnchanged = ErrorCode(348, "helper.unchanged")

  /// No field check has this ordinal.
  public static let unknownFieldCheck = ErrorCode(350, "field_check.unknown")
  /// The check has no volunteer yet, or was reported.
  public static let wrongFieldCheckState = ErrorCode(351, "field_check.wrong_state")
  /// The membership is no ready volunteer of the plan with a balance, is the aided's own, or checks this case already.
  public static let unfitVolunteer = ErrorCode(352, "field_check.unfit_volunteer")
  /// As many checks were asked for on this case as may be.
  public static let tooManyFieldChecks = ErrorCode(353, "field_check.limit")

  /// No complaint has this ordinal.
  public static let unknownComplaint = ErrorCode(354, "complaint.unknown")
  /// Another organisation answers for what the complaint is about.
  public static let notConcerned = ErrorCode(355, "complaint.not_concerned")
  /// The membership has as many complaints open as it may.
  public static let tooManyComplaints = ErrorCode(356, "complaint.limit")
  /// The complaint has been answered.
  public static let complaintAnswered = ErrorCode(357, "complaint.answered")
}
