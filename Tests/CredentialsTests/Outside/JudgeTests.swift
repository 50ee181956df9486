import Crypto
import Foundation
import Testing

@testable import Credentials

/// openvc-core, sd-jwt and openbadgeslib check ours, and ours checks theirs.
@Suite(.enabled(if: Judge.isInstalled, "openvc-core, sd-jwt or openbadgeslib is not installed in .build/python"))
struct JudgeTests {
  private let now = Int64(Date().timeIntervalSince1970)

  private func jwk(_ key: PublicJWK) -> [String: String] { ["kty": key.kty, "crv": key.crv, "x": key.x] }

  private func found(_ answer: [String: Any], _ name: String) throws -> [String: Any] {
    let outcome = try #require(answer[name] as? [String: Any])
    return try #require(outcome["found"] as? [String: Any], "\(name): \(outcome["refused"] ?? "")")
  }

  private func check(_ scene: Scene, shown: String, list: String, badge: String) throws -> [String: Any] {
    try Judge.ask([
      "do": "check", "issuer_jwk": jwk(scene.issuer.publicKey), "presentation": shown,
      "audience": scene.question.audience, "nonce": scene.nonce, "vct": LoveIndexCredential.kind, "status_list": list,
      "badge": badge,
    ])
  }

  @Test("others find in what we issued and showed what stands there, and nothing more", arguments: [649, 650])
  func ours(index: UInt16) async throws {
    let scene = try await Scene()
    let credential = try await Scene.issue(by: scene.issuer, index: index, to: [scene.holder], at: now)[0]
    let shown = try await credential.presentation(
      of: IndexThreshold(650), to: scene.question.audience, nonce: scene.nonce, with: scene.holder, at: now)
    var states = try StatusList(bits: 2, count: 1024)
    try states.set(.invalid, at: 76)
    let badge = try OpenBadgeTests.badge(for: scene.holder, from: now)
    let list = try await StatusListToken.sign(states, uri: Scene.list, by: scene.issuer, at: now)
    let signed = try await badge.signed(by: scene.issuer)
    let answer = try check(scene, shown: shown, list: list, badge: signed)

    let openvc = try found(answer, "openvc")
    #expect(openvc["claims"] as? [String: Bool] == ["love_index_gte_650": index >= 650])
    #expect(openvc["bound"] as? Bool == true && openvc["status"] as? Int == 0)
    #expect(try found(answer, "sd_jwt") as? [String: Bool] == ["love_index_gte_650": index >= 650])
    let shownBadge = try found(answer, "openbadgeslib")
    #expect(shownBadge["name"] as? String == "种下一百棵树" && shownBadge["issuer"] as? String == scene.issuer.issuer)
    #expect(shownBadge["recipient"] as? String == badge.subject)

    // Revoked: the same presentation with a later list.
    try states.set(.invalid, at: 77)
    let later = try await StatusListToken.sign(states, uri: Scene.list, by: scene.issuer, at: now)
    let again = try check(scene, shown: shown, list: later, badge: signed)
    #expect(try found(again, "openvc")["status"] as? Int == 1)
    // Altered by one letter: all refuse.
    let parts = shown.shownParts
    let other = try #require(credential.disclosures.first { $0.text != parts[1] }).text
    let altered = try check(
      scene, shown: [parts[0], other, parts[2]].joined(separator: "~"), list: list, badge: String(signed.dropLast(9)))
    for name in ["openvc", "sd_jwt", "openbadgeslib"] {
      #expect((altered[name] as? [String: Any])?["refused"] != nil, "\(name)")
    }
  }

  @Test(
    "openbadgeslib takes a badge of a giver's step, and not one that was altered",
    arguments: ["hearts-10000", "love-index-650"])
  func steps(name: String) async throws {
    let scene = try await Scene()
    let said = try GivingBadge(name: name)
    let badge = try said.badge(
      of: scene.issuer.issuer, id: "urn:uuid:\(UUID().uuidString.lowercased())", for: scene.holder.publicKey, at: now)
    let signed = try await badge.signed(by: scene.issuer)
    let answer = try check(scene, shown: "", list: "", badge: signed)
    let found = try found(answer, "openbadgeslib")
    #expect(found["name"] as? String == said.achievement(of: scene.issuer.issuer).name)
    #expect(found["issuer"] as? String == scene.issuer.issuer && found["recipient"] as? String == badge.subject)
    let parts = signed.split(separator: ".").map(String.init)
    let payload = signed.tokenPart(1)
    let higher = payload.replacing(name, with: name == "hearts-10000" ? "hearts-1000000" : "love-index-800")
    #expect(higher != payload)
    let altered = [parts[0], Base64URL.encode(higher.utf8), parts[2]].joined(separator: ".")
    let refused = try check(scene, shown: "", list: "", badge: altered)["openbadgeslib"] as? [String: Any]
    #expect(refused?["refused"] != nil)
  }

  @Test("what others issue and show passes with us at 650, fails at 649, and is refused when it is taken back")
  func theirs() async throws {
    let scene = try await Scene()
    for (index, isReached) in [(649, false), (650, true)] {
      var issuer = jwk(scene.issuer.publicKey)
      issuer["d"] = Base64URL.encode(scene.issuer.key.rawRepresentation)
      var holder = jwk(scene.holder.publicKey)
      holder["d"] = Base64URL.encode(scene.holder.seed)
      let made = try Judge.ask([
        "do": "make", "issuer_jwk": issuer, "holder_jwk": holder, "kid": scene.issuer.kid,
        "issuer": scene.issuer.issuer, "index": index, "threshold": 650, "thresholds": Scene.thresholds.map(Int.init),
        "vct": LoveIndexCredential.kind, "audience": scene.question.audience, "nonce": scene.nonce, "place": 77,
        "list": Scene.list, "invalid": isReached ? [76, 78] : [76],
      ])
      let token = try #require(made["status_list"] as? String)
      let list = try await VerifiedStatusList(token: token, issuers: scene.issuers, at: now)
      #expect(list.list[76] == .invalid && list.list[77] == .valid && list.refreshes == list.issued + 60)
      let revoked = try await Scene.statusList(
        by: scene.issuer, trusted: scene.issuers, invalid: [77: .invalid], at: now, now: now)
      let time = Int64(Date().timeIntervalSince1970)
      for name in ["openvc", "sd_jwt"] {
        let shown = try #require(made[name] as? String)
        let result = try await scene.judge(shown, lists: [list], at: time)
        #expect(result == VerifiedPresentation(threshold: 650, isReached: isReached), "\(name)")
        #expect(await scene.refusal(shown, lists: [revoked], at: time) == .revoked)
      }
      let whole = try #require(made["openvc_all"] as? String)
      let received = try await LoveIndexCredential(
        text: whole, issuers: scene.issuers, holder: scene.holder.publicKey, at: time)
      #expect(try received.reaches(IndexThreshold(650)) == isReached)
    }
  }
}
