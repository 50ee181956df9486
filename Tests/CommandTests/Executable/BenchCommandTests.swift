import Foundation
import TestSupport
import Testing

/// `tongzhou bench settlement`.
@Suite struct BenchCommandTests {
  private func bench(_ arguments: [String]) throws -> Program.Run {
    try Program.tongzhou.run(["bench", "settlement", "--json"] + arguments)
  }

  @Test("300,000 yuan over five million members is six fen each")
  func sixFen() throws {
    let run = try bench(["--members", "5000000", "--cases", "1"])
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object()
    #expect(figures["share_per_member_micro"] as? Int64 == 60_000)
    #expect(figures["collected_micro"] as? Int64 == 300_000_000_000)
    #expect(figures["needed_micro"] as? Int64 == 300_000_000_000)
    #expect(figures["shortfall_micro"] as? Int64 == 0 && figures["lapsed"] as? Int == 0)
  }

  @Test("small benches give what a ledger gives that changes every balance by hand")
  func naiveLedger() throws {
    var generator = SeededGenerator(seed: 20)
    var (short, lapsed) = (0, 0)
    for number in 0..<24 {
      func below(_ bound: Int64) -> Int64 { Int64(generator.next() % UInt64(bound)) }
      let members = 1 + below(400)
      let cases = 1 + below(12)
      let deposit = 1 + below(30_000_000)
      // Sometimes more than all of them have.
      let payout = 1 + below(2 * members * deposit)
      let fee = [0, 80_000, 500_000, 123_457][Int(below(4))]
      let isDistinct = number % 2 == 0
      let run = try bench([
        "--members", "\(members)", "--cases", "\(cases)", "--deposit", yuan(deposit), "--payout", yuan(payout),
        "--fee", yuan(Int64(fee)), "--balances", isDistinct ? "distinct" : "equal",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let figures = try run.object()
      let balances = (1...members).map { isDistinct ? deposit * $0 / members : deposit }
      var ledger = NaiveLedger(balances: balances, feePartsPerMillion: Int64(fee))
      for index in 0..<cases { ledger.settle(aid: payout / cases + (index < payout % cases ? 1 : 0)) }
      #expect(figures["share_per_member_micro"] as? Int64 == ledger.shares, "bench \(number)")
      #expect(figures["collected_micro"] as? Int64 == ledger.collected, "bench \(number)")
      #expect(figures["needed_micro"] as? Int64 == ledger.needed, "bench \(number)")
      #expect(figures["shortfall_micro"] as? Int64 == ledger.shortfall, "bench \(number)")
      #expect(figures["lapsed"] as? Int == ledger.lapsed, "bench \(number)")
      short += ledger.shortfall > 0 ? 1 : 0
      lapsed += (1..<Int(members)).contains(ledger.lapsed) ? 1 : 0
    }
    #expect(short > 3 && short < 21 && lapsed > 3, "\(short) with a shortfall, \(lapsed) where some ran dry")
  }

  @Test(
    "figures that make no sense are refused",
    arguments: [
      (["--members", "0"], 64), (["--cases", "0"], 64), (["--balances", "odd"], 64), (["--deposit", "0"], 1),
      (["--deposit", "many"], 1), (["--payout", "-1"], 1), (["--fee", "0.6"], 1), (["--fee", "1e-3"], 1),
    ] as [([String], Int32)])
  func nonsense(_ arguments: [String], _ status: Int32) throws {
    // One word, so that a minus is no option.
    let run = try bench([arguments.joined(separator: "=")])
    #expect(run.status == status && run.output.isEmpty && run.errors.contains(arguments[0]), "\(run.errors)")
  }

  /// Millionths as an amount of yuan.
  private func yuan(_ micro: Int64) -> String {
    let fraction = String(micro % 1_000_000)
    return "\(micro / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }
}

/// Settles by sorting the balances and taking from each: slow and plain.
private struct NaiveLedger {
  private var balances: [Int64]
  private let feePartsPerMillion: Int64
  private var rounding: Int64 = 0
  private(set) var shares: Int64 = 0
  private(set) var collected: Int64 = 0
  private(set) var needed: Int64 = 0
  private(set) var shortfall: Int64 = 0

  init(balances: [Int64], feePartsPerMillion: Int64) {
    self.balances = balances.sorted()
    self.feePartsPerMillion = feePartsPerMillion
  }

  /// Those who have nothing left.
  var lapsed: Int { balances.filter { $0 == 0 }.count }

  mutating func settle(aid: Int64) {
    let fee = aid * feePartsPerMillion / 1_000_000
    let share = share(raising: aid + fee - rounding)
    let taken = balances.reduce(0) { $0 + min($1, share) }
    balances = balances.map { $0 - min($0, share) }
    let available = rounding + taken
    let raised = min(available, aid + fee)
    let given = aid + fee == 0 ? 0 : Int64(Int128(aid) * Int128(raised) / Int128(aid + fee))
    let feeGiven = raised == aid + fee ? fee : min(given * feePartsPerMillion / 1_000_000, raised - given)
    rounding = available - given - feeGiven
    shares += share
    collected += taken
    needed += aid + fee
    shortfall += max(0, aid + fee - available)
  }

  /// The smallest share that raises what is needed; all that the richest has where nothing does.
  private func share(raising target: Int64) -> Int64 {
    guard target > 0 else { return 0 }
    var paidInFull: Int64 = 0
    for (index, balance) in balances.enumerated() {
      // Everybody from here on pays the whole share.
      let payers = Int64(balances.count - index)
      if paidInFull + payers * balance >= target { return (target - paidInFull + payers - 1) / payers }
      paidInFull += balance
    }
    return balances.last ?? 0
  }
}
