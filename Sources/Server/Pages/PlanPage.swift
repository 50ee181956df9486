internal import Ledger
internal import MutualAid
internal import Node
internal import TongzhouClient

/// `/plans/<ordinal>`: figures, money, rules and settlements of one plan.
struct PlanPage: Page {
  static let template = "plan"
  let section: Section? = .plans
  let title: String
  let fields: PageFields

  init(_ scope: PageScope, plan text: String?) throws {
    let plan = try PageScope.ordinal(text, below: scope.aid.plans.count)
    let convention = scope.aid.convention(of: UInt16(plan))
    let figures = PlanFigures(scope.aid, plan: plan)
    title = scope.name(of: convention)
    fields = PlanPage.head(plan, convention, figures, scope)
      .adding(PlanPage.money(figures, scope.texts))
      .adding(["reserves": PlanPage.reserves(UInt16(plan), scope)])
      .adding(PlanPage.rules(convention, members: figures.funded, scope))
      .adding(try PlanPage.settlements(plan, scope))
  }

  private static func head(
    _ plan: Int, _ convention: Convention, _ figures: PlanFigures, _ scope: PageScope
  ) -> PageFields {
    let texts = scope.texts
    let record = figures.record
    return [
      "plan_name": scope.name(of: convention),
      "plan_version_text": texts.say(
        "plan_version_text", ["key": convention.key, "version": "\(convention.version)"]),
      "plan_standing": standing(record, texts),
      "plan_live": Numbers.grouped(record.live),
      "plan_funded": Numbers.grouped(figures.funded),
      "plan_joined": Numbers.grouped(record.members),
      "plan_cumulative": texts.figure(record.cumulative),
      "plan_this_year": texts.figure(figures.shared(inYearOf: scope.view.time)),
      "plan_settlements": Numbers.grouped(record.settlements),
      "next_notice": record.nextNotice == .zero ? nil : texts.date(record.nextNotice),
      "next_debit": record.nextDebit == .zero ? nil : texts.date(record.nextDebit),
      "open_notices": Numbers.grouped(record.notices - record.noticesDone),
      "notices_href": scope.reader.link("/notices"),
      "custodian": scope.organisationName(Int(record.custodian)),
      "custodian_href": scope.organisationLink(Int(record.custodian)),
      "identity": scope.organisationName(Int(record.identity)),
      "identity_href": scope.organisationLink(Int(record.identity)),
    ]
  }

  /// That a plan has ended or is ending; `nil` while it goes on.
  private static func standing(_ record: PlanRecord, _ texts: Texts) -> String? {
    switch record.standing {
    case .running: nil
    case .winding, .closing: texts.say("plan_winding", ["time": texts.moment(record.windingSince)])
    case .closed: texts.say("plan_closed", ["time": texts.moment(record.closedAt)])
    }
  }

  /// The two sides of the equation that a plan's money obeys.
  private static func money(_ figures: PlanFigures, _ texts: Texts) -> PageFields {
    let money = figures.record.money
    func rows(_ lines: [(name: String, note: String, amount: Int128)]) -> [PageFields] {
      // What was never used would only ask for explanations.
      lines.enumerated().filter { $0.offset == 0 || $0.element.amount != 0 }.map { _, line in
        [
          "money_name": texts.say(line.name), "money_note": texts.say(line.note),
          "money_amount": Numbers.yuan(line.amount),
        ]
      }
    }
    let isEqual = figures.moneyIn == figures.moneyOut
    return [
      "money_sources": rows([
        ("money_deposits", "money_deposits_note", Int128(money.deposits)),
        ("money_reversals", "money_reversals_note", -Int128(money.reversals)),
        ("money_debt", "money_debt_note", Int128(money.debt)),
        ("money_contributions", "money_contributions_note", Int128(money.contributions)),
        ("money_recoveries", "money_recoveries_note", Int128(money.recoveries)),
      ]),
      "money_places": rows([
        ("money_balances", "money_balances_note", figures.balances),
        ("money_pending", "money_pending_note", Int128(money.pending)),
        ("money_rounding", "money_rounding_note", Int128(money.rounding)),
        ("money_reserve", "money_reserve_note", Int128(money.reserve)),
        ("money_suspense", "money_suspense_note", Int128(money.suspense)),
        ("money_payouts_due", "money_payouts_due_note", Int128(money.payoutsDue)),
        ("money_payouts_paid", "money_payouts_paid_note", Int128(money.payoutsPaid)),
        ("money_fees", "money_fees_note", Int128(money.fees)),
        ("money_refunds_due", "money_refunds_due_note", Int128(money.refundsDue)),
        ("money_refunds_paid", "money_refunds_paid_note", Int128(money.refundsPaid)),
      ]),
      "money_in": Numbers.yuan(figures.moneyIn),
      "money_out": Numbers.yuan(figures.moneyOut),
      "money_verdict": texts.say(isEqual ? "money_equal" : "money_unequal"),
      "money_unequal": !isEqual,
      "carried": money.carried > 0,
      "carried_text": texts.say("money_carried", ["amount": texts.yuan(money.carried)]),
      "loss_text": money.loss > 0 ? texts.say("money_loss", ["amount": texts.yuan(money.loss)]) : nil,
    ]
  }

