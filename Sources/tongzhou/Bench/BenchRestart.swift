internal import ArgumentParser
internal import Consortium
internal import Contracts
internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Node
internal import Storage
internal import TransparencyLog

/// `tongzhou bench restart`.
struct BenchRestart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Start a node on a chain of many memberships from a snapshot and the log after it.",
    discussion: """
      Memberships with distinct addresses, nullifiers and balances are enrolled unsigned, as in bench settlement,
      and a chain of one organisation begins with that state. Its first block seals the state's root into the log;
      a snapshot of that block is written, and some blocks more follow. Then the directory is opened as `node run` does:
      every record read and hashed, the root compared with the seal in the log, indexes built, the blocks after it
      executed, the root of the log compared with the checkpoint. start_s is the time until the node can be asked.
      The snapshot was just written, so the system still has it in memory, as after the restart of a program; with
      --cold it is read from the disk, as after that of a machine.
      """)

  @Option(help: "Memberships (1 to 200,000,000).")
  var members = 7_000_000

  @Option(help: "Empty blocks after the snapshot (0 to 100,000).")
  var blocks = 100

  @Flag(help: "Put the snapshot out of the system's memory before the start.")
  var cold = false

  @Option(help: "An empty or new directory to make the chain in, which then stays.")
  var data: String?

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...200_000_000).contains(members) else { throw ValidationError("--members is 1 to 200000000") }
    guard (0...100_000).contains(blocks) else { throw ValidationError("--blocks is 0 to 100000") }
  }

  func run() throws {
    let temporary = NSTemporaryDirectory() + "/tongzhou-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    do {
      let result = try measure(ChainPaths(data: data ?? temporary, chain: "aid"))
      if json.isOn {
        try Output.json(result)
      } else {
        Output.line("\(members) memberships, \(result.snapshot_bytes) bytes of snapshot")
        Output.line("  written in \(result.snapshot_write_s) s beside a chain that could have gone on")
        Output.line("  started in \(result.start_s) s, with \(result.replayed_blocks) blocks after it")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure(_ paths: ChainPaths) throws -> Figures {
    let made = try make(paths)
    let clock = Timestamp.wallClock
    let began = ContinuousClock.now
    let chain = try NodeChain(paths, clock: { clock }, logger: .standardError(.warning))
    let started = ContinuousClock.now - began
    guard let view = chain.view, view.height == made.height, view.head == made.head, chain.startedFrom == 1 else {
      throw StorageError(.damaged, "the chain that was opened is not the one that was made, or not from its snapshot")
    }
    return Figures(
      members: view.app.mutualAid.memberships.count, cold: cold, start_s: seconds(started),
      snapshot_write_s: seconds(made.writing), snapshot_bytes: made.bytes, replayed_blocks: view.height - 1,
      rss_mb: Memory.resident / 1_048_576)
  }

  /// What was made; the state itself is let go.
  private struct Made {
    let height: UInt64
    let head: LogHead
    let writing: Duration
    let bytes: UInt64
  }

  private func make(_ paths: ChainPaths) throws -> Made {
    var field = try SettlementField(feePartsPerMillion: 0)
    var bar = ProgressBar("enrolling")
    for index in 0..<members {
      // Like members who joined at different times: everybody has another balance up to 100 yuan.
      let balance = Int128(100 * Amount.microPerYuan) * Int128(index + 1) / Int128(members)
      try field.enrol(index, balance: Amount(micro: Int64(balance)))
      if index % 65_536 == 0 { bar.show(index, of: members) }
    }
    bar.finish()
    var line = try OneOrganisation(
      paths, blocks: blocks + 1, state: { (genesis) throws(LedgerError) in ChainState(try field.app(genesis: genesis)) }
    )
    let first = try line.block()
    let began = ContinuousClock.now
    var app = first.app
    let image = app.image()
    let store = SnapshotStore(paths.snapshots)
    let head = SnapshotHead(
      chain: line.genesis.chain, height: first.seal.height, beforeSeal: first.beforeSeal,
      results: [BlockResults(first)], image: image)
    let bytes = try store.write(head, image) ?? 0
    let writing = ContinuousClock.now - began
    if cold { try forget(store.path(of: first.seal.height)) }
    var last = first
    for _ in 0..<blocks { last = try line.block() }
    return Made(height: last.seal.height, head: last.head, writing: writing, bytes: bytes)
  }

  /// Puts a file out of the system's memory, so that it is read from the disk.
  private func forget(_ path: String) throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    guard posix_fadvise(file.fileDescriptor, 0, 0, Int32(POSIX_FADV_DONTNEED)) == 0 else {
      throw StorageError(.inputOutput, "cannot put \(path) out of memory")
    }
  }

  private func seconds(_ duration: Duration) -> Double { (duration / .milliseconds(1)).rounded() / 1000 }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let members: Int
    let cold: Bool
    let start_s: Double
    let snapshot_write_s: Double
    let snapshot_bytes: UInt64
    let replayed_blocks: UInt64
    let rss_mb: Int
  }
}

