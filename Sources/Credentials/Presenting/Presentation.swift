internal import Crypto
internal import Foundation

enum Presentation {
  /// What the holder signs of it (RFC 9901, section 4.3.1).
  static func hash(_ shown: String) -> String { Base64URL.encode(SHA256.hash(data: Data(shown.utf8))) }
}

/// What somebody showed, taken apart but not believed: nothing in it can be read from outside before it is verified.
///
/// Its text is `<token>~<one disclosure>~<key binding>`.
public struct UnverifiedPresentation: Sendable {
  /// The longest text, in bytes.
  public static let maximumBytes = 8192

  let token: SignedToken
  let disclosure: Disclosure
  let binding: SignedToken
  let shown: String

  /// Takes a text apart.
  ///
  /// - Throws: `credential.malformed`; `credential.no_key_binding` where nobody signed it as its holder;
  ///   `credential.disclosure_count` unless it discloses exactly one thing.
  public init(text: String) throws(CredentialError) {
    guard text.utf8.count <= UnverifiedPresentation.maximumBytes else {
      throw CredentialError(.malformed, "a presentation that is too long")
    }
    let parts = text.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count >= 2, let last = parts.last else { throw CredentialError(.malformed, "not a presentation") }
    guard !last.isEmpty else { throw CredentialError(.noKeyBinding, "no holder signed that she shows it") }
    guard parts.count == 3 else {
      throw CredentialError(.disclosureCount, "it discloses \(parts.count - 2) things instead of one")
    }
    token = try SignedToken(parts[0])
    disclosure = try Disclosure(parts[1])
    binding = try SignedToken(last)
    shown = parts[0] + "~" + parts[1] + "~"
  }

  /// Checks everything, and says whether the threshold is reached.
  ///
  /// Nothing is asked over a network: keys are pinned, the status list was fetched before, the clock is handed in. What
  /// is left to the caller is that a question is answered once (``NonceBook``).
  ///
  /// - Parameters:
  ///   - partner: who asks, what for, and whom it trusts.
  ///   - nonce: what it asked with.
  ///   - lists: status lists at hand.
  ///   - time: now, in POSIX seconds.
  /// - Throws: ``CredentialError`` with the first thing that is wrong.
  public func verified(
    for partner: PartnerQuestion, nonce: String, lists: [VerifiedStatusList], at time: Int64
  ) async throws(CredentialError) -> VerifiedPresentation {
    try token.require(type: IndexClaims.type)
    let claims = try await token.verified(as: IndexClaims.self, by: partner.issuers.key(of: token))
    try claims.require(issuer: partner.issuers.issuer, kinds: partner.kinds)
    try claims.require(validAt: time, skew: PartnerQuestion.skew)
    try await requireBinding(to: claims.cnf.jwk, for: partner, nonce: nonce, at: time)
    guard claims._sd.contains(disclosure.digest) else {
      throw CredentialError(.foreignDisclosure, "it discloses something of another credential")
    }
    guard disclosure.claim == partner.threshold.claim else {
      throw CredentialError(.otherThreshold, "it does not say whether \(partner.threshold.value) is reached")
    }
    try VerifiedStatusList.requireValid(claims.status.status_list, in: lists, at: time)
    return VerifiedPresentation(threshold: partner.threshold.value, isReached: disclosure.value)
  }

  private func requireBinding(
    to holder: PublicJWK, for partner: PartnerQuestion, nonce: String, at time: Int64
  ) async throws(CredentialError) {
    try binding.require(type: BindingClaims.type)
    let claims = try await binding.verified(as: BindingClaims.self, by: holder.key())
    guard claims.aud == partner.audience else {
      throw CredentialError(.wrongAudience, "it was made for another partner")
    }
    guard claims.nonce == nonce else { throw CredentialError(.wrongNonce, "it answers another question") }
    guard claims.sd_hash == Presentation.hash(shown) else {
      throw CredentialError(.otherContent, "the holder signed another presentation")
    }
    guard claims.iat <= time &+ PartnerQuestion.skew else {
      throw CredentialError(.notYetValid, "it is signed in the future")
    }
    guard claims.iat >= time &- PartnerQuestion.window else {
      throw CredentialError(.expired, "it was signed too long ago")
    }
  }

  /// The question it says it answers, to look up who asked; not checked.
  public var claimedNonce: String? {
    (try? StrictJSON.decode(BindingClaims.self, from: binding.payload))?.nonce
  }

  /// The status list that it names, to have it at hand; not checked.
  public var claimedList: String? {
    (try? StrictJSON.decode(IndexClaims.self, from: token.payload))?.status.status_list.uri
  }
}

/// What a partner learns, and all it learns: whether one threshold is reached.
public struct VerifiedPresentation: Sendable, Equatable {
  /// The threshold it asked for.
  public let threshold: UInt16
  /// Whether the index reached it when the credential was issued.
  public let isReached: Bool
}
