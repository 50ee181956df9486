public import Ledger
public import TransparencyLog

/// Somewhere a chain's log is shown: a node, a follower or a mirror.
public struct WatchedPlace: Sendable {
  /// Its address as it was given.
  public let address: String
  private let client: NodeClient
  private let chain: String?

  /// A place. Call ``shutdown()`` when done.
  ///
  /// - Parameters:
  ///   - address: of a node, or of one log such as `http://HOST/log/aid`.
  ///   - chain: the chain's short name at a node; its first without it.
  /// - Throws: `client.bad_address`.
  public init(_ address: String, chain: String?, options: ClientOptions) throws {
    self.address = address
    self.chain = chain
    client = try NodeClient(address, options: options)
  }

  /// Ends the connections.
  public func shutdown() async { await client.shutdown() }

  /// The chain's name there; `nil` for the address of a log.
  private func name() async throws -> String? {
    if address.contains("/log/") { return nil }
    if let chain { return chain }
    guard let first = try await client.chains().first else {
      throw ClientError(.badAnswer, "the node serves no chain yet", status: 503)
    }
    return first.name
  }

  /// The chain, from its first entry there.
  ///
  /// - Throws: `audit.wrong_genesis` where it is not the pinned one.
  public func trusted(pinned: Hash) async throws -> TrustedChain {
    try await client.trusted(log: name(), pinned: pinned)
  }

  /// What the place shows now, held against the policy, after following the changes it has proofs of.
  ///
  /// - Throws: `proof.malformed`, `proof.no_quorum`; what following throws.
  public func look(_ chain: inout TrustedChain) async throws -> Comparison.View {
    let name = try await name()
    let bytes = try await client.checkpoint(name)
    if let changes = try await client.policyChanges(name) { try chain.follow(changes) }
    return try chain.view(bytes, from: address)
  }

  /// The log's files as of a view of this place; nothing is fetched ahead.
  public func files(of view: Comparison.View) async throws -> RemoteLog {
    var options = RemoteLog.Options()
    options.ahead = 0
    return try await client.log(name(), checkpoint: view.signed, options: options)
  }
}

extension TrustedChain {
  /// A signed checkpoint as a view, if it fulfils the policy of its size and is of the chain's log.
  ///
  /// - Throws: `proof.malformed`, `proof.no_quorum`.
  public func view(_ bytes: [UInt8], from source: String) throws(ProofError) -> Comparison.View {
    guard let unverified = try? UnverifiedCheckpoint(bytes) else {
      throw ProofError(.malformed, "the checkpoint does not read")
    }
    return Comparison.View(
      source: source, checkpoint: try policies.verify(unverified).checkpoint, signed: bytes)
  }

  /// The last seal of a log, out of its files as of a view.
  ///
  /// - Throws: what a seal proof throws; `proof.not_found` where files are missing.
  public func lastSeal(in source: some LogSource) throws -> Seal {
    let proof = try SealProof(last: source)
    return try proof.verify(chain: id, policy: policies.policy(of: proof)).seal
  }
}
