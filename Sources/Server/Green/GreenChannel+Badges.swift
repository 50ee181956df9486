internal import Contracts
internal import Credentials
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Node
internal import TongzhouClient

extension GreenChannel {
  /// Signs a badge for a giver who asks for it herself: that she reached a fixed step.
  ///
  /// Nothing is kept of it. Whoever asks twice gets two, which say the same.
  ///
  /// - Throws: what is wrong with the request; `credential.unknown_badge`, `credential.not_reached`.
  func issue(_ request: BadgeRequest, on view: PublishedView) async throws -> BadgeModel {
    try request.verify(
      chain: view.genesis.chain, currentKey: view.app.currentKey(of: request.sender.address),
      now: Timestamp(seconds: clock()))
    let (hearts, wanted) = (view.app.hearts, try GivingBadge(name: request.badge))
    guard GreenChannel.badges(in: hearts).contains(wanted) else {
      throw CredentialError(.unknownBadge, "the formula has no such threshold")
    }
    let giver = hearts.giver(request.sender.address)
    guard
      wanted.isReached(
        hearts: giver.map { $0.minted - $0.reversed } ?? 0,
        index: hearts.loveIndex(of: request.sender.address, at: view.time))
    else { throw CredentialError(.notReached, "the step is not reached") }
    let badge = try wanted.badge(
      of: key.issuer, id: "urn:uuid:\(UUID().uuidString.lowercased())", for: PublicJWK(bytes: request.holder.bytes),
      at: now)
    return BadgeModel(
      issuer: key.issuer, badge: try await badge.signed(by: key), expires: badge.validUntil ?? badge.validFrom)
  }

  /// What badges there are: those of hearts, and one for each threshold of the formula in force.
  static func badges(in hearts: Hearts) -> [GivingBadge] {
    GivingBadge.heartSteps.map { .hearts($0) }
      + thresholds(of: hearts.formula).compactMap { try? IndexThreshold($0) }.map { .loveIndex($0) }
  }
}

/// A badge for who asked.
struct BadgeModel: Encodable {
  let issuer, badge: String
  let expires: Int64
}

/// The badges that an issuer gives.
struct BadgesModel: Encodable {
  struct Entry: Encodable {
    let badge, id, name, description, criteria: String

    init(_ badge: GivingBadge, of issuer: String) {
      let achievement = badge.achievement(of: issuer)
      self.badge = badge.name
      id = achievement.id
      name = achievement.name
      description = achievement.description
      criteria = achievement.criteria
    }
  }

  let issuer: String
  let badges: [Entry]

  init(_ issuer: String, _ hearts: Hearts) {
    self.issuer = issuer
    badges = GreenChannel.badges(in: hearts).map { Entry($0, of: issuer) }
  }
}
