internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou bench proofs`.
struct BenchProofs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proofs",
    abstract: "Build and check receipts out of a long log that many organisations endorse.",
    discussion: """
      The log's last block is a real one with joins, a certificate and a quorum's signatures; what lies before is as
      many equal entries as it takes. Each receipt is built from the log's files alone and written, as a node does for
      those who waited for a block, with one reader for all; read again, and checked as anybody does. alone_us is the
      time of one whose reader has seen nothing before. bytes is the longest file.
      """)

  @Option(help: "Entries of the log (100,000 to 1,000,000,000,000).")
  var entries: UInt64 = 100_000_000

  @Option(help: "Organisations (1 to 32).")
  var organisations = 10

  @Option(help: "Receipts (1 to 10,000).")
  var receipts = 2000

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (100_000...1_000_000_000_000).contains(entries) else {
      throw ValidationError("--entries is 100000 to 1000000000000")
    }
    guard (1...EndorserSet.maximumCount).contains(organisations) else {
      throw ValidationError("--organisations is 1 to \(EndorserSet.maximumCount)")
    }
    guard (1...10_000).contains(receipts) else { throw ValidationError("--receipts is 1 to 10000") }
  }

  func run() throws {
    do {
      let figures = try measure()
      if json.isOn {
        try Output.json(figures)
      } else {
        Output.line("\(receipts) receipts out of a log of \(entries) entries, \(organisations) organisations")
        Output.line("  build p50 \(figures.build_us_p50) µs, p99 \(figures.build_us_p99) µs")
        Output.line("  alone  p50 \(figures.alone_us_p50) µs, p99 \(figures.alone_us_p99) µs")
        Output.line("  verify p50 \(figures.verify_us_p50) µs, p99 \(figures.verify_us_p99) µs")
        Output.line("  at most \(figures.bytes) bytes, \(figures.packed_bytes) packed by gzip")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure() throws -> Figures {
    let log = try LongLog(entries: entries, organisations: organisations, joins: receipts)
    // The first of each bundle makes files that a server has at hand.
    for index in log.joins where index % 64 == 0 { _ = try Receipt(entry: index, from: log) }
    var reader = try ProofReader(log)
    var builds: [Double] = []
    var alone: [Double] = []
    var checks: [Double] = []
    var (longest, packed) = (0, 0)
    for index in log.joins {
      let first = ContinuousClock.now
      let same = try Receipt(entry: index, from: log).json()
      let start = ContinuousClock.now
      let file = try reader.receipt(of: index).json()
      let built = ContinuousClock.now
      guard file == same else { throw LedgerError(.malformed, "a reader's receipts depend on what it read before") }
      let (transaction, _) = try Receipt(file: file).verify(chain: log.chain, policy: log.policy)
      let end = ContinuousClock.now
      guard transaction.action.belongs(to: "mutual-aid") else { throw LedgerError(.malformed, "not the join") }
      alone.append((start - first) / .microseconds(1))
      builds.append((built - start) / .microseconds(1))
      checks.append((end - built) / .microseconds(1))
      longest = max(longest, file.count)
      if index == log.joins.lowerBound { packed = try Receipt(file: file).packed().count }
    }
    return Figures(
      entries: entries, organisations: organisations, receipts: receipts, build_us_p50: builds.percentile(50),
      build_us_p99: builds.percentile(99), alone_us_p50: alone.percentile(50), alone_us_p99: alone.percentile(99),
      verify_us_p50: checks.percentile(50), verify_us_p99: checks.percentile(99),
      bytes: longest, packed_bytes: packed)
  }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let entries: UInt64
    let organisations: Int
    let receipts: Int
    let build_us_p50: Double
    let build_us_p99: Double
    let alone_us_p50: Double
    let alone_us_p99: Double
    let verify_us_p50: Double
    let verify_us_p99: Double
    let bytes: Int
    let packed_bytes: Int
  }
}

extension [Double] {
  /// The smallest value that so many percent do not pass; 0 of none.
  func percentile(_ percent: Int) -> Double {
    isEmpty ? 0 : sorted()[(count * percent + 99) / 100 - 1]
  }
}
