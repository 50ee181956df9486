import Contracts
import Foundation
import Ledger
import MutualAid
import TongzhouClient
import TransparencyLog

// Reads a ledger from its first entry, as an auditor does, and prints each settlement of a member's plan with what
// she owed: from a log's files, or from a node, where it goes on as the ledger grows.
//
//     follow-settlements data/demo/log/aid CHAIN-ID MEMBERSHIP
//     follow-settlements URL CHAIN-ID MEMBERSHIP [--once]

/// A log's files in a directory that nobody writes to meanwhile.
struct Files: LogSource {
  let directory: String

  func read(_ path: String) throws -> [UInt8]? {
    FileManager.default.contents(atPath: directory + "/" + path).map { Array($0) }
  }

  func files() throws -> [String]? { nil }
}

/// A ledger as far as it was read.
///
/// Whoever hands out the files is believed nothing. Every block is executed anew; the root of all entries comes out of
/// that, and the checkpoint has to name the same root, signed by a quorum of the organisations that came out, too.
struct Reader {
  private final class Notes { var changes: [MembershipChange] = [] }

  private let membership: UInt32
  private let notes = Notes()
  private var replay: Replay
  private var printed = 0

  /// Entries read so far.
  var size: UInt64 { replay.chain.log.size }

  init(_ chain: TrustedChain, membership: UInt32) throws {
    self.membership = membership
    var state = try ChainState(genesis: chain.genesis)
    state.watch(.membership(membership))
    replay = try Replay(after: Chain(genesis: chain.genesis, app: state)) { [notes] block, _ in
      notes.changes += block.app.changes.map(\.change)
    }
  }

  /// Reads on to a log's checkpoint, and prints what was settled since.
  mutating func read(_ log: some LogSource) throws {
    let newest = try UnverifiedCheckpoint(log.read("checkpoint") ?? [])
    var (blocks, next): ([LoggedBlock], UInt64) = ([], size)
    for place in EntryBundleSequence(from: size, to: newest.checkpoint.size) {
      let bundle = try EntryBundle(bytes: log.read(place.path) ?? [], width: place.width)
      try replay.add(Array(bundle.entries.dropFirst(Int(next - place.entries.lowerBound))), into: &blocks)
      // The signatures of these blocks are verified on all cores while those before are executed.
      try replay.enqueue(&blocks)
      next = place.entries.upperBound
    }
    try replay.drain()
    let chain = replay.chain
    guard chain.log.size == newest.checkpoint.size, chain.log.root == newest.checkpoint.root else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "not that of the entries")
    }
    try CheckpointAudit.check(newest, certifiers: chain.certifiers, origin: chain.genesis.origin)
    if printed < chain.app.mutualAid.settlements.count { try show(chain, under: SealProof(last: log)) }
  }

  /// A member's statement says what she gave to which settlement, and why. Here it is made and verified at once.
  private mutating func show(_ chain: Chain<ChainState>, under seal: SealProof) throws {
    let proven = try TongzhouClient.Statement(
      of: membership, changes: notes.changes, state: chain.app, chain: chain.id, seal: seal
    ).verify(chain: chain.id, policy: chain.certifiers.policy(origin: chain.genesis.origin))
    let given = Dictionary(uniqueKeysWithValues: proven.shares.map { ($0.settlement.number, $0.given) })
    let settlements = chain.app.mutualAid.settlements
    for settlement in (printed..<settlements.count).map({ settlements[$0] })
    where settlement.plan == proven.membership.plan {
      let day = Date(timeIntervalSince1970: TimeInterval(settlement.time.seconds))
      print(
        "\(day.formatted(.iso8601.year().month().day()))  settlement \(settlement.number):",
        "cases \(settlement.cases), members \(settlement.payersBefore),",
        "share \(Amount(micro: settlement.share)) yuan,",
        "owed by membership \(membership): \(Amount(micro: given[settlement.number] ?? 0)) yuan")
    }
    printed = settlements.count
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard (3...4).contains(arguments.count), let pinned = Hash(hexadecimal: arguments[1]),
  let membership = UInt32(arguments[2]), arguments.count == 3 || arguments[3] == "--once"
else {
  print("usage: follow-settlements URL|DIRECTORY CHAIN-ID MEMBERSHIP [--once]")
  exit(64)
}
do {
  guard arguments[0].hasPrefix("http") else {
    let log = Files(directory: arguments[0])
    var reader = try Reader(TrustedChain(of: log, pinned: pinned), membership: membership)
    try reader.read(log)
    exit(0)
  }
  try await NodeClient.with(arguments[0]) { node in
    let (name, chain) = try await node.trusted(pinned: pinned)
    var reader = try Reader(chain, membership: membership)
    repeat {
      var options = RemoteLog.Options()
      options.from = reader.size
      options.withTiles = false
      let log = try await node.log(name, options: options)
      // Waits for the network on the thread it is called on. This is the main thread, where nothing else runs.
      try reader.read(log)
      log.close()
      fflush(nil)
      if arguments.count == 3 { try await Task.sleep(for: .seconds(2)) }
    } while arguments.count == 3
  }
} catch {
  print("NOT IN ORDER  \(error)")
  exit(1)
}
