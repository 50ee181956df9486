internal import Foundation

/// A credential as its holder gets it: signed, with all its disclosures, for one key of hers.
///
/// SD-JWT VC (draft-ietf-oauth-sd-jwt-vc-19) on the mechanism of RFC 9901. As text it is the token and every
/// disclosure, each followed by a tilde. It says of each threshold whether the index reaches it, never the index.
public struct LoveIndexCredential: Sendable {
  /// The kind of credential, `vct`.
  public static let kind = "urn:tongzhou:love-index:1"
  /// The longest it is valid, in seconds: 24 hours.
  public static let longestLife: Int64 = 86_400
  /// The longest text, in bytes.
  public static let maximumBytes = 16_384

  let token: SignedToken
  let claims: IndexClaims
  let disclosures: [Disclosure]

  init(token: SignedToken, claims: IndexClaims, disclosures: [Disclosure]) {
    self.token = token
    self.claims = claims
    self.disclosures = disclosures
  }

  /// Reads and checks what an issuer sent, before it is put into a wallet.
  ///
  /// - Parameters:
  ///   - text: the token with all its disclosures.
  ///   - issuers: the keys the holder trusts.
  ///   - holder: the key it must be for.
  ///   - time: now, in POSIX seconds.
  /// - Throws: what is wrong with it; `credential.foreign_disclosure` unless the disclosures are all there are.
  public init(
    text: String, issuers: IssuerKeys, holder: PublicJWK, at time: Int64
  ) async throws(CredentialError) {
    guard text.utf8.count <= LoveIndexCredential.maximumBytes else {
      throw CredentialError(.malformed, "a credential that is too long")
    }
    var parts = text.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.popLast()?.isEmpty == true else {
      throw CredentialError(.malformed, "a credential ends in a tilde")
    }
    token = try SignedToken(parts.removeFirst())
    try token.require(type: IndexClaims.type)
    claims = try await token.verified(as: IndexClaims.self, by: issuers.key(of: token))
    try claims.require(issuer: issuers.issuer, kinds: [LoveIndexCredential.kind])
    try claims.require(validAt: time, skew: 60)
    guard claims.cnf.jwk == holder else { throw CredentialError(.wrongAudience, "it is for another key") }
    var disclosures: [Disclosure] = []
    for part in parts { disclosures.append(try Disclosure(part)) }
    self.disclosures = disclosures
    guard disclosures.count == claims._sd.count, Set(disclosures.map(\.digest)) == Set(claims._sd),
      Set(disclosures.map(\.claim)).count == disclosures.count
    else { throw CredentialError(.foreignDisclosure, "the disclosures are not those of this credential") }
  }

  /// The text to keep.
  public var text: String { ([token.text] + disclosures.map(\.text)).joined(separator: "~") + "~" }

  /// The second at which it ends.
  public var expires: Int64 { claims.exp }

  /// Where its status stands.
  public var status: StatusReference { claims.status.status_list }

  /// Whether the index reached a threshold when this was issued; `nil` where the issuer says nothing of it.
  public func reaches(_ threshold: IndexThreshold) -> Bool? {
    disclosures.first { $0.claim == threshold.claim }?.value
  }

  /// Shows whether one threshold is reached, and nothing of the others, to one partner that has asked.
  ///
  /// Each credential ought to be shown once: what is shown twice can be linked.
  ///
  /// - Parameters:
  ///   - audience: who asked.
  ///   - nonce: what it asked with.
  ///   - time: now, in POSIX seconds.
  /// - Throws: `credential.other_threshold` where the issuer says nothing of it.
  public func presentation(
    of threshold: IndexThreshold, to audience: String, nonce: String, with key: HolderKey, at time: Int64
  ) async throws(CredentialError) -> String {
    guard let disclosure = disclosures.first(where: { $0.claim == threshold.claim }) else {
      throw CredentialError(.otherThreshold, "the issuer says nothing of this threshold")
    }
    guard key.publicKey == claims.cnf.jwk else { throw CredentialError(.wrongAudience, "it is for another key") }
    let shown = token.text + "~" + disclosure.text + "~"
    let binding = BindingClaims(iat: time, aud: audience, nonce: nonce, sd_hash: Presentation.hash(shown))
    return shown + (try await SignedToken.sign(binding, type: BindingClaims.type, kid: nil, with: key.key))
  }
}
