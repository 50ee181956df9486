internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TransparencyLog

/// `/cases/<ordinal>`: what the chain knows of a case, what it cost each member, and where it stands in the log.
struct CasePage: Page {
  static let template = "case"
  let section: Section? = .notices
  let title: String
  let fields: PageFields

  init(_ scope: PageScope, case text: String?) throws {
    let ordinal = try PageScope.ordinal(text, below: scope.aid.cases.count)
    let words = CaseWords(ordinal, scope)
    title = words.name
    fields = CasePage.head(words, scope)
      .adding(["steps": CasePage.steps(words, scope)])
      .adding(CasePage.cost(words, scope))
      .adding(try CasePage.log(words, scope))
  }

  private static func head(_ words: CaseWords, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    let record = words.record
    func amount(_ micro: Int64) -> String? { micro > 0 ? texts.yuan(micro) : nil }
    return [
      "case_name": words.name,
      "case_state_text": words.sentence,
      "plan_name": scope.name(of: words.convention),
      "plan_href": scope.link("plans", record.plan),
      "check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/cases/\(words.ordinal)"))]),
      "qr_href": scope.code(.cases, words.ordinal),
      "class_name": words.className,
      "ages": words.ages(scope.aid),
      "aid": texts.yuan(record.aid),
      "given": amount(record.given),
      "carried": amount(record.carriedAid),
      "paid": amount(record.paid),
      "due": record.status == .settled || record.fastTrack != 0 ? amount(record.given - record.paid) : nil,
      "checks": CasePage.checks(scope.aid.fieldChecks(of: UInt32(words.ordinal)), texts),
      "record": scope.aid.hospitalRecord(of: UInt32(words.ordinal)).map { found in
        texts.say(
          "case_record_text",
          ["hospital": scope.organisationName(Int(found.hospital)), "time": texts.moment(found.registeredAt)])
      },
    ]
  }

  /// What volunteers near the place found; `nil` where none was asked.
  private static func checks(_ checks: [FieldCheckRecord], _ texts: Texts) -> String? {
    guard !checks.isEmpty else { return nil }
    return texts.count(
      "case_checks_text", checks.count,
      [
        "agree": "\(checks.count { $0.status == .agrees })", "disagree": "\(checks.count { $0.status == .disagrees })",
      ])
  }

  /// The way from the claim to the money: what is done with its time, and what comes next.
  private static func steps(_ words: CaseWords, _ scope: PageScope) -> [PageFields] {
    let texts = words.texts
    let record = words.record
    func step(_ name: String, _ text: String, at time: Timestamp? = nil, isDone: Bool) -> PageFields {
      [
        "step_name": texts.say(name), "step_text": text, "step_time": time.map(texts.moment),
        "step_class": isDone ? "done" : "ahead",
      ]
    }
    var steps = [step("step_filed", texts.say("step_filed_text"), at: record.filedAt, isDone: true)]
    if let advance = advance(words, scope) {
      steps.append(step("step_advanced", advance.text, at: advance.time, isDone: advance.isDone))
    }
    if record.status == .withdrawn {
      return steps + [step("step_withdrawn", texts.say("step_withdrawn_text"), isDone: true)]
    }
    steps.append(step("step_investigated", texts.say("step_investigated_text"), isDone: record.report != .zero))
    if record.status == .declined {
      return steps + [
        step("step_confirmed", texts.say("step_declined_text"), at: record.refusedAt, isDone: true)
      ]
    }
    steps.append(step("step_confirmed", texts.say("step_confirmed_text"), isDone: record.decidedBy != 0))
    if let contest = contest(words, scope.aid) {
      steps.append(step("step_contested", contest, isDone: record.marks.contains(.heard)))
      if record.status == .rejected { return steps }
    }
    if let notice = words.notice, !notice.isTakenOut {
      steps.append(
        step(
          "step_noticed", texts.say("step_noticed_text", ["time": texts.moment(notice.endsAt)]),
          at: notice.publishedAt, isDone: true))
    } else {
      steps.append(step("step_noticed", texts.say("step_noticed_next"), isDone: false))
    }
    if let cost = CaseCost(record, scope.aid) {
      let settlement = cost.settlement
      steps.append(
        step(
          "step_settled", texts.count("step_settled_text", settlement.payersBefore), at: settlement.time, isDone: true))
    } else {
      steps.append(step("step_settled", texts.say("step_settled_next"), isDone: false))
    }
    let isPaid = record.status == .paid
    steps.append(step("step_paid", texts.say(isPaid ? "step_paid_text" : "step_paid_next"), isDone: isPaid))
    return steps
  }

  /// What became of aid ahead of the investigation; `nil` where nobody asked for it.
  private static func advance(
    _ words: CaseWords, _ scope: PageScope
  ) -> (text: String, time: Timestamp, isDone: Bool)? {
    guard let track = scope.aid.fastTrack(of: words.record) else { return nil }
    let texts = words.texts
    guard track.countersignedAt != .zero else {
      return (texts.say("step_certified_text"), track.certifiedAt, false)
    }
    let amount = texts.yuan(track.amount)
    var parts = [texts.say("step_advanced_text", ["amount": amount])]
    if track.isLate(at: scope.view.time) { parts.append(texts.say("step_advance_late")) }
    if track.status == .upheld { parts.append(texts.say("step_advance_upheld", ["amount": amount])) }
    if track.status == .overturned {
      parts.append(
        texts.say("step_advance_overturned", ["amount": amount, "owed": texts.yuan(track.outstanding)]))
    }
    return (texts.join(parts), track.countersignedAt, track.paidAt != .zero)
  }

  /// What objections, an appeal or two minds came to; `nil` where nobody contested the case.
  private static func contest(_ words: CaseWords, _ aid: MutualAid) -> String? {
    let texts = words.texts
    let record = words.record
    let isAppeal = record.marks.contains(.appealed)
    guard isAppeal || record.draw != 0 else { return nil }
    let isUndecided = record.objections == 0 && aid.report(on: UInt32(words.ordinal))?.isUndecided ?? false
    let why =
      isAppeal
      ? texts.say("contest_appeal")
      : isUndecided ? texts.say("contest_undecided") : texts.count("contest_objections", Int(record.objections))
    // A jury of before says nothing of what is still to come.
    guard record.status != .contested, let jury = words.jury else { return why + texts.say("contest_drawing") }
    let votes: KeyValuePairs = ["for": "\(jury.approving)", "against": "\(jury.rejecting)"]
    let came =
      switch jury.verdict {
      case .open: texts.say("contest_voting", ["time": texts.moment(jury.revealBy)])
      case .upheld: texts.say("contest_upheld", votes)
      case .rejected: texts.say("contest_rejected", votes)
      case .noQuorum: texts.say("contest_no_quorum")
      case .withdrawn: ""
      }
    return why + came
  }

  private static func cost(_ words: CaseWords, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    let record = words.record
    guard let cost = CaseCost(record, scope.aid) else {
      if words.isRefused { return ["cost": nil, "no_cost_text": texts.say("cost_declined")] }
      guard words.isOpen, let each = CaseCost.estimate(record, scope.aid) else {
        return ["cost": nil, "no_cost_text": texts.say("cost_none_yet")]
      }
      return ["cost": nil, "no_cost_text": texts.say("cost_estimate", ["amount": texts.yuan(each)])]
    }
    let settlement = cost.settlement
    let fields: PageFields = [
      "cost_each": texts.figure(cost.each),
      "cost_text": cost.isAlone
        ? texts.say("cost_only")
        : texts.count("cost_part", settlement.cases, ["share": texts.yuan(settlement.share)]),
      "settlement_name": texts.say("settlement_name", ["n": Numbers.grouped(settlement.number)]),
      "settlement_href": scope.settlementLink(settlement.number, plan: settlement.plan),
      "payers": Numbers.grouped(settlement.payersBefore),
      "share": texts.yuan(settlement.share),
      "collected": texts.yuan(settlement.collected),
      "fee": texts.yuan(settlement.feeGiven),
      "from_reserve": settlement.fromReserve > 0 ? texts.yuan(settlement.fromReserve) : nil,
      "shortfall": settlement.shortfall > 0 ? texts.yuan(settlement.shortfall) : nil,
    ]
    return ["cost": fields]
  }

  /// Every transaction about the case, and the block in which it was shared.
  private static func log(_ words: CaseWords, _ scope: PageScope) throws -> PageFields {
    let index = scope.index
    var found = try index.transactions(
      before: nil, limit: PageScope.rows, sender: nil,
      subject: IndexedSubject(kind: .case, ordinal: UInt64(words.ordinal)))
    // The claim itself names the membership: when it was signed, the case had no number yet.
    let claims = try index.transactions(
      before: nil, limit: PageScope.rows, sender: nil,
      subject: IndexedSubject(kind: .membership, ordinal: UInt64(words.record.membership)))
    found += claims.filter {
      $0.contract == MutualAid.name && $0.kind == MutualAidAction.fileCase.rawValue && $0.code == 0
        && $0.time == words.record.filedAt
    }.prefix(1)
    let height = try index.height
    var fields = TransactionRows(scope).fields(found).adding(scope.lag(indexed: height))
    if let cost = CaseCost(words.record, scope.aid),
      let block = try BlockSearch(index: index, entries: LogEntries(log: scope.log, size: scope.view.head.size))
        .due(at: cost.settlement.time, height: height)
    {
      fields.merge([
        "settled_in": true,
        "settled_in_text": scope.texts.say("case_settled_in"),
        "settled_in_name": scope.texts.say("block_name", ["n": Numbers.grouped(block)]),
        "settled_in_href": scope.link("explorer/blocks", block),
      ])
    }
    return fields
  }
}

extension PageScope {
  /// A settlement's row on its plan's page.
  func settlementLink(_ number: UInt32, plan: UInt16) -> String {
    reader.link("/plans/\(plan)", [("before", "\(UInt64(number) + 1)")], fragment: "settlement-\(number)")
  }
}
