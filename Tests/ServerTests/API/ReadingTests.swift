import Consortium
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("Reading a chain's records through the interface")
struct ReadingTests {
  @Test("the chains, with what pins them")
  func chains() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    try await ServerProbe.with([chain]) { server in
      let answer = try await server.get("/v1/chains")
      #expect(answer.status == .ok && answer.headers[.contentType] == "application/json")
      let chains = try #require(try answer.object()["chains"] as? [[String: Any]])
      #expect(chains.count == 1)
      #expect(chains[0]["id"] as? String == view.genesis.chain.description)
      #expect(chains[0]["name"] as? String == "aid")
      #expect(chains[0]["origin"] as? String == "log.example/aid")
      #expect(chains[0]["height"] as? UInt64 == view.height)
      #expect(chains[0]["size"] as? UInt64 == view.head.size)
      #expect(chains[0]["time"] as? UInt64 == view.time.seconds)
    }
  }

  @Test("a plan with every place its money can be")
  func plan() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let plan = try await server.get("/v1/plans/0").object()
      #expect(plan["plan"] as? Int == 0)
      #expect(plan["name_zh"] as? String == "种子计划" && plan["name_en"] as? String == "Seed plan")
      #expect(plan["members"] as? Int == 5 && plan["live"] as? Int == 4 && plan["funded"] as? Int == 3)
      #expect(plan["cumulative_share"] as? String == "250.00")
      let money = try #require(plan["money"] as? [String: String])
      #expect(money["deposits"] == "4000.00" && money["money_in"] == "4000.00" && money["money_out"] == "4000.00")
      #expect(money["payouts_paid"] == "1000.00" && money["refunds_due"] == "750.00")
      #expect(try await server.get("/v1/plans").numbers("plan") == [1, 0])
    }
  }

  @Test("cases, notices and settlements, alone and by plan")
  func records() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let paid = try await server.get("/v1/cases/0").object()
      #expect(paid["status"] as? String == "paid" && paid["paid"] as? String == "1000.00")
      #expect(paid["settlement"] as? Int == 0 && paid["notice"] as? Int == 0 && paid["membership"] as? Int == 0)
      #expect(try await server.get("/v1/cases/2").object()["status"] as? String == "declined")
      #expect(try await server.get("/v1/cases/2").object()["notice"] == nil)
      #expect(try await server.get("/v1/cases?plan=0").numbers("case") == [2, 1, 0])
      #expect(try await server.get("/v1/cases?plan=1").numbers("case") == [])
      #expect(try await server.get("/v1/notices").numbers("case") == [1, 0])
      let settlement = try await server.get("/v1/settlements/0").object()
      #expect(settlement["share"] as? String == "250.00" && settlement["payers_before"] as? Int == 4)
      #expect(settlement["cases_root"] as? String != nil && settlement["collected"] as? String == "1000.00")
      #expect(try await server.get("/v1/settlements?plan=0").numbers("settlement") == [0])
      #expect(try await server.get("/v1/settlements?plan=1").numbers("settlement") == [])
    }
  }

  @Test("members by owner and by number")
  func members() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let owner = village.chain.state.memberships[1].owner.description
    try await ServerProbe.with([chain]) { server in
      #expect(try await server.get("/v1/members?owner=\(owner)").numbers("membership") == [1])
      let stranger = try SigningKey(label: "nobody").publicKey.address
      #expect(try await server.get("/v1/members?owner=\(stranger)").numbers("membership") == [])
      let member = try await server.get("/v1/members/1").object()
      #expect(member["owner"] as? String == owner && member["balance"] as? String == "750.00")
      #expect(member["status"] as? String == "active" && member["birth_year"] as? Int == 1990)
      #expect(member["open_case"] as? Int == 1)
      let left = try await server.get("/v1/members/3").object()
      #expect(left["status"] as? String == "ended" && left["open_case"] == nil)
    }
  }

  @Test("organisations with their roles and keys; proposals, of which there are none yet")
  func organisations() async throws {
    var village = try Village.full()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let all = try await server.get("/v1/organisations").items()
      #expect(all.count == 7 && all[0]["name"] as? String == "platform.example")
      #expect(all[1]["roles"] as? [String] == ["custodian"])
      let keys = try #require(all[0]["endorsing_keys"] as? [String: String])
      #expect(Set(keys.keys) == ["vote", "cosign", "log"] && keys.values.allSatisfy { $0.utf8.count == 64 })
      #expect(all[6]["endorsing_keys"] == nil)
      #expect(try await server.get("/v1/organisations/6").object()["name"] as? String == "other-bank.example")
      #expect(try await server.get("/v1/proposals").items().isEmpty)
    }
  }

  @Test("blocks and transactions, by number, hash, sender and subject")
  func log() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let height = Int(village.chain.chain.height)
    let officer = village.chain.network.organisation(.custodian).address
    try await ServerProbe.with([chain]) { server in
      #expect(try await server.get("/v1/blocks").numbers("height") == Array((1...height).reversed()))
      let block = try await server.get("/v1/blocks/\(height)").object()
      #expect(block["transactions"] as? Int == 1 && block["failed"] as? Int == 1 && block["proposer"] as? Int == 0)
      let first = try #require(block["first_index"] as? Int)
      #expect(block["entries"] as? Int == 3 && block["seal"] as? Int == first + 2)
      let refused = try await server.get("/v1/transactions/\(first + 1)").object()
      #expect(refused["code"] as? String == "case.wrong_state" && refused["height"] as? Int == height)
      #expect(refused["contract"] as? String == "mutual-aid")
      let hash = try #require(refused["hash"] as? String)
      #expect(try await server.get("/v1/transactions/\(hash)").object()["index"] as? Int == first + 1)
      let sent = try await server.get("/v1/transactions?sender=\(officer)").items()
      #expect(sent.count == 2 && sent.allSatisfy { $0["sender"] as? String == officer.description })
      #expect(try await server.get("/v1/transactions?case=1").items().count == 6)
      #expect(try await server.get("/v1/transactions?membership=3").items().count >= 1)
      let about = try await server.get("/v1/transactions?plan=0&sender=\(officer)").items()
      #expect(about.count == 1 && about[0]["rows"] as? Int == 4)
    }
  }

  @Test("what does not read or does not exist has its status and code")
  func refusals() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let far = "18446744073709551615"
    let beyond = "99999999999999999999"
    try await ServerProbe.with([chain]) { server in
      for folder in ["plans", "cases", "settlements", "members", "organisations"] {
        try await server.refuses("/v1/\(folder)/77", "404 http.not_found")
        for odd in ["x", "-1", "+1", "00", "1.0", "%31x", far, beyond, "%00", "0%2f0", "1e3", "０"] {
          try await server.refuses("/v1/\(folder)/\(odd)", "400 http.bad_request")
        }
      }
      try await server.refuses("/v1/members/77/statement", "404 http.not_found")
      try await server.refuses("/v1/members/x/statement", "400 http.bad_request")
      try await server.refuses("/v1/blocks/0", "404 http.not_found")
      try await server.refuses("/v1/blocks/\(far)", "404 http.not_found")
      try await server.refuses("/v1/blocks/\(beyond)", "400 http.bad_request")
      for folder in ["transactions", "receipts"] {
        try await server.refuses("/v1/\(folder)/0", "404 http.not_found")
        try await server.refuses("/v1/\(folder)/\(far)", "400 http.bad_request")
        try await server.refuses("/v1/\(folder)/9999999999999999999", "404 http.not_found")
        let nobody = String(repeating: "0", count: 64)
        try await server.refuses("/v1/\(folder)/\(nobody)", "404 http.not_found")
        try await server.refuses("/v1/\(folder)/\(nobody)0", "400 http.bad_request")
      }
      try await server.refuses("/v1/members", "400 http.bad_request")
      try await server.refuses("/v1/members?owner=tz1qqqq", "400 http.bad_request")
      try await server.refuses("/v1/transactions?sender=tz1", "400 http.bad_request")
      for (list, name) in [("cases", "plan"), ("settlements", "plan"), ("transactions", "case")] {
        try await server.refuses("/v1/\(list)?\(name)=x", "400 http.bad_request")
        try await server.refuses("/v1/\(list)?\(name)=0&\(name)=0", "400 http.bad_request")
      }
      for list in ["plans", "notices", "cases", "settlements", "transactions", "blocks"] {
        for odd in ["limit=0", "limit=201", "limit=x", "limit=", "cursor=-1", "cursor=x", "limit=1&limit=1"] {
          try await server.refuses("/v1/\(list)?\(odd)", "400 http.bad_request")
        }
        try await server.refuses("/v1/\(list)?chain=nowhere", "404 http.not_found")
        // A cursor may point anywhere.
        for cursor in ["0", far] {
          #expect(try await server.get("/v1/\(list)?cursor=\(cursor)").status == .ok)
        }
      }
      try await server.refuses("/v1/proofs/memberships/5", "404 http.not_found")
      try await server.refuses("/v1/proofs/memberships/x", "400 http.bad_request")
      try await server.refuses("/v1/proofs/nothing/0", "404 http.not_found")
      try await server.refuses("/v1/nowhere", "404 http.not_found")
      try await server.refuses("/nowhere", "404 http.not_found")
    }
  }

  @Test("before the log is replayed everything that needs it says so, and may be asked again")
  func notReady() async throws {
    let network = try TestNetwork()
    let fixture = try PageFixture(network)
    let chain = ShownChain("aid", log: .init("aid", disk: fixture.disk), index: fixture.index, view: nil)
    let hash = String(repeating: "0", count: 64)
    try await ServerProbe.with([chain]) { server in
      for address in [
        "/v1/chains", "/v1/plans", "/v1/plans/0", "/v1/notices", "/v1/cases", "/v1/cases/0", "/v1/settlements",
        "/v1/settlements/0", "/v1/organisations", "/v1/organisations/0", "/v1/proposals",
        "/v1/members?owner=\(network.organisations[0].address)", "/v1/members/0", "/v1/members/0/statement",
        "/v1/transactions", "/v1/transactions/1", "/v1/receipts/\(hash)", "/v1/blocks", "/v1/blocks/1",
        "/v1/proofs/plans/0", "/v1/events", "/log/aid/checkpoint", "/log/aid/policy", "/readyz",
      ] {
        let answer = try await server.get(address)
        #expect(answer.status == .serviceUnavailable, "\(address)")
        #expect(try answer.code() == "node.not_ready", "\(address)")
        #expect(answer.headers[.retryAfter] == "5", "\(address)")
      }
      #expect(try await server.get("/healthz").status == .ok)
    }
  }

  /// A village and an empty chain with one block.
  private static func twoChains() throws -> [any ServedChain] {
    var village = try Village()
    let network = try TestNetwork(name: "senior")
    var fixture = try PageFixture(network, name: "aid/senior")
    var chain = try TestChain(network)
    try fixture.add(chain.block())
    return [try village.show(), try fixture.show(chain)]
  }

  @Test("of several chains the address names one; without a name it is the first")
  func secondChain() async throws {
    try await ServerProbe.with(Self.twoChains()) { server in
      let first = try await server.get("/v1/plans").items()
      #expect(first.count == 2)
      #expect(try await server.get("/v1/plans?chain=aid%2Fsenior").items().isEmpty)
      #expect(try await server.get("/v1/blocks?chain=aid/senior").numbers("height") == [1])
      #expect(try await server.get("/log/aid/senior/checkpoint").text.hasPrefix("log.example/senior\n"))
      #expect(try await server.get("/log/aid/checkpoint").text.hasPrefix("log.example/aid\n"))
    }
  }
}
