internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid

/// `tongzhou bench settlement`.
struct BenchSettlement: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settlement",
    abstract: "Settle cases one by one over many memberships, in the real tables, trees and indexes.",
    discussion: """
      Memberships with distinct addresses and nullifiers are enrolled and credited unsigned, then each case
      is settled: from the call to the new state root, without disk. There is no cap.
      Bytes a membership count everything: tables, hashes, trees and indexes, measured by the allocator.
      """)

  @Option(help: "Memberships (1 to 200,000,000).")
  var members = 7_000_000

  @Option(help: "Cases, settled one by one (1 to 1,000,000).")
  var cases = 1000

  @Option(help: "Aid of all cases together, in yuan, spread to the millionth; default 300,000 each.")
  var payout: String?

  @Option(help: "Fee as a fraction on top of the aid, such as 0.08.")
  var fee = "0"

  @Option(help: "What each member has paid in, in yuan.")
  var deposit = "100"

  @Option(help: "equal: everyone has the deposit; distinct: everyone has another balance up to the deposit.")
  var balances = Balances.equal

  @OptionGroup var json: JSONOption

  enum Balances: String, ExpressibleByArgument, CaseIterable {
    case equal, distinct
  }

  func validate() throws {
    guard (1...200_000_000).contains(members) else { throw ValidationError("--members is 1 to 200000000") }
    guard (1...1_000_000).contains(cases) else { throw ValidationError("--cases is 1 to 1000000") }
  }

  func run() throws {
    do {
      let result = try measure()
      if json.isOn {
        try Output.json(result)
      } else {
        Output.line("\(members) memberships, \(cases) cases, \(balances.rawValue) balances")
        Output.line(
          "  settle p50 \(result.settle_us_p50) µs, p99 \(result.settle_us_p99) µs, max \(result.settle_us_max) µs")
        Output.line("  share per member \(Amount(micro: result.share_per_member_micro)) yuan")
        Output.line("  \(result.bytes_per_member) bytes a membership, \(result.rss_mb) MB in all")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure() throws -> Figures {
    guard let deposit = Amount(yuanText: deposit), deposit > .zero else {
      throw LedgerError(.overflow, "--deposit is an amount of yuan above 0")
    }
    guard let rate = Amount(yuanText: fee), rate >= .zero, rate.micro <= 500_000 else {
      throw LedgerError(.overflow, "--fee is a fraction from 0 to 0.5")
    }
    let total = try payout.map { text in
      guard let amount = Amount(yuanText: text), amount > .zero else {
        throw LedgerError(.overflow, "--payout is an amount of yuan above 0")
      }
      return amount
    }
    let aid = try total ?? Amount(exactly: Int128(cases) * 300_000 * Int128(Amount.microPerYuan))
    var field = try SettlementField(feePartsPerMillion: UInt32(rate.micro))
    var bar = ProgressBar("enrolling")
    let before = Memory.resident
    for index in 0..<members {
      let balance =
        balances == .equal ? deposit.micro : Int64(Int128(deposit.micro) * Int128(index + 1) / Int128(members))
      try field.enrol(index, balance: Amount(micro: balance))
      if index % 65_536 == 0 { bar.show(index, of: members) }
    }
    bar.finish()
    _ = field.root()
    let grown = Memory.resident - before

    var times: [Int64] = []
    times.reserveCapacity(cases)
    for index in 0..<cases {
      let part = aid.micro / Int64(cases) + (Int64(index) < aid.micro % Int64(cases) ? 1 : 0)
      field.addCase(aid: Amount(micro: part))
      let start = ContinuousClock.now
      field.settle()
      let taken = ContinuousClock.now - start
      times.append(Int64(taken / .nanoseconds(1)))
    }
    times.sort()
    let sums = field.sums
    return Figures(
      members: members, cases: cases, settle_us_p50: us(times[(times.count - 1) / 2]),
      settle_us_p99: us(times[(times.count * 99 + 99) / 100 - 1]), settle_us_max: us(times[times.count - 1]),
      share_per_member_micro: sums.share, collected_micro: sums.collected, needed_micro: sums.needed,
      shortfall_micro: sums.shortfall, lapsed: members - sums.payers,
      bytes_per_member: Double(grown) / Double(members), rss_mb: Memory.resident / 1_048_576)
  }

  private func us(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1000 }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let members: Int
    let cases: Int
    let settle_us_p50: Double
    let settle_us_p99: Double
    let settle_us_max: Double
    let share_per_member_micro: Int64
    let collected_micro: Int64
    let needed_micro: Int64
    let shortfall_micro: Int64
    let lapsed: Int
    let bytes_per_member: Double
    let rss_mb: Int
  }
}

/// What the operating system says of this process.
enum Memory {
  /// Bytes of memory in use.
  static var resident: Int {
    guard let status = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    let fields = status.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}

/// What the operating system says of the time this process has computed.
enum ProcessorTime {
  /// Seconds of all cores together.
  static var seconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
  }
}
