import Foundation
import Ledger
import TestSupport
import TransparencyLog

@testable import Credentials
@testable import TongzhouClient

extension FuzzTarget {
  /// What a giver shows, what partners and issuers keep, and what a giver asks an issuer for.
  static let credentialTargets: [FuzzTarget] = [
    FuzzTarget("presentation", maximumBytes: 8_192, seeds: { [presentation()] }) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let read = try? UnverifiedPresentation(text: text) else { return false }
      try hold(read.shown + read.binding.text == text, "the parts of a presentation are not all of it")
      try hold(read.disclosure.digest.utf8.count == 43, "a digest of another length")
      try hold(Base64URL.encode(read.token.payload) == text.split(separator: ".")[1], "a second spelling of base64url")
      _ = (read.claimedNonce, read.claimedList)
      return true
    },
    FuzzTarget("disclosure", maximumBytes: 1_024, seeds: { [Array(disclosure.utf8)] }) { bytes in
      guard let read = try? Disclosure(String(decoding: bytes, as: UTF8.self)) else { return false }
      try hold(Array(read.text.utf8) == bytes, "a disclosure is kept as another text")
      return true
    },
    FuzzTarget("status-list", seeds: { [Array("eNrbuRgAAhcBXQ".utf8), Array("eNo76fITAAPfAgc".utf8)] }) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let read = try? StatusList(bits: 1, compressed: text) else { return false }
      try hold(read.bytes.count <= StatusList.maximumBytes, "a list that is too long")
      try hold(try StatusList(bits: 1, compressed: read.compressed()) == read, "a list is written as another one")
      return true
    },
    .same("issuer-keys", seeds: { [try IssuerKeys([issuer()]).file(), try IssuerKeys([issuer()]).metadata()] }) {
      try IssuerKeys(file: $0)
    } write: {
      try $0.file()
    },
    FuzzTarget("issuer-key", seeds: { [try issuer().file()] }) { bytes in
      guard let read = try? IssuerKey(file: bytes) else { return false }
      try hold(try IssuerKey(file: read.file()).publicKey == read.publicKey, "a key is written as another one")
      return true
    },
    FuzzTarget("wallet", seeds: { [try Wallet().file(), Array(wallet.utf8)] }) { bytes in
      guard let read = try? Wallet(file: bytes) else { return false }
      try hold(try Wallet(file: read.file()).file() == read.file(), "a wallet is written as another one")
      return true
    },
    FuzzTarget("questions-asked", seeds: { [try asked()] }) { bytes in
      guard let read = try? NonceBook(file: bytes) else { return false }
      let nonce = read.issue(for: "shop", at: 1_000)
      try read.check(nonce, for: "shop", at: 1_000)
      try hold(try NonceBook(file: read.file()).file() == read.file(), "a book is written as another one")
      return true
    },
    .exact("question", maximumBytes: 512, seeds: { [Array("urn:tongzhou:partner:ab:3:650:n-0S6_WzA2Mj".utf8)] }) {
      try QuestionText(text: String(bytes: $0, encoding: .utf8) ?? "")
    } write: {
      Array($0.text.utf8)
    },
    .same("credential-request", maximumBytes: 8_192, seeds: { [try request()] }) {
      try CredentialRequest(json: $0)
    } write: {
      try $0.json()
    },
    .same("badge-request", maximumBytes: 2_048, seeds: { [try badgeRequest()] }) {
      try BadgeRequest(json: $0)
    } write: {
      try $0.json()
    },
    .exact("badge-name", maximumBytes: 64, seeds: { [Array("hearts-10000".utf8), Array("love-index-650".utf8)] }) {
      try GivingBadge(name: String(bytes: $0, encoding: .utf8) ?? "")
    } write: {
      Array($0.name.utf8)
    },
    .same("open-badge", seeds: { [try badge()] }) {
      try OpenBadge(StrictJSON.decode(BadgePayload.self, from: $0), issuer: "https://platform.example", at: 7_200)
    } write: {
      try StrictJSON.encode($0.payload(of: "https://platform.example"))
    },
  ]

  private static let disclosure = Base64URL.encode(#"["0123456789abcdefABCDEF","love_index_gte_650",true]"#.utf8)
  private static let wallet =
    #"{"format":"tongzhou-wallet/v2","entries":[{"audience":"shop","credential":"a~","key":"AA","expires":1}]}"#

  private static func issuer() throws -> IssuerKey {
    try IssuerKey(issuer: "https://platform.example", seed: [UInt8](repeating: 7, count: 32))
  }

  /// Of the right form; nobody signed it.
  private static func presentation() -> [UInt8] {
    func token(_ header: String, _ payload: String) -> String {
      [header, payload].map { Base64URL.encode($0.utf8) }.joined(separator: ".") + "."
        + Base64URL.encode([UInt8](repeating: 1, count: 64))
    }
    let credential = token(#"{"alg":"EdDSA","kid":"k","typ":"dc+sd-jwt"}"#, #"{"iss":"https://a.example","iat":1}"#)
    let binding = token(
      #"{"alg":"EdDSA","typ":"kb+jwt"}"#, #"{"aud":"urn:tongzhou:partner:ab:3","iat":1,"nonce":"n","sd_hash":"h"}"#)
    return Array([credential, disclosure, binding].joined(separator: "~").utf8)
  }

  private static func asked() throws -> [UInt8] {
    var book = NonceBook()
    try book.take(book.issue(for: "shop", at: 1_000), for: "shop", at: 1_000)
    return try book.file()
  }

  private static func request() throws -> [UInt8] {
    let key = try SigningKey(label: "giver")
    return try CredentialRequest(
      chain: .label("chain", 0), address: key.publicKey.address, partner: 3,
      holders: [SigningKey(label: "one").publicKey, SigningKey(label: "two").publicKey], at: Timestamp(seconds: 9),
      by: key
    ).json()
  }

  private static func badgeRequest() throws -> [UInt8] {
    let key = try SigningKey(label: "giver")
    return try BadgeRequest(
      chain: .label("chain", 0), address: key.publicKey.address, badge: "hearts-10000",
      holder: SigningKey(label: "one").publicKey, at: Timestamp(seconds: 9), by: key
    ).json()
  }

  /// What a badge's token says, which nobody signed.
  private static func badge() throws -> [UInt8] {
    try StrictJSON.encode(
      GivingBadge.hearts(10_000).badge(
        of: "https://platform.example", id: "urn:uuid:0",
        for: HolderKey(seed: [UInt8](repeating: 9, count: 32)).publicKey, at: 7_200
      ).payload(of: "https://platform.example"))
  }
}
