import Crypto
import Foundation
import Testing

@testable import Credentials

@Suite struct OpenBadgeTests {
  static func badge(for holder: HolderKey?, from: Int64 = Scene.now, until: Int64? = nil) throws -> OpenBadge {
    try OpenBadge(
      id: "urn:uuid:3b1ea9ab-8ea8-4a6b-9ac0-0d2d9f5c7c11", issuerName: "植树同盟",
      achievement: .init(
        id: "https://trees.tongzhou.example/badges/100-trees", name: "种下一百棵树",
        description: "100 trees that she gave stand and live.", criteria: "At least 100 trees planted and surveyed."),
      holder: holder?.publicKey, validFrom: from, validUntil: until)
  }

  @Test("the zero seed's identifier, as other programs write it")
  func identifier() throws {
    let key = try HolderKey(seed: [UInt8](repeating: 0, count: 32))
    #expect(
      DIDKey.identifier(of: try key.publicKey.bytes()) == "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp")
  }

  @Test func roundTrip() async throws {
    let scene = try await Scene()
    for badge in [try Self.badge(for: scene.holder), try Self.badge(for: nil, until: Scene.now + 10)] {
      let token = try await badge.signed(by: scene.issuer)
      #expect(try await OpenBadge(token: token, issuers: scene.issuers, at: Scene.now) == badge)
      let json = try #require(try JSONSerialization.jsonObject(with: Data(token.tokenPart(1).utf8)) as? [String: Any])
      #expect(json["vc"] == nil && json["type"] as? [String] == ["VerifiableCredential", "OpenBadgeCredential"])
      #expect(json["validFrom"] as? String == "2026-09-21T14:13:20Z")
    }
  }

  @Test func refusals() async throws {
    let scene = try await Scene()
    let token = try await Self.badge(for: nil, until: Scene.now + 10).signed(by: scene.issuer)
    func code(_ token: String, at time: Int64 = Scene.now) async -> CredentialError.Code? {
      do throws(CredentialError) {
        _ = try await OpenBadge(token: token, issuers: scene.issuers, at: time)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(await code(token, at: Scene.now + 10) == .expired)
    #expect(await code(token, at: Scene.now - 61) == .notYetValid)
    #expect(await code(scene.credential.token.text) == .wrongType)
    let payload = token.tokenPart(1)
    func altered(_ from: String, _ to: String) async throws -> CredentialError.Code? {
      let other = payload.replacingOccurrences(of: from, with: to)
      #expect(other != payload)
      return await code(try Scene.token(token.tokenPart(0), other, by: scene.issuer.key))
    }
    #expect(try await altered("\"jti\":\"urn", "\"jti\":\"url") == .badBadge)
    #expect(try await altered("\"nbf\":\(Scene.now)", "\"nbf\":1") == .badBadge)
    #expect(try await altered("\"exp\":\(Scene.now + 10)", "\"exp\":\(Scene.now + 99)") == .badBadge)
    #expect(try await altered("OpenBadgeCredential", "OtherCredential") == .wrongKind)
    #expect(try await altered("\"iss\":\"https:", "\"iss\":\"http:") == .wrongIssuer)
    #expect(throws: CredentialError(.badBadge, "")) { try Self.badge(for: nil, until: Scene.now) }
  }
}
