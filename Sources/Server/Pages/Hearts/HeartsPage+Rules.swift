internal import HeartChain
internal import Ledger

/// What `/hearts` says of the rules in force: rates, partners and the love index, all from their records.
extension HeartsPage {
  /// Channels that are looked through for what is open; the oldest are closed first.
  private static let maximumChannels = 20_000

  /// What each kind of gift brings, for one of a handy unit.
  static func kinds(_ scope: PageScope) -> PageFields {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    let shown = min(hearts.kinds.count, PageScope.rows)
    let rows = (0..<shown).map { ordinal -> PageFields in
      let kind = hearts.kinds[ordinal]
      let unit = handy(kind.unit)
      // A rate is for 1,000 units.
      func rate(_ rate: UInt32) -> String { HeartWords.thousandths(Int128(rate) * Int128(unit)) }
      return [
        "kind_name": words.kindName(UInt16(ordinal)),
        "kind_unit": words.quantity(unit, kind.unit, of: kind.category),
        "kind_hearts": rate(kind.hearts),
        "kind_points": rate(kind.points),
      ]
    }
    return [
      "kinds": rows, "has_kinds": !rows.isEmpty,
      "kinds_more": shown < hearts.kinds.count ? texts.count("kinds_more", hearts.kinds.count - shown) : nil,
    ]
  }

  /// A unit in which people count: a yuan, a kilogram, a litre, one thing, one time.
  private static func handy(_ unit: GiftUnit) -> Int64 {
    switch unit {
    case .fen: 100
    case .gram, .millilitre: 1000
    case .piece, .attendance: 1
    }
  }

  /// The partners that take part, and the values of the love index at which they open something.
  static func partners(_ scope: PageScope) -> PageFields {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    var opened: [UInt32: [(threshold: UInt16, what: String?)]] = [:]
    for ordinal in max(0, hearts.channels.count - maximumChannels)..<hearts.channels.count {
      let channel = hearts.channels[ordinal]
      guard channel.closedAt == .zero else { continue }
      opened[channel.partner, default: []].append((channel.threshold, texts.published(channel.description)))
    }
    var rows: [PageFields] = []
    for ordinal in (0..<hearts.partners.count).reversed() where rows.count < PageScope.rows {
      let partner = hearts.partners[ordinal]
      guard partner.closedAt == .zero else { continue }
      let doors = (opened[UInt32(ordinal)] ?? []).sorted { $0.threshold < $1.threshold }
      rows.append([
        "partner_ordinal": "\(ordinal)",
        "partner_name": words.partnerName(ordinal),
        "partner_account": TransactionWords.short(partner.account.description),
        "partner_since": texts.date(partner.since),
        "partner_opens": doors.isEmpty
          ? texts.say("partner_opens_none")
          : doors.map { door in
            door.what.map { texts.say("partner_door", ["threshold": "\(door.threshold)", "what": $0]) }
              ?? texts.say("partner_opens", ["thresholds": "\(door.threshold)"])
          }.joined(separator: texts.say("list_comma")),
        "partner_hearts": Numbers.grouped(partner.hearts),
        "partner_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/partners/\(ordinal)"))]),
      ])
    }
    return ["partners": Array(rows.reversed()), "has_partners": !rows.isEmpty]
  }

  /// How the love index is worked out, its numbers from the formula in force.
  static func index(_ scope: PageScope) -> PageFields {
    let (texts, hearts) = (scope.texts, scope.hearts)
    guard hearts.formulas.count > 0 else { return ["index": nil] }
    let formula = hearts.formula
    let version = hearts.formulas.count
    var thresholds: [String] = []
    for place in formula.thresholds.indices where formula.thresholds[place] > 0 {
      thresholds.append("\(formula.thresholds[place])")
    }
    var weights: [PageFields] = []
    for age in formula.weights.indices {
      weights.append([
        "weight_age": age == 0 ? texts.say("weight_now") : texts.count("weight_before", age),
        "weight": LoveIndexAccount.percent(formula.weights[age]),
      ])
    }
    let fields: PageFields = [
      "index_points": texts.say(
        "index_points", ["gift": "\(formula.giftPoints)", "day": "\(formula.dayPoints)"]),
      "index_thresholds": texts.say(
        "index_thresholds", ["thresholds": thresholds.joined(separator: texts.say("list_and"))]),
      "index_version": texts.say("index_version", ["n": "\(version)", "time": texts.date(formula.since)]),
      "index_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/formulas/\(version - 1)"))]),
      "index_file_href": scope.file("/v1/proofs/formulas/\(version - 1)"),
      "weights": weights,
    ]
    return ["index": fields]
  }
}
