import Consortium
import Foundation
import Ledger
import MutualAid
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Node
@testable import TongzhouClient

/// The client against servers that behave badly, and against a live node.
@Suite struct NodeClientTests {
  private func client(_ server: LocalServer, patience: Int64 = 60, seconds: Int64 = 120) throws -> NodeClient {
    var options = ClientOptions()
    options.patienceSeconds = patience
    options.answerSeconds = seconds
    return try NodeClient(server.address, options: options)
  }

  private static func problem(_ code: String) -> [UInt8] {
    let detail = #"some \u001b[31m detail"#
    return Array(
      #"{"type":"about:blank","title":"t","status":1,"detail":"\#(detail)","code":"\#(code)","request":"r"}"#.utf8)
  }

  @Test(
    "addresses that are none are refused",
    arguments: [
      "", "127.0.0.1:8080", "ftp://host", "http://", "http://user@host", "http://host?x=1", "http://host#x",
    ])
  func badAddresses(_ address: String) {
    #expect(throws: ClientError(.badAddress, "")) { try NodeClient(address) }
  }

  @Test("it waits as long as it is told, and asks again")
  func retryAfter() async throws {
    let times = Mutex<[ContinuousClock.Instant]>([])
    let server = try await LocalServer.answering { _, _ in
      let count = times.withLock { times in
        times.append(.now)
        return times.count
      }
      if count == 1 { return (503, ["retry-after": "1"], Self.problem("node.busy")) }
      return (200, [:], Array(#"{"chains":[]}"#.utf8))
    }
    let client = try client(server)
    #expect(try await client.chains().isEmpty)
    let asked = times.withLock { $0 }
    #expect(asked.count == 2 && asked[1] - asked[0] >= .seconds(1))
    await client.shutdown()
    await server.stop()
  }

  @Test("it waits no longer than it is let, whatever it is told")
  func impatient() async throws {
    let count = Mutex(0)
    let server = try await LocalServer.answering { _, _ in
      let isFirst = count.withLock { count in
        count += 1
        return count == 1
      }
      if isFirst { return (503, ["retry-after": "3600"], Self.problem("node.not_ready")) }
      return (200, [:], Array(#"{"chains":[]}"#.utf8))
    }
    var options = ClientOptions()
    options.patienceSeconds = 60
    options.obedienceMilliseconds = 50
    let client = try NodeClient(server.address, options: options)
    #expect(try await client.chains().isEmpty)
    await client.shutdown()
    await server.stop()
  }

  @Test("what does not pass is told at once, with the node's own code and nothing that steers a terminal")
  func problems() async throws {
    let count = Mutex(0)
    let server = try await LocalServer.answering { path, _ in
      count.withLock { $0 += 1 }
      return path == "/v1/chains" ? (429, [:], Self.problem("transaction.quota_used")) : (302, ["location": "/"], [])
    }
    let client = try client(server)
    let refused = await #expect(throws: ClientError.self) { try await client.chains() }
    #expect(refused?.code.name == "transaction.quota_used" && refused?.status == 429)
    #expect(refused?.message == "some [31m detail" && refused?.retryAfter == nil)
    let moved = await #expect(throws: ClientError.self) { try await client.checkpoint("aid") }
    #expect(moved == ClientError(.badAnswer, "") && moved?.status == 302)
    #expect(count.withLock { $0 } == 2)
    await client.shutdown()
    await server.stop()
  }

  @Test("answers that are too long, too late or no answers are refused")
  func limits() async throws {
    let server = try await LocalServer.answering { path, _ in
      switch path {
      case "/v1/chains": (200, [:], [UInt8](repeating: 32, count: 2 << 20))
      case "/log/a/checkpoint": (200, [:], Array("no checkpoint".utf8))
      case "/log/b/checkpoint": (404, [:], [])
      default: (200, [:], Array(#"{"items":3}"#.utf8))
      }
    }
    let client = try client(server, patience: 0)
    await #expect(throws: ClientError(.tooLarge, "")) { try await client.chains() }
    await #expect(throws: AuditFailure(.badCheckpoint, "checkpoint", "")) {
      try await client.trusted(log: "a", pinned: nil)
    }
    await #expect(throws: AuditFailure(.missingFile, "checkpoint", "")) { try await client.checkpoint("b") }
    let key = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    await #expect(throws: ClientError(.badAnswer, "")) {
      try await client.members(of: key.publicKey.address, chain: "aid")
    }
    await client.shutdown()
    await server.stop()
    let gone = try self.client(server, patience: 0)
    await #expect(throws: ClientError(.unreachable, "")) { try await gone.chains() }
    await gone.shutdown()
  }

  @Test("a server that never stops sending, a byte at a time, is given up")
  func trickle() async throws {
    let server = try await LocalServer.trickling()
    let client = try client(server, patience: 0, seconds: 2)
    let begun = ContinuousClock.now
    await #expect(throws: ClientError(.timedOut, "")) { try await client.chains() }
    // Among many tests a single turn may take long; the answer itself would take a quarter of an hour.
    #expect(ContinuousClock.now - begun < .seconds(120))
    await client.shutdown()
    await server.stop()
  }

  @Test("a chain's name never leads out of a path", arguments: ["", "..", "a/../b", "/a", "a/", "a b", "a?b", "a%2e"])
  func badNames(_ name: String) { #expect(!NodeClient.isName(name) && NodeClient.isName("aid/senior")) }

  @Test("a transaction is handed in, proven, and found again when it is sent a second time")
  func submits() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    let officer = node.network.organisation(.platform).officer
    let action = try MutualAid.openPlan(TestConvention.plain(), custodian: 1, identity: 2)
    let envelope = try NodeClient.sign(action, by: officer, chain: node.trusted)
    let first = try await node.client.submit(envelope, on: "aid", chain: node.trusted)
    #expect(first.succeeded && first.transaction == .sha256(envelope) && first.rows == [])
    let again = try await node.client.submit(envelope, on: "aid", chain: node.trusted)
    #expect(again.succeeded && again.receipt.index == first.receipt.index && again.rows == nil)
    let found = try await node.client.receipt(of: first.transaction, on: "aid", chain: node.trusted)
    #expect(found.transaction.sender == officer.publicKey.address)

    // Refused by the rules: in the log, with its code.
    let refused = await #expect(throws: ClientError.self) { try await node.openPlan() }
    #expect(refused?.code.name == ErrorCode.conventionKnown.name)
    // Refused before it gets into the log.
    let stranger = try SigningKey(label: "a stranger")
    let unknown = await #expect(throws: ClientError.self) {
      try await node.client.perform(action, by: stranger, on: "aid", chain: node.trusted)
    }
    #expect(unknown?.code.name == ErrorCode.unknownSender.name && unknown?.status == 403)

    // Another pin: nothing the node says holds.
    let other = try TrustedChain(TestNetwork(endorsers: 4, name: "other").genesis)
    await #expect(throws: ProofError(code: .wrongChain)) {
      try await node.client.receipt(of: first.transaction, on: "aid", chain: other)
    }
    await #expect(throws: AuditFailure(.wrongGenesis, "entry 0", "")) {
      try await node.client.trusted("aid", pinned: other.id)
    }
    await node.stop()
  }

  @Test("records and rules of the state are proven; a record at another place is not the one asked for")
  func provenState() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    try await node.openPlan()
    let members = try await node.people(2)
    let rules = try await node.client.convention(of: 0, on: "aid", chain: node.trusted)
    #expect(rules.bytes == (try TestConvention.plain().bytes))
    #expect(try await node.client.plan(0, on: "aid", chain: node.trusted).nextDeposit == 3)
    let proven = try await node.client.statement(of: members[0], on: "aid", chain: node.trusted).proven
    #expect(proven.balance == 30 * Amount.microPerYuan && proven.changes.count == 2)
    let missing = await #expect(throws: ClientError.self) {
      try await node.client.membership(99, on: "aid", chain: node.trusted)
    }
    #expect(missing?.status == 404)

    let json = try await node.client.get("/v1/proofs/memberships/\(members[1])", limit: 1 << 20)
    let proof = try ProvenState(file: json)
    func verify(_ proof: ProvenState, table: String = "memberships", ordinal: UInt32? = nil) throws {
      _ = try proof.verify(
        MembershipRecord.self, table: table, ordinal: UInt64(ordinal ?? members[1]), chain: node.trusted)
    }
    try verify(proof)
    #expect(throws: ProofError(code: .notIncluded)) { try verify(proof, ordinal: members[0]) }
    #expect(throws: ProofError(code: .notIncluded)) { try verify(proof, table: "plans") }
    var bent = proof
    bent.record.record[20] ^= 1
    #expect(throws: ProofError(code: .notIncluded)) { try verify(bent) }
    bent = proof
    bent.chain = String(repeating: "0", count: 64)
    #expect(throws: ProofError(code: .wrongChain)) { try verify(bent) }
    bent = proof
    bent.seal.checkpoint = bent.seal.checkpoint.replacingOccurrences(of: "log.example/aid\n", with: "log.example/b\n")
    #expect(throws: ProofError(code: .noQuorum)) { try verify(bent) }
    #expect(throws: ProofError(code: .malformed)) { try ProvenState(file: Array("{}".utf8)) }
    await node.stop()
  }
}
