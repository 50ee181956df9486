import Contracts
import Foundation
import Ledger
import Logging
import MutualAid
import Storage
import Synchronization
import TestSupport
import Testing
import TransparencyLog

@testable import Node
@testable import TongzhouClient

/// A follower of a live node.
@Suite struct FollowerChainTests {
  /// A follower with its server.
  private final class Follower {
    let chain: FollowerChain
    let server: LocalServer
    private let client: NodeClient
    private let run: Task<Void, Never>

    init(_ address: String, log name: String?, data: String, pinned: Hash?) async throws {
      client = try NodeClient(address)
      let chain = try await FollowerChain.open(
        ChainPaths(data: data, chain: "aid"), from: client, log: name, pinned: pinned, every: .milliseconds(20),
        logger: .quiet)
      self.chain = chain
      run = Task { await chain.run() }
      server = try await LocalServer.serving([chain])
    }

    func stop() async {
      await server.stop()
      run.cancel()
      await run.value
      await client.shutdown()
    }
  }

  /// What two servers give for the same paths, when both have the same block; they may come to another in between.
  private func sameAnswers(_ paths: [String], _ node: LiveNode, _ follower: Follower) async throws {
    var different: [String] = []
    for _ in 0..<20 {
      #expect(try await soon { follower.chain.view?.height == node.chain.view?.height })
      #expect(try await soon { try follower.chain.index.height == node.chain.index.height })
      different = []
      let ours = try NodeClient.local(follower.server.port)
      for path in paths {
        let theirs = try await node.client.get(path, limit: 1 << 22)
        if try await ours.get(path, limit: 1 << 22) != theirs { different.append(path) }
      }
      await ours.shutdown()
      if different.isEmpty { return }
    }
    #expect(different.isEmpty)
  }

  @Test("it catches up while the chain grows, serves the same bytes, and goes on after a restart")
  func followsAndServes() async throws {
    let (source, copy) = (try TemporaryFolder(), try TemporaryFolder())
    defer { for folder in [source, copy] { folder.remove() } }
    let node = try await LiveNode(in: source)
    let opened = try await node.openPlan()
    var follower = try await Follower(node.server.address, log: "aid", data: copy.path, pinned: node.trusted.id)
    let members = try await node.people(3)
    let paths = [
      "/", "/plans/0", "/organisations", "/explorer", "/log/aid/checkpoint", "/log/aid/policy", "/log/aid/policy/0",
      "/v1/chains", "/v1/plans/0", "/v1/members/\(members[1])/statement", "/v1/proofs/memberships/\(members[2])",
      "/v1/receipts/\(opened.transaction)", "/v1/receipts/\(opened.transaction).tlog-proof",
    ]
    try await sameAnswers(paths, node, follower)
    // Of partial files only those of checkpoints that it saw.
    let size = try #require(node.chain.view?.head.size)
    let files = EntryBundleSequence(treeSize: size).map(\.path) + TileSequence(treeSize: size).map(\.path)
    try await sameAnswers(files.map { "/log/aid/" + $0 }, node, follower)

    // It takes nothing.
    let client = try NodeClient.local(follower.server.port)
    let refused = await #expect(throws: ClientError.self) {
      try await client.submit(Array(opened.receipt.entry.dropFirst()), on: "aid", chain: node.trusted)
    }
    #expect(refused?.code.name == NodeError.Code.readOnly.name && refused?.status == 403)
    await client.shutdown()

    await follower.stop()
    let snapshots = try SnapshotStore(copy.file("snapshots/aid")).heights()
    #expect(!snapshots.isEmpty, "a snapshot to start from")
    try await node.people(2)
    follower = try await Follower(node.server.address, log: "aid", data: copy.path, pinned: nil)
    #expect(follower.chain.view != nil, "what was verified is served before the source is asked")
    try await sameAnswers(paths, node, follower)
    await follower.stop()

    // Its files are a log like any other.
    let report = try Auditor(FilesSource(copy.file("log/aid")), genesis: node.trusted.id).run()
    #expect(report.final.app.mutualAid.memberships.count == 5)
    // The directory is the pin now.
    let other = try NodeClient(node.server.address)
    await #expect(throws: NodeError(.unusableDirectory, "")) {
      _ = try await FollowerChain.open(
        ChainPaths(data: copy.path, chain: "aid"), from: other, log: "aid", pinned: .label("another", 1),
        logger: .quiet)
    }
    await other.shutdown()
    await node.stop()
  }

  /// A way to lie about a log's files.
  enum SourceLie: CaseIterable {
    case tamperedBundle, forkedCheckpoint, badSignature

    func bend(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      switch self {
      case .tamperedBundle:
        if path.hasPrefix("/log/aid/tile/entries/") { bytes[bytes.count - 2] ^= 1 }
      case .forkedCheckpoint:
        // Another root in the same size: the third line.
        guard path == "/log/aid/checkpoint" else { return bytes }
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        lines[2][3] = lines[2][3] == 65 ? 66 : 65
        bytes = Array(lines.joined(separator: [10]))
      case .badSignature:
        guard path == "/log/aid/checkpoint" else { return bytes }
        // In the last line, after the name and the key's ID.
        let place = bytes.count - 12
        bytes[place] = bytes[place] == 65 ? 66 : 65
      }
      return bytes
    }

    var place: String {
      switch self {
      case .tamperedBundle: "tile/entries/000"
      case .forkedCheckpoint, .badSignature: "checkpoint"
      }
    }
  }

  @Test(
    "when its source lies it stops there, says what and where, and serves what it verified",
    arguments: SourceLie.allCases)
  func leavesALiar(_ lie: SourceLie) async throws {
    let (source, copy) = (try TemporaryFolder(), try TemporaryFolder())
    defer { for folder in [source, copy] { folder.remove() } }
    let node = try await LiveNode(in: source)
    try await node.openPlan()
    let isLying = Mutex(false)
    let log = node.chain.log
    // A plain file server, with one weakness.
    let liar = try await LocalServer.answering { path, _ in
      guard path.hasPrefix("/log/aid/"), let bytes = try? log.read(String(path.dropFirst("/log/aid/".count))) else {
        return (404, [:], [])
      }
      return (200, [:], isLying.withLock { $0 } ? lie.bend(path, bytes) : bytes)
    }
    let follower = try await Follower(liar.address + "/log/aid", log: nil, data: copy.path, pinned: node.trusted.id)
    #expect(try await soon { follower.chain.view?.height == node.chain.view?.height })
    let verified = try #require(follower.chain.view)
    #expect(follower.chain.fault == nil)

    isLying.withLock { $0 = true }
    try await node.people(1)
    #expect(try await soon { follower.chain.fault != nil })
    let fault = try #require(follower.chain.fault)
    #expect(fault == NodeError(.sourceLied, "") && fault.message.hasPrefix(lie.place), "\(fault)")
    #expect(follower.chain.view?.checkpoint == verified.checkpoint)
    let client = try NodeClient.local(follower.server.port)
    let unready = await #expect(throws: ClientError.self) { try await client.get("/readyz", limit: 1 << 16) }
    #expect(unready?.code.name == NodeError.Code.sourceLied.name && unready?.status == 503)
    let chains = String(decoding: try await client.get("/v1/chains", limit: 1 << 16), as: UTF8.self)
    #expect(chains.contains("\"stopped\":") && chains.contains(lie.place))
    #expect(try await client.get("/log/aid/checkpoint", limit: 1 << 16) == verified.checkpoint)
    #expect(try await client.get("/plans/0", limit: 1 << 20).count > 100)
    await client.shutdown()
    await follower.stop()
    await liar.stop()
    await node.stop()
  }
}
