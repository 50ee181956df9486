internal import Crypto
internal import Foundation

/// A key of a holder for one credential: it shows that who shows the credential is whom it was issued to.
///
/// It is made at random and not derived from the backup secret. It lives a day, so there is nothing to restore; and a
/// wallet restored twice would otherwise show one key twice, which links what it shows.
public struct HolderKey: Sendable {
  /// The 32 bytes to keep, which are secret.
  public let seed: [UInt8]
  /// The public half, which the credential names.
  public let publicKey: PublicJWK
  let key: Curve25519.Signing.PrivateKey

  /// A new key of the system's generator.
  public init() {
    key = Curve25519.Signing.PrivateKey()
    seed = Array(key.rawRepresentation)
    publicKey = PublicJWK(key.publicKey)
  }

  /// A key from its 32 bytes; `credential.malformed` for another length.
  public init(seed: [UInt8]) throws(CredentialError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw CredentialError(.malformed, "a private key has 32 bytes")
    }
    self.key = key
    self.seed = seed
    publicKey = PublicJWK(key.publicKey)
  }

  /// The key as a private JSON Web Key (RFC 8037), secret: for programs of others that let its holder show that
  /// something is hers.
  public func file() throws(CredentialError) -> [UInt8] {
    try StrictJSON.encode(["kty": publicKey.kty, "crv": publicKey.crv, "x": publicKey.x, "d": Base64URL.encode(seed)])
  }
}
