/// What a partner asks: one threshold, in its own name, of credentials that issuers it trusts have signed.
public struct PartnerQuestion: Sendable {
  /// How old the holder's signature may be, in seconds.
  public static let window: Int64 = 300
  /// How far the holder's or issuer's clock may be ahead, in seconds.
  public static let skew: Int64 = 60
  /// The longest audience, in bytes.
  public static let maximumAudience = 256

  /// The pinned keys.
  public let issuers: IssuerKeys
  /// Kinds of credentials that are taken.
  public let kinds: [String]
  /// Who asks; a presentation for anybody else is refused.
  public let audience: String
  /// What is asked.
  public let threshold: IndexThreshold

  /// A question; `credential.invalid_settings` for an empty audience or one that is too long.
  public init(
    issuers: IssuerKeys, kinds: [String] = [LoveIndexCredential.kind], audience: String, threshold: IndexThreshold
  ) throws(CredentialError) {
    guard (1...PartnerQuestion.maximumAudience).contains(audience.utf8.count) else {
      throw CredentialError(.badSettings, "an audience has 1 to \(PartnerQuestion.maximumAudience) bytes")
    }
    self.issuers = issuers
    self.kinds = kinds
    self.audience = audience
    self.threshold = threshold
  }

  /// The name of a chain's partner as an audience.
  ///
  /// - Parameter chain: the chain's id in hexadecimal digits.
  public static func audience(chain: String, partner: UInt32) -> String { "urn:tongzhou:partner:\(chain):\(partner)" }
}
