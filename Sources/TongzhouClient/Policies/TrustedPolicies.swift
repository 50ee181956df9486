public import Ledger
public import TransparencyLog

/// The policies of a chain that follow from a pinned one, each for the sizes of the log it stands for.
///
/// A checkpoint is held against the policy of its size and no other: who was suspended or removed counts for nothing
/// after it, and a key that was changed signs nothing any more.
public struct TrustedPolicies: Sendable, Equatable {
  /// A policy and what it stands for.
  public struct Term: Sendable, Equatable {
    /// The height of the block that brought it; 0 for the genesis, or for a policy that was pinned.
    public let height: UInt64
    /// It stands for checkpoints of more entries than this, up to where the next term begins.
    public let after: UInt64
    /// The log's root at that size; `nil` where no change has shown it.
    public let root: Hash?
    /// The policy.
    public let policy: Policy
    /// The endorsers it names; `nil` for a policy that was pinned as a file.
    public let endorsers: EndorserSet?
  }

  /// The terms, oldest first; never empty.
  public private(set) var terms: [Term]

  /// The policies of a chain whose endorsers never changed, as far as is known.
  public init(genesis endorsers: EndorserSet, origin: String) throws {
    terms = [
      Term(height: 0, after: 0, root: nil, policy: try endorsers.policy(origin: origin), endorsers: endorsers)
    ]
  }

  /// The policies that begin with one that somebody kept from before.
  public init(pinned policy: Policy) {
    terms = [Term(height: 0, after: 0, root: nil, policy: policy, endorsers: nil)]
  }

  /// The term that stands now, as far as is known.
  public var newest: Term { terms[terms.count - 1] }

  /// The policy that a checkpoint of a size must fulfil.
  public func policy(size: UInt64) -> Policy { term(size: size).policy }

  /// The term that a checkpoint of a size falls into.
  public func term(size: UInt64) -> Term { terms.last { $0.after < size } ?? terms[0] }

  /// Goes on along proven changes. Every change has to be certified by the set before it.
  ///
  /// Changes that are known already are passed over, and with a pinned policy those before it, by the policy they
  /// lead to.
  ///
  /// - Returns: the number of new terms.
  /// - Throws: `proof.wrong_chain`; what the first change throws that does not follow; `proof.malformed` for more
  ///   changes than there may be.
  @discardableResult
  public mutating func follow(_ changes: PolicyChanges, chain: Hash) throws(ProofError) -> Int {
    guard changes.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the changes are of chain \(changes.chain)")
    }
    guard changes.changes.count <= PolicyChanges.maximumCount else {
      throw ProofError(.malformed, "more than \(PolicyChanges.maximumCount) changes")
    }
    var next = terms
    for change in changes.changes[start(in: changes, chain: chain)...] {
      let last = next[next.count - 1]
      let found = try change.verify(chain: chain, policy: last.policy)
      guard found.seal.height > last.height, found.head.size > last.after else {
        throw ProofError(.notIncluded, "the changes are not in order")
      }
      guard let policy = try? found.endorsers.policy(origin: origin) else {
        throw ProofError(.malformed, "the endorsers after block \(found.seal.height) make no policy")
      }
      next.append(
        Term(
          height: found.seal.height, after: found.head.size, root: found.head.root, policy: policy,
          endorsers: found.endorsers))
    }
    let found = next.count - terms.count
    terms = next
    return found
  }

  /// All logs of our policies are the one origin.
  private var origin: String {
    terms[0].policy.logs.first.map { String(decoding: $0.key.name.bytes, as: UTF8.self) } ?? ""
  }

  /// The first change that is not known yet.
  ///
  /// It is looked for by what changes say of themselves: one that lies about it is at worst not passed over, and
  /// then has to follow.
  private func start(in changes: PolicyChanges, chain: Hash) -> Int {
    if terms.count > 1 || terms[0].endorsers != nil {
      let height = newest.height
      return changes.changes.firstIndex { ($0.unverifiedHeight ?? .max) > height } ?? changes.changes.count
    }
    // Of a policy that was pinned the height is not known: it begins after the last change that leads to it.
    let pinned = terms[0].policy
    let place = changes.changes.lastIndex { change in
      change.unverifiedEndorsers.flatMap { try? $0.policy(origin: origin) } == pinned
    }
    return place.map { $0 + 1 } ?? 0
  }
}

extension TrustedPolicies {
  /// Checks a signed checkpoint against the policy of its size.
  ///
  /// - Throws: `proof.no_quorum`.
  public func verify(_ checkpoint: UnverifiedCheckpoint) throws(ProofError) -> VerifiedCheckpoint {
    do {
      return try policy(size: checkpoint.checkpoint.size).verify(checkpoint)
    } catch {
      throw ProofError(.noQuorum, "\(error)")
    }
  }

  /// The policy that a proof's checkpoint must fulfil; the one before all others where it does not read.
  func policy(of seal: SealProof) -> Policy {
    policy(size: (try? seal.unverifiedCheckpoint().size) ?? 0)
  }
}

extension Receipt {
  /// Checks everything the receipt claims, offline, under the policy that stands for its checkpoint.
  ///
  /// See ``verify(chain:policy:key:)``.
  public func verify(
    chain: Hash, policies: TrustedPolicies, key: PublicKey? = nil
  ) throws(ProofError) -> (transaction: VerifiedTransaction, seal: Seal) {
    try verify(chain: chain, policy: policies.policy(of: seal), key: key)
  }
}

extension Statement {
  /// Checks everything the statement claims, offline, under the policy that stands for its checkpoint.
  public func verify(chain: Hash, policies: TrustedPolicies) throws(ProofError) -> Proven {
    try verify(chain: chain, policy: policies.policy(of: seal))
  }
}
