internal import Ledger
internal import MutualAid
internal import Node

/// `/plans`: the plans, side by side.
struct PlansPage: Page {
  static let template = "plans"
  let section: Section? = .plans
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    title = scope.texts.say("plans_title")
    fields = [
      "plans": (0..<scope.aid.plans.count).map { PlansPage.row($0, scope) },
      "settlements_feed_href": scope.reader.link(to: .settlements),
    ]
  }

  private static func row(_ ordinal: Int, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    let figures = PlanFigures(scope.aid, plan: ordinal)
    let convention = scope.aid.convention(of: UInt16(ordinal))
    return [
      "plan_ordinal": "\(ordinal)",
      "plan_href": scope.link("plans", ordinal),
      "plan_name": scope.name(of: convention),
      "plan_live": Numbers.grouped(figures.record.live),
      "plan_funded": Numbers.grouped(figures.funded),
      "plan_highest_aid": texts.yuan(convention.highestAid.micro),
      "plan_first_deposit": texts.yuan(convention.firstDeposit.micro),
      "plan_cumulative": texts.figure(figures.record.cumulative),
      "plan_held": texts.figure(figures.held),
    ]
  }
}
