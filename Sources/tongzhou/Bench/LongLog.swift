internal import Foundation
internal import Ledger
internal import MutualAid
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// A log of many million entries that takes no room: all entries but those of the last block are the same, so each
/// level of the tree has one hash, and what lies behind is small enough to keep.
///
/// The last block is a real one: a header with a certificate, joins, a seal, and a checkpoint over all with a quorum's
/// signatures.
final class LongLog: LogSource {
  /// Rows in one manifest of attestations, so that a join's path has twelve hashes.
  private static let rows = 4096

  let chain: Hash
  let policy: Policy
  /// Where the joins stand.
  let joins: Range<UInt64>
  private static let origin = "log.tongzhou.example/aid"
  private let filler: UInt64
  private let tail: [[UInt8]]
  /// Hashes of a whole subtree of nothing but fillers, by level.
  private let blank: [Hash]
  private let leaves: [Hash]
  private let signed: [UInt8]
  /// Files that were asked for, as a server has them at hand.
  private let known = Mutex<[String: [UInt8]]>([:])

  /// - Parameters:
  ///   - entries: the log's size.
  ///   - organisations: how many endorse.
  ///   - joins: transactions of the last block.
  init(entries: UInt64, organisations: Int, joins count: Int) throws {
    func seed(_ purpose: String, _ index: Int) -> [UInt8] { Hash.sha256(Array("\(purpose) \(index)".utf8)).bytes }
    let keys = try (0..<organisations).map { index in
      OrganisationKeys(
        vote: try SigningKey(seed: seed("vote", index)), cosign: try SigningKey(seed: seed("cosign", index)),
        log: try SigningKey(seed: seed("log", index)))
    }
    let endorsers = EndorserSet(
      keys.enumerated().map { index, keys in
        Endorser(ordinal: UInt32(index), name: "organisation-\(index).tongzhou.example", keys: keys.publicKeys)
      })
    // A receipt's maker takes the log's first entry for the genesis; here it is as empty as the others.
    let chain = Hash.sha256([])
    policy = try endorsers.policy(origin: LongLog.origin)
    filler = entries - UInt64(count) - 2
    joins = (filler + 1)..<(filler + 1 + UInt64(count))

    let time = Timestamp(seconds: 1_700_000_000)
    let before = LogHead(size: filler, root: .sha256(chain.bytes)).text(origin: LongLog.origin)
    let certificate = try keys.prefix(endorsers.quorum)
      .map { try EndorserCosignature(text: before, time: time, key: $0.cosign) }.sorted { $0.key < $1.key }
    let transactions = try LongLog.transactions(count, chain: chain, at: time)
    let batch = try Batch(
      Header(
        chain: chain, epoch: 0, sequence: 1_000_000, previous: .sha256([1]), certificate: certificate, proposer: 0),
      entries: transactions, signedBy: keys[0].vote)
    let seal = Seal(
      height: 1_000_000, time: time, batch: batch.hash, state: .sha256([2]), results: .sha256([3]),
      transactions: UInt32(count), failed: 0, rows: 0, steps: 0)
    tail = [Entry.make(.header, batch.signedHeader)] + transactions + [seal.entry]
    leaves = tail.map { Hash.leaf($0) }
    var levels = [Hash.leaf([])]
    for level in 0..<62 { levels.append(.node(levels[level], levels[level])) }
    blank = levels
    self.chain = chain

    let (blank, leaves, filler, size) = (blank, leaves, filler, filler + UInt64(tail.count))
    let root = try MerkleTree.root(size: size) { LongLog.node($0, $1, blank, leaves, filler) }
    let checkpoint = try Checkpoint(origin: Array(LongLog.origin.utf8), size: size, root: root)
    var note = try UnverifiedCheckpoint(
      signing: checkpoint,
      by: (0..<endorsers.quorum).map { try NoteSigner(name: NoteName(LongLog.origin), seed: seed("log", $0)) })
    for index in 0..<endorsers.quorum {
      let cosigner = try NoteCosigner(
        name: NoteName(endorsers.members[index].cosignerName), seed: seed("cosign", index))
      note = try note.adding([note.cosignature(by: cosigner, at: time.seconds)])
    }
    signed = note.bytes
  }

  private static func transactions(_ count: Int, chain: Hash, at time: Timestamp) throws -> [[UInt8]] {
    let people = try OnAllCores.map(count) { try BenchPerson($0) }
    let other = Hash.sha256([4])
    let path = [Hash](repeating: other, count: LongLog.rows.trailingZeroBitCount)
    return try OnAllCores.map(count) { index in
      let proven = ProvenAttestation(
        attestation: people[index].attestation, manifest: 24_000, index: UInt32(index % LongLog.rows), path: path)
      return try BenchChain.entry(
        MutualAid.join(proven, insured: .sha256([5]), health: .sha256([6])), by: people[index].key, chain: chain,
        at: time)
    }
  }

  /// The root of the perfect subtree of a level.
  private static func node(
    _ level: Int, _ index: UInt64, _ blank: [Hash], _ leaves: [Hash], _ filler: UInt64
  ) -> Hash {
    if (index + 1) << UInt64(level) <= filler { return blank[level] }
    if level == 0 { return leaves[Int(index - filler)] }
    return .node(
      node(level - 1, index * 2, blank, leaves, filler), node(level - 1, index * 2 + 1, blank, leaves, filler))
  }

  func read(_ path: String) throws -> [UInt8]? {
    if path == "checkpoint" { return signed }
    if let bytes = known.withLock({ $0[path] }) { return bytes }
    let bytes: [UInt8]
    if let tile = try? TileCoordinate(path: path) {
      let first = tile.index * UInt64(TileCoordinate.fullWidth)
      bytes = (first..<first + UInt64(tile.width)).flatMap {
        LongLog.node(8 * tile.level, $0, blank, leaves, filler).bytes
      }
    } else if let bundle = try? EntryBundleCoordinate(path: path) {
      bytes = try EntryBundle(bundle.entries.map { $0 < filler ? [] : tail[Int($0 - filler)] }).bytes
    } else {
      return nil
    }
    known.withLock { $0[path] = bytes }
    return bytes
  }

  func files() throws -> [String]? { nil }
}
