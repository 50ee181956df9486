extension Policy {
  /// Whether valid cosignatures by these keys fulfil the quorum.
  ///
  /// A public key counts once however often it is given; keys that are not a witness's count nothing.
  public func isQuorumMet(by keys: [VerifierKey]) -> Bool {
    guard case .named(let name) = quorum else { return true }
    let given = Set(keys)
    var witnessed = Set(witnesses.filter { given.contains($0.key) }.map(\.name))
    // A group names only what stands before it, so one walk in order decides them all.
    for group in groups where group.members.count(where: witnessed.contains) >= group.threshold {
      witnessed.insert(group.name)
    }
    return witnessed.contains(name)
  }

  /// Checks a signed checkpoint against this policy.
  ///
  /// Throws `malformedCheckpoint`; `invalidSignature` when a known key's signature fails;
  /// `noKnownSignature` when no line is by a known key; `noLogSignature` unless one of the logs, whose
  /// key has the origin as its name, has signed; and `quorumNotMet`.
  public func verify(_ note: SignedNote) throws(TransparencyLogError) -> VerifiedCheckpoint {
    try verify(UnverifiedCheckpoint(note: note))
  }

  /// Checks a signed checkpoint against this policy, as `verify` with a note does.
  public func verify(_ unverified: UnverifiedCheckpoint) throws(TransparencyLogError) -> VerifiedCheckpoint {
    let verified = try unverified.note.verify(keys: keys)
    let logKeys = Set(logs.map(\.key))
    let witnessKeys = Set(witnesses.map(\.key))
    let logSignatures = verified.filter {
      logKeys.contains($0.key) && $0.key.name.bytes == unverified.checkpoint.origin
    }
    guard !logSignatures.isEmpty else {
      throw TransparencyLogError(.noLogSignature, "No log of the policy has signed under this origin.")
    }
    let cosignatures = verified.filter { witnessKeys.contains($0.key) }
    guard isQuorumMet(by: cosignatures.map(\.key)) else {
      throw TransparencyLogError(.quorumNotMet, "Too few witnesses of the policy have cosigned.")
    }
    return VerifiedCheckpoint(
      note: unverified.note, checkpoint: unverified.checkpoint, logSignatures: logSignatures,
      cosignatures: cosignatures)
  }
}
