internal import TransparencyLog

/// The public keys one organisation endorses with. One key, one purpose.
public struct EndorserKeys: Hashable, Sendable {
  /// Votes, locks and the headers it proposes.
  public let vote: PublicKey
  /// C2SP cosignatures under the name `<organisation>/executor`.
  public let cosign: PublicKey
  /// Log signatures under the origin.
  public let log: PublicKey

  /// Three keys of one organisation.
  public init(vote: PublicKey, cosign: PublicKey, log: PublicKey) {
    self.vote = vote
    self.cosign = cosign
    self.log = log
  }
}

/// One organisation that endorses.
public struct Endorser: Hashable, Sendable {
  /// Its ordinal in the consortium's table.
  public let ordinal: UInt32
  /// Its name; its cosigner is called `<name>/executor`.
  public let name: String
  /// Its keys.
  public let keys: EndorserKeys

  /// An organisation with its keys.
  public init(ordinal: UInt32, name: String, keys: EndorserKeys) {
    self.ordinal = ordinal
    self.name = name
    self.keys = keys
  }

  /// The name of its cosignatures.
  public var cosignerName: String { name + "/executor" }
}

/// The organisations whose quorum makes a block final.
///
/// The set before block k certifies block k; a change in k governs from k + 1.
public struct EndorserSet: Hashable, Sendable {
  /// The most organisations a set may have.
  public static let maximumCount = 32

  /// Those whose word counts, in order of their ordinals.
  public let members: [Endorser]
  /// Those that are suspended: their word does not count, but n and q are what they were.
  public let suspended: Int

  /// A set; members are sorted by ordinal.
  public init(_ members: [Endorser], suspended: Int = 0) {
    self.members = members.sorted { $0.ordinal < $1.ordinal }
    self.suspended = suspended
  }

  /// n, the number of organisations.
  public var count: Int { members.count + suspended }
  /// q = ⌊2n/3⌋ + 1: any two quorums share an honest organisation while no more than f lie.
  public var quorum: Int { 2 * count / 3 + 1 }
  /// f = n − q: so many may lie or be silent.
  public var tolerated: Int { count - quorum }

  /// The member with an ordinal.
  public func member(ordinal: UInt32) -> Endorser? { members.first { $0.ordinal == ordinal } }
  /// The member that cosigns with a key.
  public func member(cosignKey: PublicKey) -> Endorser? { members.first { $0.keys.cosign == cosignKey } }
  /// The member that votes with a key.
  public func member(voteKey: PublicKey) -> Endorser? { members.first { $0.keys.vote == voteKey } }
}
