internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// `/hearts/me?address=`: what one address gave, what became of it, its hearts and its love index.
///
/// Everything here stands on the chain, where whoever knows an address can read it. The page says so, and search
/// engines are told to leave it out.
struct MyHeartsPage: Page {
  static let template = "hearts-me"
  /// Gifts on one page; what became of each is worked out anew.
  static let gifts = 10

  let section: Section? = .hearts
  let about: String? = "hearts_me_lead"
  let isPrivate = true
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) throws {
    let texts = scope.texts
    title = texts.say("hearts_me")
    // Read without an address too: what does not read is refused whatever else is asked for.
    let query = scope.reader.query
    let places = Places(gifts: try query.before(), changes: try query.before(Places.changes))
    // Only a whole address is shown again: what is none may be a secret that somebody entered by mistake.
    let asked = AskedAddress(scope.reader.query["address"])
    var fields: PageFields = [
      "address_action": "/hearts/me",
      "address_text": asked.address?.description ?? "", "address_bad": asked.isBad, "shown": nil,
      "give_href": scope.reader.link("/hearts/give"),
    ]
    if let address = asked.address { fields.merge(["shown": try MyHeartsPage.account(address, places, scope)]) }
    self.fields = fields
  }

  /// Where its two lists go on: with what comes before these.
  private struct Places {
    /// The name of the second list's place in an address.
    static let changes = "changes"
    let gifts: UInt64?
    let changes: UInt64?
  }

  /// What a list's links keep: whose page it is, and where the other list is.
  private static func kept(
    _ address: Address, _ other: String, _ place: UInt64?
  ) -> [(name: String, value: String)] {
    [(name: "address", value: address.description)] + (place.map { [(name: other, value: "\($0)")] } ?? [])
  }

  private static func account(_ address: Address, _ places: Places, _ scope: PageScope) throws -> PageFields {
    let texts = scope.texts
    let height = try scope.index.height
    var fields: PageFields = [
      "address": address.description,
      "address_qr_href": scope.code(.addresses, address),
    ]
    fields.merge(scope.lag(indexed: height))
    let gifts = try self.gifts(address, places, scope)
    fields.merge(gifts)
    guard let giver = scope.hearts.giver(address) else {
      return fields.adding(["giver": nil, "no_giver_text": texts.say("hearts_me_none")])
    }
    return fields.adding(["giver": totals(giver, scope)])
      .adding(index(giver, scope))
      .adding(consents(address, scope))
      .adding(try history(giver, address, places, indexed: height, scope))
  }

  /// The figures, with what they add up to.
  private static func totals(_ giver: GiverRecord, _ scope: PageScope) -> PageFields {
    func some(_ hearts: Int64) -> String? { hearts > 0 ? Numbers.grouped(hearts) : nil }
    return [
      "held": Numbers.grouped(giver.held),
      "minted": Numbers.grouped(giver.minted),
      "gift_count": Numbers.grouped(giver.gifts),
      "spent": Numbers.grouped(giver.spent),
      "given": Numbers.grouped(giver.given),
      "reversed": some(giver.reversed),
      "debt": some(giver.debt),
      "debt_text": giver.debt > 0 ? scope.texts.say("hearts_me_debt", ["n": Numbers.grouped(giver.debt)]) : nil,
    ]
  }

  /// The gifts, the newest first, each with what became of it.
  private static func gifts(_ address: Address, _ places: Places, _ scope: PageScope) throws -> PageFields {
    let (texts, words) = (scope.texts, HeartWords(scope))
    let (ways, before) = (try scope.ways(), places.gifts.map { UInt32(clamping: $0) })
    let part = try ListPart(upTo: gifts) { try ways.gifts(of: address.key, before: before, limit: $0) }
    let impacts = try ImpactWords(scope)
    let rows = try part.shown.filter { Int($0) < scope.hearts.gifts.count }.map { ordinal -> PageFields in
      let gift = scope.hearts.gifts[Int(ordinal)]
      let project = words.project(of: gift)
      return [
        "gift_href": scope.link("hearts/gifts", ordinal),
        "gift_name": words.giftName(ordinal),
        "gift_text": texts.say(
          gift.binding == .claim ? "hearts_me_gift_waiting" : "hearts_me_gift",
          [
            "what": words.what(gift), "hearts": Numbers.grouped(gift.hearts), "points": "\(gift.points)",
            "project": words.projectName(project),
          ]),
        "gift_iso": Moments.iso(gift.time),
        "gift_time": Moments.short(gift.time),
        "gift_impact": try impacts.yours(gift) ?? words.state(gift),
      ]
    }
    let kept = kept(address, Places.changes, places.changes)
    return (["gifts": rows, "has_gifts": !rows.isEmpty] as PageFields)
      .adding(scope.pager("/hearts/me", older: part.last, keeping: kept, fragment: "gifts"))
  }
}

