internal import Ledger
public import TransparencyLog

/// The policies that somebody has beforehand who checks files without asking anybody.
public enum KnownPolicies: Sendable {
  /// One he starts from, and what follows from it by proofs.
  case proven(TrustedPolicies)
  /// Those he vouches for himself, each with the height of the block that brought it, in ascending order.
  case kept([(height: UInt64, policy: Policy)])

  /// Holds a proof against the policy of its checkpoint.
  ///
  /// Of kept policies, which tell heights and not sizes, every one is tried under which the checkpoint can have been
  /// made: it is of the seal's block or a later one.
  ///
  /// - Parameters:
  ///   - seal: where the proof ends.
  ///   - verify: the whole check of the proof under a policy.
  /// - Throws: what the check throws; `proof.no_quorum` where no policy is of that height.
  public func holding<Value>(
    _ seal: SealProof, _ verify: (Policy) throws(ProofError) -> Value
  ) throws(ProofError) -> Value {
    var refusal: ProofError?
    for policy in candidates(seal) {
      do throws(ProofError) {
        return try verify(policy)
      } catch {
        // The quorum is asked for first: whoever passed it and failed later says more.
        if refusal == nil || refusal?.code == .noQuorum { refusal = error }
      }
    }
    throw refusal ?? ProofError(.noQuorum, "no policy of the height of its checkpoint is at hand")
  }

  private func candidates(_ proof: SealProof) -> [Policy] {
    switch self {
    case .proven(let policies): return [policies.policy(of: proof)]
    case .kept(let kept):
      guard let seal = try? Seal(entry: Array(proof.seal)), let size = try? proof.unverifiedCheckpoint().size else {
        return kept.last.map { [$0.policy] } ?? []
      }
      let isLast = size == proof.index + 1
      let ends = kept.dropFirst().map { Optional($0.height) } + [nil]
      return zip(kept, ends).filter { entry, end in
        // A policy of height h is that of the blocks after h, up to the one that brings the next.
        seal.height <= (end ?? .max) && (!isLast || entry.height < seal.height)
      }.map(\.0.policy)
    }
  }
}
