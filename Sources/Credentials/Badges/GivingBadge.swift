internal import Foundation

/// What a giver can have shown of herself: that she reached one of a few fixed steps.
///
/// A badge says the step and nothing between steps, so it is neither a count of her hearts nor her index, and no credit
/// score: from whoever shows one, others learn what everybody learns who reached the same step.
public enum GivingBadge: Hashable, Sendable {
  /// Her gifts brought at least so many hearts, those of gifts taken back not counted; one of ``heartSteps``.
  case hearts(Int64)
  /// Her love index reached a threshold of the formula.
  case loveIndex(IndexThreshold)

  /// The numbers of hearts for which there is a badge.
  public static let heartSteps: [Int64] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]
  /// How long one is valid, in seconds: 90 days, after which gifts may have faded or been taken back.
  public static let life: Int64 = 90 * 86_400
  private static let heartsPrefix = "hearts-"
  private static let indexPrefix = "love-index-"

  /// What it is called in requests and addresses: `hearts-10000`, `love-index-650`.
  public var name: String {
    switch self {
    case .hearts(let step): GivingBadge.heartsPrefix + "\(step)"
    case .loveIndex(let threshold): GivingBadge.indexPrefix + "\(threshold.value)"
    }
  }

  /// Reads a ``name``.
  ///
  /// - Throws: `credential.unknown_badge` for any other text, and for a number that is not a step.
  public init(name: String) throws(CredentialError) {
    let badge: GivingBadge? =
      if name.hasPrefix(GivingBadge.heartsPrefix) {
        Int64(name.dropFirst(GivingBadge.heartsPrefix.count))
          .flatMap { GivingBadge.heartSteps.contains($0) ? .hearts($0) : nil }
      } else if name.hasPrefix(GivingBadge.indexPrefix) {
        UInt16(name.dropFirst(GivingBadge.indexPrefix.count))
          .flatMap { try? IndexThreshold($0) }.map { .loveIndex($0) }
      } else {
        nil
      }
    // The name is written anew, so that a number has one spelling.
    guard let badge, badge.name.utf8.elementsEqual(name.utf8) else {
      throw CredentialError(.unknownBadge, "there is no such badge")
    }
    self = badge
  }

  /// What an open badge says in an issuer's name; `nil` where that is something else.
  public init?(_ badge: OpenBadge, of issuer: String) {
    let place = GivingBadge.place(of: issuer)
    guard badge.achievement.id.hasPrefix(place),
      let read = try? GivingBadge(name: String(badge.achievement.id.dropFirst(place.count)))
    else { return nil }
    self = read
  }

  /// Whether somebody reached it.
  ///
  /// - Parameters:
  ///   - hearts: what her gifts brought, less what was taken back.
  ///   - index: her love index.
  public func isReached(hearts: Int64, index: UInt16) -> Bool {
    switch self {
    case .hearts(let step): hearts >= step
    case .loveIndex(let threshold): index >= threshold.value
    }
  }

  /// The achievement, in Chinese and English, explained at a place of the issuer's.
  public func achievement(of issuer: String) -> OpenBadge.Achievement {
    let id = GivingBadge.place(of: issuer) + name
    return switch self {
    case .hearts(let step):
      OpenBadge.Achievement(
        id: id, name: "捐赠满 \(step) 颗爱心 · \(step) hearts",
        description: "她的捐赠带来的爱心到了 \(step)。爱心是计数，不是钱。 · "
          + "Her gifts brought at least \(step) hearts. Hearts are counts, not money.",
        criteria: "签发时账本上她的捐赠带来至少 \(step) 颗爱心，撤回的不算。 · "
          + "When it was issued, her gifts had brought at least \(step) hearts, without those taken back.")
    case .loveIndex(let threshold):
      OpenBadge.Achievement(
        id: id, name: "爱心指数到 \(threshold.value) · Love index of \(threshold.value)",
        description: "她的爱心指数到了 \(threshold.value) 这一档。它说的是捐赠，不评价信用。 · "
          + "Her love index reached the step of \(threshold.value). It is about gifts and judges nobody's credit.",
        criteria: "签发时按账本上的公式算出的爱心指数不低于 \(threshold.value)。 · "
          + "When it was issued, the index by the formula on the ledger was at least \(threshold.value).")
    }
  }

  /// The badge for a key of hers.
  ///
  /// It begins at the full hour before, as credentials do, so that it does not say in which second she asked.
  ///
  /// - Parameters:
  ///   - issuer: who issues, a URL.
  ///   - id: the badge's own name, a URI, unique.
  ///   - time: now, in POSIX seconds.
  /// - Throws: `credential.invalid_badge`.
  public func badge(
    of issuer: String, id: String, for holder: PublicJWK, at time: Int64
  ) throws(CredentialError) -> OpenBadge {
    let start = CredentialIssuer.start(at: time)
    return try OpenBadge(
      id: id, issuerName: URL(string: issuer)?.host() ?? issuer, achievement: achievement(of: issuer), holder: holder,
      validFrom: start, validUntil: start + GivingBadge.life)
  }

  private static func place(of issuer: String) -> String { "\(issuer)/v1/hearts/badges#" }
}
