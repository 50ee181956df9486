internal import Foundation
internal import Ledger
internal import MutualAid
internal import Simulator
internal import TongzhouClient
internal import TransparencyLog

/// What a demonstration prints.
struct DemoOutput: Encodable {
  struct Plan: Encodable {
    let nameZh: String
    let nameEn: String
    let capPerCaseMicro: Int64
    let modelCapPerCaseMicro: Int64
    let joined: Int
    let live: Int
    let funded: Int
    let casesFiled: [String: Int]
    let casesSettled: [String: Int]
    let settlements: Int
    let sharePerCaseMicro: Int64
    let costPerMemberYearMicro: Int64
    let moneyInMicro: Int64
    let moneyOutMicro: Int64
    let balancesMicro: Int64
    let payoutsPaidMicro: Int64
    let payoutsDueMicro: Int64
    let feesMicro: Int64
    let refundsMicro: Int64
    let reservesMicro: Int64
    let waitingMicro: Int64
    let carriedMicro: Int64
  }

  struct Verified: Encodable {
    let receiptBytes: Int
    let statementBytes: Int
    let statementChanges: Int
    let statementShares: Int
    let statementBalanceMicro: Int64
    let auditEntries: UInt64
    let auditBlocks: UInt64
    let auditFiles: Int
    let auditSeconds: Double
  }

  let chain: String
  let data: String
  let members: Int
  let years: Int
  let seed: UInt64
  let seconds: Double
  let tableRatePerThousand: Double
  let selectionFactor: Double
  let plans: [Plan]
  let results: [String: Int]
  let events: [String: Int]
  let verified: Verified
  let hearts: DemoHeartsOutput
  private let height: UInt64
  private let memberNumber: UInt32

  private enum CodingKeys: String, CodingKey {
    case chain, data, members, years, seed, seconds, tableRatePerThousand, selectionFactor, plans, results, events
    case verified, hearts
  }

  init(
    report: DemoReport, checks: DemoChecks, options: DemoOptions, model: Convention, directory: String,
    seconds: Double, hearts: DemoHearts
  ) {
    chain = checks.audit.chain.description
    data = directory
    members = options.members
    years = options.years
    seed = options.seed
    self.seconds = seconds
    tableRatePerThousand = report.tableRate * 1000
    selectionFactor = report.selectionFactor
    var models = options.plans.map(\.caps.perCase.micro)
    models[1] = model.caps.perCase.micro
    plans = zip(report.plans, models).map { Plan($0, modelCap: $1) }
    results = Dictionary(uniqueKeysWithValues: report.results.map { ($0.name, $0.count) })
    events = Dictionary(uniqueKeysWithValues: report.events.map { ($0.name, $0.count) })
    verified = Verified(
      receiptBytes: checks.receiptBytes, statementBytes: checks.statementBytes,
      statementChanges: checks.statementChanges, statementShares: checks.statementShares,
      statementBalanceMicro: checks.statementBalance.micro, auditEntries: checks.audit.entries,
      auditBlocks: checks.audit.blocks, auditFiles: checks.audit.files, auditSeconds: checks.auditSeconds)
    self.hearts = DemoHeartsOutput(hearts, directory: directory)
    height = checks.receiptHeight
    memberNumber = checks.memberNumber
  }
}

extension DemoOutput.Plan {
  init(_ plan: DemoReport.Plan, modelCap: Int64) {
    let money = plan.money
    nameZh = plan.nameZh
    nameEn = plan.nameEn
    capPerCaseMicro = plan.capPerCase
    modelCapPerCaseMicro = modelCap
    joined = plan.joined
    live = plan.live
    funded = plan.funded
    casesFiled = Dictionary(uniqueKeysWithValues: plan.cases.map { ($0.key, $0.filed) })
    casesSettled = Dictionary(uniqueKeysWithValues: plan.cases.map { ($0.key, $0.settled) })
    settlements = plan.settlements
    sharePerCaseMicro = plan.settledCases == 0 ? 0 : plan.shares / Int64(plan.settledCases)
    costPerMemberYearMicro = plan.memberYears > 0 ? Int64(Double(plan.collected) / plan.memberYears) : 0
    moneyInMicro = Int64(money.sources)
    moneyOutMicro = plan.balances + Int64(money.places)
    balancesMicro = plan.balances
    payoutsPaidMicro = money.payoutsPaid
    payoutsDueMicro = money.payoutsDue
    feesMicro = money.fees
    refundsMicro = money.refundsDue + money.refundsPaid
    reservesMicro = money.reserve + money.rounding
    waitingMicro = money.pending + money.suspense
    carriedMicro = money.carried
  }
}

