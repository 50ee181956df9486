import Crypto
import Foundation

@testable import Credentials

/// An issuer, a holder with one credential, and a partner that asks, at a fixed moment.
struct Scene {
  static let now: Int64 = 1_790_000_000
  static let thresholds: [UInt16] = [100, 300, 500, 600, 650, 700, 800]
  static let list = "https://platform.tongzhou.example/v1/hearts/status/1"

  let issuer: IssuerKey
  let issuers: IssuerKeys
  let holder: HolderKey
  let credential: LoveIndexCredential
  let question: PartnerQuestion
  let lists: [VerifiedStatusList]
  let nonce = "n-0S6_WzA2Mj-abcdefgh"

  init(index: UInt16 = 650, threshold: UInt16 = 650, place: Int = 77) async throws {
    issuer = try IssuerKey(issuer: "https://platform.tongzhou.example", seed: [UInt8](repeating: 7, count: 32))
    issuers = try IssuerKeys([issuer])
    holder = try HolderKey(seed: [UInt8](repeating: 9, count: 32))
    credential = try await Scene.issue(by: issuer, index: index, to: [holder], place: place)[0]
    question = try PartnerQuestion(
      issuers: issuers, audience: PartnerQuestion.audience(chain: "ab", partner: 3),
      threshold: IndexThreshold(threshold))
    lists = [try await Scene.statusList(by: issuer, trusted: issuers)]
  }

  static func issue(
    by issuer: IssuerKey, index: UInt16, to holders: [HolderKey], place: Int = 77, at time: Int64 = now
  ) async throws -> [LoveIndexCredential] {
    try await CredentialIssuer(key: issuer, thresholds: thresholds.map { try IndexThreshold($0) }).issue(
      index: index, to: holders.map(\.publicKey),
      status: holders.indices.map { StatusReference(index: place + $0, list: list) }, at: time)
  }

  static func statusList(
    by issuer: IssuerKey, trusted: IssuerKeys, invalid: [Int: StatusList.Status] = [:], at time: Int64 = now,
    now: Int64 = now
  ) async throws -> VerifiedStatusList {
    var states = try StatusList(bits: 2, count: 1024)
    for (place, status) in invalid { try states.set(status, at: place) }
    let token = try await StatusListToken.sign(states, uri: list, by: issuer, at: time)
    return try await VerifiedStatusList(token: token, issuers: trusted, at: now)
  }

  /// What the holder shows.
  func shown(
    _ threshold: UInt16 = 650, to audience: String? = nil, nonce: String? = nil, at time: Int64 = now
  ) async throws -> String {
    try await credential.presentation(
      of: IndexThreshold(threshold), to: audience ?? question.audience, nonce: nonce ?? self.nonce, with: holder,
      at: time)
  }

  /// What the partner says to it.
  func judge(
    _ text: String, nonce: String? = nil, lists: [VerifiedStatusList]? = nil, at time: Int64 = now
  ) async throws -> VerifiedPresentation {
    try await UnverifiedPresentation(text: text).verified(
      for: question, nonce: nonce ?? self.nonce, lists: lists ?? self.lists, at: time)
  }

  /// The code with which the partner refuses it.
  func refusal(
    _ text: String, nonce: String? = nil, lists: [VerifiedStatusList]? = nil, at time: Int64 = now
  ) async -> CredentialError.Code? {
    do {
      _ = try await judge(text, nonce: nonce, lists: lists, at: time)
      return nil
    } catch {
      return (error as? CredentialError)?.code
    }
  }

  /// A token of any header and payload, signed by a key; for hostile ones.
  static func token(_ header: String, _ payload: String, by key: Curve25519.Signing.PrivateKey) throws -> String {
    let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
    return signed + "." + Base64URL.encode(try key.signature(for: Data(signed.utf8)))
  }
}

extension String {
  /// The parts of a presentation.
  var shownParts: [String] { split(separator: "~", omittingEmptySubsequences: false).map(String.init) }

  /// A part of a token, as text.
  func tokenPart(_ index: Int) -> String {
    let parts = split(separator: ".", omittingEmptySubsequences: false)
    return String(decoding: Base64URL.decode(parts[index]) ?? [], as: UTF8.self)
  }
}
