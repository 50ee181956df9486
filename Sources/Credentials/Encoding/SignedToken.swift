internal import Crypto
internal import Foundation
internal import JWTKit

/// A JWT in its compact form that nobody has checked: what its header says, and the bytes of its payload.
///
/// jwt-kit checks signatures. It does not look at `typ` or `crit`, does not hold the header's algorithm against the
/// key's, takes the first key where it does not know the name, and reads lenient base64; so all of that is done here,
/// before jwt-kit sees the token, and jwt-kit is only ever given the one key. Its type for headers is not used to read
/// any: it stops the process at a number that is too large.
struct SignedToken {
  /// The longest token that is looked at, in bytes.
  static let maximumBytes = 16_384
  /// Ed25519 under its old name and its own (RFC 9864). Nothing else signs here.
  private static let algorithms: [String] = ["EdDSA", "Ed25519"]

  /// What of a header matters here.
  struct Header: Decodable {
    let alg: String?
    let typ: String?
    let kid: String?
    let hasExtensions: Bool

    private enum Names: String, CodingKey { case alg, typ, kid, crit, b64 }

    init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: Names.self)
      alg = try members.decodeIfPresent(String.self, forKey: .alg)
      typ = try members.decodeIfPresent(String.self, forKey: .typ)
      kid = try members.decodeIfPresent(String.self, forKey: .kid)
      hasExtensions = members.contains(.crit) || members.contains(.b64)
    }
  }

  let text: String
  let header: Header
  let payload: [UInt8]

  init(_ text: some StringProtocol, maximumBytes: Int = SignedToken.maximumBytes) throws(CredentialError) {
    guard text.utf8.count <= maximumBytes else { throw CredentialError(.malformed, "a token that is too long") }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
      Base64URL.decode(parts[2]) != nil
    else { throw CredentialError(.malformed, "not three parts of base64url") }
    self.text = String(text)
    self.header = try StrictJSON.decode(Header.self, from: header)
    self.payload = payload
  }

  /// Refuses another type, another algorithm, and extensions.
  func require(type: String) throws(CredentialError) {
    guard header.typ == type else {
      throw CredentialError(.wrongType, "a token of another type than \(type)")
    }
    guard let algorithm = header.alg, SignedToken.algorithms.contains(algorithm) else {
      throw CredentialError(.wrongAlgorithm, "only Ed25519 signs here")
    }
    guard !header.hasExtensions else {
      throw CredentialError(.criticalHeader, "the header asks for an extension")
    }
  }

  /// The payload, once the key has been found to have signed it.
  func verified<Payload: JWTPayload>(
    as type: Payload.Type, by key: Curve25519.Signing.PublicKey
  ) async throws(CredentialError) -> Payload {
    let payload = try StrictJSON.decode(type, from: payload)
    do {
      let keys = await JWTKeyCollection().add(eddsa: EdDSA.PublicKey(backing: key))
      _ = try await keys.verify(text, as: type)
    } catch {
      throw CredentialError(.badSignature, "another key signed it, or it was altered")
    }
    return payload
  }

  /// Signs a payload.
  static func sign(
    _ payload: some JWTPayload, type: String, kid: String?, with key: Curve25519.Signing.PrivateKey
  ) async throws(CredentialError) -> String {
    var header = JWTHeader(fields: ["typ": .string(type), "alg": .string("EdDSA")])
    if let kid { header.fields["kid"] = .string(kid) }
    do {
      let keys = await JWTKeyCollection().add(eddsa: EdDSA.PrivateKey(backing: key))
      return try await keys.sign(payload, header: header)
    } catch {
      throw CredentialError(.malformed, "a payload that cannot be signed")
    }
  }
}
