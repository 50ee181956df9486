import Crypto
import Foundation
import Testing

@testable import Credentials

@Suite struct PresentationTests {
  @Test("a partner that asks for 650 opens at 650 and refuses at 649", arguments: [(649, false), (650, true)])
  func threshold(index: UInt16, isReached: Bool) async throws {
    let scene = try await Scene(index: index)
    let result = try await scene.judge(try await scene.shown())
    #expect(result == VerifiedPresentation(threshold: 650, isReached: isReached))
  }

  @Test("all thresholds stand in a credential, whatever the index, and the index does not")
  func whatIsIssued() async throws {
    for index: UInt16 in [0, 99, 100, 649, 650, 1000] {
      let scene = try await Scene(index: index)
      let payload = scene.credential.token.text.tokenPart(1)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(payload.utf8)) as? [String: Any])
      #expect(Set(json.keys) == ["iss", "iat", "exp", "vct", "cnf", "status", "_sd", "_sd_alg"])
      let digests = try #require(json["_sd"] as? [String])
      #expect(digests.count == Scene.thresholds.count && digests == digests.sorted())
      #expect(json["iat"] as? Int64 == Scene.now - Scene.now % 3600)
      #expect(json["exp"] as? Int64 == Scene.now - Scene.now % 3600 + 86_400)
      for threshold in Scene.thresholds {
        #expect(try scene.credential.reaches(IndexThreshold(threshold)) == (index >= threshold))
      }
      #expect(scene.credential.token.header.typ == "dc+sd-jwt" && scene.credential.token.header.alg == "EdDSA")
    }
  }

  @Test("what is shown holds one disclosure, and two credentials of a batch share nothing but the hour")
  func unlinkable() async throws {
    let scene = try await Scene()
    let keys = [HolderKey(), HolderKey()]
    let batch = try await Scene.issue(by: scene.issuer, index: 720, to: keys)
    let shown = try await batch[0].presentation(
      of: IndexThreshold(650), to: "a", nonce: "b", with: keys[0], at: Scene.now)
    #expect(shown.shownParts.count == 3)
    #expect(shown.utf8.count < 1500)
    #expect(Set(batch[0].claims._sd).isDisjoint(with: batch[1].claims._sd))
    #expect(batch[0].claims.cnf != batch[1].claims.cnf && batch[0].status.idx != batch[1].status.idx)
    #expect(batch[0].claims.iat == batch[1].claims.iat)
  }

  @Test("an old signature, one of the future, a credential that is over or has not begun")
  func times() async throws {
    let scene = try await Scene()
    #expect(await scene.refusal(try scene.shown(at: Scene.now - 300)) == nil)
    #expect(await scene.refusal(try scene.shown(at: Scene.now - 301)) == .expired)
    #expect(await scene.refusal(try scene.shown(at: Scene.now + 60)) == nil)
    #expect(await scene.refusal(try scene.shown(at: Scene.now + 61)) == .notYetValid)
    let end = scene.credential.expires
    let lists = [try await Scene.statusList(by: scene.issuer, trusted: scene.issuers, at: end, now: end)]
    #expect(await scene.refusal(try scene.shown(at: end), lists: lists, at: end - 1) == nil)
    #expect(await scene.refusal(try scene.shown(at: end), lists: lists, at: end) == .expired)
    let before = CredentialIssuer.start(at: Scene.now) - 61
    #expect(await scene.refusal(try scene.shown(at: before), at: before) == .notYetValid)
  }

  @Test func anotherAudienceAndAnotherQuestion() async throws {
    let scene = try await Scene()
    #expect(await scene.refusal(try scene.shown(to: "urn:tongzhou:partner:ab:4")) == .wrongAudience)
    #expect(await scene.refusal(try scene.shown(nonce: "another")) == .wrongNonce)
    #expect(await scene.refusal(try scene.shown(), nonce: "another") == .wrongNonce)
  }

  @Test("revoked, suspended, not in the list, list missing, list too old")
  func status() async throws {
    let scene = try await Scene()
    let shown = try await scene.shown()
    func refusal(_ invalid: [Int: StatusList.Status], at time: Int64 = Scene.now) async throws
      -> CredentialError.Code?
    {
      let list = try await Scene.statusList(
        by: scene.issuer, trusted: scene.issuers, invalid: invalid, at: time, now: time)
      return await scene.refusal(shown, lists: [list])
    }
    #expect(try await refusal([76: .invalid, 78: .invalid]) == nil)
    #expect(try await refusal([77: .invalid]) == .revoked)
    #expect(try await refusal([77: .suspended]) == .suspended)
    #expect(try await refusal([77: .specific]) == .statusUnknown)
    #expect(await scene.refusal(shown, lists: []) == .statusUnknown)
    #expect(try await refusal([:], at: Scene.now - 86_400) == .statusStale)
    let far = try await Scene(place: 5000)
    #expect(await far.refusal(try far.shown()) == .statusUnknown)
    // Of two lists the later one counts, in whatever order they are at hand.
    let old = try await Scene.statusList(by: scene.issuer, trusted: scene.issuers, at: Scene.now - 10)
    let new = try await Scene.statusList(by: scene.issuer, trusted: scene.issuers, invalid: [77: .invalid])
    #expect(await scene.refusal(shown, lists: [old, new]) == .revoked)
    #expect(await scene.refusal(shown, lists: [new, old]) == .revoked)
  }

  @Test("without key binding, without a disclosure, with two of them")
  func partsMissingOrTooMany() async throws {
    let scene = try await Scene()
    let parts = try await scene.shown().shownParts
    let other = try #require(scene.credential.disclosures.first { $0.text != parts[1] }).text
    #expect(await scene.refusal(parts[0] + "~" + parts[1] + "~") == .noKeyBinding)
    #expect(await scene.refusal(parts[0] + "~" + parts[2]) == .disclosureCount)
    #expect(await scene.refusal([parts[0], parts[1], other, parts[2]].joined(separator: "~")) == .disclosureCount)
    #expect(await scene.refusal([parts[0], parts[1], parts[1], parts[2]].joined(separator: "~")) == .disclosureCount)
    #expect(await scene.refusal(scene.credential.text) == .noKeyBinding)
    for text in ["", "~", "~~", "a~b~c", parts[0], String(repeating: "a", count: 9000)] {
      #expect([.malformed, .noKeyBinding].contains(await scene.refusal(text)), "\(text.prefix(9))")
    }
  }

  @Test("another disclosure than the holder signed, one of another credential, one of another threshold")
  func disclosures() async throws {
    let scene = try await Scene(index: 660)
    let parts = try await scene.shown().shownParts
    let of100 = try #require(scene.credential.disclosures.first { $0.claim == "love_index_gte_100" })
    #expect(await scene.refusal([parts[0], of100.text, parts[2]].joined(separator: "~")) == .otherContent)
    #expect(await scene.refusal(try scene.shown(100)) == .otherThreshold)
    #expect(await scene.refusal(try scene.shown(700)) == .otherThreshold)
    // Somebody with a good index lends his disclosure; the holder herself signs the mixture.
    let friend = try await Scene.issue(by: scene.issuer, index: 900, to: [HolderKey()])[0]
    let poor = try await Scene(index: 20)
    let mixed = LoveIndexCredential(
      token: poor.credential.token, claims: poor.credential.claims, disclosures: friend.disclosures)
    let shown = try await mixed.presentation(
      of: IndexThreshold(650), to: poor.question.audience, nonce: poor.nonce, with: poor.holder, at: Scene.now)
    #expect(await poor.refusal(shown) == .foreignDisclosure)
    // A disclosure of her own making.
    let text = Base64URL.encode(#"["0123456789abcdefABCDEF","love_index_gte_650",true]"#.utf8)
    let forged = LoveIndexCredential(
      token: poor.credential.token, claims: poor.credential.claims, disclosures: [try Disclosure(text)])
    let made = try await forged.presentation(
      of: IndexThreshold(650), to: poor.question.audience, nonce: poor.nonce, with: poor.holder, at: Scene.now)
    #expect(await poor.refusal(made) == .foreignDisclosure)
  }

  @Test("somebody else's key binding, and one taken over from another presentation")
  func binding() async throws {
    let scene = try await Scene()
    let parts = try await scene.shown().shownParts
    let thief = HolderKey()
    let shown = parts[0] + "~" + parts[1] + "~"
    let claims = BindingClaims(
      iat: Scene.now, aud: scene.question.audience, nonce: scene.nonce, sd_hash: Presentation.hash(shown))
    let stolen = try await SignedToken.sign(claims, type: "kb+jwt", kid: nil, with: thief.key)
    #expect(await scene.refusal(shown + stolen) == .badSignature)
    let other = try await Scene.issue(by: scene.issuer, index: 900, to: [scene.holder])[0]
    let otherShown = try await other.presentation(
      of: IndexThreshold(650), to: scene.question.audience, nonce: scene.nonce, with: scene.holder, at: Scene.now)
    #expect(await scene.refusal(shown + otherShown.shownParts[2]) == .otherContent)
    #expect(await scene.refusal(shown + parts[0]) == .wrongType, "the credential itself is no key binding")
  }

  @Test("every byte counts: no altered presentation passes")
  func altered() async throws {
    let scene = try await Scene()
    let shown = Array(try await scene.shown().utf8)
    for position in stride(from: 0, to: shown.count, by: 7) {
      var bytes = shown
      bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(await scene.refusal(String(decoding: bytes, as: UTF8.self)) != nil, "byte \(position)")
    }
  }
}
