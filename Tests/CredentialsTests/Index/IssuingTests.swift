import Crypto
import Foundation
import Testing

@testable import Credentials

@Suite struct IssuingTests {
  private func code(_ work: () async throws -> Void) async -> CredentialError.Code? {
    do {
      try await work()
      return nil
    } catch {
      return (error as? CredentialError)?.code
    }
  }

  @Test("1 to 20 keys, none twice, a place for each")
  func batches() async throws {
    let scene = try await Scene()
    let issuer = try CredentialIssuer(key: scene.issuer, thresholds: [IndexThreshold(650)])
    func issue(_ keys: [HolderKey], places: [Int]) async -> CredentialError.Code? {
      await code {
        let status = places.map { StatusReference(index: $0, list: Scene.list) }
        let batch = try await issuer.issue(index: 1, to: keys.map(\.publicKey), status: status, at: Scene.now)
        #expect(batch.count == keys.count)
      }
    }
    let keys = (0..<21).map { _ in HolderKey() }
    #expect(await issue([keys[0]], places: [1]) == nil)
    #expect(await issue(Array(keys.prefix(20)), places: Array(0..<20)) == nil)
    #expect(await issue(keys, places: Array(0..<21)) == .badBatch)
    #expect(await issue([], places: []) == .badBatch)
    #expect(await issue([keys[0], keys[0]], places: [1, 2]) == .badBatch)
    #expect(await issue([keys[0], keys[1]], places: [1, 1]) == .badBatch)
    #expect(await issue([keys[0]], places: [1, 2]) == .badBatch)
    #expect(throws: CredentialError(.badSettings, "")) { try CredentialIssuer(key: scene.issuer, thresholds: []) }
    #expect(throws: CredentialError(.badSettings, "")) {
      try CredentialIssuer(key: scene.issuer, thresholds: [IndexThreshold(5), IndexThreshold(5)])
    }
    #expect(throws: CredentialError(.badSettings, "")) { try IndexThreshold(0) }
    #expect(throws: CredentialError(.badSettings, "")) { try IndexThreshold(1001) }
  }

  @Test("a holder takes only what is whole, hers and from an issuer she knows")
  func receiving() async throws {
    let scene = try await Scene()
    let text = scene.credential.text
    func receive(_ text: String, holder: HolderKey? = nil, issuers: IssuerKeys? = nil, at time: Int64 = Scene.now)
      async -> CredentialError.Code?
    {
      await code {
        let credential = try await LoveIndexCredential(
          text: text, issuers: issuers ?? scene.issuers, holder: (holder ?? scene.holder).publicKey, at: time)
        #expect(credential.text == text && credential.status.idx == 77)
      }
    }
    #expect(await receive(text) == nil)
    #expect(await receive(text, holder: HolderKey()) == .wrongAudience)
    let stranger = try IssuerKeys([IssuerKey(issuer: "https://platform.tongzhou.example")])
    #expect(await receive(text, issuers: stranger) == .unknownKey)
    #expect(await receive(text, at: scene.credential.expires) == .expired)
    let parts = text.shownParts
    #expect(await receive(parts.dropLast(2).joined(separator: "~") + "~") == .foreignDisclosure)
    #expect(await receive(text + parts[1] + "~") == .foreignDisclosure)
    #expect(await receive(String(text.dropLast())) == .malformed)
    #expect(await receive("") == .malformed)
  }

  @Test("a wallet gives a partner each of its credentials once, the one that ends first first, and none that is over")
  func wallet() async throws {
    let scene = try await Scene()
    let keys = [HolderKey(), HolderKey(), HolderKey()]
    let late = try await Scene.issue(by: scene.issuer, index: 700, to: [keys[0]])[0]
    let early = try await Scene.issue(by: scene.issuer, index: 700, to: [keys[1]], at: Scene.now - 7200)[0]
    let over = try await Scene.issue(by: scene.issuer, index: 700, to: [keys[2]], at: Scene.now - 90_000)[0]
    var wallet = Wallet()
    try wallet.add(late, for: "shop", with: keys[0], at: Scene.now)
    try wallet.add(early, for: "shop", with: keys[1], at: Scene.now)
    try wallet.add(over, for: "shop", with: keys[2], at: Scene.now)
    wallet = try Wallet(file: wallet.file())
    #expect(wallet.count(for: "shop", at: Scene.now) == 2 && wallet.count(for: "other", at: Scene.now) == 0)
    var same = wallet
    #expect(await code { _ = try await same.take(for: "other", issuers: scene.issuers, at: Scene.now) } == .walletEmpty)
    let first = try await wallet.take(for: "shop", issuers: scene.issuers, at: Scene.now)
    #expect(first.0.text == early.text && first.1.publicKey == keys[1].publicKey)
    let second = try await wallet.take(for: "shop", issuers: scene.issuers, at: Scene.now)
    #expect(second.0.text == late.text)
    var empty = wallet
    #expect(await code { _ = try await empty.take(for: "shop", issuers: scene.issuers, at: Scene.now) } == .walletEmpty)
    #expect(throws: CredentialError(.malformed, "")) { try Wallet(file: Array("{}".utf8)) }
  }

  @Test("a question is answered once, within five minutes, by the partner who asked it")
  func nonces() throws {
    var book = NonceBook()
    let nonce = book.issue(for: "shop", at: 1000)
    func code(_ nonce: String, at time: Int64, in book: NonceBook, for audience: String = "shop")
      -> CredentialError.Code?
    {
      do throws(CredentialError) {
        try book.check(nonce, for: audience, at: time)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(nonce, at: 1000, in: book) == nil && code(nonce, at: 1299, in: book) == nil)
    #expect(code(nonce, at: 1300, in: book) == .wrongNonce)
    #expect(code(nonce, at: 999, in: book) == .wrongNonce, "asked in the future")
    #expect(code(nonce, at: 1000, in: NonceBook()) == .wrongNonce, "another key")
    let altered = (nonce.hasPrefix("A") ? "B" : "A") + nonce.dropFirst()
    #expect(code(altered, at: 1000, in: book) == .wrongNonce)
    for text in ["", "abc", String(repeating: "A", count: 200)] {
      #expect(code(text, at: 1000, in: book) == .wrongNonce)
    }
    #expect(code(nonce, at: 1000, in: book, for: "shop2") == .wrongNonce, "another partner's")
    try book.take(nonce, for: "shop", at: 1001)
    #expect(code(nonce, at: 1002, in: book) == .replayed)
    // A book keeps what it knows when it is written and read again.
    let again = try NonceBook(file: book.file())
    #expect(code(nonce, at: 1002, in: again) == .replayed)
    let other = again.issue(for: "shop", at: 1002)
    #expect(code(other, at: 1002, in: book) == nil && other != nonce)
  }

  @Test func questionsAsText() throws {
    let text = "urn:tongzhou:partner:ab:3:650:n-0S6_WzA2Mj"
    let question = try QuestionText(text: text)
    #expect(question.audience == PartnerQuestion.audience(chain: "ab", partner: 3) && question.threshold.value == 650)
    #expect(question.nonce == "n-0S6_WzA2Mj" && question.text == text)
    for wrong in ["", "a:b", "a:0:c", "a:1001:c", "a:0650:c", "a:+65:c", "a:650:", ":650:c", "650:c"] {
      #expect(throws: CredentialError(.malformed, "")) { try QuestionText(text: wrong) }
    }
  }

  @Test("a set of keys is read as it was written; issuers and files that are none are refused")
  func keys() throws {
    let key = try IssuerKey(issuer: "https://platform.tongzhou.example", seed: [UInt8](repeating: 7, count: 32))
    let again = try IssuerKey(file: key.file())
    #expect(again.publicKey == key.publicKey && again.issuer == key.issuer)
    let keys = try IssuerKeys([key])
    #expect(try IssuerKeys(file: keys.file()) == keys)
    #expect(try IssuerKeys(file: keys.metadata()) == keys)
    #expect(try IssuerKeys(file: keys.file(), issuer: key.issuer) == keys)
    #expect(throws: CredentialError(.wrongIssuer, "")) {
      try IssuerKeys(file: keys.file(), issuer: "https://a.example")
    }
    let bare = #"{"keys":[{"kty":"RSA","n":"x"},{"kty":"OKP","crv":"Ed25519","x":"\#(key.publicKey.x)"}]}"#
    #expect(throws: CredentialError(.wrongIssuer, "")) { try IssuerKeys(file: Array(bare.utf8)) }
    #expect(try IssuerKeys(file: Array(bare.utf8), issuer: key.issuer) == keys)
    for text in [#"{"issuer":"https://a.example","keys":[]}"#, "[]", ""] {
      #expect(throws: CredentialError(.malformed, "")) { try IssuerKeys(file: Array(text.utf8)) }
    }
    for issuer in ["", "platform", "https://a.example/", "ftp://a.example", "https://a.example?b"] {
      #expect(throws: CredentialError(.badSettings, "")) { try IssuerKey(issuer: issuer) }
    }
  }
}
