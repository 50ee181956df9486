internal import Ledger
internal import MutualAid
internal import Node

/// `/notices`: the cases in public notice, and those before.
struct NoticesPage: Page {
  static let template = "notices"
  /// Notices that are open and so passed over, before a page ends where it is.
  private static let maximumPassed = 10_000

  let section: Section? = .notices
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) throws {
    title = scope.texts.say("notices_title")
    let before = try scope.reader.query.before()
    var fields: PageFields = [
      "is_first_page": before == nil, "notices_feed_href": scope.reader.link(to: .notices),
    ]
    if before == nil { fields.merge(["open": NoticesPage.open(scope)]) }
    fields.merge(NoticesPage.past(before, scope))
    self.fields = fields
  }

  /// The notices that are not settled, those that are due first in front.
  private static func open(_ scope: PageScope) -> PageFields? {
    let aid = scope.aid
    var count = 0
    var first: [(debit: Timestamp, ordinal: UInt32)] = []
    for plan in 0..<aid.plans.count {
      // Oldest first, so the first ones of each plan are due first.
      let open = aid.openNotices(of: UInt16(plan))
      count += open.count
      first += open.prefix(PageScope.rows).map { (aid.notices[Int($0)].debitAt, $0) }
    }
    guard count > 0 else { return nil }
    first.sort { ($0.debit, $0.ordinal) < ($1.debit, $1.ordinal) }
    let shown = first.prefix(PageScope.rows)
    let texts = scope.texts
    return [
      "list_caption": texts.say("notices_open"),
      "open_text": shown.count < count
        ? texts.count("notices_open_more", count, ["shown": "\(shown.count)"])
        : texts.count("notices_open_count", count),
      "list": shown.map { row(Int($0.ordinal), scope) },
    ]
  }

  private static func past(_ before: UInt64?, _ scope: PageScope) -> PageFields {
    let aid = scope.aid
    var ordinal = min(before.map { Int(clamping: $0) } ?? aid.notices.count, aid.notices.count)
    var rows: [PageFields] = []
    var passed = 0
    while ordinal > 0, rows.count < PageScope.rows, passed < maximumPassed {
      ordinal -= 1
      switch aid.cases[Int(aid.notices[ordinal].caseOrdinal)].status {
      case .noticed, .decided: passed += 1
      // Noticed anew since; the later notice tells.
      case _ where aid.cases[Int(aid.notices[ordinal].caseOrdinal)].notice != UInt32(ordinal) + 1: passed += 1
      default: rows.append(row(ordinal, scope))
      }
    }
    let past: PageFields? =
      rows.isEmpty ? nil : ["list_caption": scope.texts.say("notices_past"), "list": rows]
    return (["past": past] as PageFields)
      .adding(scope.pager("/notices", older: ordinal > 0 ? ordinal : nil))
  }

  private static func row(_ ordinal: Int, _ scope: PageScope) -> PageFields {
    let notice = scope.aid.notices[ordinal]
    let words = CaseWords(Int(notice.caseOrdinal), scope)
    return [
      "case_href": scope.link("cases", notice.caseOrdinal),
      "case_name": words.name,
      "notice_plan": scope.name(of: words.convention),
      "notice_plan_href": scope.link("plans", notice.plan),
      "notice_class": words.className,
      "notice_ages": words.ages(scope.aid),
      "notice_aid": Numbers.yuan(words.record.aid),
      "notice_iso": Moments.iso(notice.publishedAt),
      "notice_time": Moments.short(notice.publishedAt),
      "notice_state": words.stateWithDates,
    ]
  }
}
