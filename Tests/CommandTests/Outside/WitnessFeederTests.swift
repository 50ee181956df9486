import Foundation
import Ledger
import Logging
import Storage
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Node
@testable import Server
@testable import TongzhouClient

@Suite("A chain's checkpoints on their way to witnesses")
struct WitnessFeederTests {
  private static let quick: WitnessFeeder.Pace = {
    var pace = WitnessFeeder.Pace()
    pace.interval = .milliseconds(20)
    pace.shortestPause = .milliseconds(40)
    return pace
  }()

  private static func cosigner(_ name: String, _ seed: UInt8) throws -> NoteCosigner {
    try NoteCosigner(name: NoteName(name), seed: [UInt8](repeating: seed, count: 32))
  }

  private static func peer(_ cosigner: NoteCosigner, _ address: String) -> Policy.Witness {
    Policy.Witness(name: cosigner.verifierKey.name.bytes, key: cosigner.verifierKey, url: Array(address.utf8))
  }

  private static func feeder(
    _ node: LiveNode, _ peers: [Policy.Witness], in folder: TemporaryFolder, options: ClientOptions? = nil
  ) throws -> WitnessFeeder {
    try WitnessFeeder(
      node.chain, witnesses: peers, file: WitnessedFile(folder.file("witnessed/aid.checkpoint")), pace: quick,
      options: options, logger: .quiet)
  }

  /// What a served checkpoint says, once a witness of this key counts.
  private static func verified(_ bytes: [UInt8], _ node: LiveNode, by key: VerifierKey) throws -> VerifiedCheckpoint {
    let own = try #require(node.chain.view).certifiers.policy(origin: node.network.genesis.origin)
    let policy = try Policy(
      logs: own.logs, witnesses: own.witnesses + [Policy.Witness(name: [0x77], key: key)], groups: own.groups,
      quorum: .named([0x77]))
    return try policy.verify(UnverifiedCheckpoint(bytes))
  }

