import Foundation
import Testing

@testable import Credentials

@Suite("Badges of a giver's steps")
struct GivingBadgeTests {
  @Test("a step has one name, and what is none is refused")
  func names() throws {
    var all = GivingBadge.heartSteps.map { GivingBadge.hearts($0) }
    for value in Scene.thresholds { all.append(.loveIndex(try IndexThreshold(value))) }
    for badge in all { #expect(try GivingBadge(name: badge.name) == badge) }
    let wrong = [
      "", "hearts", "hearts-", "hearts-999", "hearts-01000", "hearts-+1000", "hearts-1_000", "Hearts-1000",
      "hearts-1000 ", "love-index-0", "love-index-1001", "love-index-0650", "love-index-99999999999", "credit-650",
      "hearts-" + String(repeating: "1", count: 60),
    ]
    for name in wrong { #expect(throws: CredentialError(.unknownBadge, "")) { try GivingBadge(name: name) } }
  }

  @Test("at the step, and not one below")
  func reached() throws {
    let index = GivingBadge.loveIndex(try IndexThreshold(650))
    #expect(index.isReached(hearts: 0, index: 650) && !index.isReached(hearts: .max, index: 649))
    let hearts = GivingBadge.hearts(10_000)
    #expect(hearts.isReached(hearts: 10_000, index: 0) && !hearts.isReached(hearts: 9_999, index: 1000))
  }

  @Test("is an open badge for a key, from the full hour for 90 days, and reads back as its step")
  func roundTrip() async throws {
    let scene = try await Scene()
    for said in [GivingBadge.hearts(1_000), .loveIndex(try IndexThreshold(650))] {
      let badge = try said.badge(
        of: scene.issuer.issuer, id: "urn:uuid:0", for: scene.holder.publicKey, at: Scene.now)
      let token = try await badge.signed(by: scene.issuer)
      let read = try await OpenBadge(token: token, issuers: scene.issuers, at: Scene.now)
      #expect(read == badge && GivingBadge(read, of: scene.issuer.issuer) == said)
      #expect(read.validFrom == Scene.now - Scene.now % 3600 && read.issuerName == "platform.tongzhou.example")
      #expect(read.validUntil == read.validFrom + 90 * 86_400)
      let (isHers, isOthers) = (try read.isFor(scene.holder.publicKey), try read.isFor(HolderKey().publicKey))
      #expect(isHers && !isOthers)
      #expect(GivingBadge(read, of: "https://other.example") == nil)
      #expect(token.utf8.count < OpenBadge.maximumBytes / 4)
    }
    // Another badge of the same issuer is none of these.
    #expect(GivingBadge(try OpenBadgeTests.badge(for: scene.holder), of: scene.issuer.issuer) == nil)
  }

  @Test("a time that no calendar has is refused, not a trap")
  func times() async throws {
    let scene = try await Scene()
    let good = try OpenBadgeTests.badge(for: scene.holder, until: Scene.now + 10).payload(of: scene.issuer.issuer)
    let text = String(decoding: try StrictJSON.encode(good), as: UTF8.self)
    for (from, to) in [
      ("\"nbf\":\(Scene.now)", "\"nbf\":\(Int64.min)"), ("\"exp\":\(Scene.now + 10)", "\"exp\":\(Int64.max)"),
    ] {
      let other = text.replacing(from, with: to)
      #expect(other != text)
      let payload = try StrictJSON.decode(BadgePayload.self, from: Array(other.utf8))
      #expect(throws: CredentialError(.badBadge, "")) {
        try OpenBadge(payload, issuer: scene.issuer.issuer, at: Scene.now)
      }
    }
  }

  @Test("a holder's key is written as a private JSON Web Key")
  func key() throws {
    let key = try HolderKey(seed: [UInt8](repeating: 3, count: 32))
    let read = try #require(try JSONSerialization.jsonObject(with: Data(key.file())) as? [String: String])
    #expect(read["kty"] == "OKP" && read["crv"] == "Ed25519" && read["d"] == Base64URL.encode(key.seed))
    #expect(read["x"].flatMap { Base64URL.decode($0) } == (try key.publicKey.bytes()))
  }
}
