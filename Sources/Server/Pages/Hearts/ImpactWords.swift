internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// What became of a gift, in a sentence and line by line.
struct ImpactWords {
  /// How far a gift is followed for a page of its own, and for one of many.
  private static let far = Impact.Limit(lots: 2_000, events: 20_000)
  private static let near = Impact.Limit(lots: 500, events: 5_000)
  /// Organisations that a sentence names; of more it says how many.
  private static let maximumNames = 2

  private let scope: PageScope
  private let words: HeartWords
  private let ways: LotWays

  init(_ scope: PageScope) throws {
    self.scope = scope
    words = HeartWords(scope)
    ways = try scope.ways()
  }

  private var texts: Texts { scope.texts }

  /// The sentence for whoever gave it; `nil` for attendance, and where the index has not come to it yet.
  func yours(_ gift: GiftRecord) throws -> String? {
    guard !gift.isAttendance, let impact = try ways.impact(of: gift.origin, in: scope.hearts, limit: ImpactWords.near)
    else { return nil }
    return texts.say("impact_yours", ["gift": words.what(gift), "parts": parts(impact, gift)])
  }

  /// The sentence and the lines of a gift's page.
  func fields(_ gift: GiftRecord) throws -> PageFields {
    guard let impact = try ways.impact(of: gift.origin, in: scope.hearts, limit: ImpactWords.far) else {
      return ["impact": nil]
    }
    let fields: PageFields = [
      "impact_text": texts.say("impact_gift", ["gift": words.what(gift), "parts": parts(impact, gift)]),
      "impact_lines": impact.portions.prefix(PageScope.rows).map { line($0, gift) },
    ]
    return ["impact": fields]
  }

  /// "3.2 公斤送到受助人手里（school.example），1.5 公斤在路上，0.3 公斤坏了".
  private func parts(_ impact: Impact, _ gift: GiftRecord) -> String {
    var parts: [String] = []
    for outcome in ImpactOutcome.allCases {
      let portions = impact.portions.filter { $0.outcome == outcome }
      guard !portions.isEmpty else { continue }
      let what = quantity(portions.reduce(Int64(0)) { $0 &+ $1.quantity }, gift)
      var names: [String] = []
      for portion in portions {
        let name = self.name(portion)
        if !names.contains(name) { names.append(name) }
      }
      let who =
        names.count <= ImpactWords.maximumNames
        ? names.joined(separator: texts.say("list_and")) : texts.count("impact_organisations", names.count)
      parts.append(
        outcome.isLoss || outcome == .notFollowed || outcome == .takenBack
          ? texts.say("impact_part", ["what": what, "outcome": ImpactWords.name(outcome, texts)])
          : texts.say("impact_part_who", ["what": what, "outcome": ImpactWords.name(outcome, texts), "who": who]))
    }
    return parts.joined(separator: texts.say("list_comma"))
  }

  private func line(_ portion: Impact.Portion, _ gift: GiftRecord) -> PageFields {
    return [
      "impact_name": ImpactWords.name(portion.outcome, texts),
      "impact_amount": quantity(portion.quantity, gift),
      "impact_by": name(portion),
      "impact_by_href": scope.organisationLink(Int(portion.receiver ?? portion.organisation)),
      "impact_at": words.place(portion.place),
    ]
  }

  /// Who has it or did it; of what is on its way, where to.
  private func name(_ portion: Impact.Portion) -> String {
    guard let receiver = portion.receiver else { return scope.organisationName(Int(portion.organisation)) }
    return texts.say("impact_to", ["to": scope.organisationName(Int(receiver))])
  }

  private func quantity(_ amount: Int64, _ gift: GiftRecord) -> String {
    guard Int(gift.origin) < scope.hearts.lots.count else { return Numbers.grouped(amount) }
    let lot = scope.hearts.lots[Int(gift.origin)]
    return words.quantity(amount, kind: lot.kind, unit: lot.unit)
  }

  /// What became of it, in a few words that follow a quantity.
  static func name(_ outcome: ImpactOutcome, _ texts: Texts) -> String {
    switch outcome {
    case .handedOver: texts.say("outcome_handed_over")
    case .spentOnAid: texts.say("outcome_aid")
    case .spentOnOverhead: texts.say("outcome_overhead")
    case .returned: texts.say("outcome_returned")
    case .alive: texts.say("outcome_alive")
    case .pledged: texts.say("outcome_pledged")
    case .inStore: texts.say("outcome_in_store")
    case .inContainer: texts.say("outcome_in_container")
    case .onItsWay: texts.say("outcome_on_its_way")
    case .held: texts.say("outcome_held")
    case .takenBack: texts.say("outcome_taken_back")
    case .lost: texts.say("outcome_lost")
    case .expired: texts.say("outcome_expired")
    case .damaged: texts.say("outcome_damaged")
    case .stolen: texts.say("outcome_stolen")
    case .disaster: texts.say("outcome_disaster")
    case .lostInRepacking: texts.say("outcome_lost_in_repacking")
    case .lostOnTheWay: texts.say("outcome_lost_on_the_way")
    case .countedShort: texts.say("outcome_counted_short")
    case .notFoundAlive: texts.say("outcome_not_found_alive")
    case .notFollowed: texts.say("outcome_not_followed")
    }
  }
}
