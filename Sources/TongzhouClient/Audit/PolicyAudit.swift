internal import Ledger
internal import TransparencyLog

/// What a log publishes of the changes of its endorsers.
enum PolicyAudit {
  /// The policies that the file of changes proves, from the genesis on.
  ///
  /// - Throws: `audit.wrong_file` where it does not read, or a change does not follow.
  static func policies(_ bytes: [UInt8]?, of chain: TrustedChain) throws -> TrustedPolicies {
    var chain = chain
    if let bytes {
      do throws(ProofError) {
        try chain.follow(PolicyChanges(file: bytes))
      } catch {
        throw AuditFailure(.wrongFile, PolicyChanges.path, "\(error)")
      }
    }
    return chain.policies
  }

  /// Holds the file of changes against the sets that a replay came to.
  ///
  /// A writer adds a change before the checkpoint of its block stands, so one beyond the end is no fault.
  static func check(
    _ bytes: [UInt8], against sets: [(height: UInt64, endorsers: EndorserSet)], genesis: Genesis, to height: UInt64
  ) throws {
    for term in try policies(bytes, of: TrustedChain(genesis)).terms where term.height <= height {
      guard sets.contains(where: { $0.height == term.height && $0.endorsers == term.endorsers }) else {
        throw AuditFailure(
          .wrongFile, PolicyChanges.path, "the endorsers after block \(term.height) are not those of the replay")
      }
    }
  }
}
