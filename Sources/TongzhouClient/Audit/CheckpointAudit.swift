public import Ledger
public import TransparencyLog

/// Holds a checkpoint against those who had to certify it.
public enum CheckpointAudit {
  /// The checkpoint must be exactly what organisations publish: log signatures of the set of endorsers by ascending
  /// key, then the certificate, a quorum and no more, by ascending key. A line nobody can check is an error here.
  ///
  /// - Parameters:
  ///   - certifiers: the set of endorsers before the block that the checkpoint ends with.
  ///   - origin: the log's.
  /// - Throws: `audit.bad_checkpoint`.
  public static func check(_ unverified: UnverifiedCheckpoint, certifiers: EndorserSet, origin: String) throws {
    let policy = try certifiers.policy(origin: origin)
    guard unverified.checkpoint.extensions.isEmpty else {
      throw failure("a line after the root, which cosignatures promise nothing about")
    }
    for line in unverified.note.signatures where !policy.keys.contains(where: { line.matches($0) }) {
      throw failure("a line by \(line.name), who is not in the policy")
    }
    let verified: VerifiedCheckpoint
    do {
      verified = try policy.verify(unverified)
    } catch {
      throw failure("\(error)")
    }
    guard verified.cosignatures.count == certifiers.quorum else {
      throw failure(
        "\(verified.cosignatures.count) cosignatures where a certificate has \(certifiers.quorum)")
    }
    // Block times come from these, and none lies later.
    guard verified.cosignatures.allSatisfy({ ($0.timestamp ?? .max) <= Timestamp.max.seconds }) else {
      throw failure("a cosignature states a time after the year 9999")
    }
    let order = byKey(verified.logSignatures) + byKey(verified.cosignatures)
    guard zip(unverified.note.signatures, order).allSatisfy({ $0.matches($1.key) }) else {
      throw failure("its lines are not sorted: log signatures, certificate, by key")
    }
  }

  private static func byKey(_ signatures: [VerifiedSignature]) -> [VerifiedSignature] {
    signatures.sorted { $0.key.publicKey.lexicographicallyPrecedes($1.key.publicKey) }
  }

  private static func failure(_ what: String) -> AuditFailure { AuditFailure(.badCheckpoint, "checkpoint", what) }
}
