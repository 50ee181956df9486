internal import Ledger
public import TransparencyLog

/// Checks a whole published log, and believes a quorum of the organisations in one thing: what they executed.
///
/// Every file is hashed from the entries up to the root, the blocks hang together, each is certified by those who
/// endorsed then, and the endorsers changed only as they proved. No transaction's signature is verified and no block
/// executed: a quorum that lies about a result is found by ``Auditor`` and not here.
public struct QuorumAudit<Source: LogSource> {
  /// Bundles read and hashed together.
  private let grouped = 16

  /// What was found in order.
  public struct Report: Sendable {
    /// The chain's id.
    public let chain: Hash
    /// Entries of the log.
    public let entries: UInt64
    /// Blocks, each under a certificate.
    public let blocks: UInt64
    /// Transactions, as the seals count them, and those of them that failed.
    public let transactions: UInt64
    /// See ``transactions``.
    public let failed: UInt64
    /// Sets of endorsers there were.
    public let policies: Int
    /// Files compared byte by byte.
    public let files: Int
  }

  private let source: Source
  private let pinned: Hash?

  /// An audit of the log in a source.
  ///
  /// - Parameter genesis: the chain's id to insist on; without it the caller compares the one in the report.
  public init(_ source: Source, genesis: Hash?) {
    self.source = source
    pinned = genesis
  }

  /// Runs the audit.
  ///
  /// - Parameter progress: called with entries done and entries in all.
  /// - Throws: ``AuditFailure``, the first thing that is wrong.
  public func run(progress: (UInt64, UInt64) -> Void = { _, _ in }) throws -> Report {
    let bytes = try require("checkpoint")
    let unverified: UnverifiedCheckpoint
    do {
      unverified = try UnverifiedCheckpoint(bytes)
    } catch {
      throw AuditFailure(.badCheckpoint, "checkpoint", "\(error)")
    }
    guard unverified.bytes == bytes else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "not in canonical form")
    }
    let size = unverified.checkpoint.size
    var files = FileAudit(source: source, size: size, root: unverified.checkpoint.root)
    var walk: BlockWalk?
    var policies: TrustedPolicies?
    var changes: [UInt8]?
    let coordinates = Array(EntryBundleSequence(treeSize: size))
    for start in stride(from: 0, to: coordinates.count, by: grouped) {
      let group = coordinates[start..<min(start + grouped, coordinates.count)]
      for bundle in try files.bundles(group) {
        guard walk != nil else {
          let chain = try TrustedChain(entry: bundle.entries[0], pinned: pinned)
          changes = try readChanges()
          let proven = try PolicyAudit.policies(changes, of: chain)
          walk = BlockWalk(genesis: chain.genesis, policies: proven)
          policies = proven
          // Who signed the checkpoint is asked before the log is read: it may be long.
          try check(unverified, proven.term(size: size).endorsers, chain.genesis.origin)
          try walk?.add(bundle.entries.dropFirst(), bundle.leaves.dropFirst())
          continue
        }
        try walk?.add(bundle.entries[...], bundle.leaves[...])
      }
      progress(min(group.last?.entries.upperBound ?? 0, size), size)
    }
    guard var walk, let policies else { throw AuditFailure(.badCheckpoint, "checkpoint", "the log is empty") }
    let certifiers = try walk.finish()
    guard files.root == unverified.checkpoint.root else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "its root is not that of the entries")
    }
    try check(unverified, certifiers, walk.genesis.origin)
    let terms = policies.terms.filter { $0.height <= walk.height }
    let compared = try files.finish(
      policies: checkPolicies(terms) + (changes == nil ? [] : [PolicyChanges.path]))
    return Report(
      chain: walk.genesis.chain, entries: size, blocks: walk.height, transactions: walk.transactions,
      failed: walk.failed, policies: terms.count, files: compared)
  }

  private func check(_ checkpoint: UnverifiedCheckpoint, _ certifiers: EndorserSet?, _ origin: String) throws {
    guard let certifiers else { throw AuditFailure(.badCheckpoint, "checkpoint", "nobody is known to certify it") }
    try CheckpointAudit.check(checkpoint, certifiers: certifiers, origin: origin)
  }

  private func require(_ path: String) throws -> [UInt8] {
    guard let bytes = try source.read(path) else { throw AuditFailure(.missingFile, path, "the file is missing") }
    return bytes
  }

  /// The file of changes, which must be there where a later policy is.
  private func readChanges() throws -> [UInt8]? {
    if let bytes = try source.read(PolicyChanges.path) { return bytes }
    let later = try source.files()?.first { path in
      UInt64(path.dropFirst("policy/".utf8.count)).map { path == "policy/\($0)" && $0 > 0 } ?? false
    }
    guard let later else { return nil }
    throw AuditFailure(.missingFile, PolicyChanges.path, "nothing proves the change to \(later)")
  }

  /// Every set of endorsers has its policy.
  private func checkPolicies(_ terms: [TrustedPolicies.Term]) throws -> [String] {
    var paths: [String] = []
    for term in terms {
      let path = "policy/\(term.height)"
      guard try require(path) == term.policy.text else {
        throw AuditFailure(.wrongFile, path, "not the policy of the organisations at this height")
      }
      paths.append(path)
    }
    // In a directory this name is a folder; a server gives by it the policy its readers trust.
    if try source.files()?.contains("policy") ?? true, let present = try source.read("policy") {
      guard terms.suffix(2).contains(where: { $0.policy.text == present }) else {
        throw AuditFailure(.wrongFile, "policy", "not the policy of the organisations now")
      }
      paths.append("policy")
    }
    return paths
  }
}