/// A chain of one organisation that makes empty blocks, each a minute after the last, and writes them as a node does.
private struct OneOrganisation {
  let genesis: Genesis
  private var participant: Endorsing<ChainState>
  private var writer: LogWriter
  private var now: Timestamp

  /// - Parameter state: what the chain begins with.
  init(_ paths: ChainPaths, blocks: Int, state: (Genesis) throws(LedgerError) -> ChainState) throws {
    func key(_ purpose: String) throws -> SigningKey {
      try SigningKey(seed: Hash.sha256(Array("tongzhou bench restart \(purpose)".utf8)).bytes)
    }
    let name = "bench.tongzhou.example"
    let keys = OrganisationKeys(vote: try key("vote"), cosign: try key("cosign"), log: try key("log"))
    // So that the last block is no later than the present.
    now = Timestamp(seconds: Timestamp.wallClock.seconds - 61 * UInt64(blocks + 1))
    genesis = try Genesis(
      name: paths.chain, origin: "\(name)/log/\(paths.chain)", time: now, limits: Limits(),
      contracts: [
        (
          Consortium.name,
          try Consortium.genesisPayload([
            Consortium.FoundingOrganisation(
              name: name, roles: .all, keys: keys.publicKeys, officers: [try key("officer").publicKey])
          ])
        ), (MutualAid.name, []),
      ])
    try PosixDisk().makeDirectory(paths.data)
    guard try PosixDisk().list(paths.data) == [] else {
      throw StorageError(.foreignDirectory, "\(paths.data) is not empty")
    }
    try KeyDirectory(paths.keys).write(keys, of: name)
    participant = Endorsing(
      chain: try Chain(genesis: genesis, app: state(genesis)), certificate: nil, keys: keys, records: [])
    writer = try LogWriter(creating: paths.log, synced: true)
    try writer.append([Entry.make(.genesis, genesis.bytes)])
    try writer.write(policy: participant.chain.app.endorsers.policy(origin: genesis.origin).text, height: 0)
  }

  /// The next block, durable.
  mutating func block() throws -> ExecutedBlock<ChainState> {
    now = now.adding(seconds: 61)
    var events: [Event] = [.tick]
    while !events.isEmpty {
      let effects = participant.handle(events, at: now)
      events = []
      for effect in effects {
        switch effect {
        case .append(let sequence, let bytes):
          events.append(
            .ordered(sequence: sequence, PreparedBatch(try Batch(decoding: bytes), chain: genesis.chain)))
        case .publish(let certified):
          try writer.append(certified.block.entries)
          try writer.publish(
            checkpoint: certified.checkpoint(origin: genesis.origin, endorsers: participant.chain.certifiers))
          return certified.block
        default: break
        }
      }
    }
    throw NodeError(.notReady, "one organisation alone made no block")
  }
}
