internal import HeartChain
internal import Ledger
internal import Storage
internal import TransparencyLog

/// The steps of a way in words, each with what proves it.
struct StepWords {
  /// Lots that a step names; of more, how many.
  private static let maximumLots = 6

  private let scope: PageScope
  private let words: HeartWords
  private let hearts: Hearts
  private var transactions: StepTransactions

  init(_ scope: PageScope) {
    self.scope = scope
    words = HeartWords(scope)
    hearts = scope.hearts
    transactions = StepTransactions(scope)
  }

  private var texts: Texts { scope.texts }

  /// The short name of what happened.
  func name(_ step: FollowedWay.Step) -> String {
    switch step.event.kind {
    case .donated: texts.say("event_donated")
    case .received: texts.say("event_received")
    case .stored: texts.say("event_stored")
    case .repacked: texts.say(isMoney(step) ? "event_repacked_money" : "event_repacked")
    case .packed: texts.say("event_packed")
    case .unpacked: texts.say("event_unpacked")
    case .shipped: texts.say("event_shipped")
    case .arrived: texts.say("event_arrived")
    case .handedOver: texts.say("event_handed_over")
    case .lost: texts.say("event_lost")
    case .corrected: texts.say("event_corrected")
    case .pledged: texts.say("event_pledged")
    case .planted: texts.say("event_planted")
    case .surveyed: texts.say("event_surveyed")
    case .died: texts.say("event_died")
    case .committed: texts.say("event_committed")
    case .disbursed: texts.say("event_disbursed")
    case .spent: texts.say("event_spent")
    case .returned: texts.say("event_returned")
    case .attended: texts.say("event_attended")
    }
  }

  /// What happened, in a sentence.
  func text(_ step: FollowedWay.Step) -> String {
    let event = step.event
    let who = scope.organisationName(Int(step.organisation))
    let what = quantity(event.quantity, step)
    switch event.kind {
    case .donated: return texts.say("event_donated_text", ["who": who, "what": what])
    case .received: return texts.say("event_received_text", ["who": who])
    case .stored: return texts.say("event_stored_text", ["who": who])
    case .repacked: return repacked(step, who)
    case .packed:
      return texts.say("event_packed_text", ["who": who, "what": texts.count("quantity_lots", event.parts.count)])
    case .unpacked:
      return texts.say("event_unpacked_text", ["who": who, "what": texts.count("quantity_lots", event.parts.count)])
    case .shipped:
      return texts.say("event_shipped_text", ["who": who, "to": scope.organisationName(Int(event.other))])
    case .arrived: return texts.say("event_arrived_text", ["who": who, "what": what])
    case .handedOver: return texts.say("event_handed_over_text", ["who": who, "what": what])
    case .lost:
      return texts.say("event_lost_text", ["who": who, "what": what, "why": words.reason(event.reason)])
    case .corrected:
      let isMore = event.quantity > 0
      return texts.say(
        isMore ? "event_corrected_more" : "event_corrected_less",
        ["who": who, "what": isMore ? what : quantity(-event.quantity, step)])
    case .pledged: return texts.say("event_pledged_text", ["who": who, "what": what])
    case .planted: return texts.say("event_planted_text", ["who": who, "what": what])
    case .surveyed: return texts.say("event_surveyed_text", ["who": who, "what": what])
    case .died:
      return texts.say("event_died_text", ["who": who, "what": what, "why": words.reason(event.reason)])
    case .committed: return texts.say("event_committed_text", ["who": who, "what": what])
    case .disbursed:
      return texts.say(
        "event_disbursed_text", ["who": who, "what": what, "to": scope.organisationName(Int(event.other))])
    case .spent:
      let isAid = event.reason == SpendingPurpose.aid.rawValue
      return texts.say(isAid ? "event_spent_aid" : "event_spent_overhead", ["who": who, "what": what])
    case .returned: return texts.say("event_returned_text", ["who": who, "what": what])
    case .attended: return texts.say("event_attended_text", ["who": who, "what": what])
    }
  }

