internal import ArgumentParser
internal import Consortium
internal import Crypto
internal import Foundation
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou bench ingest`.
struct BenchIngest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Take signed joins from bytes to durable, sealed, certified by one organisation.",
    discussion: """
      Joins are signed beforehand, each with a key of its own and an attestation under a manifest of 256 rows. Then
      the clock runs from the first byte handed to the node until the last join is in a certified block whose files
      are on the disk, all of them synced. The same run measures how many Ed25519 signatures of just such bodies all
      cores can verify when they do nothing else: verify_limit_per_s. ratio is signatures over that limit.

      With --rounds the joins come in so many parts, and what all cores verify is measured in between: on a machine that
      others use as well, one round tells little. The end of each part, when cores stand idle until its last block is on
      the disk, counts.

      The search index is fed beside it and may lag; search_lag_blocks says by how much at the end.
      """)

  @Option(help: "Joins (1 to 1,000,000).")
  var transactions = 100_000

  @Option(help: "An empty directory that keeps the chain; a temporary one without it.")
  var data: String?

  @Option(help: "Joins that are under way at one time.")
  var inFlight = 8192

  @OptionGroup var rounds: RoundsOption

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...1_000_000).contains(transactions) else { throw ValidationError("--transactions is 1 to 1000000") }
    guard (1...NodeChain.waitingLimit).contains(inFlight) else {
      throw ValidationError("--in-flight is 1 to \(NodeChain.waitingLimit)")
    }
  }

  func run() async throws {
    do {
      let directory =
        data
        ?? FileManager.default.temporaryDirectory.appendingPathComponent("tongzhou-bench-\(UUID().uuidString)").path
      defer { if data == nil { try? FileManager.default.removeItem(atPath: directory) } }
      let figures = try await measure(directory)
      if json.isOn {
        try Output.json(figures)
      } else {
        Output.line("\(transactions) joins in \(figures.seconds) s: \(figures.ingest_per_s) a second")
        Output.line("  all cores verify \(figures.verify_limit_per_s) signatures a second: ratio \(figures.ratio)")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  /// Makes the chain in an empty directory and measures how fast it goes.
  func measure(_ directory: String) async throws -> Figures {
    let chain = try BenchChain(directory: directory)
    let node = try chain.node()
    let life = Task { await node.run() }
    let entries = try await prepare(chain, node)
    var limit = try VerifyLimit(entries)
    limit.measure()

    let before = node.view?.height ?? 0
    var (seconds, used, failed, indexed) = (0.0, 0.0, 0, UInt64(0))
    for round in 0..<rounds.rounds {
      let part = Array(entries[(entries.count * round / rounds.rounds)..<(entries.count * (round + 1) / rounds.rounds)])
      let cpu = ProcessorTime.seconds
      let began = ContinuousClock.now
      failed += try await BenchChain.handIn(part, to: node, inFlight: inFlight)
      seconds += (ContinuousClock.now - began) / .seconds(1)
      used += ProcessorTime.seconds - cpu
      indexed = try node.index.height
      limit.measure()
    }
    let after = node.view?.height ?? 0

    life.cancel()
    await life.value
    guard failed == 0 else { throw NodeError(.busy, "\(failed) of \(transactions) joins were refused") }
    let rate = Double(transactions) / seconds
    return Figures(
      transactions: transactions, rounds: rounds.rounds, seconds: seconds, cpu_seconds: used,
      verify_limit_per_s: limit.perSecond, signatures_per_s: rate, ingest_per_s: rate, ratio: rate / limit.perSecond,
      blocks: after - before, search_lag_blocks: after - min(after, indexed),
      cores: ProcessInfo.processInfo.activeProcessorCount, in_flight: inFlight,
      attestations_per_manifest: BenchChain.rowsPerManifest)
  }

  /// Opens the plan, has everybody attested, and signs the joins.
  private func prepare(_ chain: BenchChain, _ node: NodeChain) async throws -> [[UInt8]] {
    let convention = try ConventionPlaces.convention("tongzhou-seed.yaml", in: nil)
    _ = try await node.submit(chain.officer(MutualAid.openPlan(convention, custodian: 0, identity: 0)))
    let people = try OnAllCores.map(transactions) { try BenchPerson($0) }
    var proven: [ProvenAttestation] = []
    var bar = ProgressBar("attesting")
    for first in stride(from: 0, to: people.count, by: BenchChain.rowsPerManifest) {
      let rows = people[first..<min(first + BenchChain.rowsPerManifest, people.count)]
      let bytes = rows.map(\.attestation.canonicalBytes)
      let manifest = UInt32(first / BenchChain.rowsPerManifest)
      let placement = try await node.submit(chain.officer(Consortium.attestAction(plan: 0), rows: bytes))
      guard placement.code == .success else { throw LedgerError(placement.code, "not attested") }
      let paths = InclusionPaths(bytes.map { Hash.leaf($0) })
      for (index, person) in rows.enumerated() {
        proven.append(
          ProvenAttestation(
            attestation: person.attestation, manifest: manifest, index: UInt32(index),
            path: paths.path(to: index)))
      }
      bar.show(first, of: people.count)
    }
    bar.finish()
    let rows = proven
    return try OnAllCores.map(people.count) { index in
      let person = people[index]
      let nullifier = person.attestation.nullifier.bytes
      let action = try MutualAid.join(
        rows[index], insured: .sha256(nullifier + [1]), health: .sha256(nullifier + [2]))
      return try BenchChain.entry(action, by: person.key, chain: chain.genesis.chain)
    }
  }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let transactions: Int
    let rounds: Int
    let seconds: Double
    let cpu_seconds: Double
    let verify_limit_per_s: Double
    let signatures_per_s: Double
    let ingest_per_s: Double
    let ratio: Double
    let blocks: UInt64
    let search_lag_blocks: UInt64
    let cores: Int
    let in_flight: Int
    let attestations_per_manifest: Int
  }
}
