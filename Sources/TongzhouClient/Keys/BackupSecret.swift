internal import Crypto
internal import Foundation
public import Ledger
public import TransparencyLog

/// The one secret a person keeps: every key of hers, for each plan and chain, follows from it.
///
/// A key of its own for each plan keeps a public notice from unmasking her other memberships or her hearts.
/// In text it is bech32m with the prefix `tzkey`, so a mistyped character is found.
public struct BackupSecret: Sendable {
  /// The prefix of the text.
  public static let prefix = "tzkey"
  /// Bytes of the secret.
  public static let byteCount = 32
  private let bytes: [UInt8]

  /// A secret from 32 bytes that nobody can guess; `nil` for another length.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == BackupSecret.byteCount else { return nil }
    self.bytes = bytes
  }

  /// A new secret from the system's generator.
  public static func random() -> BackupSecret {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in generator.next() }
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    guard let secret = BackupSecret(bytes) else { preconditionFailure("four words are 32 bytes") }
    return secret
  }

  /// Reads the text; `key.unacceptable` for a mistyped one.
  public init(text: String) throws(LedgerError) {
    guard let (prefix, bytes) = Bech32m.decode(text), Array(prefix.utf8) == Array(BackupSecret.prefix.utf8),
      let secret = BackupSecret(bytes)
    else { throw LedgerError(.badKey, "not a backup secret: a mistyped character, or another kind of key") }
    self = secret
  }

  /// The text to write down.
  public var text: String { Bech32m.encode(prefix: BackupSecret.prefix, bytes: bytes) }

  /// The key for one plan of one chain: HKDF-SHA256 of the secret, with chain and plan as information.
  ///
  /// - Parameters:
  ///   - chain: the chain's id.
  ///   - plan: the plan's ordinal; for purposes beside plans numbers from 65,536.
  public func key(chain: Hash, plan: UInt32) throws(LedgerError) -> SigningKey {
    let seed = derived(Domain.tag("member-key") + chain.bytes + BackupSecret.bytes(of: plan))
    return try SigningKey(seed: seed.bytes)
  }

  /// Thirty-two bytes for a purpose: HKDF-SHA256 of the secret.
  func derived(_ information: [UInt8]) -> Hash {
    let derived = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: bytes), salt: [UInt8](), info: information, outputByteCount: 32)
    guard let hash = Hash(derived.withUnsafeBytes { Array($0) }) else { preconditionFailure("thirty-two bytes") }
    return hash
  }

  static func bytes(of number: UInt32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: number)
    return bytes
  }
}
