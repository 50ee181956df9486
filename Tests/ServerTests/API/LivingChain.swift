import Foundation
import Ledger
import Logging
import Synchronization
import TestSupport
import TransparencyLog

@testable import Node

/// A chain that lives in this process as a node's would: keys and files in a folder, blocks made from what is handed
/// in, by a clock that the test sets.
final class LivingChain: Sendable {
  let network: TestNetwork
  let chain: NodeChain
  private let folder: String
  private let clock: TestClock
  private let running: Task<Void, Never>
  private let maker: Mutex<TestChain>

  private init(network: TestNetwork, folder: String) throws {
    let paths = ChainPaths(data: folder, chain: "aid")
    try LivingChain.prepare(network, paths)
    let clock = TestClock(network.genesis.time.seconds + 10)
    let chain = try NodeChain(
      paths, clock: { Timestamp(seconds: clock.seconds) },
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    self.network = network
    self.folder = folder
    self.chain = chain
    self.clock = clock
    maker = Mutex(try TestChain(network))
    running = Task { await chain.run() }
  }

  /// A new folder.
  static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.path() + "/tongzhou-living-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
  }

  /// Writes what a node starts a new chain from: its genesis and the keys of its organisations.
  static func prepare(_ network: TestNetwork, _ paths: ChainPaths) throws {
    let folder = paths.data
    for directory in ["genesis", "keys"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(directory)", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    try Data(network.genesis.bytes).write(to: URL(filePath: paths.genesis))
    let keys = KeyDirectory(paths.keys)
    for organisation in network.organisations {
      guard let endorsing = organisation.endorsing else { continue }
      try keys.write(
        OrganisationKeys(vote: endorsing.vote, cosign: endorsing.cosign, log: endorsing.log), of: organisation.name)
    }
  }

  /// What the chain's clock shows.
  var now: UInt64 { clock.seconds }

  /// Moves the chain's clock.
  func advance(seconds: UInt64) { clock.advance(seconds) }

  /// Lets a chain live while something is done with it.
  static func with(endorsers: Int = 1, _ body: (LivingChain) async throws -> Void) async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let living = try LivingChain(network: TestNetwork(endorsers: endorsers), folder: folder)
    do {
      try await body(living)
    } catch {
      await living.stop()
      throw error
    }
    await living.stop()
  }

  /// Ends the chain, as a node does that is told to stop.
  func stop() async {
    running.cancel()
    await running.value
  }

  /// The entries of a signed transaction and its rows.
  func transaction(
    _ action: Action, by key: SigningKey, rows: [[UInt8]] = [], expiry: UInt64? = nil
  ) throws -> [[UInt8]] {
    try maker.withLock { maker in
      try maker.transaction(action, by: key, rows: rows, expiry: Timestamp(seconds: expiry ?? now + 300))
    }
  }
}
