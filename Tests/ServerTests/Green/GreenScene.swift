import Credentials
import Foundation
import HTTPTypes
import HeartChain
import Ledger
import Storage
import Synchronization
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

/// A shop that opens its green channel at 650, a giver who reaches that and one who does not, and a node that issues.
///
/// Nothing is simulated beside the chain: the indexes come from gifts of 22 days.
struct GreenScene {
  static let shop: UInt32 = 0
  static let issuer = "https://platform.example"

  var village: HeartVillage
  let clock: TestClock
  let green: GreenChannel
  let folder: String

  /// - Parameter indexes: the love index of persons 1, 2 and so on, 630 to 660.
  init(indexes: [UInt16] = [650, 649]) throws {
    village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    for day in 0..<22 {
      var gifts: [TraceEvent] = []
      for (place, index) in indexes.enumerated() {
        // At most 20 points a gift and 30 a day: nobody buys an index in a day.
        let points = day < 21 ? [20, 10] : [Int64(index) - 630].filter { $0 > 0 }
        for points in points { gifts.append(try village.gift(.rice, points * 1000, to: project, from: place + 1)) }
      }
      if !gifts.isEmpty { #expect(try village.tell(.food, gifts).allSatisfy { $0 == .success }) }
      village.chain.advance(days: 1)
    }
    let shop = try HeartVillage.person(99)
    try village.perform(
      Hearts.registerPartner(account: shop.publicKey.address, description: .label("shop", 0)),
      by: village.officer(.platform))
    try village.perform(
      Hearts.openChannel(partner: Self.shop, threshold: 650, description: .label("channel", 0)), by: shop)
    folder = try LivingChain.folder()
    let clock = TestClock(village.now.seconds)
    self.clock = clock
    green = try GreenChannel(
      key: IssuerKey(issuer: Self.issuer, seed: [UInt8](repeating: 5, count: 32)),
      store: IssuanceStore(path: folder + "/issued.sqlite"), clock: { clock.seconds })
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Time goes on for the node and the chain, which makes a block.
  mutating func live(_ seconds: UInt64) throws {
    clock.advance(seconds)
    if village.now.seconds < clock.seconds { village.chain.advance(seconds: clock.seconds - village.now.seconds) }
    try village.block()
  }

  /// A giver consents for the shop.
  mutating func consent(_ person: Int, days: UInt64 = 30) throws {
    let codes = try village.perform(
      Hearts.consent(partner: Self.shop, until: village.now.adding(days: days)), by: HeartVillage.person(person))
    #expect(codes == [.success])
  }

  /// She takes it back.
  mutating func withdraw(_ person: Int) throws {
    let giver = try HeartVillage.person(person)
    let key = IndexConsentRecord.key(of: giver.publicKey.address, partner: Self.shop)
    let ordinal = try #require(village.hearts.consents.find(key))
    #expect(try village.perform(Hearts.withdrawConsent(UInt32(ordinal)), by: giver) == [.success])
  }

  /// Asks the node, as its chain stands now.
  mutating func with(_ body: @Sendable (ServerProbe) async throws -> Void) async throws {
    let clock = clock
    try await ServerProbe.with([try village.show()], green: green, clock: { clock.seconds }, body)
  }

  /// Lets one credential be issued for each request and keeps the first; says where they stand, and what the list says.
  mutating func places(
    of requests: [[UInt8]], keys: [HolderKey], first: TextBox, list: TextBox
  ) async throws -> [Int] {
    let now = Int64(clock.seconds)
    let found = Mutex<[Int]>([])
    try await with { server in
      let issuers = try await server.issuerKeys()
      for (request, key) in zip(requests, keys) {
        let text = try server.credentials(try await server.post("/v1/hearts/credentials", request))[0]
        let credential = try await LoveIndexCredential(text: text, issuers: issuers, holder: key.publicKey, at: now)
        found.withLock { $0.append(credential.status.idx) }
        if first.value.isEmpty { first.value = text }
      }
      list.value = try await server.get("/v1/hearts/status/1").text
    }
    return found.withLock { $0 }
  }

  /// A signed request for new keys.
  func request(
    _ person: Int, keys: [HolderKey], partner: UInt32 = GreenScene.shop, at time: UInt64? = nil,
    by other: Int? = nil, chain: Hash? = nil
  ) throws -> [UInt8] {
    try CredentialRequest(
      chain: chain ?? village.chain.chain.id, address: HeartVillage.person(person).publicKey.address,
      partner: partner, holders: keys.map { try PublicKey($0.publicKey.bytes()) },
      at: Timestamp(seconds: time ?? clock.seconds), by: HeartVillage.person(other ?? person)
    ).json()
  }
}

extension GreenScene {
  /// A signed request for a badge.
  func badge(
    _ person: Int, _ name: String, for holder: HolderKey, at time: UInt64? = nil, by other: Int? = nil,
    chain: Hash? = nil
  ) throws -> [UInt8] {
    try BadgeRequest(
      chain: chain ?? village.chain.chain.id, address: HeartVillage.person(person).publicKey.address, badge: name,
      holder: PublicKey(holder.publicKey.bytes()), at: Timestamp(seconds: time ?? clock.seconds),
      by: HeartVillage.person(other ?? person)
    ).json()
  }
}

extension ServerProbe {
  /// A POST of JSON.
  func post(_ address: String, _ body: [UInt8]) async throws -> Answer {
    try await ask(.post, address, headers: [.contentType: "application/json"], body: body)
  }

  func post(_ address: String, _ body: [String: Any]) async throws -> Answer {
    try await post(address, Array(JSONSerialization.data(withJSONObject: body)))
  }

  /// The issuer's keys, as a partner pins them.
  func issuerKeys() async throws -> IssuerKeys {
    try IssuerKeys(file: try await get("/v1/hearts/issuer-keys.json").bytes)
  }

  /// Asks as the shop, and lets a giver answer with a credential.
  func shown(
    _ text: String, with key: HolderKey, threshold: UInt16 = 650, at time: UInt64
  ) async throws -> String {
    let asked = try await post("/v1/hearts/nonces", ["partner": Int(GreenScene.shop), "threshold": 650])
    let question = try QuestionText(text: try #require(try asked.object()["question"] as? String))
    let credential = try await LoveIndexCredential(
      text: text, issuers: issuerKeys(), holder: key.publicKey, at: Int64(time))
    return try await credential.presentation(
      of: IndexThreshold(threshold), to: question.audience, nonce: question.nonce, with: key, at: Int64(time))
  }

  /// Shows it to the shop.
  func show(_ presentation: String, threshold: Int = 650) async throws -> Answer {
    try await post(
      "/v1/hearts/presentations",
      ["partner": Int(GreenScene.shop), "threshold": threshold, "presentation": presentation])
  }

  /// The credentials in an answer.
  func credentials(_ answer: Answer) throws -> [String] {
    try #require(try answer.object()["credentials"] as? [String], "\(answer.text)")
  }
}
