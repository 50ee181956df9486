internal import Foundation
internal import JWTKit

/// A status list as its issuer signs it and partners keep it.
public enum StatusListToken {
  /// The header's type.
  public static let type = "statuslist+jwt"
  /// The media type under which it is served.
  public static let mediaType = "application/statuslist+jwt"
  /// The longest token, in bytes.
  public static let maximumBytes = 2 * 1024 * 1024
  /// After how many seconds a partner with a network ought to ask again.
  public static let refresh: Int64 = 900
  /// How many seconds a partner without a network may go on with it.
  public static let life: Int64 = 86_400

  struct Claims: JWTPayload {
    struct List: Codable {
      let bits: Int
      let lst: String
    }

    let sub: String
    let iat: Int64
    var exp: Int64?
    var ttl: Int64?
    let status_list: List

    func verify(using algorithm: some JWTAlgorithm) async throws {}
  }

  /// Signs a list.
  ///
  /// - Parameters:
  ///   - uri: the URL under which it is served, and which credentials name.
  ///   - time: now, in POSIX seconds.
  public static func sign(
    _ list: StatusList, uri: String, by key: IssuerKey, at time: Int64
  ) async throws(CredentialError) -> String {
    let claims = Claims(
      sub: uri, iat: time, exp: time + life, ttl: refresh,
      status_list: .init(bits: list.bits, lst: try list.compressed()))
    return try await key.sign(claims, type: type)
  }
}

/// A status list that a pinned key has signed.
public struct VerifiedStatusList: Sendable {
  /// The URL that credentials name.
  public let uri: String
  /// The states.
  public let list: StatusList
  /// When it was signed, in POSIX seconds.
  public let issued: Int64
  /// From when on it is too old.
  public let expires: Int64
  /// From when on a newer one ought to be asked for.
  public let refreshes: Int64

  /// Reads and checks a token.
  ///
  /// - Parameters:
  ///   - issuers: pinned keys.
  ///   - time: now, in POSIX seconds.
  /// - Throws: what is wrong with it; `credential.status_stale` when it is too old.
  public init(token text: String, issuers: IssuerKeys, at time: Int64) async throws(CredentialError) {
    let token = try SignedToken(text, maximumBytes: StatusListToken.maximumBytes)
    try token.require(type: StatusListToken.type)
    let claims = try await token.verified(as: StatusListToken.Claims.self, by: issuers.key(of: token))
    guard claims.iat <= time &+ PartnerQuestion.skew else {
      throw CredentialError(.notYetValid, "a status list of the future")
    }
    let life = min(max(claims.ttl ?? StatusListToken.life, 0), StatusListToken.life)
    issued = claims.iat
    // Whatever its issuer allows: a list of last week says nothing of a credential of today.
    expires = min(claims.exp ?? .max, claims.iat &+ StatusListToken.life)
    refreshes = claims.iat &+ life
    uri = claims.sub
    guard expires > time else { throw CredentialError(.statusStale, "the status list is too old") }
    list = try StatusList(bits: claims.status_list.bits, compressed: claims.status_list.lst)
  }

  /// Refuses what does not stand as valid in one of the lists.
  static func requireValid(
    _ reference: StatusReference, in lists: [VerifiedStatusList], at time: Int64
  ) throws(CredentialError) {
    guard let list = lists.filter({ $0.uri == reference.uri }).max(by: { $0.issued < $1.issued }) else {
      throw CredentialError(.statusUnknown, "the status list it names is not at hand")
    }
    guard list.expires > time else { throw CredentialError(.statusStale, "the status list is too old") }
    switch list.list[reference.idx] {
    case .valid: return
    case .invalid: throw CredentialError(.revoked, "it was taken back")
    case .suspended: throw CredentialError(.suspended, "it does not hold at present")
    case .specific, nil: throw CredentialError(.statusUnknown, "the status list has no such entry")
    }
  }
}
