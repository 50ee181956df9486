public import TransparencyLog

/// An organisation's hash chain for draws: 32 secret bytes hashed over and over, revealed from the end.
///
/// Whoever holds the secret finds every preimage again; nobody else can tell the next one.
public struct DiceChain: Sendable {
  /// The longest chain: finding a preimage takes at most so many hashes.
  public static let maximumLength = 1_000_000

  private let secret: Hash
  /// Preimages that can be revealed.
  public let length: Int

  /// A chain over 32 bytes that nobody can guess; `length` is 1 or more.
  public init(secret: Hash, length: Int) {
    precondition((1...DiceChain.maximumLength).contains(length), "a chain has 1 to \(DiceChain.maximumLength) links")
    self.secret = secret
    self.length = length
  }

  /// What the organisation commits.
  public var tip: Hash { link(length) }

  /// The next preimage after so many were revealed; `nil` when all were.
  public func preimage(after revealed: Int) -> Hash? { revealed < length ? link(length - revealed - 1) : nil }

  private func link(_ count: Int) -> Hash { (0..<count).reduce(secret) { hash, _ in MutualAid.diceTip(of: hash) } }
}