  /// What the custodian last said it holds: difference, age, and what is missing.
  private static func reserves(_ plan: UInt16, _ scope: PageScope) -> [PageFields] {
    let (texts, aid) = (scope.texts, scope.aid)
    var lines: [(text: String, isBad: Bool)] = []
    if let last = aid.lastStatement(of: plan)?.record {
      let said = texts.say(
        "reserves_last",
        [
          "number": Numbers.grouped(last.number), "time": texts.moment(last.asOf), "held": texts.yuan(last.held),
          "owed": texts.yuan(last.owed),
        ])
      let difference =
        last.shortage == 0
        ? texts.say("reserves_enough") : texts.say("reserves_missing", ["amount": texts.yuan(last.shortage)])
      lines.append((said + texts.pick(zh: "", en: " ") + difference, false))
    } else {
      lines.append((texts.say("reserves_none", ["owed": texts.yuan(aid.owed(by: plan, feesDrawn: 0))]), false))
    }
    let fault = aid.reserveFault(of: plan, at: scope.view.time)
    if let due = aid.statementDue(of: plan) {
      let isLate = fault == .statementMissing
      lines.append((texts.say(isLate ? "reserves_late" : "reserves_due", ["time": texts.moment(due)]), isLate))
    }
    if fault != nil, aid.convention(of: plan).solvency?.pausesJoins ?? false {
      lines.append((texts.say("reserves_paused"), true))
    }
    return lines.map { ["reserves_text": $0.text, "reserves_bad": $0.isBad] }
  }

  /// The convention in plain words, its example with as many members as share now.
  private static func rules(_ convention: Convention, members: Int, _ scope: PageScope) -> PageFields {
    let explanation = ConventionExplanation(
      convention, language: scope.reader.language, members: Int64(max(1, members)))
    return [
      "rules": explanation.sections.enumerated().map { number, section -> PageFields in
        ["rule_heading": section.heading, "rule_paragraphs": section.paragraphs, "rule_open": number == 0]
      }
    ]
  }

  private static func settlements(_ plan: Int, _ scope: PageScope) throws -> PageFields {
    let texts = scope.texts
    let count = Int(scope.aid.plans[plan].settlements)
    let before = try scope.reader.query.before().map { Int(clamping: $0) } ?? count + 1
    let newest = min(before - 1, count)
    let oldest = max(1, newest - PageScope.rows + 1)
    var rows: [PageFields] = []
    for number in stride(from: newest, through: oldest, by: -1) {
      guard let record = scope.aid.settlement(number, of: UInt16(plan)) else { continue }
      rows.append([
        "settlement_number": "\(number)",
        "settlement_iso": Moments.iso(record.time),
        "settlement_time": Moments.short(record.time),
        "settlement_cases": Numbers.grouped(record.cases),
        "settlement_aid": Numbers.yuan(record.aidGiven),
        "settlement_payers": Numbers.grouped(record.payersBefore),
        "settlement_share": Numbers.yuan(record.share),
        "settlement_shortfall": record.shortfall > 0
          ? texts.say("settlement_short", ["amount": texts.yuan(record.shortfall)]) : nil,
      ])
    }
    let list: PageFields = ["settlements": rows, "has_settlements": !rows.isEmpty]
    return list.adding(
      scope.pager("/plans/\(plan)", older: oldest > 1 && newest > 0 ? oldest : nil, fragment: "settlements"))
  }
}
