internal import Ledger
internal import MutualAid
internal import Node
internal import TransparencyLog

/// `/`: what this is, and how it stands.
struct HomePage: Page {
  static let template = "home"
  let section: Section? = .home
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    let texts = scope.texts
    let aid = scope.aid
    title = texts.say("home_title")

    var members: UInt64 = 0
    var shared: UInt64 = 0
    var held: Int128 = 0
    var given: Int128 = 0
    for ordinal in 0..<aid.plans.count {
      let plan = aid.plans[ordinal]
      members += UInt64(plan.live)
      shared += UInt64(plan.noticesDone)
      held += PlanFigures(aid, plan: ordinal).held
      given += Int128(plan.money.payoutsDue) + Int128(plan.money.payoutsPaid)
    }
    var doors: [(Section, String)] = [
      (.plans, "home_plans_text"), (.notices, "home_notices_text"), (.organisations, "home_organisations_text"),
      (.explorer, "home_explorer_text"),
    ]
    doors.insert((.hearts, "home_hearts_text"), at: 2)
    doors.removeAll { !scope.reader.has($0.0) }
    fields = [
      "home_ledger": texts.count("home_ledger", scope.view.certifiers.count),
      "members": Numbers.grouped(members),
      "plans": Numbers.grouped(aid.plans.count),
      "held": texts.figure(held),
      "given": texts.yuan(given),
      "shared_cases": Numbers.grouped(shared),
      "block": Numbers.grouped(scope.view.height),
      "block_time": texts.moment(scope.view.time),
      "block_href": scope.link("explorer/blocks", scope.view.height),
      "doors": doors.map { door, text -> PageFields in
        ["door_href": scope.reader.link(door.path), "door_name": texts.say(door.key), "door_text": texts.say(text)]
      },
      "chain_id": scope.view.genesis.chain.description,
      "checkpoint_href": "/log/\(scope.chain)/checkpoint",
      "policy_href": "/log/\(scope.chain)/policy",
    ]
  }
}
