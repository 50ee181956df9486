public import Ledger

extension ErrorCode {
  /// The sender's organisation does not have the role this action asks for.
  public static let wrongRole = ErrorCode(100, "consortium.wrong_role")
  /// The sender is no officer of any organisation.
  public static let notAnOfficer = ErrorCode(101, "consortium.not_an_officer")
  /// No organisation has this ordinal.
  public static let unknownOrganisation = ErrorCode(102, "consortium.unknown_organisation")
  /// No attestation manifest has this ordinal, or it is for another plan.
  public static let unknownAttestations = ErrorCode(103, "attestation.unknown_manifest")
  /// The row is not in the manifest it claims.
  public static let attestationNotProven = ErrorCode(104, "attestation.not_proven")
  /// The attestation's time is over.
  public static let attestationExpired = ErrorCode(105, "attestation.expired")
  /// The attestation names another owner or another plan.
  public static let attestationMismatch = ErrorCode(106, "attestation.not_the_sender")
  /// A row of a manifest has a wrong length or a field outside its range.
  public static let badRow = ErrorCode(107, "manifest.bad_row")
  /// The sender's organisation is suspended.
  public static let organisationSuspended = ErrorCode(108, "consortium.suspended")

  /// Another organisation has or had this name, or it is none.
  public static let badName = ErrorCode(110, "organisation.invalid_name")
  /// The organisation is not in the standing for this: suspended already, not suspended, or removed.
  public static let wrongStanding = ErrorCode(111, "organisation.wrong_standing")
  /// Without it fewer organisations would endorse than make a quorum.
  public static let organisationNeeded = ErrorCode(112, "organisation.needed")
  /// The chain holds as many organisations, endorsers or officers as it may.
  public static let tooManyOrganisations = ErrorCode(113, "organisation.too_many")
  /// The key stands or stood for something already.
  public static let keyInUse = ErrorCode(114, "key.in_use")
  /// No officer has this address.
  public static let unknownOfficer = ErrorCode(115, "officer.unknown")

  /// No proposal has this ordinal.
  public static let unknownProposal = ErrorCode(120, "proposal.unknown")
  /// The change has a field outside its range.
  public static let invalidChange = ErrorCode(121, "proposal.invalid_change")
  /// The organisation has as many proposals open as it may.
  public static let tooManyProposals = ErrorCode(122, "proposal.too_many_open")
  /// The organisation has voted on this proposal.
  public static let alreadyVoted = ErrorCode(123, "proposal.already_voted")
  /// The sender's organisation does not endorse, and who does not endorse does not decide.
  public static let noElector = ErrorCode(124, "proposal.no_elector")
  /// The end of voting has passed.
  public static let votingOver = ErrorCode(125, "proposal.voting_over")
  /// The proposal was taken back.
  public static let proposalWithdrawn = ErrorCode(126, "proposal.withdrawn")
  /// The proposal is decided.
  public static let proposalClosed = ErrorCode(127, "proposal.closed")
  /// The vote is for another content than the proposal's.
  public static let wrongContent = ErrorCode(128, "proposal.wrong_content")
  /// Only the organisation that proposed it may take it back.
  public static let notTheProposer = ErrorCode(129, "proposal.not_the_proposer")

  /// The organisation has called for this pause already, or it runs.
  public static let pauseCalled = ErrorCode(130, "pause.already_called")
  /// The organisation called for the last pause of the same, and has to rest.
  public static let pauseResting = ErrorCode(131, "pause.resting")
  /// No pause of this ordinal runs.
  public static let noPause = ErrorCode(132, "pause.not_running")

  /// The key is none that ever stood for an organisation in this.
  public static let unknownKey = ErrorCode(140, "evidence.unknown_key")
  /// This evidence was accepted before, or the organisation was removed.
  public static let evidenceKnown = ErrorCode(141, "evidence.known")
}
