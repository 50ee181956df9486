internal import Consortium
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage

/// `/search?q=`: finds by address, fingerprint, number or a plan's name.
struct SearchPage: Page {
  static let template = "search"
  /// The longest text that is looked at, in bytes.
  private static let maximumBytes = 200
  private static let maximumHits = 50

  let section: Section? = .explorer
  let title: String
  let fields: PageFields

  /// Something found: where, its name, and a few words.
  private struct Hit {
    let link: String
    let name: String
    let text: String
  }

  init(_ scope: PageScope) throws {
    let texts = scope.texts
    let asked = String(
      decoding: Array((scope.reader.query.search ?? "").utf8.prefix(SearchPage.maximumBytes)), as: UTF8.self)
    let text = asked.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    title = texts.say("search_title")
    var fields: PageFields = [
      "search_text": asked, "is_secret": scope.reader.query.isSecretSearched,
      "asked": !text.isEmpty, "hits": [PageFields](), "has_hits": false,
      "found_text": texts.count("search_found", 0), "has_entries": false, "entries": [PageFields](), "pager": nil,
    ]
    fields.merge(scope.lag(indexed: try scope.index.height))
    let before = try scope.reader.query.before()
    if !text.isEmpty { fields.merge(try SearchPage.found(text, before: before, scope)) }
    self.fields = fields
  }

  private static func found(_ text: String, before: UInt64?, _ scope: PageScope) throws -> PageFields {
    var hits: [Hit] = []
    var sent: ListPart<IndexedTransaction>?
    for hit in try scope.index.search(text, limit: maximumHits) {
      switch hit {
      case .transaction(let transaction): hits.append(self.transaction(transaction, scope))
      case .block(let block):
        hits.append(
          Hit(
            link: scope.link("explorer/blocks", block.height),
            name: scope.texts.say("block_name", ["n": Numbers.grouped(block.height)]),
            text: scope.texts.say("hit_block_text", ["time": scope.texts.moment(block.time)])))
      case .subject(let subject): hits += record(subject.kind, subject.ordinal, scope)
      case .address(let address):
        hits += try scope.index.memberships(of: address).prefix(maximumHits).flatMap {
          record(.membership, UInt64($0), scope)
        }
        sent = try ListPart(upTo: PageScope.rows) {
          try scope.index.transactions(before: before, limit: $0, sender: address, subject: nil)
        }
      }
    }
    hits += numbered(text, scope) + named(text, scope)
    var links: Set<String> = []
    hits = hits.filter { links.insert($0.link).inserted }
    return
      ([
        "hits": hits.map { hit -> PageFields in ["hit_href": hit.link, "hit_name": hit.name, "hit_text": hit.text] },
        "has_hits": !hits.isEmpty,
        "found_text": scope.texts.count("search_found", hits.count),
      ] as PageFields)
      .adding(TransactionRows(scope).fields(sent.map { Array($0.shown) } ?? []))
      .adding(scope.pager("/search", older: sent?.last?.index, fragment: "sent"))
  }

  private static func transaction(_ transaction: IndexedTransaction, _ scope: PageScope) -> Hit {
    Hit(
      link: scope.link("explorer/transactions", transaction.index),
      name: scope.texts.say(TransactionWords.keys(contract: transaction.contract, kind: transaction.kind).name),
      text: scope.texts.moment(transaction.time))
  }

  /// A record by its kind and ordinal; nothing where the state has none.
  private static func record(_ kind: SubjectKind, _ number: UInt64, _ scope: PageScope) -> [Hit] {
    let texts = scope.texts
    guard let ordinal = Int(exactly: number) else { return [] }
    switch kind {
    case .plan where ordinal < scope.aid.plans.count:
      return [
        Hit(
          link: scope.link("plans", ordinal), name: scope.planName(ordinal), text: texts.say("hit_plan_text"))
      ]
    case .case where ordinal < scope.aid.cases.count:
      let words = CaseWords(ordinal, scope)
      return [
        Hit(
          link: scope.link("cases", ordinal), name: words.name,
          text: texts.say("hit_case_text", ["plan": scope.name(of: words.convention), "state": words.state]))
      ]
    case .membership where ordinal < scope.aid.memberships.count:
      let member = scope.aid.memberships[ordinal]
      return [
        Hit(
          link: scope.link("members", ordinal), name: texts.say("member_name", ["n": "\(ordinal)"]),
          text: texts.say(
            "hit_member_text",
            ["plan": scope.planName(Int(member.plan)), "n": Numbers.grouped(member.number)]))
      ]
    case .organisation where ordinal < scope.consortium.organisations.count:
      return [
        Hit(
          link: scope.organisationLink(ordinal), name: scope.organisationName(ordinal),
          text: texts.say("hit_organisation_text"))
      ]
    default: return []
    }
  }

  /// A bare number, or a word and a number in the words that these pages use.
  private static func numbered(_ text: String, _ scope: PageScope) -> [Hit] {
    let digits = text.drop { !("0"..."9").contains($0) }
    guard let number = Numbers.read(digits, as: UInt64.self) else { return [] }
    let word = text.prefix(text.count - digits.count).filter { $0 != " " && $0 != "#" }.lowercased()
    switch word {
    case "": return record(.case, number, scope) + record(.membership, number, scope)
    case "case", "病例", "案例": return record(.case, number, scope)
    case "member", "membership", "会员", "会员资格": return record(.membership, number, scope)
    case "plan", "计划", "互助计划": return record(.plan, number, scope)
    default: return []
    }
  }

  /// Plans and organisations whose name contains the text.
  private static func named(_ text: String, _ scope: PageScope) -> [Hit] {
    let wanted = text.lowercased()
    let plans = (0..<scope.aid.plans.count).filter { ordinal in
      let convention = scope.aid.convention(of: UInt16(ordinal))
      return [convention.nameZh, convention.nameEn, convention.key].contains { $0.lowercased().contains(wanted) }
    }
    let organisations = (0..<scope.consortium.organisations.count).filter {
      scope.organisationName($0).lowercased().contains(wanted)
    }
    return plans.flatMap { record(.plan, UInt64($0), scope) }
      + organisations.flatMap { record(.organisation, UInt64($0), scope) }
  }
}
