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
}
