public import TransparencyLog

/// Every change of the set of endorsers there ever was, each with its proof: what a log has under `policies`.
public struct PolicyChanges: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-policies/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.policies+json"
  /// The most bytes of a file, unpacked.
  public static let maximumByteCount = 32_000_000
  /// The most changes of a file.
  public static let maximumCount = 1_024
  /// Its path within a log.
  public static let path = "policies"

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The changes, oldest first.
  public var changes: [PolicyChange]

  /// No change yet.
  public init(chain: Hash) {
    format = PolicyChanges.format
    self.chain = chain.description
    changes = []
  }

  /// Adds a block's change; those of its height and above, from before a crash, give way.
  public mutating func add(_ change: PolicyChange) {
    let height = change.unverifiedHeight ?? 0
    changes.removeAll { ($0.unverifiedHeight ?? .max) >= height }
    changes.append(change)
  }
}
