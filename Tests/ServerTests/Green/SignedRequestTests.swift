import Foundation
import Ledger
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@Suite("What a giver signs for an issuer")
struct SignedRequestTests {
  private static let chain = Hash.label("chain", 0)
  private static let time = Timestamp(seconds: 0x01_0203_0405)
  private static let timeBytes: [UInt8] = [0, 0, 0, 1, 2, 3, 4, 5]

  /// Requests of both kinds of one giver, each with the bytes that docs/green-channel.md gives for it.
  private static func requests(
    by key: SigningKey, for holders: [PublicKey]
  ) throws -> [(json: [UInt8], own: Set<String>, signed: [UInt8])] {
    let address = key.publicKey.address
    let asked = try CredentialRequest(
      chain: chain, address: address, partner: 0x0708_090A, holders: holders, at: time, by: key)
    let badge = try BadgeRequest(
      chain: chain, address: address, badge: "hearts-1000", holder: holders[0], at: time, by: key)
    let who = chain.bytes + address.bytes
    return [
      (
        try asked.json(), ["partner", "keys"],
        Array("tongzhou/credential-request/v1".utf8) + [0] + who + [7, 8, 9, 10] + timeBytes
          + [UInt8(holders.count)] + holders.flatMap(\.bytes)
      ),
      (
        try badge.json(), ["badge", "holder"],
        Array("tongzhou/badge-request/v1".utf8) + [0] + who + timeBytes + holders[0].bytes + [11]
          + Array("hearts-1000".utf8)
      ),
    ]
  }

  @Test("signs the bytes of the document, and writes one flat object in lowercase digits")
  func bytes() throws {
    let key = try SigningKey(label: "giver")
    let holders = try ["one", "two"].map { try SigningKey(label: $0).publicKey }
    for (json, own, signed) in try Self.requests(by: key, for: holders) {
      let object = try #require(JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
      #expect(Set(object.keys) == own.union(["chain", "address", "key", "time", "signature"]))
      // An account signs the same bytes always with the same signature.
      let signature = try key.sign(domain: [], message: signed)
      #expect(object["signature"] as? String == signature.map { String(format: "%02x", $0) }.joined())
      #expect(object["key"] as? String == "\(key.publicKey.raw)" && object["chain"] as? String == "\(Self.chain)")
      #expect(object["address"] as? String == "\(key.publicKey.address)")
      #expect(object["time"] as? Int == 0x01_0203_0405)
    }
  }

  @Test("is read as it was written, and verifies for its chain, its key and five minutes")
  func verify() throws {
    let key = try SigningKey(label: "giver")
    let other = try SigningKey(label: "other").publicKey
    let json = try Self.requests(by: key, for: [other]).map(\.json)
    let (asked, badge) = (try CredentialRequest(json: json[0]), try BadgeRequest(json: json[1]))
    #expect(try asked.json() == json[0] && badge.json() == json[1])
    #expect(asked.sender.address == key.publicKey.address && badge.sender.key == key.publicKey)
    #expect(asked.holders == [other] && badge.holder == other && badge.badge == "hearts-1000")
    let late = Self.time.adding(seconds: SignedSender.window)
    let kinds: [(Hash, PublicKey?, Timestamp) throws -> Void] = [
      { chain, key, now in try asked.verify(chain: chain, currentKey: key, now: now) },
      { chain, key, now in try badge.verify(chain: chain, currentKey: key, now: now) },
    ]
    for verify in kinds {
      try verify(Self.chain, nil, late)
      try verify(Self.chain, key.publicKey, Self.time)
      #expect(throws: LedgerError(.expired, "")) { try verify(Self.chain, nil, late.adding(seconds: 1)) }
      #expect(throws: LedgerError(.wrongChain, "")) { try verify(.zero, nil, Self.time) }
      #expect(throws: LedgerError(.wrongSigner, "")) { try verify(Self.chain, other, Self.time) }
    }
  }

  @Test("what has another form is refused, and what was changed does not verify")
  func refused() throws {
    let key = try SigningKey(label: "giver")
    let holder = try SigningKey(label: "one").publicKey
    for (place, json) in try Self.requests(by: key, for: [holder]).map(\.json).enumerated() {
      func read(_ text: String) throws {
        let (bytes, now) = (Array(text.utf8), Self.time)
        if place == 0 {
          try CredentialRequest(json: bytes).verify(chain: Self.chain, currentKey: nil, now: now)
        } else {
          try BadgeRequest(json: bytes).verify(chain: Self.chain, currentKey: nil, now: now)
        }
      }
      let text = String(decoding: json, as: UTF8.self)
      try read(text)
      let end = try #require(text.range(of: "\"signature\":\""))
      let digit = text[end.upperBound]
      let cases: [(String, String, ErrorCode)] = [
        ("\"signature\":\"\(digit)", "\"signature\":\"", .malformed),
        ("\"signature\":\"\(digit)", "\"signature\":\"g", .malformed),
        ("\"signature\":\"\(digit)", "\"signature\":\"\(digit == "0" ? "1" : "0")", .badSignature),
        ("\"chain\":\"", "\"chain\":\"00", .malformed), ("\(holder.raw)", "\(holder.raw)00", .malformed),
        ("\"time\":", "\"times\":", .malformed), ("\"address\":\"", "\"address\":\"x", .badAddress),
        ("\(holder.raw)", "01" + String(repeating: "0", count: 62), .badKey),
        ("\"time\":4", "\"time\":5", .expired), ("\"time\":4", "\"time\":4000", .badTime),
        ("\(holder.raw)", "\(key.publicKey.raw)", .badSignature),
      ]
      for (from, to, code) in cases {
        let other = text.replacing(from, with: to)
        #expect(other != text, "\(from)")
        #expect(throws: LedgerError(code, ""), "\(from) → \(to)") { try read(other) }
      }
    }
  }
}
