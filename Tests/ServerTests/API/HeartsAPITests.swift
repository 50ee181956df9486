import Foundation
import HTTPTypes
import HeartChain
import Hummingbird
import Ledger
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

/// A village with something of everything: a gift that went to a school and was partly lost, one that was claimed, one
/// that was taken back, attendance, a partner, a consent, and hearts spent and given.
private struct GivingVillage {
  var village: HeartVillage
  let project: UInt32
  let lessons: UInt32
  let code: SigningKey
  let shop: SigningKey

  init() throws {
    var village = try HeartVillage()
    code = try SigningKey(label: "claim code")
    shop = try SigningKey(label: "shop")
    project = try village.openProject(.food, days: 100)
    lessons = try village.openProject(.school, days: 400)
    var claimed = try village.gift(.rice, 2000, to: project)
    claimed.party = code.publicKey.address.key
    claimed.reason = GiftBinding.claim.rawValue
    // Lots 0 and 1, gifts 0 and 1; gift 2 is attendance; lot 2 is gift 3.
    try village.tell(.food, [village.gift(.rice, 5000, to: project, from: 1), claimed])
    try village.tell(.school, [village.gift(.lesson, 2, to: lessons, from: 1)])
    try village.tell(
      .food,
      [
        village.gift(.rice, 700, to: project, from: 2),
        village.event(.shipped, lot: 0) { $0.other = HeartVillage.Place.school.ordinal },
      ])
    try village.tell(
      .school,
      [
        village.event(.arrived, lot: 0, 4900),
        village.event(.handedOver, lot: 0, 3000) { $0.party = .label("class", 1) },
        village.event(.handedOver, lot: 0, 9000) { $0.party = .label("class", 2) },
      ])
    let person = try HeartVillage.person(1)
    try village.perform(Hearts.redeem(gift: 1), by: person, with: [code])
    let platform = village.officer(.platform)
    try village.perform(
      Hearts.registerPartner(account: shop.publicKey.address, description: .label("shop", 1)), by: platform)
    try village.perform(Hearts.openChannel(partner: 0, threshold: 100, description: .label("bicycle", 1)), by: shop)
    try village.perform(
      Hearts.spend(hearts: 300, at: 0, purpose: 1, receipt: .label("receipt", 1)), by: person, with: [shop])
    try village.perform(Hearts.give(hearts: 50, to: project), by: person)
    try village.perform(Hearts.consent(partner: 0, until: village.now.adding(days: 30)), by: person)
    try village.perform(Hearts.reverse(gift: 3, reason: .label("reason", 1)), by: village.officer(.food))
    self.village = village
  }
}

