/// A checkpoint that a policy accepts: signed by one of its logs under the log's own name, and
/// cosigned by its quorum. Made by `Policy.verify` only.
public struct VerifiedCheckpoint: Hashable, Sendable {
  /// The note it came in, with all its lines, also those that nobody knows.
  public let note: SignedNote

  /// What was signed.
  public let checkpoint: Checkpoint

  /// The valid signatures by log keys of the policy whose name is the origin; at least one.
  public let logSignatures: [VerifiedSignature]

  /// The valid cosignatures by witnesses of the policy, each witness once, with their times. A time in
  /// the future is not refused here, where there is no clock.
  public let cosignatures: [VerifiedSignature]
}
