extension Endorsing {
  /// An organisation that goes on after a restart.
  ///
  /// The ordering engine's values after the chain's last sequence come again; since executing them gives what it
  /// gave before, the organisation says again what it said, and refuses to say anything else.
  ///
  /// - Parameters:
  ///   - chain: after the last block that is published and durable.
  ///   - certificate: the quorum on its checkpoint; `nil` at the genesis.
  ///   - records: what it stored, oldest first. What is about earlier blocks counts for nothing.
  public init(chain: Chain<App>, certificate: Certificate?, keys: OrganisationKeys, records: [StoredRecord]) {
    precondition((certificate == nil) == (chain.height == 0), "a block is final by its certificate")
    self.chain = chain
    self.certificate = certificate
    self.keys = keys
    nextSequence = chain.sequence + 1
    verified = certificate?.cosignatures ?? []
    spoken = records.compactMap(\.statement).filter { $0.epoch == chain.epoch && $0.sequence > chain.sequence }
    for case .proposal(let sequence, let bytes) in records where sequence > chain.sequence {
      proposal = (sequence, bytes, nil)
    }
  }

  /// What it said about a sequence before it was restarted, if that differs.
  func contradiction(of statement: Statement) -> Statement? {
    spoken.first { $0.sequence == statement.sequence && $0 != statement }
  }
}
