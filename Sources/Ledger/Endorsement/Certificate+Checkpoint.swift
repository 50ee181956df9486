public import TransparencyLog

extension Certificate {
  /// The certificate that a signed checkpoint carries, checked against the set that had to give it.
  ///
  /// - Throws: `certificate.invalid` unless the checkpoint is of this origin and holds cosignatures of exactly a
  ///   quorum of the set that verify. Lines by others are none of its business.
  public init(
    on checkpoint: UnverifiedCheckpoint, origin: String, endorsers: EndorserSet
  ) throws(LedgerError) {
    guard checkpoint.checkpoint.origin == Array(origin.utf8) else {
      throw LedgerError(.badCertificate, "a checkpoint of another origin")
    }
    var found: [EndorserCosignature] = []
    for member in endorsers.members {
      guard let key = try? member.cosignerKey(),
        let line = checkpoint.note.signatures.first(where: { $0.matches(key) }),
        let cosignature = Cosignature(blob: line.signature)
      else { continue }
      found.append(
        EndorserCosignature(
          key: member.keys.cosign, time: try Timestamp(validating: cosignature.timestamp),
          signature: cosignature.signature))
    }
    try self.init(
      validating: found.sorted { $0.key < $1.key },
      head: LogHead(size: checkpoint.checkpoint.size, root: checkpoint.checkpoint.root), origin: origin,
      endorsers: endorsers)
  }
}