  /// Whether it is about money, which nobody packs.
  private func isMoney(_ step: FollowedWay.Step) -> Bool {
    guard let lot = step.lot, Int(lot) < hearts.lots.count else { return false }
    return words.category(of: hearts.lots[Int(lot)].kind) == .money
  }

  private func repacked(_ step: FollowedWay.Step, _ who: String) -> String {
    let event = step.event
    let whole = event.ingoing.reduce(Int64(0)) { $0.addingReportingOverflow($1.quantity).partialValue }
    let values: KeyValuePairs = ["who": who, "what": quantity(whole, step)]
    let said =
      isMoney(step)
      ? texts.count("event_repacked_money_text", step.step.made.count, values)
      : texts.count("event_repacked_text", step.step.made.count, values)
    guard event.quantity > 0 else { return said }
    return texts.join([said, texts.say("event_repacked_loss", ["what": quantity(event.quantity, step)])])
  }

  /// A quantity with the name of the kind of gift that a step is about.
  private func quantity(_ amount: Int64, _ step: FollowedWay.Step) -> String {
    guard let lot = step.lot, Int(lot) < hearts.lots.count else {
      return step.event.unit.map { words.quantity(amount, $0) } ?? ""
    }
    // A container arrives and is shipped as what is in it, counted in lots.
    let record = hearts.lots[Int(lot)]
    return words.gift(amount, kind: record.kind, unit: record.unit)
  }

  /// The fields of one step of a list.
  mutating func row(_ step: FollowedWay.Step) throws -> PageFields {
    let isBad = step.event.kind == .lost || step.event.kind == .died
    let evidence = step.event.evidence
    let all = step.step.sources + step.step.made
    var lots: [PageFields] = []
    for (place, lot) in all.prefix(StepWords.maximumLots).enumerated() {
      lots.append([
        "lot_comma": place > 0, "lot_href": scope.link("hearts/lots", lot), "lot_name": words.lotName(lot),
      ])
    }
    let transaction = try transactions.transaction(of: step)
    return [
      "step_class": isBad ? "wrong" : "done",
      "step_id": "event-\(step.organisation)-\(step.number)",
      "step_name": name(step),
      "step_iso": Moments.iso(step.event.time),
      "step_time": texts.moment(step.event.time),
      "step_text": text(step),
      "step_place": words.place(step.event.place),
      "step_lots": lots,
      "step_lots_more": all.count > lots.count ? texts.count("step_lots_more", all.count - lots.count) : nil,
      "step_evidence": evidence == .zero ? nil : String(evidence.description.prefix(16)),
      "step_noted": texts.moment(step.step.time),
      "step_entry_href": transaction.map { scope.link("explorer/transactions", $0.index) },
      "step_check_href": step.lot.map { scope.reader.link("/verify", [("file", scope.file("/v1/ways/\($0)"))]) },
    ]
  }
}

/// The list of a way's steps, the newest first, as parcels are followed.
struct StepList {
  /// The steps of one page, and links to the others.
  static func fields(_ way: FollowedWay, path: String, _ scope: PageScope) throws -> PageFields {
    let end = way.steps.count
    let before = min(try scope.reader.query.before().map { Int(clamping: $0) } ?? end, end)
    let first = max(0, before - PageScope.rows)
    var words = StepWords(scope)
    var rows: [PageFields] = []
    for step in way.steps[first..<before].reversed() { rows.append(try words.row(step)) }
    return
      ([
        "way_steps": rows, "has_way_steps": !rows.isEmpty,
        "way_count": scope.texts.count("way_count", end),
        "way_cut": way.isCut ? scope.texts.say("way_cut") : nil,
      ] as PageFields)
      .adding(scope.pager(path, older: first > 0 ? first : nil, fragment: "way"))
  }
}
