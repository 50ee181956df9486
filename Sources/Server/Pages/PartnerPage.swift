internal import HeartChain
internal import Ledger
internal import Node
internal import TransparencyLog

/// `/hearts/partner`: a shop asks whether a love index reaches a threshold, and its browser checks the answer by
/// itself. What runs there stands in `Assets/partner`.
struct PartnerPage: Page {
  static let template = "partner"
  /// Where its scripts lie, and where its worker keeps the page.
  static let scripts = "/partner"
  static let path = "/hearts/partner"
  let section: Section? = .hearts
  let about: String? = "partner_lead"
  let title: String
  let fields: PageFields
  /// The page works without a network too, when no block is the newest.
  let isOfBlock = false
  let contentPolicy: String? = SafetyMiddleware.policy + "; worker-src 'self'"

  init(_ scope: PageScope, _ modules: ModuleFiles) {
    title = scope.texts.say("partner_title")
    let (hearts, words) = (scope.hearts, HeartWords(scope))
    // The most channels of all partners would make a list that nobody reads; who is not on it types its number.
    let open = OpenChannels.newest(PageScope.rows, in: hearts).map { hearts.channels[$0] }
    fields = [
      "chain_id": scope.view.genesis.chain.description,
      "channels": open.map { channel -> PageFields in
        [
          "channel_value": "\(channel.partner):\(channel.threshold)",
          "channel_name": scope.texts.say(
            "partner_channel", ["partner": words.partnerName(channel.partner), "n": "\(channel.threshold)"]),
        ]
      },
      "has_channels": !open.isEmpty,
      "modules": modules.pageModules.map { name -> PageFields in
        ["module_href": "\(PartnerPage.scripts)/\(name)"]
      },
    ]
  }
}
