internal import JWTKit

/// The payload of a love index credential.
struct IndexClaims: JWTPayload, Equatable {
  /// The header's type.
  static let type = "dc+sd-jwt"
  /// The only hash there is.
  static let hash = "sha-256"

  struct Confirmation: Codable, Equatable { let jwk: PublicJWK }
  struct Status: Codable, Equatable { let status_list: StatusReference }

  let iss: String
  let iat: Int64
  var nbf: Int64?
  let exp: Int64
  let vct: String
  let cnf: Confirmation
  let status: Status
  let _sd: [String]
  let _sd_alg: String

  /// What the claims say is checked where the clock is known.
  func verify(using algorithm: some JWTAlgorithm) async throws {}

  /// Refuses another issuer and kind, and digests that are not what they should be.
  func require(issuer: String, kinds: [String]) throws(CredentialError) {
    guard iss == issuer else { throw CredentialError(.wrongIssuer, "the key is another issuer's") }
    guard kinds.contains(vct) else { throw CredentialError(.wrongKind, "another kind of credential") }
    guard _sd_alg == IndexClaims.hash, (1...IndexThreshold.maximumCount).contains(_sd.count),
      Set(_sd).count == _sd.count
    else { throw CredentialError(.malformed, "digests by another hash, none, too many, or one twice") }
  }

  /// Refuses what is not valid at a moment.
  ///
  /// - Parameter skew: seconds that the issuer's clock may be ahead.
  func require(validAt time: Int64, skew: Int64) throws(CredentialError) {
    guard iat <= time &+ skew, nbf ?? iat <= time &+ skew else {
      throw CredentialError(.notYetValid, "it begins in the future")
    }
    guard exp > time else { throw CredentialError(.expired, "its time is over") }
    guard exp > iat, exp.subtractingReportingOverflow(iat).partialValue <= LoveIndexCredential.longestLife else {
      throw CredentialError(.malformed, "it would be valid for longer than such a credential may")
    }
  }
}

/// What a key's holder signs when it shows a credential.
struct BindingClaims: JWTPayload, Equatable {
  /// The header's type.
  static let type = "kb+jwt"

  let iat: Int64
  let aud: String
  let nonce: String
  let sd_hash: String

  /// What the claims say is checked where the question is known.
  func verify(using algorithm: some JWTAlgorithm) async throws {}
}