extension DemoOutput {
  func print() {
    Output.line("同舟 Tongzhou: \(members) people, \(years) years, four organisations (seed \(seed))")
    Output.line("chain \(chain)")
    Output.line(
      "illness: the table gives \(text(tableRatePerThousand)) per thousand a year for these ages; "
        + "selection factor \(text(selectionFactor)) brings it to \(text(DemoOptions.illnessPerThousand))")
    for plan in plans { plan.print() }
    Output.line()
    Output.line("results of transactions and rows")
    for (name, count) in results.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      Output.line("  \(name.padding(toLength: 34, withPad: " ", startingAt: 0)) \(count)")
    }
    Output.line()
    Output.line("what happens once in a while")
    for (name, count) in events.sorted(by: { $0.key < $1.key }) {
      Output.line("  \(name.padding(toLength: 34, withPad: " ", startingAt: 0)) \(count)")
    }
    Output.line()
    Output.line("verified from the files alone, starting from the genesis hash")
    Output.line("  receipt    ok: a join in block \(height), \(verified.receiptBytes) bytes (\(data)/receipt.json)")
    Output.line(
      "  statement  ok: member \(memberNumber), \(verified.statementChanges) changes, \(verified.statementShares) "
        + "shares, balance \(Amount(micro: verified.statementBalanceMicro)) yuan (\(data)/statement.json)")
    Output.line(
      "  chain      ok: \(verified.auditEntries) entries, \(verified.auditBlocks) blocks, "
        + "\(verified.auditFiles) files, \(text(verified.auditSeconds)) s")
    Output.line("check a file yourself, without asking anybody, also when nothing runs any more:")
    Output.line(
      "  tongzhou verify \(data)/statement.json --genesis \(chain) --policy \(data)/log/aid/policy/0")
    Output.line("simulated in \(text(seconds)) s; audit it again: tongzhou audit \(data)/log/aid --genesis \(chain)")
    hearts.print(data: data)
  }

  private func text(_ value: Double) -> String { String(format: "%.3g", value) }
}

extension DemoOutput.Plan {
  func print() {
    Output.line()
    Output.line("\(nameZh) · \(nameEn)")
    let cap = capPerCaseMicro == modelCapPerCaseMicro ? "its own" : "scaled from \(yuan(modelCapPerCaseMicro))"
    Output.line("  cap per case        \(yuan(capPerCaseMicro)) yuan (\(cap))")
    Output.line("  members             \(joined) joined, \(live) now, \(funded) with a balance")
    let cases = casesFiled.keys.sorted().map { "\($0) \(casesSettled[$0] ?? 0)/\(casesFiled[$0] ?? 0)" }
    Output.line("  cases settled/filed \(cases.isEmpty ? "none" : cases.joined(separator: ", "))")
    Output.line("  share per case      \(yuan(sharePerCaseMicro)) yuan, over \(settlements) settlements")
    Output.line("  cost                \(yuan(costPerMemberYearMicro)) yuan per member and year")
    Output.line("  money in            \(yuan(moneyInMicro)) yuan")
    Output.line(
      "  money out           \(yuan(moneyOutMicro)) yuan = balances \(yuan(balancesMicro)) + paid to the ill "
        + "\(yuan(payoutsPaidMicro)) + due \(yuan(payoutsDueMicro)) + fees \(yuan(feesMicro)) + refunds "
        + "\(yuan(refundsMicro)) + reserves \(yuan(reservesMicro)) + waiting \(yuan(waitingMicro))")
    Output.line(
      "                      \(moneyInMicro == moneyOutMicro ? "equal to the millionth" : "NOT EQUAL")"
        + (carriedMicro > 0 ? "; carried to later settlements \(yuan(carriedMicro))" : ""))
  }

  private func yuan(_ micro: Int64) -> String { Amount(micro: micro).description }
}
