internal import Foundation
internal import JWTKit

/// A badge to be seen by anybody: Open Badges 3.0, a W3C credential in a JWT.
///
/// All of a badge is shown, so it says what somebody did, such as trees planted, or which fixed step she reached
/// (``GivingBadge``), and never an index.
public struct OpenBadge: Sendable, Equatable {
  /// The header's type.
  public static let type = "vc+jwt"
  /// The longest of its texts, in bytes.
  public static let maximumText = 1024
  /// The longest token, in bytes.
  public static let maximumBytes = SignedToken.maximumBytes
  /// Moments that a date in the badge can say: up to the year 9999.
  private static let times: ClosedRange<Int64> = 0...253_402_300_799

  /// What was achieved.
  public struct Achievement: Sendable, Equatable {
    /// The URL at which it is explained.
    public let id: String
    /// Its name.
    public let name: String
    /// What it is.
    public let description: String
    /// What one has to have done.
    public let criteria: String

    /// An achievement.
    public init(id: String, name: String, description: String, criteria: String) {
      self.id = id
      self.name = name
      self.description = description
      self.criteria = criteria
    }
  }

  /// The badge's own name, a URI, unique.
  public let id: String
  /// The issuer's name for people.
  public let issuerName: String
  /// What was achieved.
  public let achievement: Achievement
  /// The identifier of who achieved it, if she wants it to stand in the badge.
  public let subject: String?
  /// From when on it is valid, in POSIX seconds.
  public let validFrom: Int64
  /// Until when; `nil` for ever.
  public let validUntil: Int64?

  /// A badge for a key of who achieved it, or for nobody named.
  ///
  /// - Throws: `credential.invalid_badge` for texts that are empty or too long, or a time that ends before it begins.
  public init(
    id: String, issuerName: String, achievement: Achievement, holder: PublicJWK?, validFrom: Int64,
    validUntil: Int64? = nil
  ) throws(CredentialError) {
    try self.init(
      id: id, issuerName: issuerName, achievement: achievement,
      subject: holder.map { key throws(CredentialError) in DIDKey.identifier(of: try key.bytes()) },
      validFrom: validFrom, validUntil: validUntil)
  }

  private init(
    id: String, issuerName: String, achievement: Achievement, subject: String?, validFrom: Int64, validUntil: Int64?
  ) throws(CredentialError) {
    let texts = [
      id, issuerName, achievement.id, achievement.name, achievement.description, achievement.criteria,
    ]
    guard texts.allSatisfy({ (1...OpenBadge.maximumText).contains($0.utf8.count) }) else {
      throw CredentialError(.badBadge, "texts have 1 to \(OpenBadge.maximumText) bytes")
    }
    guard OpenBadge.times.contains(validFrom), OpenBadge.times.contains(validUntil ?? 0),
      validUntil ?? .max > validFrom
    else {
      throw CredentialError(.badBadge, "it ends before it begins, or lies beyond the year 9999")
    }
    self.id = id
    self.issuerName = issuerName
    self.achievement = achievement
    self.subject = subject
    self.validFrom = validFrom
    self.validUntil = validUntil
  }

  /// Whether it was issued for a key.
  public func isFor(_ holder: PublicJWK) throws(CredentialError) -> Bool {
    subject == DIDKey.identifier(of: try holder.bytes())
  }

  /// The badge, signed.
  public func signed(by key: IssuerKey) async throws(CredentialError) -> String {
    try await key.sign(payload(of: key.issuer), type: OpenBadge.type)
  }

