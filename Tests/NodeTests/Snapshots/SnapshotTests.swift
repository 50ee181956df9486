import Consortium
import Contracts
import Ledger
import MutualAid
import Storage
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Node

/// Chains made from snapshots against chains made from the whole log.
@Suite struct SnapshotTests {
  @Test(
    "a chain from a snapshot and the rest of the log goes on exactly as the one from the whole log", arguments: 0..<8)
  func roundTrip(seed: UInt64) throws {
    let history = try KeptHistory(seed: seed, blocks: 80)
    for height in [1, 23, 50 + Int(seed), 79].map(history.kept) {
      try history.write(at: height)
      // The log as it stood right then.
      let opened = try history.open(to: height)
      #expect(opened.snapshot.height == UInt64(height) && opened.replayed == 0)
      try expectSame(opened.chain, history.blocks[height - 1])
      try goOn(opened, history, from: height)
    }
    // And as it stood later, from the newest snapshot and from the one before.
    for height in [79, 50 + Int(seed)].map(history.kept) {
      let opened = try history.open()
      #expect(opened.snapshot.height == UInt64(height) && opened.replayed == UInt64(80 - height))
      try expectSame(opened.chain, history.blocks[79])
      #expect(opened.recent.results == history.snapshot(at: 80).head.results)
      try history.store.remove(UInt64(height))
    }
  }

  /// The blocks that follow are executed with the same seals: states, results and due steps agree, and what was
  /// sent twice is refused as before.
  private func goOn(_ opened: OpenedChain, _ history: KeptHistory, from height: Int) throws {
    var replay = Replay(after: opened.chain)
    for block in history.blocks[height...] {
      var blocks: [LoggedBlock] = []
      try replay.add(block.entries, into: &blocks)
      try replay.execute(&blocks)
    }
    #expect(replay.chain.head == history.chain.head)
    try replay.chain.app.mutualAid.recount()
    #expect(replay.chain.app.mutualAid.nullifiers.checkInvariants())
    #expect(replay.chain.app.mutualAid.references.checkInvariants())
    #expect(replay.chain.app.consortium.accounts.checkInvariants())
  }

  private func expectSame(_ chain: Chain<ChainState>, _ block: ExecutedBlock<ChainState>) throws {
    #expect(chain.head == block.head)
    #expect(chain.height == block.seal.height && chain.time == block.seal.time)
    #expect(chain.sequence == block.batch.header.sequence && chain.previous == block.batch.hash)
    #expect(chain.epoch == block.batch.header.epoch && chain.certifiers == block.app.endorsers)
    var (ours, theirs) = (chain.app, block.app)
    #expect(ours.commitment().tables == theirs.commitment().tables)
    #expect(ours.nextDue == theirs.nextDue)
    for plan in 0..<UInt16(ours.mutualAid.plans.count) {
      #expect(ours.mutualAid.balances(of: plan) == theirs.mutualAid.balances(of: plan))
      #expect(ours.mutualAid.openNotices(of: plan) == theirs.mutualAid.openNotices(of: plan))
    }
  }

  @Test("histories do contain what is hard: live transactions, queues, waiting cases, forgotten references")
  func coverage() throws {
    var repeated = 0
    var recent = 0
    for seed in UInt64(0)..<8 {
      let history = try KeptHistory(seed: seed, blocks: 90)
      for height in 1..<90 {
        recent += history.snapshot(at: height).head.results.count
        // Refused as a replay in the block after a snapshot: only the restored set knows.
        repeated += history.blocks[height].codes.joined().count { $0 == .replayed }
      }
    }
    #expect(recent > 1000)
    #expect(repeated > 50)
  }

  @Test("a snapshot of another chain, of a later block or of an unknown version is passed over for an older one")
  func passedOver() throws {
    let history = try KeptHistory(seed: 3, blocks: 40)
    try history.write(at: 20)
    try history.write(at: 35)
    #expect(try history.open(to: 30).snapshot.height == 20)
    #expect(try history.open().snapshot.height == 35)
    history.disk.edit(history.store.path(of: 35)) { $0[19] = 2 }
    #expect(throws: StorageError(.unknownVersion, "")) { try history.store.open(35) }
    #expect(try history.open().snapshot.height == 20)

    // The same records under another chain's name.
    let other = try KeptHistory(seed: 4, blocks: 21)
    let (head, image) = other.snapshot(at: 21)
    try history.store.write(
      SnapshotHead(
        chain: history.genesis.chain, height: 21, beforeSeal: head.beforeSeal, results: head.results, image: image),
      image)
    #expect(try history.open().snapshot.height == 0, "only the two newest are kept, and neither is good")
    try expectSame(history.open().chain, history.blocks[39])
  }

  @Test("a snapshot that is whole but lies about results, edge or records is passed over")
  func lies() throws {
    let history = try KeptHistory(seed: 5, blocks: 40)
    let (head, image) = history.snapshot(at: 30)
    func opens(_ head: SnapshotHead, _ image: StateImage) throws -> Bool {
      try history.store.write(head, image)
      let opened = try history.open()
      try expectSame(opened.chain, history.blocks[39])
      return opened.snapshot.height == 30
    }
    func with(
      edge: MerkleFrontier? = nil, results: [BlockResults]? = nil, image other: StateImage? = nil
    ) -> SnapshotHead {
      SnapshotHead(
        chain: head.chain, height: head.height, beforeSeal: edge ?? head.beforeSeal, results: results ?? head.results,
        image: other ?? image)
    }
    #expect(try opens(head, image))
    // A right edge that leads to another root.
    var hashes = head.beforeSeal.hashes
    hashes[hashes.count - 1] = .zero
    #expect(try !opens(with(edge: MerkleFrontier(size: head.beforeSeal.size, hashes: hashes)), image))
    // The state of the block before.
    let earlier = history.snapshot(at: 20).image
    #expect(try !opens(with(image: earlier), earlier))
    // Results that leave out the oldest block, or say another code.
    let long = (30...39).map { history.snapshot(at: $0) }.first { $0.head.results.count > 1 }
    let several = try #require(long)
    try history.store.write(
      SnapshotHead(
        chain: head.chain, height: several.head.height, beforeSeal: several.head.beforeSeal,
        results: Array(several.head.results.dropFirst()), image: several.image), several.image)
    #expect(try history.open().snapshot.height != several.head.height)
    try history.store.remove(several.head.height)
    var codes = head.results
    let last = codes.removeLast()
    if !last.bytes.isEmpty {
      var bytes = last.bytes
      bytes[bytes.count - 1] ^= 1
      #expect(try !opens(with(results: codes + [BlockResults(height: last.height, bytes: bytes)]), image))
    }
    #expect(try opens(head, image))
  }
}
