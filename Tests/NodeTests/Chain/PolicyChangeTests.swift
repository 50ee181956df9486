import Consortium
import MutualAid
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import Node
@testable import TongzhouClient

/// What a node publishes when its endorsers change.
@Suite struct PolicyChangeTests {
  @Test("a suspension is published with its proof, and a reader of the genesis comes to the present policy by it")
  func suspension() async throws {
    let node = try NodeOnDisk(organisations: 4)
    let vote = try #require(node.network.organisations[3].endorsing?.vote)
    let pair = try (1...2).map { root in
      try SignedStatement(
        Ledger.Statement(
          chain: node.network.genesis.chain, epoch: 0, sequence: 1_000, batch: .zero, size: 40,
          root: .sha256([UInt8(root)])), domain: Domain.vote, key: vote)
    }
    let evidence = try Evidence.bytes(.votes, pair[0], pair[1])
    try await node.run { chain in
      try await node.submit(2, to: chain)
      let officer = node.network.organisation(.platform).officer
      let unsigned = try UnsignedTransaction(
        chain: node.network.genesis.chain, sender: officer.publicKey.address, expiry: node.now.adding(seconds: 500),
        id: [UInt8](repeating: 9, count: 16), action: Consortium.submitEvidence(evidence))
      let placed = try await chain.submit([Entry.make(.transaction, try unsigned.signed(by: [officer]))])
      #expect(placed.code == .success)
      try await node.submit(2, to: chain)
    }
    let log = LogDirectory(node.paths.log, disk: node.disk)
    let changes = try PolicyChanges(file: try #require(try log.read(PolicyChanges.path)))
    var chain = try TrustedChain(node.network.genesis)
    let before = chain.policy
    #expect(try chain.follow(changes) == 1)
    let end = try node.audit()
    let origin = node.network.genesis.origin
    #expect(try chain.policy == end.certifiers.policy(origin: origin) && chain.policy != before)
    #expect(chain.policies.newest.endorsers == end.certifiers && end.certifiers.suspended == 1)
    let checkpoint = try UnverifiedCheckpoint(try #require(try log.read("checkpoint")))
    _ = try chain.policies.verify(checkpoint)
    // Every reader of the files finds the same.
    struct Source: LogSource {
      let log: LogDirectory
      func read(_ path: String) throws -> [UInt8]? { try log.read(path) }
      func files() throws -> [String]? { try log.files() }
    }
    let quick = try QuorumAudit(Source(log: log), genesis: chain.id).run()
    let whole = try Auditor(Source(log: log), genesis: chain.id).run()
    #expect(quick.policies == 2 && quick.blocks == whole.blocks && quick.files == whole.files)
    let found = try LogFsck(node.paths.log, disk: node.disk).run()
    #expect(found.isGood && found.findings == [])
  }
}
