internal import Consortium
internal import Ledger
internal import MutualAid

/// The layouts of the state's records (docs/state.md), by the names of their tables, so that a proof of any of them is
/// held against the form that the ledger writes.
enum RecordLayouts {
  /// Version 1 of each.
  static let all: [String: any FixedLayoutRecord.Type] = [
    "account_keys": AccountKeyRecord.self,
    "accounts": AccountRecord.self,
    "attestations": AttestationManifestRecord.self,
    "beneficiaries": BeneficiaryRecord.self,
    "cases": CaseRecord.self,
    "complaints": ComplaintRecord.self,
    "consents": ConsentRecord.self,
    "convention_pages": TextPage.self,
    "conventions": ConventionRecord.self,
    "dice": DiceRecord.self,
    "draws": DrawRecord.self,
    "evidence": EvidenceRecord.self,
    "fast_tracks": FastTrackRecord.self,
    "field_checks": FieldCheckRecord.self,
    "group_seats": GroupSeatRecord.self,
    "groups": GroupRecord.self,
    "helpers": HelpersRecord.self,
    "hospital_records": HospitalRecord.self,
    "illnesses": IllnessRecord.self,
    "juries": JuryRecord.self,
    "keys": KeyRecord.self,
    "memberships": MembershipRecord.self,
    "notices": NoticeRecord.self,
    "nullifiers": NullifierRecord.self,
    "objections": ObjectionRecord.self,
    "officers": OfficerRecord.self,
    "organisations": OrganisationRecord.self,
    "parameters": ParametersRecord.self,
    "pauses": PauseRecord.self,
    "payment_references": PaymentReferenceRecord.self,
    "plans": PlanRecord.self,
    "proposal_pages": TextPage.self,
    "proposals": ProposalRecord.self,
    "queue": QueueRecord.self,
    "recoveries": RecoveryRecord.self,
    "refunds": RefundRecord.self,
    "reports": ReportRecord.self,
    "reserve_statements": ReserveStatementRecord.self,
    "reveals": RevealRecord.self,
    "rules": RuleRecord.self,
    "seats": SeatRecord.self,
    "settlements": SettlementRecord.self,
    "volunteers": VolunteerRecord.self,
    "votes": VoteRecord.self,
  ]
}
