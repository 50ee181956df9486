import Consortium
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import MutualAid
import Node
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("Handing in transactions at a chain that lives")
struct SubmissionTests {
  private static let protobuf: HTTPFields = [.contentType: "application/protobuf"]
  private static let json: HTTPFields = [.contentType: "application/json; charset=utf-8"]

  /// The body of a submission with rows.
  private static func body(envelope: [UInt8], rows: [[UInt8]]) throws -> [UInt8] {
    let object: [String: Any] = [
      "envelope": Data(envelope).base64EncodedString(), "rows": rows.map { Data($0).base64EncodedString() },
    ]
    return Array(try JSONSerialization.data(withJSONObject: object))
  }

  private static func openPlan(_ living: LivingChain) throws -> [UInt8] {
    let entries = try living.transaction(
      MutualAid.openPlan(TestConvention.plain(), custodian: 1, identity: 2),
      by: living.network.organisation(.platform).officer)
    return Array(entries[0].dropFirst())
  }

  @Test("a plan is opened, somebody is attested and joins; each answer carries a receipt that verifies")
  func receipts() async throws {
    try await LivingChain.with(endorsers: 4) { living in
      let genesis = living.network.genesis
      let policy = try ChainState(genesis: genesis).endorsers.policy(origin: genesis.origin)
      try await ServerProbe.with([living.chain]) { server in
        func submit(_ body: [UInt8], _ headers: HTTPFields) async throws -> [String: Any] {
          let answer = try await server.ask(.post, "/v1/transactions", headers: headers, body: body)
          #expect(answer.status == .created, "\(answer.text)")
          let object = try answer.object()
          let receipt = try JSONSerialization.data(withJSONObject: try #require(object["receipt"]))
          let proven = try Receipt(file: Array(receipt)).verify(chain: genesis.chain, policy: policy)
          #expect(object["height"] as? UInt64 == proven.seal.height)
          #expect(answer.headers[.rateLimitPolicy] == "\"submit\";q=6000;w=60")
          return object
        }
        let plan = try Self.openPlan(living)
        let opened = try await submit(plan, Self.protobuf)
        #expect(opened["code"] as? String == "success")
        #expect(opened["transaction"] as? String == Hash.sha256(plan).description)

        let person = try TestPerson(1)
        let row = person.attestation(plan: 0)
        let attesting = try living.transaction(
          Consortium.attestAction(plan: 0), by: living.network.organisation(.identity).officer,
          rows: [row.canonicalBytes])
        let attested = try await submit(
          try Self.body(envelope: Array(attesting[0].dropFirst()), rows: [row.canonicalBytes]), Self.json)
        #expect(attested["code"] as? String == "success" && attested["rows"] as? [String] == ["success"])

        let proven = ProvenAttestation(attestation: row, manifest: 0, index: 0, path: [])
        let joining = try living.transaction(TestChain.join(proven), by: person.key)
        let joined = try await submit(Array(joining[0].dropFirst()), Self.protobuf)
        #expect(joined["code"] as? String == "success" && joined["rows"] as? [String] == [])
        let members = try await server.get("/v1/members/0").object()
        #expect(members["owner"] as? String == person.key.publicKey.address.description)
        // Who asks later gets the same proof.
        let hash = try #require(joined["transaction"] as? String)
        for _ in 0..<50 where try await server.get("/v1/receipts/\(hash)").status != .ok {
          try await Task.sleep(for: .milliseconds(20))
        }
        let later = try Receipt(file: try await server.get("/v1/receipts/\(hash)").bytes)
        #expect(later.index == joined["index"] as? UInt64)

        // Refused by the contract: it stands in the log, and says why.
        let twice = try living.transaction(TestChain.join(proven), by: person.key)
        let again = try await submit(Array(twice[0].dropFirst()), Self.protobuf)
        #expect(again["code"] as? String == "membership.already_member")
      }
    }
  }

  @Test("what may not into the log is refused with its own code and leaves no trace")
  func refusals() async throws {
    try await LivingChain.with { living in
      try await ServerProbe.with([living.chain]) { server in
        func refused(
          _ body: [UInt8], _ headers: HTTPFields, _ wanted: String, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
          let answer = try await server.ask(.post, "/v1/transactions", headers: headers, body: body)
          let code = try answer.code(sourceLocation: sourceLocation)
          #expect("\(answer.status.code) \(code)" == wanted, sourceLocation: sourceLocation)
        }
        let plan = try Self.openPlan(living)
        try await refused([], Self.protobuf, "400 encoding.malformed")
        try await refused(Array(repeating: 7, count: 500), Self.protobuf, "400 encoding.malformed")
        try await refused(plan, [:], "415 http.unsupported_media_type")
        try await refused(plan, [.contentType: "text/plain"], "415 http.unsupported_media_type")
        try await refused(plan, Self.json, "400 http.bad_request")
        for text in [
          "", "[]", "{}", "{\"envelope\":1}", "{\"envelope\":\"§\"}", "{\"envelope\":\"AA==\",\"rows\":[1]}",
        ] {
          try await refused(Array(text.utf8), Self.json, "400 http.bad_request")
        }
        try await refused(Array(repeating: 0x20, count: (1 << 20) + 1), Self.json, "413 http.too_large")
        try await refused(Array(repeating: 1, count: 70_000), Self.protobuf, "413 transaction.too_large")
        var bent = plan
        bent[bent.count - 1] ^= 1
        try await refused(bent, Self.protobuf, "403 signature.invalid")

        let officer = living.network.organisation(.platform).officer
        let action = try MutualAid.openPlan(TestConvention.plain(key: "late"), custodian: 1, identity: 2)
        let late = try living.transaction(action, by: officer, expiry: living.now - 20)
        try await refused(Array(late[0].dropFirst()), Self.protobuf, "422 transaction.expired")
        let far = try living.transaction(action, by: officer, expiry: living.now + 5_000)
        try await refused(Array(far[0].dropFirst()), Self.protobuf, "422 transaction.expiry_too_far")
        let stranger = try living.transaction(action, by: SigningKey(label: "a stranger"))
        try await refused(Array(stranger[0].dropFirst()), Self.protobuf, "403 transaction.unknown_sender")
        let foreign = try TestNetwork(name: "other")
        var other = try TestChain(foreign)
        let elsewhere = try other.transaction(action, by: officer, expiry: Timestamp(seconds: living.now + 300))
        try await refused(Array(elsewhere[0].dropFirst()), Self.protobuf, "422 transaction.wrong_chain")
        #expect(try await server.ask(.post, "/v1/transactions?chain=x", headers: Self.protobuf).status == .notFound)

        let done = try await server.ask(.post, "/v1/transactions", headers: Self.protobuf, body: plan)
        #expect(done.status == .created)
        try await refused(plan, Self.protobuf, "409 transaction.replayed")
        let height = try #require(try done.object()["height"] as? Int)
        #expect(height <= 2, "nothing that was refused made a block")
      }
    }
  }

  @Test("the same key with the same request gets the same answer; with another one it is refused")
  func idempotency() async throws {
    try await LivingChain.with { living in
      try await ServerProbe.with([living.chain]) { server in
        let plan = try Self.openPlan(living)
        var headers = Self.protobuf
        headers[.idempotencyKey] = "a-key"
        let first = try await server.ask(.post, "/v1/transactions", headers: headers, body: plan)
        #expect(first.status == .created)
        let second = try await server.ask(.post, "/v1/transactions", headers: headers, body: plan)
        #expect(second.status == .created && second.bytes == first.bytes)
        // The count goes on: the answer is old, the request is not.
        #expect(first.headers[.rateLimit]?.contains("r=5999;") == true)
        #expect(second.headers[.rateLimit]?.contains("r=5998;") == true)

        for (headers, body) in [(headers, plan + [0]), (headers.merged([.contentType: "application/json"]), plan)] {
          let other = try await server.ask(.post, "/v1/transactions", headers: headers, body: body)
          #expect(other.status == .unprocessableContent)
          #expect(try other.code() == "http.idempotency_mismatch")
        }
        for key in ["", "a key", "ключ", String(repeating: "k", count: 129)] {
          headers[.idempotencyKey] = key
          let odd = try await server.ask(.post, "/v1/transactions", headers: headers, body: plan)
          #expect(odd.status == .badRequest, "a key of \(key.utf8.count) bytes")
          #expect(try odd.code() == "http.bad_request")
        }
        // A refusal is not kept: the reason may go away.
        headers[.idempotencyKey] = "another-key"
        let refused = try await server.ask(.post, "/v1/transactions", headers: headers, body: [1])
        #expect(refused.status == .badRequest)
        let later = try await server.ask(.post, "/v1/transactions", headers: headers, body: plan)
        #expect(try later.code() == "transaction.replayed")
      }
    }
  }

  @Test("who hands in more than the window allows waits as long as he is told")
  func rateLimit() async throws {
    var village = try Village()
    let chain = try village.show()
    var options = ServerApplication.Options()
    options.submissionsPerMinute = 3
    let clock = TestClock(600 + 45)
    try await ServerProbe.with([chain], options: options, clock: { clock.seconds }) { server in
      func submit() async throws -> ServerProbe.Answer {
        try await server.ask(.post, "/v1/transactions", headers: Self.protobuf, body: [1])
      }
      for _ in 0..<3 { #expect(try await submit().status == .forbidden, "this chain is only shown") }
      for _ in 0..<2 {
        let answer = try await submit()
        #expect(answer.status == .tooManyRequests)
        #expect(try answer.code() == "http.too_many_requests")
        #expect(answer.headers[.retryAfter] == "15")
        #expect(answer.headers[.rateLimit] == "\"submit\";r=0;t=15")
        #expect(answer.headers[.rateLimitPolicy] == "\"submit\";q=3;w=60")
      }
      // Reading has no such limit.
      #expect(try await server.get("/v1/plans").status == .ok)
      clock.advance(15)
      #expect(try await submit().status == .forbidden)
    }
  }

  @Test("a node that only follows says that it takes nothing")
  func readOnly() async throws {
    var village = try Village()
    let chain = try village.show()
    try await ServerProbe.with([chain]) { server in
      let answer = try await server.ask(.post, "/v1/transactions", headers: Self.protobuf, body: [1])
      #expect(answer.status == .forbidden)
      #expect(try answer.code() == "node.read_only")
    }
  }

  @Test("what is on its way when the chain stops is told so")
  func stopping() async throws {
    try await LivingChain.with { living in
      await living.stop()
      try await ServerProbe.with([living.chain]) { server in
        let body = try Self.openPlan(living)
        let answer = try await server.ask(.post, "/v1/transactions", headers: Self.protobuf, body: body)
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.code() == "node.stopping")
        #expect(answer.headers[.retryAfter] == "5")
      }
    }
  }
}

extension HTTPFields {
  /// These fields with others in place of those of the same name.
  fileprivate func merged(_ others: HTTPFields) -> HTTPFields {
    var fields = self
    for field in others { fields[field.name] = field.value }
    return fields
  }
}
