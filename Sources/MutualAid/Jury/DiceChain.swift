internal import Ledger
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

/// What an organisation keeps for its part in draws: 32 secret bytes, from which every hash chain of its own follows.
public struct DiceSecret: Sendable {
  /// Links of a chain where nothing else is said: one for each draw.
  public static let length = 4096
  /// Chains of one secret that are looked through.
  public static let maximumSeries = 64

  private let secret: Hash
  private let length: Int

  /// The secret of an organisation: 32 bytes that nobody can guess.
  public init(_ secret: Hash, length: Int = DiceSecret.length) {
    self.secret = secret
    self.length = length
  }

  /// The chain of a number, 1 and up; another one is committed when one is used up.
  ///
  /// A chain's last preimage is what it was made from, so no chain is made from the secret itself or from another.
  public func chain(series: Int) -> DiceChain {
    var bytes = Domain.tag("dice-series")
    bytes.append(bigEndian: UInt32(series))
    return DiceChain(secret: .sha256(bytes + secret.bytes), length: length)
  }

  /// The next preimage of the chain that an organisation has committed; `nil` if no chain of this secret is that one,
  /// or it is used up.
  public func preimage(for record: DiceRecord) -> Hash? {
    guard record.tip != .zero else { return nil }
    for series in 1...DiceSecret.maximumSeries {
      if let preimage = chain(series: series).preimage(after: Int(record.revealed)),
        MutualAid.diceTip(of: preimage) == record.tip
      {
        return preimage
      }
    }
    return nil
  }
}
