import Contracts
import HTTPTypes
import HeartChain
import Hummingbird
import Ledger
import Node
import Storage
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("Ways of gifts that are handed out, checked by who trusts nothing but genesis and policy")
struct WayRouteTests {
  /// Rice of two givers pooled and eaten; trees; a lesson; gifts that were taken back, one of a giver, one of nobody.
  private static func village() throws -> HeartVillage {
    var village = try HeartVillage()
    try village.openProject(.food, days: 300)
    try village.openProject(.forest, days: 300)
    try village.openProject(.school, days: 300)
    try village.tell(
      .food,
      [
        village.gift(.rice, 5000, to: 0, from: 1), village.gift(.rice, 3000, to: 0), village.gift(.milk, 70, to: 0),
        village.gift(.milk, 80, to: 0, from: 2),
      ])
    try village.tell(
      .food,
      [
        village.event(.repacked) { event in
          event.parts = [(0, 5000), (1, 3000), (UInt32(TestKind.rice.rawValue), 8000)].map {
            TracePart(lot: $0.0, quantity: $0.1)
          }
          event.inputs = 2
        }
      ])
    try village.tell(
      .food, [village.event(.handedOver, lot: 4, 6000) { $0.party = .label("kitchen", 1) }])
    try village.tell(.forest, [village.gift(.tree, 9, to: 1, from: 3)])
    try village.tell(.school, [village.gift(.lesson, 1, to: 2, from: 3)])
    for (gift, place) in [(UInt32(2), HeartVillage.Place.food), (3, .audit)] {
      // One that is refused comes first: it is no reversal.
      try village.perform(
        Hearts.reverse(gift: gift, reason: .label("no reason", 1)), by: village.officer(.school))
      let reason = Hash.label("reason", UInt64(gift))
      try village.perform(Hearts.reverse(gift: gift, reason: reason), by: village.officer(place))
    }
    return village
  }

  @Test("the way of every lot and of every gift verifies, and leads to the record")
  func ways() async throws {
    var village = try WayRouteTests.village()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let hearts = village.hearts
    #expect(hearts.lots.count == 6 && hearts.gifts.count == 6)
    #expect([2, 3].allSatisfy { hearts.lots[$0].state == .void })
    try await ServerProbe.with([chain]) { server in
      for lot in 0..<hearts.lots.count {
        let answer = try await server.get("/v1/ways/\(lot)")
        #expect(answer.headers[.contentType] == ProvenWay.mediaType)
        let proven = try ProvenWay(file: answer.bytes).verify(chain: view.genesis.chain, policy: policy)
        #expect(proven.lot == UInt32(lot) && proven.record == hearts.lots[lot] && proven.seal.height == view.height)
        if proven.record.state == .void {
          #expect(proven.reversal?.reason == .label("reason", UInt64(proven.record.gift - 1)))
        }
      }
      let meal = try ProvenWay(file: await server.get("/v1/ways/4").bytes)
        .verify(chain: view.genesis.chain, policy: policy)
      #expect(meal.steps.map(\.event.kind) == [.donated, .donated, .repacked, .handedOver])
      for gift in 0..<hearts.gifts.count where !hearts.gifts[gift].isAttendance {
        let file = try ProvenWay(file: await server.get("/v1/gifts/\(gift)/way").bytes)
        let proven = try file.verify(chain: view.genesis.chain, policy: policy)
        #expect(proven.gift?.ordinal == UInt32(gift) && proven.lot == hearts.gifts[gift].origin)
      }
      let lesson = try #require((0..<hearts.gifts.count).first { hearts.gifts[$0].isAttendance })
      try await server.refuses("/v1/gifts/\(lesson)/way", "404 http.not_found")
      for odd in ["/v1/ways/6", "/v1/gifts/6/way"] { try await server.refuses(odd, "404 http.not_found") }
      for odd in ["/v1/ways/x", "/v1/ways/-1", "/v1/ways/01", "/v1/gifts/4294967296/way"] {
        try await server.refuses(odd, "400 http.bad_request")
      }
    }
  }

  @Test("a record of every table of a chain of hearts verifies")
  func state() async throws {
    var village = try WayRouteTests.village()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    var app = view.app
    let tables = app.commitment().tables.filter { $0.count > 0 }
    #expect(tables.count > 15)
    try await ServerProbe.with([chain]) { server in
      for table in tables {
        let name = String(decoding: table.name, as: UTF8.self)
        let answer = try await server.get("/v1/proofs/\(name)/\(table.count - 1)")
        let proof = try ProvenState(file: answer.bytes)
        #expect(try proof.verify(chain: view.genesis.chain, policy: policy).height == view.height, "\(name)")
      }
    }
  }

  @Test("an index that lags is said, with the time to come again")
  func lagging() async throws {
    var village = try WayRouteTests.village()
    try village.block([], isIndexed: false)
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let answer = try await server.get("/v1/ways/4")
      #expect(answer.status == .serviceUnavailable && answer.headers[.retryAfter] == "5")
      #expect(try answer.code() == "search.behind")
    }
  }

  @Test("a server without a chain of hearts has no ways")
  func none() async throws {
    var village = try Village()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      try await server.refuses("/v1/ways/0", "404 http.not_found")
      try await server.refuses("/v1/gifts/0/way", "404 http.not_found")
    }
  }
}