  /// What is signed in an issuer's name.
  func payload(of issuer: String) -> BadgePayload {
    BadgePayload(
      context: BadgePayload.contexts, id: id, type: BadgePayload.types, name: achievement.name,
      issuer: .init(id: issuer, type: ["Profile"], name: issuerName),
      validFrom: OpenBadge.text(of: validFrom), validUntil: validUntil.map(OpenBadge.text(of:)),
      credentialSubject: .init(
        id: subject, type: ["AchievementSubject"],
        achievement: .init(
          id: achievement.id, type: ["Achievement"], name: achievement.name, description: achievement.description,
          criteria: .init(narrative: achievement.criteria))),
      iss: issuer, sub: subject, jti: id, nbf: validFrom, exp: validUntil)
  }

  /// Reads and checks a badge that somebody shows.
  ///
  /// - Parameter time: now, in POSIX seconds.
  /// - Throws: what is wrong with it.
  public init(token text: String, issuers: IssuerKeys, at time: Int64) async throws(CredentialError) {
    let token = try SignedToken(text)
    try token.require(type: OpenBadge.type)
    let payload = try await token.verified(as: BadgePayload.self, by: issuers.key(of: token))
    try self.init(payload, issuer: issuers.issuer, at: time)
  }

  /// What a payload says, whose signature holds.
  init(_ payload: BadgePayload, issuer: String, at time: Int64) throws(CredentialError) {
    guard payload.iss == issuer, payload.issuer.id == issuer else {
      throw CredentialError(.wrongIssuer, "the key is another issuer's")
    }
    let subject = payload.credentialSubject
    guard payload.context.starts(with: BadgePayload.contexts.prefix(1)), payload.type.contains("VerifiableCredential"),
      payload.type.contains("OpenBadgeCredential") || payload.type.contains("AchievementCredential")
    else { throw CredentialError(.wrongKind, "not an open badge") }
    guard OpenBadge.times.contains(payload.nbf), OpenBadge.times.contains(payload.exp ?? 0) else {
      throw CredentialError(.badBadge, "a time that no calendar has")
    }
    // What stands twice must say the same, or two readers read two badges.
    guard payload.jti == payload.id, payload.sub == subject.id, payload.validFrom == OpenBadge.text(of: payload.nbf),
      payload.validUntil == payload.exp.map(OpenBadge.text(of:))
    else { throw CredentialError(.badBadge, "the token says something else than the badge in it") }
    guard payload.nbf <= time &+ PartnerQuestion.skew else {
      throw CredentialError(.notYetValid, "it begins in the future")
    }
    guard payload.exp ?? .max > time else { throw CredentialError(.expired, "its time is over") }
    try self.init(
      id: payload.id, issuerName: payload.issuer.name,
      achievement: Achievement(
        id: subject.achievement.id, name: subject.achievement.name, description: subject.achievement.description,
        criteria: subject.achievement.criteria.narrative),
      subject: subject.id, validFrom: payload.nbf, validUntil: payload.exp)
  }

  private static func text(of time: Int64) -> String {
    Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601)
  }
}

/// The credential as JSON, with the registered claims beside it (Open Badges 3.0, 8.2.4).
struct BadgePayload: JWTPayload {
  static let contexts = [
    "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
  ]
  static let types = ["VerifiableCredential", "OpenBadgeCredential"]

  struct Profile: Codable {
    let id: String
    let type: [String]
    let name: String
  }
  struct Criteria: Codable { let narrative: String }
  struct Achievement: Codable {
    let id: String
    let type: [String]
    let name, description: String
    let criteria: Criteria
  }
  struct Subject: Codable {
    var id: String?
    let type: [String]
    let achievement: Achievement
  }

  let context: [String]
  let id: String
  let type: [String]
  let name: String
  let issuer: Profile
  let validFrom: String
  var validUntil: String?
  let credentialSubject: Subject
  let iss: String
  var sub: String?
  let jti: String
  let nbf: Int64
  var exp: Int64?

  private enum CodingKeys: String, CodingKey {
    case context = "@context"
    case id, type, name, issuer, validFrom, validUntil, credentialSubject, iss, sub, jti, nbf, exp
  }

  func verify(using algorithm: some JWTAlgorithm) async throws {}
}
