internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou bench audit`.
struct BenchAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Audit a chain of signed joins from its files, beside raw verification of the same signatures.",
    discussion: """
      Makes the chain as `bench ingest` does, then replays it from its files as `tongzhou audit` does: every hash,
      signature, block, seal and file. audit_per_s counts transactions, each with one signature; ratio is that over
      what all cores verify in the same run when they do nothing else. The signatures of headers and certificates are
      verified too and not counted. With --rounds the chain is audited so often, and what all cores verify is measured
      in between: on a machine that others use as well, one round tells little.

      With --trust-quorum it measures `tongzhou audit --trust-quorum` on the same files: every entry hashed, no
      transaction's signature, no replay. entries_per_s counts entries of the log.
      """)

  @Option(help: "Joins (1 to 1,000,000).")
  var transactions = 100_000

  @Flag(help: "Measure the audit that believes a quorum in what was executed.")
  var trustQuorum = false

  @OptionGroup var rounds: RoundsOption

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...1_000_000).contains(transactions) else { throw ValidationError("--transactions is 1 to 1000000") }
  }

  func run() async throws {
    do {
      let directory = BenchChain.temporaryDirectory()
      defer { try? FileManager.default.removeItem(atPath: directory) }
      let ingest = try BenchIngest.parse(["--transactions", "\(transactions)", "--data", directory])
      _ = try await ingest.measure(directory)
      let log = LogDirectory(ChainPaths(data: directory, chain: "aid").log)
      if trustQuorum { return try show(BenchAudit.measureTrusting(log)) }
      let figures = try measure(log)
      if json.isOn {
        try Output.json(figures)
      } else {
        Output.line("\(figures.transactions) transactions audited in \(figures.seconds) s")
        Output.line("  all cores verify \(figures.verify_limit_per_s) signatures a second: ratio \(figures.ratio)")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private static func measureTrusting(_ log: LogDirectory) throws -> TrustingFigures {
    let began = ContinuousClock.now
    let report = try QuorumAudit(DirectorySource(log), genesis: nil).run()
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    return TrustingFigures(
      entries: report.entries, transactions: report.transactions, blocks: report.blocks, seconds: seconds,
      entries_per_s: Double(report.entries) / seconds, cores: ProcessInfo.processInfo.activeProcessorCount)
  }

  private func show(_ figures: TrustingFigures) throws {
    guard !json.isOn else { return try Output.json(figures) }
    Output.line("\(figures.entries) entries audited in \(figures.seconds) s, a quorum believed in what was executed")
    Output.line("  \(figures.entries_per_s) entries a second on \(figures.cores) cores")
  }

  private func measure(_ log: LogDirectory) throws -> Figures {
    let source = DirectorySource(log)
    var limit = try VerifyLimit(BenchAudit.transactions(in: log))
    limit.measure()
    func audit() throws -> (Auditor<DirectorySource>.Report, seconds: Double) {
      let began = ContinuousClock.now
      let report = try Auditor(source, genesis: nil).run()
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      limit.measure()
      return (report, seconds)
    }
    var (report, seconds) = try audit()
    for _ in 1..<rounds.rounds {
      let (again, more) = try audit()
      (report, seconds) = (again, seconds + more)
    }
    let rate = Double(report.transactions) * Double(rounds.rounds) / seconds
    return Figures(
      transactions: report.transactions, entries: report.entries, blocks: report.blocks, rounds: rounds.rounds,
      seconds: seconds, verify_limit_per_s: limit.perSecond, audit_per_s: rate, ratio: rate / limit.perSecond,
      cores: ProcessInfo.processInfo.activeProcessorCount)
  }

  /// The transactions' entries from the end of a log, where the joins are; as many as a limit is measured on.
  private static func transactions(in log: LogDirectory) throws -> [[UInt8]] {
    guard let checkpoint = try log.read("checkpoint") else { return [] }
    let size = try UnverifiedCheckpoint(checkpoint).checkpoint.size
    var found: [[UInt8]] = []
    for coordinate in EntryBundleSequence(treeSize: size).reversed() {
      guard let bytes = try log.read(coordinate.path) else { break }
      let entries = try EntryBundle(bytes: bytes, width: coordinate.width).entries
      found += entries.filter { $0.first == EntryKind.transaction.rawValue }
      if found.count >= VerifyLimit.count { break }
    }
    return found
  }

  /// The figures of an audit that believes a quorum.
  struct TrustingFigures: Encodable {
    let entries: UInt64
    let transactions: UInt64
    let blocks: UInt64
    let seconds: Double
    let entries_per_s: Double
    let cores: Int
  }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let transactions: UInt64
    let entries: UInt64
    let blocks: UInt64
    let rounds: Int
    let seconds: Double
    let verify_limit_per_s: Double
    let audit_per_s: Double
    let ratio: Double
    let cores: Int
  }
}