extension MyHeartsPage {
  /// The love index and how it came to be.
  private static func index(_ giver: GiverRecord, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    let account = LoveIndexAccount(giver, formula: scope.hearts.formula, at: scope.view.time)
    var lines: [PageFields] = []
    for line in account.lines where line.points > 0 {
      lines.append([
        "period": texts.say("index_period", ["from": texts.date(line.from), "to": texts.date(line.to)]),
        "period_points": "\(line.points)",
        "period_weight": LoveIndexAccount.percent(line.weight),
        "period_counted": "\(line.counted)",
      ])
    }
    let isLimited = account.sum > UInt64(LoveIndex.maximum)
    return [
      "index": "\(account.value)",
      "index_lines": lines,
      "has_index_lines": !lines.isEmpty,
      "index_sum": "\(account.sum)",
      "index_limited": isLimited ? texts.say("index_limited") : nil,
      "index_next": account.next.map {
        texts.say("index_next", ["threshold": "\($0)", "missing": "\($0 - account.value)"])
      },
      "index_reached": account.reached.isEmpty
        ? nil
        : texts.say(
          "index_reached",
          ["thresholds": account.reached.map { "\($0)" }.joined(separator: texts.say("list_and"))]),
      "index_fades": account.fades.map {
        texts.say("index_fades", ["time": texts.date($0.time), "index": "\($0.value)"])
      },
      "rules_href": scope.reader.link("/hearts", fragment: "index"),
    ]
  }

  /// Partners that are asked about on one page.
  private static let maximumPartners = 2_000

  /// Whom she lets learn whether her index reaches a threshold, and whom she did.
  private static func consents(_ address: Address, _ scope: PageScope) -> PageFields {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    var rows: [PageFields] = []
    // Each partner costs a look into the table of consents, so the newest are asked about, and not all of a long list.
    var left = hearts.partners.count
    let end = max(0, left - maximumPartners)
    while left > end, rows.count < PageScope.rows {
      left -= 1
      let partner = UInt32(left)
      guard let place = hearts.consents.find(IndexConsentRecord.key(of: address, partner: partner)) else { continue }
      let consent = hearts.consents[place]
      let state =
        if consent.withdrawnAt != .zero {
          texts.say("consent_withdrawn", ["time": texts.moment(consent.withdrawnAt)])
        } else if consent.holds(at: scope.view.time) {
          texts.say("consent_holds", ["time": texts.moment(consent.until)])
        } else {
          texts.say("consent_over", ["time": texts.moment(consent.until)])
        }
      rows.append([
        "consent_partner": words.partnerName(partner),
        "consent_since": texts.moment(consent.since),
        "consent_state": state,
      ])
    }
    return [
      "consents": rows, "has_consents": !rows.isEmpty, "no_consents": rows.isEmpty && left == 0,
      "consents_more_href": left > 0
        ? scope.file("/v1/hearts/consents", [("giver", address.description), ("cursor", "\(left)")]) : nil,
    ]
  }

  /// The changes of her hearts, the newest first; all of them are held against the hash in her record, if they are not
  /// more than a node reads for a page.
  private static func history(
    _ giver: GiverRecord, _ address: Address, _ places: Places, indexed height: UInt64, _ scope: PageScope
  ) throws -> PageFields {
    let ways = try scope.ways()
    let part = try ListPart(upTo: PageScope.rows) {
      try ways.changes(of: address.key, before: places.changes, limit: $0)
    }
    let pager = scope.pager(
      "/hearts/me", older: part.last?.place, by: Places.changes,
      keeping: kept(address, PageQuery.before, places.gifts), fragment: "history")
    var isWhole: Bool?
    if Int(giver.changes) <= LotWays.maximumChanges {
      isWhole = try ways.changes(of: address.key).reduce(Hash.zero) { $1.history(after: $0) } == giver.history
    }
    return [
      "changes": part.shown.map { change($0.change, scope) },
      "has_changes": !part.shown.isEmpty,
      "changes_pager": pager,
      "history_ok": isWhole == true,
      // While the index is behind, the changes are those of an earlier block.
      "history_broken": isWhole == false && height >= scope.view.height,
      "history_long": isWhole == nil
        ? scope.texts.say("heart_history_long", ["n": Numbers.grouped(giver.changes)]) : nil,
    ]
  }

  private static func change(_ change: HeartChange, _ scope: PageScope) -> PageFields {
    let (texts, words) = (scope.texts, HeartWords(scope))
    let (key, name, link): (String, String, String?) =
      switch change.kind {
      case .minted: ("heart_change_minted", words.giftName(change.number), scope.link("hearts/gifts", change.number))
      case .claimed: ("heart_change_claimed", words.giftName(change.number), scope.link("hearts/gifts", change.number))
      case .spent: ("heart_change_spent", words.partnerName(change.number), nil)
      case .given:
        ("heart_change_given", words.projectName(change.number), scope.link("hearts/projects", change.number))
      case .reversed:
        ("heart_change_reversed", words.giftName(change.number), scope.link("hearts/gifts", change.number))
      }
    let isGain = change.kind == .minted || change.kind == .claimed
    return [
      "change_what": texts.say(key, ["name": name]),
      "change_href": link,
      "change_iso": Moments.iso(change.time),
      "change_time": Moments.short(change.time),
      "change_hearts": (isGain ? "+" : "−") + Numbers.grouped(change.hearts),
    ]
  }
}

/// An address that somebody entered.
struct AskedAddress {
  /// The address; `nil` where there is none, or where it is mistyped.
  let address: Address?
  /// Whether something was entered that is no address.
  let isBad: Bool

  init(_ text: String?) {
    let asked = (text ?? "").filter { !$0.isWhitespace }
    // An address is a few dozen characters; what is longer is none.
    address = asked.utf8.count <= 100 ? try? Address(text: asked) : nil
    isBad = !asked.isEmpty && address == nil
  }
}