  @Test("two nodes of ours witness a third as it grows; one that fails in between catches up")
  func growing() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    try await node.openPlan()
    let policy = try #require(node.chain.view).certifiers.policy(origin: node.network.genesis.origin)
    let cosigners = [try Self.cosigner("w.example/one", 61), try Self.cosigner("w.example/two", 62)]
    var servers: [LocalServer] = []
    for (place, cosigner) in cosigners.enumerated() {
      let witness = try NodeWitness(
        of: policy.logs, as: cosigner, in: folder.file("witness-\(place)"),
        clock: { UInt64(Date().timeIntervalSince1970) }, logger: .quiet)
      var options = ServerApplication.Options()
      options.port = 0
      let settings = options
      servers.append(
        try await LocalServer { onRunning in
          try ServerApplication.make(
            chains: [node.chain], options: settings, witnessing: Witnessing(witness: witness), metrics: nil,
            logger: .quiet, clock: { UInt64(Date().timeIntervalSince1970) }, onRunning: { onRunning($0) })
        })
    }
    let peers = zip(cosigners, servers).map { Self.peer($0, $1.address + "/witness") }
    let feeder = try Self.feeder(node, peers, in: folder)
    let running = Task { await feeder.run() }
    for key in ["a", "b"] {
      try await node.openPlan(key: key)
      let size = try #require(node.chain.view).head.size
      let isWitnessed = try await soon { feeder.standings.allSatisfy { $0.size >= size } }
      #expect(isWitnessed, "\(feeder.standings)")
    }
    // One of them goes away, and the other is enough.
    await servers[1].stop()
    try await node.openPlan(key: "c")
    let size = try #require(node.chain.view).head.size
    let goesOn = try await soon {
      try feeder.checkpoint.map { try UnverifiedCheckpoint($0).checkpoint.size >= size } ?? false
    }
    #expect(goesOn)
    let bytes = try #require(feeder.checkpoint)
    let verified = try Self.verified(bytes, node, by: cosigners[0].verifierKey)
    #expect(verified.checkpoint.size >= size && !verified.logSignatures.isEmpty)
    #expect(verified.cosignatures.count > 1, "those who certify stand there too")
    running.cancel()
    await running.value
    // What was kept is there at the next start.
    let again = try Self.feeder(node, peers, in: folder)
    #expect(again.checkpoint == feeder.checkpoint)
    await servers[0].stop()
    await node.stop()
  }

  @Test("a witness that lies, stalls, floods or refuses gets nothing kept, and is asked less and less")
  func hostile() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    try await node.openPlan()
    let (good, other) = (try Self.cosigner("w.example/good", 63), try Self.cosigner("w.example/other", 64))
    let asked = Atomic(0)
    typealias Reply = (status: Int, fields: [String: String], [UInt8])
    let cases: [(String, @Sendable (AddCheckpointRequest) throws -> Reply)] = [
      ("another's line", { (200, [:], try other.cosign(text: $0.note.text, timestamp: 5).line) }),
      ("a line on another text", { _ in (200, [:], try good.cosign(text: Array("x\n".utf8), timestamp: 5).line) }),
      ("a flood", { _ in (200, [:], [UInt8](repeating: 0x0A, count: 1 << 20)) }),
      ("nothing", { _ in (200, [:], []) }),
      ("too large a size", { (409, ["content-type": "text/x.tlog.size"], Array("\($0.size + 1)\n".utf8)) }),
      ("the same size", { (409, ["content-type": "text/x.tlog.size"], Array("\($0.oldSize)\n".utf8)) }),
      ("no size", { _ in (409, ["content-type": "text/x.tlog.size"], Array("no\n".utf8)) }),
      (
        "another size each time",
        { (409, ["content-type": "text/x.tlog.size"], Array("\(1 - min(1, $0.oldSize))\n".utf8)) }
      ),
      ("a refusal", { _ in (403, [:], Array("no\n".utf8)) }),
      ("a fork", { _ in (422, [:], []) }),
      ("an error", { _ in (500, [:], []) }),
      ("elsewhere", { _ in (302, ["location": "http://127.0.0.1:1/"], []) }),
    ]
    for (what, reply) in cases {
      asked.store(0, ordering: .relaxed)
      let server = try await LocalServer.answering { path, body in
        asked.add(1, ordering: .relaxed)
        guard path == "/prefix/add-checkpoint", let request = try? AddCheckpointRequest(body) else {
          return (400, [:], [])
        }
        return (try? reply(request)) ?? (500, [:], [])
      }
      let feeder = try Self.feeder(node, [Self.peer(good, server.address + "/prefix/")], in: folder)
      let running = Task { await feeder.run() }
      let wasAsked = try await soon { asked.load(ordering: .relaxed) >= 2 }
      #expect(wasAsked, "\(what)")
      try await Task.sleep(for: .milliseconds(200))
      #expect(feeder.checkpoint == nil && feeder.standings.map(\.size) == [0], "\(what)")
      // Pauses of 40, 80, 160 … ms, with at most four requests before each.
      #expect(asked.load(ordering: .relaxed) <= 40, "\(what)")
      running.cancel()
      await running.value
      await server.stop()
    }
    await node.stop()
  }

  @Test("witnesses without a usable place or key are refused before anything starts")
  func unusable() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    let key = try Self.cosigner("w", 65).verifierKey
    #expect(throws: ClientError(.badAddress, "")) {
      try Self.feeder(node, [Policy.Witness(name: [0x77], key: key)], in: folder)
    }
    #expect(throws: ClientError(.badAddress, "")) {
      try Self.feeder(node, [Policy.Witness(name: [0x77], key: key, url: Array("ftp://x".utf8))], in: folder)
    }
    let large = try VerifierKey(
      name: NoteName("w"), type: .mlDSA44, publicKey: [UInt8](repeating: 1, count: 1312))
    #expect(throws: TransparencyLogError(.malformedKey, "")) {
      try Self.feeder(node, [Policy.Witness(name: [0x77], key: large, url: Array("http://x".utf8))], in: folder)
    }
    await node.stop()
  }
}
