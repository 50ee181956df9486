import Credentials
import Foundation
import HTTPTypes
import HeartChain
import Ledger
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("Badges that a giver asks for, and a node that knows too little to issue")
struct BadgeTests {
  @Test("says the step that she chose and reached, to anybody with the issuer's keys, and nothing of who she is")
  func issue() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    let (holder, now) = (HolderKey(), scene.clock.seconds)
    let address = try HeartVillage.person(1).publicKey.address
    let record = try #require(scene.village.hearts.giver(address))
    #expect(record.minted == 650_000)
    let names = ["hearts-100000", "love-index-650", "love-index-100"]
    let requests = try names.map { try scene.badge(1, $0, for: holder) }
    try await scene.with { server in
      let issuers = try await server.issuerKeys()
      let listed = try #require(try await server.get("/v1/hearts/badges").object()["badges"] as? [[String: Any]])
      let known = listed.compactMap { $0["badge"] as? String }
      #expect(known.count == 13 && known.first == "hearts-1000" && known.last == "love-index-800")
      for (name, request) in zip(names, requests) {
        let answer = try await server.post("/v1/hearts/badges", request)
        #expect(answer.status == .created && answer.headers[.cacheControl] == "no-store", "\(answer.text)")
        let token = try #require(try answer.object()["badge"] as? String)
        let badge = try await OpenBadge(token: token, issuers: issuers, at: Int64(now))
        let isHers = try badge.isFor(holder.publicKey)
        #expect(isHers && GivingBadge(badge, of: GreenScene.issuer)?.name == name)
        #expect(badge.achievement.id == "\(GreenScene.issuer)/v1/hearts/badges#\(name)")
        #expect(listed.contains { $0["id"] as? String == badge.achievement.id })
        #expect(badge.validFrom % 3600 == 0 && badge.validUntil == badge.validFrom + GivingBadge.life)
        let said = try Self.payload(of: token)
        for secret in [address.description, "650000", "giver"] {
          #expect(!said.contains(secret), "\(secret)")
        }
      }
    }
  }

  private static func payload(of token: String) throws -> String {
    var text = try #require(token.split(separator: ".").dropFirst().first)
      .replacing("-", with: "+").replacing("_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    return String(decoding: try #require(Data(base64Encoded: String(text))), as: UTF8.self)
  }

  @Test("no step that is not reached, none that does not exist, and no request that is not hers")
  func refusals() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    let (holder, now) = (HolderKey(), scene.clock.seconds)
    let good = try scene.badge(1, "love-index-650", for: holder)
    func altered(_ from: String, _ to: String) -> [UInt8] {
      Array(String(decoding: good, as: UTF8.self).replacing(from, with: to).utf8)
    }
    let wrong: [([UInt8], String)] = [
      (try scene.badge(1, "hearts-1000000", for: holder), "422 credential.not_reached"),
      (try scene.badge(2, "love-index-650", for: holder), "422 credential.not_reached"),
      (try scene.badge(9, "hearts-1000", for: holder), "422 credential.not_reached"),
      (try scene.badge(1, "love-index-649", for: holder), "422 credential.unknown_badge"),
      (try scene.badge(1, "hearts-1001", for: holder), "422 credential.unknown_badge"),
      (try scene.badge(1, "hearts-01000", for: holder), "422 credential.unknown_badge"),
      (try scene.badge(1, "credit-650", for: holder), "422 credential.unknown_badge"),
      (try scene.badge(1, "love-index-650", for: holder, by: 2), "403 signature.not_the_sender"),
      (try scene.badge(1, "love-index-650", for: holder, at: now - 301), "422 transaction.expired"),
      (try scene.badge(1, "love-index-650", for: holder, chain: .label("other", 0)), "422 transaction.wrong_chain"),
      (altered("love-index-650", "love-index-600"), "403 signature.invalid"),
      // A request for credentials is none for a badge.
      (try scene.request(1, keys: [holder]), "400 encoding.malformed"),
      ([], "400 encoding.malformed"), ([UInt8](repeating: 0x20, count: 3000), "413 http.too_large"),
    ]
    try await scene.with { server in
      for (body, wanted) in wrong {
        let answer = try await server.post("/v1/hearts/badges", body)
        let found = try "\(answer.status.code) \(answer.code())"
        #expect(found == wanted, "\(String(decoding: body, as: UTF8.self))")
      }
    }
    // What is taken back is not shown any more.
    let last = UInt32(scene.village.hearts.gifts.count) - 2
    let codes = try scene.village.perform(
      Hearts.reverse(gift: last, reason: .label("reason", 1)), by: scene.village.officer(.food))
    #expect(codes == [.success])
    try await scene.with { server in
      let answer = try await server.post("/v1/hearts/badges", good)
      #expect(try answer.code() == "credential.not_reached")
    }
    try await ServerProbe.with([try scene.village.show()]) { server in
      try await server.refuses("/v1/hearts/badges", "404 http.not_found")
    }
  }

  @Test("a node that has seen no block for an hour and a heartbeat signs nothing that would pass for news")
  func outdated() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try scene.consent(1)
    let longest = UInt64(scene.village.chain.network.genesis.limits.heartbeatSeconds) + 3600
    #expect(longest == 3660)
    func bodies() throws -> [(String, [UInt8])] {
      [
        ("credentials", try scene.request(1, keys: [HolderKey()])),
        ("badges", try scene.badge(1, "hearts-1000", for: HolderKey())),
        ("nonces", Array(#"{"partner": 0, "threshold": 650}"#.utf8)),
      ]
    }
    let shown = Array(#"{"partner": 0, "threshold": 650, "presentation": "a~b~"}"#.utf8)
    scene.clock.advance(scene.village.now.seconds + longest - scene.clock.seconds)
    let stillGood = try bodies()
    try await scene.with { server in
      for (place, body) in stillGood {
        let answer = try await server.post("/v1/hearts/" + place, body)
        #expect(answer.status == .created, "\(place): \(answer.text)")
      }
    }
    scene.clock.advance(1)
    let tooLate = try bodies() + [("presentations", shown)]
    try await scene.with { server in
      for (place, body) in tooLate {
        let answer = try await server.post("/v1/hearts/" + place, body)
        let code = try answer.code()
        #expect(answer.status == .serviceUnavailable && code == "credential.outdated", "\(place)")
        #expect(answer.headers[.retryAfter] != nil)
      }
      // A list signed now would say that nothing was taken back meanwhile.
      try await server.refuses("/v1/hearts/status/1", "503 credential.outdated")
      // What says nothing of anybody is there.
      for place in ["issuer-keys.json", "badges"] {
        let answer = try await server.get("/v1/hearts/" + place)
        #expect(answer.status == .ok, "\(place)")
      }
    }
    try scene.live(1)
    let again = try bodies()
    try await scene.with { server in
      for (place, body) in again {
        let answer = try await server.post("/v1/hearts/" + place, body)
        #expect(answer.status == .created, "\(place): \(answer.text)")
      }
    }
  }
}