@Suite("Hearts through the interface")
struct HeartsAPITests {
  @Test("all hearts add up; rules and kinds are those of the chain")
  func hearts() async throws {
    var giving = try GivingVillage()
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      let hearts = try await server.get("/v1/hearts").object()
      let totals = try #require(hearts["totals"] as? [String: Int])
      let parts = ["held", "waiting", "anonymous", "spent", "given", "reversed"].compactMap { totals[$0] }
      #expect(parts.count == 6 && totals["minted"].map { $0 + (totals["debt"] ?? 0) } == parts.reduce(0, +))
      #expect(totals["minted"] == 5000 + 2000 + 200 + 700 && totals["spent"] == 300 && totals["given"] == 50)
      #expect(totals["reversed"] == 700 && totals["waiting"] == 0)
      let formula = try #require(hearts["formula"] as? [String: Any])
      #expect(formula["version"] as? Int == 1 && formula["gift_points"] as? Int == 20)
      #expect(formula["thresholds"] as? [Int] == [100, 300, 500, 600, 650, 700, 800])
      #expect((formula["weights"] as? [Int])?.count == 12)
      let kinds = try #require(hearts["kinds"] as? [[String: Any]])
      #expect(kinds.count == TestKind.allCases.count && kinds[1]["category"] as? String == "goods")
      #expect(kinds[1]["unit"] as? String == "g" && kinds[1]["hearts"] as? Int == 1000)
      #expect(kinds[1]["name"] as? String == TestKind.rice.record.name.description)
      let counts = try #require(hearts["counts"] as? [String: Int])
      #expect(counts["gifts"] == 4 && counts["lots"] == 3 && counts["givers"] == 2 && counts["consents"] == 1)
    }
  }

  @Test("an address has its record, its index term by term, and what changed its hearts, in pages")
  func giver() async throws {
    var giving = try GivingVillage()
    let address = try HeartVillage.person(1).publicKey.address
    let record = try #require(giving.village.hearts.giver(address))
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      let giver = try await server.get("/v1/hearts/givers/\(address)").object()
      #expect(giver["address"] as? String == address.description && giver["history"] as? String == "\(record.history)")
      #expect(giver["minted"] as? Int == 7200 && giver["held"] as? Int == 6850 && giver["debt"] as? Int == 0)
      // Five for the rice, twenty for two lessons, two for the claimed rice.
      #expect(giver["love_index"] as? Int == 27)
      let terms = try #require(giver["terms"] as? [[String: Any]])
      #expect(terms.count == 12 && terms[0]["points"] as? Int == 27 && terms[0]["weight"] as? Int == 1000)
      #expect(terms.compactMap { $0["counted"] as? Int }.reduce(0, +) == 27)
      let all = try #require(giver["items"] as? [[String: Any]])
      #expect(all.map { $0["kind"] as? String } == ["given", "spent", "claimed", "minted", "minted"])
      #expect(all.map { $0["hearts"] as? Int } == [50, 300, 2000, 200, 5000])
      #expect(all[1]["commitment"] as? String == Hash.label("receipt", 1).description && all[0]["commitment"] == nil)
      #expect(giver["changes"] as? Int == 5 && giver["next"] == nil)

      let first = try await server.get("/v1/hearts/givers/\(address)?limit=2")
      #expect(try first.items().map { $0["kind"] as? String } == ["given", "spent"])
      let cursor = try #require(try first.object()["next"] as? String)
      let link = try #require(first.headers[.link])
      #expect(link == "</v1/hearts/givers/\(address)?limit=2&cursor=\(cursor)>; rel=\"next\"")
      let second = try await server.get("/v1/hearts/givers/\(address)?limit=200&cursor=\(cursor)")
      #expect(try second.items().map { $0["kind"] as? String } == ["claimed", "minted", "minted"])
      #expect(try second.object()["next"] == nil && second.headers[.link] == nil)
      #expect(try await server.get("/v1/hearts/givers/\(address)?limit=5").object()["next"] == nil)
      #expect(try await server.get("/v1/hearts/givers/\(address)?cursor=0").items().isEmpty)
      let tag = try #require(first.headers[.eTag])
      let again = try await server.get("/v1/hearts/givers/\(address)?limit=2", headers: [.ifNoneMatch: tag])
      #expect(again.status == .notModified)
      let stranger = try SigningKey(label: "nobody").publicKey.address
      try await server.refuses("/v1/hearts/givers/\(stranger)", "404 http.not_found")
    }
  }

  @Test("gifts by address, by project and alone; what became of one adds up to it")
  func gifts() async throws {
    var giving = try GivingVillage()
    let (address, waiting) = (try HeartVillage.person(1).publicKey.address, giving.code.publicKey.address)
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      #expect(try await server.get("/v1/hearts/gifts").numbers("gift") == [3, 2, 1, 0])
      #expect(try await server.get("/v1/hearts/gifts?project=0").numbers("gift") == [3, 1, 0])
      #expect(try await server.get("/v1/hearts/gifts?project=1").numbers("gift") == [2])
      #expect(try await server.get("/v1/hearts/gifts?party=\(address)").numbers("gift") == [2, 1, 0])
      #expect(try await server.get("/v1/hearts/gifts?party=\(address)&project=1").numbers("gift") == [2])
      #expect(try await server.get("/v1/hearts/gifts?party=\(waiting)").numbers("gift") == [1])
      let page = try await server.get("/v1/hearts/gifts?party=\(address)&limit=2")
      #expect(try page.numbers("gift") == [2, 1])
      #expect(page.headers[.link]?.contains("limit=2&party=\(address)&cursor=1") == true)
      #expect(try await server.get("/v1/hearts/gifts?party=\(address)&limit=2&cursor=1").numbers("gift") == [0])

      let gift = try await server.get("/v1/hearts/gifts/0").object()
      #expect(gift["binding"] as? String == "address" && gift["party"] as? String == address.description)
      #expect(gift["lot"] as? Int == 0 && gift["quantity"] as? Int == 5000 && gift["unit"] as? String == "g")
      let impact = try #require(gift["impact"] as? [String: Any])
      #expect(impact["given"] as? Int == 5000 && impact["whole"] as? Bool == true)
      let portions = try #require(impact["portions"] as? [[String: Any]])
      let outcomes = portions.map { "\($0["outcome"] as? String ?? "") \($0["quantity"] as? Int ?? 0)" }
      #expect(Set(outcomes) == ["handed_over 3000", "in_store 1900", "lost_on_the_way 100"])
      let taken = try await server.get("/v1/hearts/gifts/3").object()
      #expect(taken["binding"] as? String == "reversed")
      let lesson = try await server.get("/v1/hearts/gifts/2").object()
      #expect(lesson["lot"] == nil && lesson["impact"] == nil && lesson["project"] as? Int == 1)
      #expect(try await server.get("/v1/hearts/gifts").items().allSatisfy { $0["impact"] == nil })
    }
  }

  @Test("a lot with its own events, oldest first, in pages")
  func lot() async throws {
    var giving = try GivingVillage()
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      let lot = try await server.get("/v1/hearts/lots/0").object()
      #expect(lot["state"] as? String == "held" && lot["holder"] as? Int == HeartVillage.Place.school.rawValue)
      #expect(lot["received"] as? Int == 5000 && lot["left"] as? Int == 1900 && lot["handed"] as? Int == 3000)
      #expect(lot["lost"] as? Int == 100 && lot["passed"] as? Int == 0 && lot["gift"] as? Int == 0)
      let steps = try #require(lot["items"] as? [[String: Any]])
      #expect(steps.map { $0["what"] as? String } == ["donated", "shipped", "arrived", "handed-over"])
      #expect(steps[1]["to"] as? Int == HeartVillage.Place.school.rawValue && steps[0]["made"] as? [Int] == [0])
      let page = try await server.get("/v1/hearts/lots/0?limit=3")
      #expect(try page.object()["next"] as? String == "3" && page.headers[.link]?.contains("cursor=3") == true)
      let rest = try await server.get("/v1/hearts/lots/0?limit=3&cursor=3")
      #expect(try rest.items().map { $0["what"] as? String } == ["handed-over"])
      #expect(try await server.get("/v1/hearts/lots/0?cursor=18446744073709551615").items().isEmpty)
      #expect(lot["taken_back"] as? Int == 0)
      let void = try await server.get("/v1/hearts/lots/2").object()
      #expect(void["state"] as? String == "void" && void["taken_back"] as? Int == 700 && void["lost"] as? Int == 0)
    }
  }

  @Test("projects, partners, consents, books and flows")
  func others() async throws {
    var giving = try GivingVillage()
    let address = try HeartVillage.person(1).publicKey.address
    let shop = giving.shop.publicKey.address
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      #expect(try await server.get("/v1/hearts/projects").numbers("project") == [1, 0])
      let project = try await server.get("/v1/hearts/projects/0").object()
      #expect(project["hearts"] as? Int == 50 && project["gifts"] as? Int == 3 && project["reversed"] as? Int == 1)
      let flows = try #require(project["flows"] as? [[String: Any]])
      #expect(flows.count == 1 && flows[0]["given"] as? Int == 7700 && flows[0]["out"] as? Int == 3000)
      #expect(flows[0]["lost"] as? Int == 800 && flows[0]["left"] as? Int == 3900)

      let partner = try #require(try await server.get("/v1/hearts/partners").items().first)
      #expect(partner["account"] as? String == shop.description && partner["hearts"] as? Int == 300)
      let channels = try #require(partner["channels"] as? [[String: Any]])
      #expect(channels.count == 1 && channels[0]["threshold"] as? Int == 100)

      let consent = try #require(try await server.get("/v1/hearts/consents?giver=\(address)").items().first)
      #expect(consent["partner"] as? Int == 0 && consent["holds"] as? Bool == true)
      #expect(consent["consent"] as? Int == 1 && consent["withdrawn_at"] == nil)
      #expect(try await server.get("/v1/hearts/consents?giver=\(shop)").items().isEmpty)

      let books = try await server.get("/v1/hearts/books").items()
      let school = try #require(books.first { $0["organisation"] as? Int == HeartVillage.Place.school.rawValue })
      #expect(school["accepted"] as? Int == 3 && school["refused"] as? Int == 1 && school["overdrawn"] as? Int == 1)
      let last = try #require(school["last_overdrawn"] as? [String: Int])
      #expect(last == ["organisation": HeartVillage.Place.school.rawValue, "number": 4])
      #expect(school["last_repeated"] == nil && school["next"] as? Int == 5)

      let flow = try #require(try await server.get("/v1/hearts/flows").items().first)
      #expect(flow["from"] as? Int == HeartVillage.Place.food.rawValue && flow["total"] as? Int == 4900)
      #expect(flow["related"] as? Bool == false && flow["unit"] as? String == "g")
      #expect(try await server.get("/v1/hearts/flows").items().count == 1)
    }
  }

  @Test("a flow says whether an auditor called its organisations related")
  func relatedFlows() async throws {
    var village = try HeartVillage.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let flows = try await server.get("/v1/hearts/flows").items()
      let ends = flows.map { flow in
        [flow["from"] as? Int, flow["to"] as? Int, flow["related"] as? Bool == true ? 1 : 0]
      }
      let (bank, food, school) = (1, 2, 4)
      // The newest first. Bank and school are related, whichever of them sends.
      #expect(ends == [[school, bank, 1], [food, bank, 0], [food, school, 0], [bank, food, 0]])
    }
  }

  @Test("the log of a chain of hearts: transactions, receipts, records, and the chain's name")
  func log() async throws {
    var giving = try GivingVillage()
    let food = giving.village.officer(.food).publicKey.address
    let chain = try giving.village.show()
    try await ServerProbe.with([chain]) { server in
      let chains = try #require(try await server.get("/v1/chains").object()["chains"] as? [[String: Any]])
      #expect(chains.map { $0["name"] as? String } == ["heart"])
      let sent = try await server.get("/v1/transactions?sender=\(food)").items()
      #expect(sent.count == 4 && sent.allSatisfy { $0["contract"] as? String == "hearts" })
      #expect(sent.compactMap { $0["rows"] as? Int }.reduce(0, +) == 4)
      let hash = try #require(sent[0]["hash"] as? String)
      #expect(try await server.get("/v1/receipts/\(hash)").status == .ok)
      for table in ["gifts", "lots", "givers", "partners", "index_consents", "gift_kinds"] {
        #expect(try await server.get("/v1/proofs/\(table)/0").status == .ok, "\(table)")
      }
      #expect(try await server.get("/v1/plans").items().isEmpty)
    }
  }

  @Test("what does not read or is not there has its status and code")
  func refusals() async throws {
    var giving = try GivingVillage()
    let chain = try giving.village.show()
    let far = "18446744073709551615"
    try await ServerProbe.with([chain]) { server in
      for folder in ["gifts", "lots", "projects"] {
        try await server.refuses("/v1/hearts/\(folder)/77", "404 http.not_found")
        for odd in ["x", "-1", "00", far, "%00", "1e3"] {
          try await server.refuses("/v1/hearts/\(folder)/\(odd)", "400 http.bad_request")
        }
      }
      for address in ["x", "tz1qqqq", "%00"] {
        try await server.refuses("/v1/hearts/givers/\(address)", "400 http.bad_request")
        try await server.refuses("/v1/hearts/gifts?party=\(address)", "400 http.bad_request")
        try await server.refuses("/v1/hearts/consents?giver=\(address)", "400 http.bad_request")
      }
      try await server.refuses("/v1/hearts/consents", "400 http.bad_request")
      try await server.refuses("/v1/hearts/gifts?project=x", "400 http.bad_request")
      for list in ["gifts", "projects", "partners", "flows"] {
        for odd in ["limit=0", "limit=201", "cursor=-1", "limit=1&limit=1"] {
          try await server.refuses("/v1/hearts/\(list)?\(odd)", "400 http.bad_request")
        }
        try await server.refuses("/v1/hearts/\(list)?chain=nowhere", "404 http.not_found")
        #expect(try await server.get("/v1/hearts/\(list)?cursor=\(far)").status == .ok)
      }
    }
  }

  @Test(
    "an index that has not caught up says so; a chain of members has no hearts; of two chains the right one answers")
  func chains() async throws {
    var giving = try GivingVillage()
    let address = try HeartVillage.person(1).publicKey.address
    try giving.village.tell(.food, [giving.village.gift(.rice, 1, to: giving.project, from: 1)])
    let hearts = try giving.village.show()
    var village = try Village()
    let aid = try village.show()
    try await ServerProbe.with([aid]) { server in
      try await server.refuses("/v1/hearts", "404 http.not_found")
    }
    try await ServerProbe.with([aid, hearts]) { server in
      #expect(try await server.get("/v1/hearts/gifts").items().count == 5)
      #expect(try await server.get("/v1/hearts/gifts?chain=heart").items().count == 5)
      try await server.refuses("/v1/hearts/gifts?chain=aid", "404 http.not_found")
    }
    try giving.village.block(isIndexed: false)
    let ahead = try giving.village.show()
    try await ServerProbe.with([ahead]) { server in
      try await server.refuses("/v1/hearts/givers/\(address)", "503 search.behind")
      #expect(try await server.get("/v1/hearts").status == .ok, "needs no index")
    }
  }

  @Test("before the log is replayed everything says so")
  func notReady() async throws {
    let network = try TestNetwork(heartsNamed: "heart")
    let fixture = try PageFixture(network, name: "heart")
    let chain = ShownChain("heart", log: .init("heart", disk: fixture.disk), index: fixture.index, view: nil)
    let address = network.organisations[0].address
    try await ServerProbe.with([chain]) { server in
      for place in [
        "", "/givers/\(address)", "/gifts", "/gifts/0", "/lots/0", "/projects", "/projects/0", "/partners",
        "/consents?giver=\(address)", "/books", "/flows",
      ] {
        try await server.refuses("/v1/hearts\(place)", "503 node.not_ready")
      }
    }
  }
}
