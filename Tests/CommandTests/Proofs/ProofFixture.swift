import Consortium
import Contracts
import Ledger
import MutualAid
import Testing
import TransparencyLog

@testable import Simulator
@testable import TongzhouClient

/// A log's files in memory.
struct MemorySource: LogSource {
  var content: [String: [UInt8]] = [:]
  /// Whether the files can be listed; a server's cannot.
  var isListed = true

  func read(_ path: String) throws -> [UInt8]? { content[path] }

  func files() throws -> [String]? {
    guard isListed else { return nil }
    return content.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}

extension MemorySource {
  /// The files of a log of these entries.
  init(entries: [[UInt8]], checkpoint: [UInt8], policy: [UInt8]) throws {
    content = ["checkpoint": checkpoint, "policy/0": policy]
    var tiles = TileBuilder()
    let placed = tiles.append(contentsOf: entries.map { Hash.leaf($0) }) + tiles.partialTiles
    for tile in placed { content[tile.coordinate.path] = tile.bytes }
    for bundle in EntryBundleSequence(treeSize: UInt64(entries.count)) {
      let range = Int(bundle.entries.lowerBound)..<Int(bundle.entries.upperBound)
      content[bundle.path] = try EntryBundle(Array(entries[range])).bytes
    }
  }

  /// All entries, in order.
  func entries() throws -> [[UInt8]] {
    let size = try UnverifiedCheckpoint(try #require(content["checkpoint"])).checkpoint.size
    return try EntryBundleSequence(treeSize: size).flatMap { bundle in
      try EntryBundle(bytes: try #require(content[bundle.path]), width: bundle.width).entries
    }
  }
}

/// A member's statement; `Ledger` has another one, which organisations vote for.
typealias MemberStatement = TongzhouClient.Statement

/// One short history, made once for all tests of proofs and lies: three people, one case, one share each, and one
/// transaction in the log whose signature is not its sender's.
struct ProofFixture: Sendable {
  let source: MemorySource
  let genesis: Genesis
  let keys: [OrganisationKeys]
  let policy: Policy
  let entries: [[UInt8]]
  /// Where transactions stand.
  let transactions: [UInt64]
  /// The one of them that is forged.
  let forged: UInt64

  var chain: Hash { genesis.chain }

  static let shared = Result { try ProofFixture() }

  private init() throws {
    var history = try ShortHistory<ChainState>()
    defer { history.remove() }
    try history.run(forged: true)
    genesis = history.consortium.genesis
    keys = history.consortium.endorsers
    let files = FilesSource(history.path)
    var memory = MemorySource()
    for path in try #require(try files.files()) { memory.content[path] = try files.read(path) }
    source = memory
    let chain = genesis.chain
    policy = try ChainState(genesis: genesis).endorsers.policy(origin: genesis.origin)
    entries = try memory.entries()
    let all = entries
    transactions = all.indices.filter { all[$0].first == EntryKind.transaction.rawValue }.map { UInt64($0) }
    let spoiled = all.indices.filter { index in
      guard case .refused = PreparedBatch.item(all[index], chain: chain) else { return false }
      return all[index].first == EntryKind.transaction.rawValue
    }
    forged = UInt64(try #require(spoiled.first))
    try #require(spoiled.count == 1)
  }

  /// The receipt of an entry.
  func receipt(_ index: UInt64) throws -> Receipt { try Receipt(entry: index, from: source) }

  /// The state after the last block.
  func state() throws -> ChainState { try Auditor(source, genesis: chain).run().final.app }

  /// The statement of a membership.
  func statement(_ membership: UInt32) throws -> MemberStatement {
    try MemberStatement(watched: Auditor(source, genesis: chain, watching: membership).run(), from: source)
  }
}

extension ProofError {
  /// An error to compare with: only the code counts.
  init(code: Code) { self.init(code, "") }
}
