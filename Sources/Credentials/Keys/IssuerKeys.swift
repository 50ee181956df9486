internal import Crypto
internal import Foundation

/// The keys of an issuer that a partner trusts, as it pinned them: no network is needed to check a credential.
///
/// As a file it is a JSON Web Key Set (RFC 7517) with the member `issuer`; the metadata of an issuer of SD-JWT VC
/// (`/.well-known/jwt-vc-issuer`) with its keys inside is read as well. Keys of other kinds in it are passed over.
public struct IssuerKeys: Sendable, Equatable {
  /// The most keys of a set.
  public static let maximumKeys = 32
  /// The longest file, in bytes.
  public static let maximumBytes = 65_536

  /// Whose keys they are.
  public let issuer: String
  /// Keys by name.
  let keys: [String: PublicJWK]

  private struct Member: Codable {
    let kty: String
    var crv, x, kid, use, alg: String?
  }
  private struct Members: Codable { let keys: [Member] }
  private struct File: Codable {
    var issuer: String?
    var keys: [Member]?
    var jwks: Members?
  }

  /// The public halves of an issuer's keys, the present one and those that still stand in credentials.
  ///
  /// - Throws: `credential.invalid_settings` for none, too many, or keys of several issuers.
  public init(_ keys: [IssuerKey]) throws(CredentialError) {
    guard let first = keys.first, keys.count <= IssuerKeys.maximumKeys, keys.allSatisfy({ $0.issuer == first.issuer })
    else { throw CredentialError(.badSettings, "one to \(IssuerKeys.maximumKeys) keys of one issuer") }
    issuer = first.issuer
    self.keys = Dictionary(keys.map { ($0.kid, $0.publicKey) }) { first, _ in first }
  }

  /// Reads a file.
  ///
  /// - Parameter issuer: whose keys they are, where the file does not say.
  /// - Throws: `credential.malformed`; `credential.wrong_issuer` where the file names another one.
  public init(file: [UInt8], issuer: String? = nil) throws(CredentialError) {
    guard file.count <= IssuerKeys.maximumBytes else { throw CredentialError(.malformed, "a file that is too long") }
    let content = try StrictJSON.decode(File.self, from: file)
    guard let name = content.issuer ?? issuer else {
      throw CredentialError(.wrongIssuer, "the file does not say whose keys these are")
    }
    guard issuer == nil || issuer == name else {
      throw CredentialError(.wrongIssuer, "the file holds another issuer's keys")
    }
    try IssuerKeys.require(issuer: name)
    let members = content.keys ?? content.jwks?.keys ?? []
    guard members.count <= IssuerKeys.maximumKeys else { throw CredentialError(.malformed, "too many keys") }
    var keys: [String: PublicJWK] = [:]
    for member in members where member.kty == "OKP" && member.crv == "Ed25519" {
      guard let x = member.x, let bytes = Base64URL.decode(x) else {
        throw CredentialError(.malformed, "a key that is not base64url")
      }
      let key = try PublicJWK(bytes: bytes)
      let kid = member.kid ?? key.thumbprint
      guard keys.updateValue(key, forKey: kid) == nil else { throw CredentialError(.malformed, "a key's name twice") }
    }
    guard !keys.isEmpty else { throw CredentialError(.malformed, "no Ed25519 key") }
    self.issuer = name
    self.keys = keys
  }

  /// The keys' names, in order: what people compare when they pin them.
  public var names: [String] { keys.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  /// The set as a file to pin, its keys by name.
  public func file() throws(CredentialError) -> [UInt8] {
    try StrictJSON.encode(File(issuer: issuer, keys: members))
  }

  /// The issuer's metadata, as `/.well-known/jwt-vc-issuer` serves it.
  public func metadata() throws(CredentialError) -> [UInt8] {
    try StrictJSON.encode(File(issuer: issuer, jwks: Members(keys: members)))
  }

  private var members: [Member] {
    keys.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { kid, key in
      Member(kty: key.kty, crv: key.crv, x: key.x, kid: kid, use: "sig", alg: "EdDSA")
    }
  }

  /// The key of a header; `credential.unknown_key` for one without a name, or with a foreign one.
  func key(of token: SignedToken) throws(CredentialError) -> Curve25519.Signing.PublicKey {
    guard let kid = token.header.kid, let key = keys[kid] else {
      throw CredentialError(.unknownKey, "signed with a key that is not among those trusted")
    }
    return try key.key()
  }

  static func require(issuer: String) throws(CredentialError) {
    guard issuer.utf8.count <= IssuerKey.maximumIssuer, let url = URL(string: issuer), url.host() != nil,
      url.scheme == "https" || url.scheme == "http", url.query() == nil, url.fragment() == nil,
      !issuer.hasSuffix("/")
    else { throw CredentialError(.badSettings, "an issuer is a URL without a slash at its end") }
  }
}
