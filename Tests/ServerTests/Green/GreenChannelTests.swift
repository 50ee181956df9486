import Credentials
import Foundation
import HTTPTypes
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("The green channel of a node with an issuer's key")
struct GreenChannelTests {
  @Test("opens at 650 and not at 649, once for each question, and says nothing more")
  func threshold() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    let reached = try HeartVillage.person(1).publicKey.address
    #expect(scene.village.hearts.loveIndex(of: reached, at: scene.village.now) == 650)
    for (person, isReached) in [(1, true), (2, false)] {
      try scene.consent(person)
      let keys = [HolderKey(), HolderKey()]
      let (request, now) = (try scene.request(person, keys: keys), scene.clock.seconds)
      try await scene.with { server in
        let issued = try await server.post("/v1/hearts/credentials", request)
        #expect(issued.status == .created && issued.headers[.cacheControl] == "no-store")
        let texts = try server.credentials(issued)
        #expect(texts.count == 2)
        let shown = try await server.shown(texts[0], with: keys[0], at: now)
        let answer = try await server.show(shown)
        #expect(answer.text == #"{"reached":\#(isReached),"threshold":650}"#)
        // The same once more, and the same credential for a new question.
        let again = try await server.show(shown)
        #expect(try "\(again.status.code) \(again.code())" == "409 credential.replayed")
        // Somebody else's key cannot show it.
        let stolen = try await server.show(shown.replacing("~ey", with: "~ex"))
        #expect(stolen.status.code >= 400)
        let other = try await server.shown(texts[1], with: keys[1], at: now)
        #expect(try await server.show(other).status == .ok)
      }
    }
  }

  @Test("keys, metadata and status list are those of one issuer, and a partner needs nothing else")
  func files() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try scene.consent(1)
    let key = HolderKey()
    let (request, now) = (try scene.request(1, keys: [key]), Int64(scene.clock.seconds))
    let audience = PartnerQuestion.audience(chain: scene.village.chain.chain.id.description, partner: GreenScene.shop)
    try await scene.with { server in
      let pinned = try await server.issuerKeys()
      #expect(pinned.issuer == GreenScene.issuer)
      #expect(try IssuerKeys(file: await server.get("/.well-known/jwt-vc-issuer").bytes) == pinned)
      let answer = try await server.get("/v1/hearts/status/1")
      #expect(answer.headers[.contentType] == "application/statuslist+jwt")
      let list = try await VerifiedStatusList(token: answer.text, issuers: pinned, at: now)
      #expect(list.uri == GreenScene.issuer + "/v1/hearts/status/1" && list.list.count == 131_072)
      let text = try server.credentials(try await server.post("/v1/hearts/credentials", request))[0]
      let credential = try await LoveIndexCredential(text: text, issuers: pinned, holder: key.publicKey, at: now)
      // Offline from here.
      let shown = try await credential.presentation(
        of: IndexThreshold(650), to: audience, nonce: "n", with: key, at: now)
      let question = try PartnerQuestion(issuers: pinned, audience: audience, threshold: IndexThreshold(650))
      let verified = try await UnverifiedPresentation(text: shown).verified(
        for: question, nonce: "n", lists: [list], at: now)
      #expect(verified.isReached)
      try await server.refuses("/v1/hearts/status/0", "404 http.not_found")
      try await server.refuses("/v1/hearts/status/65", "404 http.not_found")
    }
  }

  @Test("a consent taken back takes back what was issued, and a later consent does not bring it again")
  func withdrawal() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try scene.consent(1)
    let (old, new) = (HolderKey(), HolderKey())
    let (request, now) = (try scene.request(1, keys: [old]), scene.clock.seconds)
    let texts = TextBox()
    try await scene.with { server in
      texts.value = try server.credentials(try await server.post("/v1/hearts/credentials", request))[0]
      let shown = try await server.shown(texts.value, with: old, at: now)
      #expect(try await server.show(shown).status == .ok)
    }
    try scene.withdraw(1)
    let refused = try scene.request(1, keys: [new])
    try await scene.with { server in
      let shown = try await server.shown(texts.value, with: old, at: now)
      let answer = try await server.show(shown)
      #expect(try "\(answer.status.code) \(answer.code())" == "422 credential.revoked")
      // It was not used up: the question can still be answered.
      #expect(try await server.show(shown).code() == "credential.revoked")
      #expect(try await server.post("/v1/hearts/credentials", refused).code() == "consent.not_given")
    }
    scene.village.chain.advance(seconds: 60)
    try scene.consent(1)
    let request2 = try scene.request(1, keys: [new])
    try await scene.with { server in
      let stale = try await server.shown(texts.value, with: old, at: now)
      #expect(try await server.show(stale).code() == "credential.revoked")
      let text = try server.credentials(try await server.post("/v1/hearts/credentials", request2))[0]
      let fresh = try await server.shown(text, with: new, at: now)
      #expect(try await server.show(fresh).status == .ok)
    }
  }

  @Test("what everybody can fetch changes once an hour, so no flip of a bit belongs to one withdrawal's block")
  func hourlyLists() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    for person in [1, 2] { try scene.consent(person) }
    // Just after the hour, by the clock of the node.
    try scene.live(3600 - scene.clock.seconds % 3600 + 1)
    let (hour, keys) = (scene.clock.seconds, [HolderKey(), HolderKey()])
    let requests = [try scene.request(1, keys: [keys[0]]), try scene.request(2, keys: [keys[1]])]
    let (texts, first) = (TextBox(), TextBox())
    let places = try await scene.places(of: requests, keys: keys, first: texts, list: first)
    for (person, seconds) in [(1, UInt64(600)), (2, 1200)] {
      try scene.live(seconds)
      try scene.withdraw(person)
      let now = Int64(scene.clock.seconds)
      try await scene.with { server in
        let answer = try await server.get("/v1/hearts/status/1")
        let list = try await VerifiedStatusList(token: answer.text, issuers: try await server.issuerKeys(), at: now)
        #expect(answer.text != first.value && list.issued == now, "signed anew")
        for place in places { #expect(list.list[place] == .valid) }
      }
    }
    // The node itself knows at once.
    let now = scene.clock.seconds
    try await scene.with { server in
      let shown = try await server.shown(texts.value, with: keys[0], at: now)
      #expect(try await server.show(shown).code() == "credential.revoked")
    }
    try scene.live(hour + 3599 - scene.clock.seconds)
    let then = Int64(scene.clock.seconds)
    try await scene.with { server in
      let answer = try await server.get("/v1/hearts/status/1")
      let list = try await VerifiedStatusList(token: answer.text, issuers: try await server.issuerKeys(), at: then)
      for place in places { #expect(list.list[place] == .invalid, "both together") }
      // A list in which nothing stands is not made for who asks.
      try await server.refuses("/v1/hearts/status/2", "404 http.not_found")
    }
  }

  @Test("a consent ends by the node's clock where no block comes")
  func consentEndsByTheClock() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try scene.consent(1, days: 1)
    let key = HolderKey()
    let text = TextBox()
    try scene.live(83_400)
    let (request, issued) = (try scene.request(1, keys: [key]), scene.clock.seconds)
    try await scene.with { server in
      text.value = try server.credentials(try await server.post("/v1/hearts/credentials", request))[0]
      let shown = try await server.shown(text.value, with: key, at: issued)
      #expect(try await server.show(shown).status == .ok)
    }
    // No block comes, but not for so long that the node would say nothing any more.
    scene.clock.advance(3100)
    let (later, now) = (try scene.request(1, keys: [HolderKey()]), scene.clock.seconds)
    try await scene.with { server in
      #expect(try await server.post("/v1/hearts/credentials", later).code() == "consent.not_given")
      let shown = try await server.shown(text.value, with: key, at: now)
      #expect(try await server.show(shown).code() == "credential.revoked")
    }
  }

  @Test("a gift that is reversed takes back what said more than the index now is")
  func reversal() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    for person in [1, 2] { try scene.consent(person) }
    let keys = [HolderKey(), HolderKey()]
    let (requests, now) = (
      [try scene.request(1, keys: [keys[0]]), try scene.request(2, keys: [keys[1]])], scene.clock.seconds
    )
    let (high, low) = (TextBox(), TextBox())
    try await scene.with { server in
      high.value = try server.credentials(try await server.post("/v1/hearts/credentials", requests[0]))[0]
      low.value = try server.credentials(try await server.post("/v1/hearts/credentials", requests[1]))[0]
    }
    // The last two gifts, one of each: 650 becomes 630, and 649 the same, which still is over 600.
    let gifts = UInt32(scene.village.hearts.gifts.count)
    for gift in [gifts - 2, gifts - 1] {
      let codes = try scene.village.perform(
        Hearts.reverse(gift: gift, reason: .label("reason", UInt64(gift))), by: scene.village.officer(.food))
      #expect(codes == [.success])
    }
    try await scene.with { server in
      let shown = try await server.shown(high.value, with: keys[0], at: now)
      #expect(try await server.show(shown).code() == "credential.revoked")
      let other = try await server.shown(low.value, with: keys[1], at: now)
      #expect(try await server.show(other).text == #"{"reached":false,"threshold":650}"#)
    }
  }

  @Test("requests that the giver did not sign like this, now, for this chain and new keys")
  func requests() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try scene.consent(1)
    let (key, now) = (HolderKey(), scene.clock.seconds)
    let good = try scene.request(1, keys: [key])
    var altered = String(decoding: good, as: UTF8.self)
    altered.replace("\"partner\":0", with: "\"partner\":1")
    var smallOrder = String(decoding: good, as: UTF8.self)
    smallOrder.replace(try key.publicKey.bytes().hexadecimal, with: "01" + String(repeating: "0", count: 62))
    let many = try (0..<3).map { _ in try scene.request(1, keys: (0..<20).map { _ in HolderKey() }) }
    let wrong: [([UInt8], String)] = [
      (try scene.request(1, keys: [key], by: 2), "403 signature.not_the_sender"),
      (try scene.request(1, keys: [key], at: now - 301), "422 transaction.expired"),
      (try scene.request(1, keys: [key], at: now + 301), "422 transaction.expired"),
      (try scene.request(1, keys: [key], chain: .label("other", 0)), "422 transaction.wrong_chain"),
      (try scene.request(2, keys: [key]), "422 consent.not_given"),
      (try scene.request(1, keys: [key], partner: 7), "404 http.not_found"),
      (Array(altered.utf8), "403 signature.invalid"), (Array(smallOrder.utf8), "400 key.unacceptable"),
      (Array("{}".utf8), "400 encoding.malformed"), ([], "400 encoding.malformed"),
      ([UInt8](repeating: 0x20, count: 9000), "413 http.too_large"),
    ]
    try await scene.with { server in
      for (body, wanted) in wrong {
        let answer = try await server.post("/v1/hearts/credentials", body)
        #expect(try "\(answer.status.code) \(answer.code())" == wanted)
      }
      let plain = try await server.ask(
        .post, "/v1/hearts/credentials", headers: [.contentType: "text/plain"], body: good)
      #expect(try plain.code() == "http.unsupported_media_type")
      // Sent twice, it gives credentials once: who listens in gets none.
      #expect(try await server.post("/v1/hearts/credentials", good).status == .created)
      let again = try await server.post("/v1/hearts/credentials", good)
      #expect(try "\(again.status.code) \(again.code())" == "409 credential.key_used")
      for body in many.dropLast() { #expect(try await server.post("/v1/hearts/credentials", body).status == .created) }
      let tooMany = try await server.post("/v1/hearts/credentials", many[2])
      #expect(try "\(tooMany.status.code) \(tooMany.code())" == "409 credential.too_many")
    }
    // A day later there is room again.
    try scene.live(86_400)
    let later = try scene.request(1, keys: (0..<20).map { _ in HolderKey() })
    try await scene.with { server in
      let answer = try await server.post("/v1/hearts/credentials", later)
      #expect(answer.status == .created)
    }
    // What is kept names nobody.
    let address = Data(try HeartVillage.person(1).publicKey.address.bytes)
    let holder = Data(try key.publicKey.bytes())
    for name in try FileManager.default.contentsOfDirectory(atPath: scene.folder) {
      let content = try #require(FileManager.default.contents(atPath: scene.folder + "/" + name))
      #expect(content.range(of: address) == nil && content.range(of: holder) == nil, "\(name)")
    }
  }

  @Test("questions that the shop opens nothing for, and answers that are none")
  func questions() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    try await scene.with { server in
      let wrong: [(String, String, String)] = [
        ("nonces", #"{"partner": 0, "threshold": 700}"#, "422 channel.unknown"),
        ("nonces", #"{"partner": 1, "threshold": 650}"#, "404 http.not_found"),
        ("nonces", #"{"partner": -1, "threshold": 650}"#, "400 http.bad_request"),
        ("nonces", "{}", "400 http.bad_request"),
        ("presentations", #"{"partner": 0, "threshold": 650, "presentation": ""}"#, "400 credential.malformed"),
        (
          "presentations", #"{"partner": 0, "threshold": 650, "presentation": "a~b~"}"#,
          "422 credential.no_key_binding"
        ),
      ]
      for (place, body, wanted) in wrong {
        let answer = try await server.post("/v1/hearts/" + place, Array(body.utf8))
        let found = try "\(answer.status.code) \(answer.code())"
        #expect(found == wanted, "\(body)")
      }
    }
    try await ServerProbe.with([try scene.village.show()]) { server in
      for address in ["/.well-known/jwt-vc-issuer", "/v1/hearts/issuer-keys.json", "/v1/hearts/status/1"] {
        try await server.refuses(address, "404 http.not_found")
      }
      let answer = try await server.post("/v1/hearts/nonces", ["partner": 0, "threshold": 650])
      #expect(try answer.code() == "http.not_found", "no issuer's key here")
    }
  }
}

/// A text that one request leaves for the next.
final class TextBox: @unchecked Sendable {
  // Unchecked: requests of a test follow each other.
  var value = ""
}
