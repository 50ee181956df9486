import Credentials
import Testing

@testable import Server

@Suite("Status lists in which nothing stands")
struct StatusListsTests {
  @Test("a credential that names one is judged by itself: nobody can say whether it holds")
  func noSuchList() async throws {
    var scene = try GreenScene()
    defer { scene.remove() }
    let (key, now) = (HolderKey(), Int64(scene.clock.seconds))
    // Of the right issuer, but its node never gave out this place.
    let signer = try IssuerKey(issuer: GreenScene.issuer, seed: [UInt8](repeating: 5, count: 32))
    let issuer = try CredentialIssuer(key: signer, thresholds: [IndexThreshold(600), IndexThreshold(650)])
    let place = StatusReference(index: 7, list: GreenScene.issuer + "/v1/hearts/status/2")
    let text = try await issuer.issue(index: 650, to: [key.publicKey], status: [place], at: now)[0].text
    try await scene.with { server in
      let shown = try await server.shown(text, with: key, at: UInt64(now))
      let answer = try await server.show(shown)
      #expect(try answer.code() == "credential.status_unknown")
      // And for who asks for it there is none, now and after it was looked for.
      try await server.refuses("/v1/hearts/status/2", "404 http.not_found")
      try await server.refuses("/v1/hearts/status/64", "404 http.not_found")
    }
  }
}
