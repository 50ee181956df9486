internal import Credentials
internal import Foundation
internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// The green channel of a demonstration: an issuer's key for the node that goes on with it, and what a partner says to
/// what two givers show it.
struct DemoGreen {
  private let key: IssuerKey

  /// Makes the issuer's key and writes it where a node looks for it.
  init(directory: String, issuer: String, seed: [UInt8]) throws {
    key = try IssuerKey(issuer: issuer, seed: seed)
    try DemoHearts.write(secret: key.file(), to: "\(directory)/keys/platform.tongzhou.example.issuer")
  }

  /// Whether a partner opens its channel: a credential over an index is issued, shown with the one threshold it asks
  /// for, and verified with nothing but the issuer's public key and a status list.
  func opens(
    to index: UInt16, threshold: UInt16, formula: FormulaRecord, chain: Hash, partner: UInt32, at time: Timestamp
  ) async throws -> Bool {
    let (now, list) = (Int64(clamping: time.seconds), "\(key.issuer)/v1/hearts/status/0")
    let issuers = try IssuerKeys([key])
    var thresholds: [IndexThreshold] = []
    for place in formula.thresholds.indices where formula.thresholds[place] > 0 {
      thresholds.append(try IndexThreshold(formula.thresholds[place]))
    }
    let holder = HolderKey()
    let credentials = try await CredentialIssuer(key: key, thresholds: thresholds).issue(
      index: index, to: [holder.publicKey], status: [StatusReference(index: 0, list: list)], at: now)
    let token = try await StatusListToken.sign(StatusList(bits: 1, count: 1024), uri: list, by: key, at: now)
    let statuses = try await VerifiedStatusList(token: token, issuers: issuers, at: now)
    let question = try PartnerQuestion(
      issuers: issuers, audience: PartnerQuestion.audience(chain: "\(chain)", partner: partner),
      threshold: IndexThreshold(threshold))
    let nonce = "\(Hash.sha256(chain.bytes + Array("\(index)".utf8)))"
    let shown = try await credentials[0].presentation(
      of: question.threshold, to: question.audience, nonce: nonce, with: holder, at: now)
    return try await UnverifiedPresentation(text: shown).verified(
      for: question, nonce: nonce, lists: [statuses], at: now
    ).isReached
  }
}
