internal import Foundation

/// Issues love index credentials in batches.
///
/// All thresholds stand in each credential, reached or not, in an order that says nothing; and the hour of issue is
/// rounded down. So two credentials of one batch have nothing in common that those of two people issued in that hour
/// have not.
public struct CredentialIssuer: Sendable {
  /// How many credentials a batch may have.
  public static let batch = 1...20
  /// What the time of issue is rounded down to, in seconds.
  public static let grain: Int64 = 3600

  private let key: IssuerKey
  private let thresholds: [IndexThreshold]

  /// An issuer with its key.
  ///
  /// - Parameter thresholds: all those of the formula, each once.
  /// - Throws: `credential.invalid_settings`.
  public init(key: IssuerKey, thresholds: [IndexThreshold]) throws(CredentialError) {
    guard (1...IndexThreshold.maximumCount).contains(thresholds.count), Set(thresholds).count == thresholds.count else {
      throw CredentialError(.badSettings, "one to \(IndexThreshold.maximumCount) thresholds, none twice")
    }
    self.key = key
    self.thresholds = thresholds.sorted()
  }

  /// The moment at which what is issued now begins, in POSIX seconds; it ends 24 hours later.
  public static func start(at time: Int64) -> Int64 { time - time % grain }

  /// Issues one credential for each key of a holder.
  ///
  /// - Parameters:
  ///   - index: the holder's love index, 0 to 1,000.
  ///   - holders: 1 to 20 keys, none twice, made for this batch.
  ///   - status: a place in a status list for each, none twice.
  ///   - time: now, in POSIX seconds.
  ///   - generator: where salts come from; it must not be predictable.
  /// - Throws: `credential.invalid_batch`.
  public func issue(
    index: UInt16, to holders: [PublicJWK], status: [StatusReference], at time: Int64,
    using generator: inout some RandomNumberGenerator
  ) async throws(CredentialError) -> [LoveIndexCredential] {
    guard CredentialIssuer.batch.contains(holders.count), Set(holders).count == holders.count,
      status.count == holders.count, Set(status).count == status.count, time >= 0
    else { throw CredentialError(.badBatch, "1 to \(CredentialIssuer.batch.upperBound) keys with a status each") }
    var issued: [LoveIndexCredential] = []
    for (holder, status) in zip(holders, status) {
      _ = try holder.key()
      let disclosures = thresholds.map { Disclosure($0.claim, index >= $0.value, using: &generator) }
      let start = CredentialIssuer.start(at: time)
      let claims = IndexClaims(
        iss: key.issuer, iat: start, exp: start + LoveIndexCredential.longestLife, vct: LoveIndexCredential.kind,
        cnf: .init(jwk: holder), status: .init(status_list: status), _sd: disclosures.map(\.digest).sorted(),
        _sd_alg: IndexClaims.hash)
      let token = try SignedToken(await key.sign(claims, type: IndexClaims.type))
      issued.append(LoveIndexCredential(token: token, claims: claims, disclosures: disclosures))
    }
    return issued
  }

  /// The same with salts of the system's generator.
  public func issue(
    index: UInt16, to holders: [PublicJWK], status: [StatusReference], at time: Int64
  ) async throws(CredentialError) -> [LoveIndexCredential] {
    var generator = SystemRandomNumberGenerator()
    return try await issue(index: index, to: holders, status: status, at: time, using: &generator)
  }
}
