import Contracts
import Foundation
import Storage
import TestSupport

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient
@testable import TransparencyLog

/// A log of a few blocks with a bit of everything, and all that is signed and proven of it.
struct FuzzLog: Sendable {
  /// Who signs.
  let network: TestNetwork
  /// The chain after the last block.
  let chain: TestChain
  /// The blocks, oldest first.
  let blocks: [ExecutedBlock<ChainState>]
  /// All entries of the log.
  let entries: [[UInt8]]
  /// What a quorum is.
  let policy: Policy
  /// The signed checkpoint at the end of the log.
  let checkpoint: UnverifiedCheckpoint
  /// What membership 0 went through.
  let changes: [MembershipChange]

  /// The chain's id.
  var id: Hash { network.genesis.chain }

  private static let made = Result { try FuzzLog() }

  /// The one log that all targets begin with.
  static func shared() throws -> FuzzLog { try made.get() }

  private init() throws {
    var history = try RandomHistory(seed: 5, watching: .membership(0))
    var blocks: [ExecutedBlock<ChainState>] = []
    var changes: [MembershipChange] = []
    for _ in 0..<40 {
      let block = try history.block()
      changes += block.app.mutualAid.noted.map(\.change)
      blocks.append(block)
    }
    self.blocks = blocks
    self.changes = changes
    chain = history.chain
    network = history.chain.network
    let genesis = network.genesis
    entries = [Entry.make(.genesis, genesis.bytes)] + blocks.flatMap(\.entries)
    policy = try chain.chain.certifiers.policy(origin: genesis.origin)
    let time = chain.chain.time.seconds
    let endorsing = network.organisations.compactMap { organisation in
      organisation.endorsing.map { (organisation.name, $0) }
    }
    let origin = try NoteName(genesis.origin)
    let signed = try UnverifiedCheckpoint(
      signing: Checkpoint(text: chain.chain.head.text(origin: genesis.origin)),
      by: endorsing.map { try NoteSigner(name: origin, seed: $0.1.log.seed) })
    checkpoint = try signed.adding(
      endorsing.map {
        try signed.cosignature(by: NoteCosigner(name: NoteName($0.0 + "/executor"), seed: $0.1.cosign.seed), at: time)
      })
  }

  /// The envelopes of all transactions that did what they asked for.
  var envelopes: [[UInt8]] {
    blocks.flatMap { block in
      zip(block.batch.entries, block.codes).filter { $0[0] == EntryKind.transaction.rawValue && $1 == [.success] }
        .map { Array($0.0.dropFirst()) }
    }
  }

  /// The proof of the last seal.
  func seal() throws -> SealProof { try SealProof(last: self) }
}

extension FuzzLog: LogSource {
  func read(_ path: String) throws -> [UInt8]? {
    if path == "checkpoint" { return checkpoint.bytes }
    if let place = try? EntryBundleCoordinate(path: path) {
      return try EntryBundle(place.entries.map { entries[Int($0)] }).bytes
    }
    var tiles = TileBuilder()
    let placed = tiles.append(contentsOf: entries.map { Hash.leaf($0) }) + tiles.partialTiles
    return placed.first { $0.coordinate.path == path }?.bytes
  }

  func files() throws -> [String]? { nil }
}
