internal import Consortium
internal import HeartChain
internal import Ledger
internal import MutualAid

/// `/verify`: the browser checks a proof file by itself. What runs there stands in `Assets/verify`.
struct VerifyPage: Page {
  static let template = "verify"
  let section: Section? = nil
  let about: String? = "verify_lead"
  let title: String
  let fields: PageFields
  /// The page works without a network too, when no block is the newest.
  let isOfBlock = false
  /// Scripts of this site only, none of them inline; a worker, which keeps the page for readers without a network.
  let contentPolicy: String? = SafetyMiddleware.policy + "; worker-src 'self'"

  init(_ scope: PageScope, _ modules: ModuleFiles) {
    title = scope.texts.say("verify_title")
    let consortium = ConsortiumAction.allCases.map { (Consortium.name, $0.rawValue) }
    let aid = MutualAidAction.allCases.map { (MutualAid.name, $0.rawValue) }
    let hearts = HeartAction.allCases.map { (Hearts.name, $0.rawValue) }
    fields = [
      "actions": (consortium + aid + hearts).map { contract, kind -> PageFields in
        [
          "action_key": "tx:\(contract):\(kind)",
          "action_name": scope.texts.say(TransactionWords.keys(contract: contract, kind: kind).name),
        ]
      },
      "modules": modules.pageModules.map { name -> PageFields in ["module_href": "/verify/\(name)"] },
    ]
  }
}
