internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient

/// `/members/<ordinal>`: a membership's statement, out of public numbers.
struct MemberPage: Page {
  static let template = "member"
  let section: Section? = .plans
  let about: String? = "statement_lead"
  let title: String
  let fields: PageFields

  init(_ scope: PageScope, member text: String?) throws {
    let ordinal = try PageScope.ordinal(text, below: scope.aid.memberships.count)
    let (height, bytes) = try scope.index.history(of: UInt32(ordinal))
    let changes = bytes.compactMap(MembershipChange.init(bytes:))
    let ledger = MemberLedger(ordinal, changes: changes, scope.aid)
    title = scope.texts.say("member_name", ["n": "\(ordinal)"])
    fields = MemberPage.head(ordinal, ledger, scope)
      .adding([
        "history_ok": ledger.isWhole,
        // While the index is behind, the changes are those of an earlier block.
        "history_broken": !ledger.isWhole && height >= scope.view.height,
      ])
      .adding(scope.lag(indexed: height))
      .adding(try MemberPage.statement(ordinal, ledger, scope))
  }

  private static func head(_ ordinal: Int, _ ledger: MemberLedger, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    let record = scope.aid.memberships[ordinal]
    let owner = record.owner.description
    func amount(_ micro: Int64) -> String? { micro > 0 ? texts.yuan(micro) : nil }
    return [
      "member_name": texts.say("member_name", ["n": "\(ordinal)"]),
      "member_state_text": state(ordinal, record, scope),
      "balance": texts.figure(ledger.balance),
      "paid_in": texts.yuan(ledger.paidIn),
      "shared": texts.figure(ledger.shared),
      "plan_name": scope.planName(Int(record.plan)),
      "plan_href": scope.link("plans", record.plan),
      "number": Numbers.grouped(record.number),
      "joined": texts.moment(record.joinedAt),
      "reversed": amount(ledger.reversed),
      "arrears": amount(ledger.arrears),
      "returned": amount(ledger.returned),
      "shares_back": amount(ledger.sharesBack),
      "queued": record.queuedCredits > 0 ? Numbers.grouped(record.queuedCredits) : nil,
      "check_href": scope.reader.link("/verify", [("file", scope.file("/v1/members/\(ordinal)/statement"))]),
      "qr_href": scope.code(.members, ordinal),
      "check_open_href": (1...WantedCases.mostRows).contains(ledger.sharedCases)
        ? scope.reader.link("/verify", [("file", scope.file("/v1/members/\(ordinal)/statement", [("cases", "all")]))])
        : nil,
      "owner": TransactionWords.short(owner),
      "owner_href": scope.reader.link("/search", [("q", owner)]),
    ]
  }

  private static func state(_ ordinal: Int, _ record: MembershipRecord, _ scope: PageScope) -> String {
    let texts = scope.texts
    switch record.status {
    case .ended: return texts.say("member_ended")
    case .leaving: return texts.say("member_leaving")
    case .active: break
    }
    guard record.wasFunded else { return texts.say("member_never_funded") }
    let convention = scope.aid.convention(of: record.plan)
    if let exhausted = scope.aid.exhaustedAt(membership: ordinal) {
      let grace = exhausted.adding(days: UInt64(convention.graceDays))
      return convention.graceDays > 0 && scope.view.time <= grace
        ? texts.say("member_grace", ["time": texts.moment(grace)]) : texts.say("member_exhausted")
    }
    let waiting = record.waitingFrom.adding(days: UInt64(convention.waitingDays))
    return scope.view.time < waiting
      ? texts.say("member_waiting", ["time": texts.moment(waiting)]) : texts.say("member_covered")
  }

  private static func statement(_ ordinal: Int, _ ledger: MemberLedger, _ scope: PageScope) throws -> PageFields {
    let before = min(try scope.reader.query.before().map { Int(clamping: $0) } ?? ledger.count, ledger.count)
    let lines = ledger.lines(before: before, limit: PageScope.rows)
    let left = before - lines.count
    let plan = scope.aid.memberships[ordinal].plan
    return (["lines": lines.map { row($0, plan: plan, scope) }, "has_lines": !lines.isEmpty] as PageFields)
      .adding(scope.pager("/members/\(ordinal)", older: left > 0 ? left : nil, fragment: "statement"))
  }

  private static func row(_ line: MemberLedger.Line, plan: UInt16, _ scope: PageScope) -> PageFields {
    let texts = scope.texts
    switch line {
    case .share(let settlement, let given, let balance):
      return [
        "line_what": texts.say("change_share", ["n": Numbers.grouped(settlement.number)]),
        "line_href": scope.settlementLink(settlement.number, plan: plan),
        "line_iso": Moments.iso(settlement.time), "line_time": Moments.short(settlement.time),
        "line_amount": Numbers.signed(-given), "line_balance": Numbers.yuan(balance),
      ]
    case .change(let change, let arrears, let balance):
      let (what, amount, link) = words(change, arrears: arrears, scope)
      return [
        "line_what": what, "line_href": link,
        "line_iso": Moments.iso(change.time), "line_time": Moments.short(change.time),
        "line_amount": amount.map(Numbers.signed), "line_balance": Numbers.yuan(balance),
      ]
    }
  }

  /// What a change is, what it did to the balance, and where there is more of it.
  private static func words(
    _ change: MembershipChange, arrears: Int64, _ scope: PageScope
  ) -> (what: String, amount: Int64?, link: String?) {
    let texts = scope.texts
    switch change.kind {
    case .join: return (texts.say("change_join"), nil, nil)
    case .fund: return (texts.say("change_fund"), change.amount, nil)
    case .topUp: return (texts.say("change_top_up"), change.amount, nil)
    case .reinstate:
      return (texts.say("change_reinstate", ["arrears": texts.yuan(arrears)]), change.amount, nil)
    case .leave: return (texts.say("change_leave"), nil, nil)
    case .end: return (texts.say("change_end"), -change.amount, nil)
    case .reverse: return (texts.say("change_reverse"), -change.amount, nil)
    case .fileCase:
      let isThere = change.number < UInt64(scope.aid.cases.count)
      return (
        texts.say("change_file_case", ["n": "\(change.number)"]), nil,
        isThere ? scope.link("cases", change.number) : nil
      )
    case .rotateKey: return (texts.say("change_rotate_key"), nil, nil)
    case .recover: return (texts.say("change_recover"), nil, nil)
    case .vetoRecovery: return (texts.say("change_veto_recovery"), nil, nil)
    case .recovered: return (texts.say("change_recovered"), nil, nil)
    case .keptKey: return (texts.say("change_kept_key"), nil, nil)
    case .setPayee: return (texts.say("change_set_payee"), nil, nil)
    case .setHeir: return (texts.say("change_set_heir"), nil, nil)
    case .death: return (texts.say("change_death"), nil, nil)
    case .takeOver: return (texts.say("change_take_over"), nil, nil)
    case .illness: return (texts.say("change_illness", ["shares": texts.yuan(change.amount)]), nil, nil)
    }
  }
}
