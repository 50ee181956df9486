internal import HeartChain
internal import Ledger

/// What `/hearts` says of the rules in force: rates, partners and the love index, all from their records.
extension HeartsPage {
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

  /// Partners that one page passes over because they take part no longer.
  private static let maximumPassed = 2_000

  /// The partners that take part, the newest first, and the values of the love index at which they open something.
  ///
  /// - Throws: `PageError.badRequest` for a place in the list that is none.
  static func partners(_ scope: PageScope) throws(PageError) -> PageFields {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    var ordinal = min(try scope.reader.query.before().map { Int(clamping: $0) } ?? .max, hearts.partners.count)
    var (shown, passed): ([Int], Int) = ([], 0)
    while ordinal > 0, shown.count < PageScope.rows, passed < maximumPassed {
      ordinal -= 1
      if hearts.partners[ordinal].closedAt == .zero { shown.append(ordinal) } else { passed += 1 }
    }
    let channels = OpenChannels(of: shown, in: hearts)
    let rows = shown.map { ordinal -> PageFields in
      let partner = hearts.partners[ordinal]
      let doors = channels[ordinal].map { hearts.channels[$0] }.sorted { $0.threshold < $1.threshold }
      return [
        "partner_ordinal": "\(ordinal)",
        "partner_name": words.partnerName(ordinal),
        "partner_account": TransactionWords.short(partner.account.description),
        "partner_since": texts.date(partner.since),
        "partner_opens": doors.isEmpty
          ? texts.say("partner_opens_none")
          : doors.map { door in
            texts.published(door.description).map {
              texts.say("partner_door", ["threshold": "\(door.threshold)", "what": $0])
            }
              ?? texts.say("partner_opens", ["thresholds": "\(door.threshold)"])
          }.joined(separator: texts.say("list_comma")),
        "partner_hearts": Numbers.grouped(partner.hearts),
        "partner_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/partners/\(ordinal)"))]),
      ]
    }
    return (["partners": rows, "has_partners": !rows.isEmpty] as PageFields)
      .adding(scope.pager("/hearts", older: ordinal > 0 ? ordinal : nil, fragment: "partners"))
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
