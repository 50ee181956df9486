import Crypto
import Foundation
import Testing

@testable import Credentials

/// Headers and payloads that a careless verifier takes.
@Suite struct TokenTests {
  private static func replaced(_ shown: String, token: String) -> String {
    let parts = shown.shownParts
    return [token, parts[1], parts[2]].joined(separator: "~")
  }

  // Not inlined: the compiler cannot split the coroutines that it would become a part of.
  @inline(never)
  private func refusal(
    of scene: Scene, header: String, payload: String? = nil, by key: Curve25519.Signing.PrivateKey? = nil
  ) async throws -> CredentialError.Code? {
    let body = payload ?? scene.credential.token.text.tokenPart(1)
    let token = try Scene.token(header, body, by: key ?? scene.issuer.key)
    let shown = try await scene.shown()
    return await scene.refusal(Self.replaced(shown, token: token))
  }

  @Test("no algorithm but Ed25519", arguments: [#""none""#, #""HS256""#, #""ES256""#, #""eddsa""#, "null", "1", "[]"])
  func algorithm(_ name: String) async throws {
    let scene = try await Scene()
    let header = #"{"typ":"dc+sd-jwt","alg":\#(name),"kid":"\#(scene.issuer.kid)"}"#
    let code = try await refusal(of: scene, header: header)
    #expect([.wrongAlgorithm, .malformed].contains(code))
  }

  @Test func aHeaderNamesItsAlgorithm() async throws {
    let scene = try await Scene()
    let kid = scene.issuer.kid
    let nameless = try await refusal(of: scene, header: #"{"typ":"dc+sd-jwt","kid":"\#(kid)"}"#)
    #expect(nameless == .wrongAlgorithm)
    // The new name of the same algorithm is taken; the holder's hash is of another token then.
    let renamed = try await refusal(of: scene, header: #"{"typ":"dc+sd-jwt","alg":"Ed25519","kid":"\#(kid)"}"#)
    #expect(renamed == .otherContent)
  }

  @Test func aPublicKeyIsNoSecret() async throws {
    let scene = try await Scene()
    let payload = scene.credential.token.text.tokenPart(1)
    let header = #"{"typ":"dc+sd-jwt","alg":"HS256","kid":"\#(scene.issuer.kid)"}"#
    let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
    let secret = SymmetricKey(data: try scene.issuer.publicKey.bytes())
    let code = Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: secret))
    let hmac = Self.replaced(try await scene.shown(), token: signed + "." + code)
    let found = await scene.refusal(hmac)
    #expect(found == .wrongAlgorithm)
  }

  @Test func aTokenWithoutASignatureIsNone() async throws {
    let scene = try await Scene()
    let payload = scene.credential.token.text.tokenPart(1)
    let bare = Base64URL.encode(#"{"typ":"dc+sd-jwt","alg":"none"}"#.utf8) + "." + Base64URL.encode(payload.utf8) + "."
    let shown = try await scene.shown()
    let found = await scene.refusal(Self.replaced(shown, token: bare))
    #expect(found == .wrongAlgorithm)
  }

  @Test func typesKeysAndExtensions() async throws {
    let scene = try await Scene()
    let kid = scene.issuer.kid
    for type in ["JWT", "vc+sd-jwt", "kb+jwt", "statuslist+jwt", "DC+SD-JWT"] {
      #expect(try await refusal(of: scene, header: #"{"typ":"\#(type)","alg":"EdDSA","kid":"\#(kid)"}"#) == .wrongType)
    }
    #expect(try await refusal(of: scene, header: #"{"alg":"EdDSA","kid":"\#(kid)"}"#) == .wrongType)
    let fine = #""typ":"dc+sd-jwt","alg":"EdDSA""#
    #expect(try await refusal(of: scene, header: "{\(fine)}") == .unknownKey)
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"foreign"}"#) == .unknownKey)
    // A key that the token brings along is nobody's.
    let jwk = #"{"kty":"OKP","crv":"Ed25519","x":"\#(scene.issuer.publicKey.x)"}"#
    #expect(try await refusal(of: scene, header: #"{\#(fine),"jwk":\#(jwk)}"#) == .unknownKey)
    let thief = Curve25519.Signing.PrivateKey()
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"\#(kid)"}"#, by: thief) == .badSignature)
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"\#(kid)","crit":["exp"]}"#) == .criticalHeader)
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"\#(kid)","crit":null}"#) == .criticalHeader)
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"\#(kid)","b64":false}"#) == .criticalHeader)
    // Numbers that a reader of headers could stumble over.
    #expect(try await refusal(of: scene, header: #"{\#(fine),"kid":"\#(kid)","n":1e300}"#) == .otherContent)
  }

  @Test("another issuer, kind, hash; a life that is too long; digests twice; members twice")
  func payloads() async throws {
    let scene = try await Scene()
    let header = #"{"typ":"dc+sd-jwt","alg":"EdDSA","kid":"\#(scene.issuer.kid)"}"#
    let payload = scene.credential.token.text.tokenPart(1)
    func code(_ from: String, _ to: String) async throws -> CredentialError.Code? {
      let altered = payload.replacingOccurrences(of: from, with: to)
      #expect(altered != payload)
      return try await refusal(of: scene, header: header, payload: altered)
    }
    let (start, end) = (scene.credential.claims.iat, scene.credential.claims.exp)
    #expect(try await code(#""iss":"https:\/\/platform"#, #""iss":"https:\/\/other"#) == .wrongIssuer)
    #expect(try await code("urn:tongzhou:love-index:1", "urn:tongzhou:love-index:2") == .wrongKind)
    #expect(try await code("sha-256", "sha-512") == .malformed)
    #expect(try await code("\(end)", "\(end + 1)") == .malformed)
    #expect(try await code("\(end)", "\(start)") == .expired)
    #expect(try await code("\(start)", "\(Scene.now + 61)") == .notYetValid)
    #expect(try await code("\"exp\"", "\"nbf\":\(Scene.now + 61),\"exp\"") == .notYetValid)
    #expect(try await code("\"exp\"", "\"exp\":1,\"exp\"") == .malformed)
    #expect(try await code("\"exp\"", "\"e\\u0078p\":1,\"exp\"") == .malformed)
    let digests = scene.credential.claims._sd
    #expect(try await code(digests[0], digests[1]) == .malformed)
    #expect(try await code("Ed25519", "X25519") == .malformed)
    #expect(try await code("\"iat\"", "\"deep\":\(String(repeating: "[", count: 20)),\"iat\"") == .malformed)
  }

  @Test func oneSpellingOfBase64() {
    #expect(Base64URL.encode([]) == "" && Base64URL.encode([0xFB, 0xFF]) == "-_8")
    #expect(Base64URL.decode("-_8") == [0xFB, 0xFF])
    for text in ["-_8=", "+/8", "-_9", "-", "-_ 8", "-_8\n", "ä"] { #expect(Base64URL.decode(text) == nil, "\(text)") }
  }

  @Test func disclosuresThatAreNone() throws {
    func code(_ json: String) -> CredentialError.Code? {
      do throws(CredentialError) {
        _ = try Disclosure(Base64URL.encode(json.utf8))
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(#"["0123456789abcdefABCDEF","love_index_gte_650",true]"#) == nil)
    for json in [
      #"["short","love_index_gte_650",true]"#, #"["0123456789abcdefABCDEF","love_index_gte_650"]"#,
      #"["0123456789abcdefABCDEF","love_index_gte_650",1]"#, #"["0123456789abcdefABCDEF","love_index_gte_650",true,1]"#,
      #"["0123456789abcdefABCDEF",true]"#, #"{"a":1}"#, "", "[",
    ] { #expect(code(json) == .malformed, "\(json)") }
  }
}
