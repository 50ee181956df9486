internal import Consortium
internal import Dispatch
internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Node
internal import Storage
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// A chain that one organisation endorses, which has every role: what benches measure a node on.
struct BenchChain {
  /// Rows in one manifest of attestations: a join's path has eight hashes.
  static let rowsPerManifest = 256

  let genesis: Genesis
  let paths: ChainPaths
  let officer: SigningKey
  /// Officers of two more organisations, who decide cases; these do not endorse.
  let deciders: [SigningKey]
  private let endorser: OrganisationKeys

  /// Makes a data directory for it.
  ///
  /// - Parameter time: the genesis's.
  /// - Throws: `StorageError` `storage.foreign_directory` if the directory holds something.
  init(directory: String, time: Timestamp = now) throws {
    let name = "bench.tongzhou.example"
    func key(_ purpose: String) throws -> SigningKey {
      try SigningKey(seed: Hash.sha256(Array("tongzhou bench \(purpose)".utf8)).bytes)
    }
    officer = try key("officer")
    deciders = [try key("first decider"), try key("second decider")]
    endorser = OrganisationKeys(vote: try key("vote"), cosign: try key("cosign"), log: try key("log"))
    paths = ChainPaths(data: directory, chain: "aid")
    genesis = try Genesis(
      name: "aid", origin: "bench.tongzhou.example/log/aid",
      time: time, limits: Limits(),
      contracts: [
        (
          Consortium.name,
          try Consortium.genesisPayload([
            Consortium.FoundingOrganisation(
              name: name, roles: .all, keys: endorser.publicKeys, officers: [officer.publicKey]),
            Consortium.FoundingOrganisation(
              name: "first-decider.tongzhou.example", roles: .charity, keys: nil, officers: [deciders[0].publicKey]),
            Consortium.FoundingOrganisation(
              name: "second-decider.tongzhou.example", roles: .auditor, keys: nil, officers: [deciders[1].publicKey]),
          ])
        ), (MutualAid.name, []),
      ])
    let files = FileManager.default
    guard (try? files.contentsOfDirectory(atPath: directory))?.isEmpty ?? true else {
      throw StorageError(.foreignDirectory, "\(directory) is not empty")
    }
    try files.createDirectory(atPath: directory + "/genesis", withIntermediateDirectories: true)
    try Data(genesis.bytes).write(to: URL(fileURLWithPath: paths.genesis))
    let keys = KeyDirectory(paths.keys)
    try keys.write(endorser, of: name)
    try keys.write(officer: officer, of: name)
  }

  /// The name of a directory that does not exist yet, for a bench that keeps nothing.
  static func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("tongzhou-bench-\(UUID().uuidString)").path
  }

  static var now: Timestamp { .wallClock }

  /// A node on the directory; nothing is said but warnings.
  func node(clock: @escaping @Sendable () -> Timestamp = { now }) throws -> NodeChain {
    try NodeChain(paths, clock: clock, logger: .standardError(.warning))
  }

  /// The entries of an officer's transaction.
  func officer(_ action: Action, rows: [[UInt8]] = [], at time: Timestamp = now) throws -> [[UInt8]] {
    [try BenchChain.entry(action, by: officer, chain: genesis.chain, rows: rows, at: time)]
      + (try RowEntries.pack(rows))
  }

  /// The entry of a signed transaction that expires in nine minutes.
  static func entry(
    _ action: Action, by key: SigningKey, chain: Hash, rows: [[UInt8]] = [], at time: Timestamp = now
  ) throws(LedgerError) -> [UInt8] {
    let unsigned = try UnsignedTransaction(
      chain: chain, sender: key.publicKey.address, expiry: time.adding(seconds: 540),
      id: (0..<16).map { _ in UInt8.random(in: 0...255) }, action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    return Entry.make(.transaction, try unsigned.signed(by: [key]))
  }
}

/// A person of a bench: her key and what the identity authority says of her.
struct BenchPerson: Sendable {
  let key: SigningKey
  let attestation: Attestation

  init(_ index: Int) throws(LedgerError) {
    key = try SigningKey(seed: Hash.sha256(Array("tongzhou bench person \(index)".utf8)).bytes)
    let birthMonth = UInt16(1990 * 12 + index % 120)
    attestation = Attestation(
      plan: 0, birthMonth: birthMonth, owner: key.publicKey.address,
      earliestJoin: CivilDate.midnight(month: Int(birthMonth)).adding(days: 100), expiry: .max,
      nullifier: .sha256(Array("tongzhou bench nullifier \(index)".utf8)))
  }
}

/// Work on all cores whose results come back in order.
enum OnAllCores {
  static func map<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> T) throws -> [T] {
    let slice = 128
    let done = Mutex<[Int: Result<[T], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: (count + slice - 1) / slice) { number in
      let range = (number * slice)..<min((number + 1) * slice, count)
      let part = Result { try range.map(body) }
      done.withLock { $0[number] = part }
    }
    var all: [T] = []
    all.reserveCapacity(count)
    let parts = done.withLock { $0 }
    for number in 0..<parts.count { all += try parts[number]?.get() ?? [] }
    return all
  }
}

extension BenchChain {
  /// Hands everything in, as so many senders that each wait for one transaction before they send the next, and waits
  /// for the last.
  ///
  /// - Returns: how many did not succeed.
  static func handIn(_ entries: [[UInt8]], to node: NodeChain, inFlight: Int) async throws -> Int {
    let next = Counter()
    let senders = min(inFlight, entries.count)
    // A group looks for each child that ends among all it has: in parts, thousands of them end in no time.
    return try await withThrowingTaskGroup(of: Int.self) { parts in
      for first in stride(from: 0, to: senders, by: 128) {
        parts.addTask {
          try await handIn(entries, to: node, senders: min(128, senders - first), next)
        }
      }
      return try await parts.reduce(0, +)
    }
  }

  private static func handIn(
    _ entries: [[UInt8]], to node: NodeChain, senders: Int, _ next: Counter
  ) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<senders {
        group.addTask {
          var failed = 0
          while let index = next.take(below: entries.count) {
            if try await node.submit([entries[index]]).code != .success { failed += 1 }
          }
          return failed
        }
      }
      return try await group.reduce(0, +)
    }
  }

  /// Numbers from 0, each given once.
  private final class Counter: Sendable {
    private let count = Atomic(0)

    func take(below end: Int) -> Int? {
      let index = count.add(1, ordering: .relaxed).oldValue
      return index < end ? index : nil
    }
  }
}
