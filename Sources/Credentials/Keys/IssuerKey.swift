internal import Crypto
internal import Foundation
internal import JWTKit

/// The key by which an organisation issues credentials, badges and status lists, with the name it issues under.
///
/// Its file is JSON: a private JSON Web Key (RFC 8037) with the member `issuer`.
public struct IssuerKey: Sendable {
  /// The longest name of an issuer, in bytes.
  public static let maximumIssuer = 256

  /// Who issues: a URL, under which partners find keys and status lists.
  public let issuer: String
  /// The public half.
  public let publicKey: PublicJWK
  let key: Curve25519.Signing.PrivateKey

  private struct File: Codable {
    let issuer, kty, crv, x, d: String
  }

  /// A new key of the system's generator.
  public init(issuer: String) throws(CredentialError) {
    try self.init(issuer: issuer, key: Curve25519.Signing.PrivateKey())
  }

  /// A key from its 32-byte seed.
  ///
  /// - Throws: `credential.invalid_settings` for an issuer that is no URL, `credential.malformed` for another length.
  public init(issuer: String, seed: [UInt8]) throws(CredentialError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw CredentialError(.malformed, "a private key has 32 bytes")
    }
    try self.init(issuer: issuer, key: key)
  }

  private init(issuer: String, key: Curve25519.Signing.PrivateKey) throws(CredentialError) {
    try IssuerKeys.require(issuer: issuer)
    self.issuer = issuer
    self.key = key
    publicKey = PublicJWK(key.publicKey)
  }

  /// Reads the file; `credential.malformed` for what is none.
  public init(file: [UInt8]) throws(CredentialError) {
    let file = try StrictJSON.decode(File.self, from: file)
    guard file.kty == "OKP", file.crv == "Ed25519", let seed = Base64URL.decode(file.d) else {
      throw CredentialError(.malformed, "not a private Ed25519 key")
    }
    try self.init(issuer: file.issuer, seed: seed)
    guard publicKey.x == file.x else { throw CredentialError(.malformed, "the public half is another key's") }
  }

  /// The file's content, which is secret.
  public func file() throws(CredentialError) -> [UInt8] {
    try StrictJSON.encode(
      File(issuer: issuer, kty: "OKP", crv: "Ed25519", x: publicKey.x, d: Base64URL.encode(key.rawRepresentation)))
  }

  /// The key's name in headers.
  public var kid: String { publicKey.thumbprint }

  func sign(_ payload: some JWTPayload, type: String) async throws(CredentialError) -> String {
    try await SignedToken.sign(payload, type: type, kid: kid, with: key)
  }
}
