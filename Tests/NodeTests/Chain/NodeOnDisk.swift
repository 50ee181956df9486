import Consortium
import Contracts
import Foundation
import Ledger
import Logging
import MutualAid
import Storage
import Synchronization
import TestSupport
import TongzhouClient
import TransparencyLog

@testable import Node

/// A node of one process on a disk in memory; its keys and search index lie in a real directory.
///
/// Transactions register accounts: whichever was acknowledged must be registered for ever.
final class NodeOnDisk: Sendable {
  let network: TestNetwork
  let disk: MemoryDisk
  let paths: ChainPaths
  private let began = ContinuousClock.now
  private let made = Atomic(UInt64(0))
  /// Accounts whose registration was acknowledged, by their numbers.
  let acknowledged = Mutex<Set<UInt64>>([])

  init(organisations: Int = 1, seed: UInt64 = 1) throws {
    network = try TestNetwork(endorsers: organisations)
    disk = MemoryDisk(seed: seed)
    let directory = FileManager.default.temporaryDirectory.appending(path: "tongzhou-node-tests-\(UUID().uuidString)")
      .path()
    paths = ChainPaths(data: directory, chain: "aid")
    let keys = KeyDirectory(paths.keys)
    for organisation in network.organisations {
      guard let own = organisation.endorsing else { continue }
      try keys.write(OrganisationKeys(vote: own.vote, cosign: own.cosign, log: own.log), of: organisation.name)
    }
    try disk.makeDirectory(directory + "/genesis")
    try disk.replace(paths.genesis, with: network.genesis.bytes)
  }

  deinit { try? FileManager.default.removeItem(atPath: paths.data) }

  /// Seconds go by as on the wall, from shortly after the genesis on, also while no node runs.
  var now: Timestamp {
    network.genesis.time.adding(seconds: 1 + UInt64((ContinuousClock.now - began) / .seconds(1)))
  }

  func open(schedule: SnapshotSchedule = SnapshotSchedule()) throws -> NodeChain {
    try NodeChain(
      paths, disk: disk, clock: { [self] in now }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      schedule: schedule, retry: .milliseconds(3))
  }

  /// Opens the chain, lets it live while `body` runs, and stops it as a node is stopped.
  func run<T: Sendable>(
    schedule: SnapshotSchedule = SnapshotSchedule(), _ body: (NodeChain) async throws -> T
  ) async throws -> T {
    let chain = try open(schedule: schedule)
    let life = Task { await chain.run() }
    let result: Result<T, any Error>
    do { result = .success(try await body(chain)) } catch { result = .failure(error) }
    life.cancel()
    await life.value
    return try result.get()
  }

  /// The entries of a transaction that registers the account of a number.
  private func entries(_ number: UInt64) throws -> [[UInt8]] {
    let key = network.organisation(.platform).officer
    let row = Array(Hash.label("account", number).bytes.prefix(Address.byteCount))
    let unsigned = try UnsignedTransaction(
      chain: network.genesis.chain, sender: key.publicKey.address, expiry: now.adding(seconds: 500),
      id: Array(Hash.label("registration", number).bytes.prefix(16)), action: Consortium.registerAction(),
      manifest: Manifest(rows: [row]))
    return [Entry.make(.transaction, try unsigned.signed(by: [key]))] + (try RowEntries.pack([row]))
  }

  /// Submits so many transactions, as many at a time as said, and notes which were acknowledged.
  ///
  /// - Throws: the first error.
  func submit(_ count: Int, to chain: NodeChain, atOnce: Int = 1) async throws {
    var left = count
    while left > 0 {
      let group = min(left, atOnce)
      left -= group
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for _ in 0..<group {
          let number = made.add(1, ordering: .relaxed).newValue
          let entries = try entries(number)
          tasks.addTask { [self] in
            let placement = try await chain.submit(entries)
            guard placement.code == .success else { throw LedgerError(placement.code, "not registered") }
            _ = acknowledged.withLock { $0.insert(number) }
          }
        }
        try await tasks.waitForAll()
      }
    }
  }

  /// Numbers of acknowledged accounts that are not registered in what readers see.
  func lost(in chain: NodeChain) -> [UInt64] {
    let consortium = chain.view?.app.consortium
    return acknowledged.withLock { numbers in
      numbers.filter { number in
        guard let address = Address(Hash.label("account", number).bytes.prefix(Address.byteCount)) else { return true }
        return consortium?.isRegistered(address) != true
      }.sorted()
    }
  }

  /// Replays the whole log from its genesis, as an audit does.
  func audit() throws -> Chain<ChainState> {
    let log = LogDirectory(paths.log, disk: disk)
    guard let bytes = try log.read("checkpoint") else { throw NodeError(.notReady, "no checkpoint") }
    let checkpoint = try UnverifiedCheckpoint(bytes).checkpoint
    return try OpenedChain(
      log, genesis: network.genesis, head: LogHead(size: checkpoint.size, root: checkpoint.root),
      snapshots: SnapshotStore("/none", disk: disk), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ).chain
  }
}
