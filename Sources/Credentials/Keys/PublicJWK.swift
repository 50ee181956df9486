public import Crypto
internal import Foundation

/// An Ed25519 public key as a JSON Web Key (RFC 8037).
public struct PublicJWK: Codable, Hashable, Sendable {
  let kty: String
  let crv: String
  let x: String

  /// The key in this form.
  public init(_ key: Curve25519.Signing.PublicKey) {
    kty = "OKP"
    crv = "Ed25519"
    x = Base64URL.encode(key.rawRepresentation)
  }

  /// The key from its 32 bytes; `credential.malformed` for another length.
  public init(bytes: [UInt8]) throws(CredentialError) {
    guard bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
      throw CredentialError(.malformed, "a public key has 32 bytes")
    }
    self.init(key)
  }

  /// The 32 bytes; `credential.malformed` for another kind of key.
  public func bytes() throws(CredentialError) -> [UInt8] {
    guard kty == "OKP", crv == "Ed25519", let bytes = Base64URL.decode(x), bytes.count == 32 else {
      throw CredentialError(.malformed, "not an Ed25519 key")
    }
    return bytes
  }

  func key() throws(CredentialError) -> Curve25519.Signing.PublicKey {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes()) else {
      throw CredentialError(.malformed, "not an Ed25519 key")
    }
    return key
  }

  /// The key's name: its thumbprint (RFC 7638), so that nobody has to hand out names.
  public var thumbprint: String {
    Base64URL.encode(SHA256.hash(data: Data(#"{"crv":"\#(crv)","kty":"\#(kty)","x":"\#(x)"}"#.utf8)))
  }
}
