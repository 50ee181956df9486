internal import Crypto
internal import Foundation
internal import Ledger
internal import Logging
internal import Node
internal import Server
internal import ServiceLifecycle
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// The part of a server that witnesses other logs and has its own witnessed, as its settings say.
struct WitnessPart {
  /// For the server's routes.
  let witnessing: Witnessing
  /// What feeds the witnesses.
  let services: [any Service]

  /// - Parameters:
  ///   - data: the data directory; the key of the witness is made there at the first start.
  ///   - chains: those that are shown to outside witnesses.
  /// - Throws: ``SettingsError`` for a policy file, `node.unusable_directory` for a key that cannot be used.
  init(data: String, settings: ServingSettings, chains: [any ServedChain], logger: Logger) throws {
    var witness: NodeWitness?
    if let file = settings.witnessFor {
      let policy = try WitnessPart.policy(file, .witnessFor)
      guard !policy.logs.isEmpty else { throw SettingsError(.badValue, "\(file) has no log line") }
      let directory = WitnessKey.directory(data: data)
      let cosigner = try WitnessKey.open(
        directory, name: settings.witnessName, fallback: WitnessPart.name(settings) + "/witness"
      ) { Array(Curve25519.Signing.PrivateKey().rawRepresentation) }
      witness = try NodeWitness(
        of: policy.logs, as: cosigner, in: directory, clock: { Timestamp.wallClock.seconds }, logger: logger)
    }
    var feeders: [WitnessFeeder] = []
    if let file = settings.witnesses {
      let policy = try WitnessPart.policy(file, .witnesses)
      guard !policy.witnesses.isEmpty else { throw SettingsError(.badValue, "\(file) has no witness line") }
      do {
        feeders = try chains.map { chain in
          try WitnessFeeder(
            chain, witnesses: policy.witnesses,
            file: WitnessedFile(ChainPaths(data: data, chain: chain.name).witnessed), logger: logger)
        }
      } catch let error as StorageError {
        throw error
      } catch {
        throw SettingsError(.badValue, "\(file): \(error)")
      }
    }
    witnessing = Witnessing(witness: witness, feeders: feeders)
    services = feeders.map { feeder in LivingService { await feeder.run() } }
  }

  /// What to tell the operator: the key that logs and their readers have to know.
  var lines: [String] { witnessing.witness.map { ["witness \($0.verifierKey)"] } ?? [] }

  private static func policy(_ file: String, _ setting: Setting) throws -> Policy {
    guard let handle = FileHandle(forReadingAtPath: file),
      let text = try? handle.read(upToCount: Policy.maximumByteCount + 1)
    else { throw SettingsError(.unreadable, "\(setting.rawValue): \(file) is missing or may not be read") }
    do {
      return try Policy(text: Array(text))
    } catch {
      throw SettingsError(.badValue, "\(setting.rawValue): \(file): \(error)")
    }
  }

  /// What the node is called in the name of a new witness.
  private static func name(_ settings: ServingSettings) -> String {
    if let name = settings.tlsNames.first { return name }
    let isNobody = ["127.0.0.1", "::1", "localhost", "0.0.0.0", "::", ""].contains(settings.server.host)
    return isNobody ? ProcessInfo.processInfo.hostName : settings.server.host
  }
}
