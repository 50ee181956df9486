internal import Consortium
internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/search?q=`: finds gifts, lots, projects and partners by their numbers, organisations by name, and what an
/// address gave.
struct HeartSearchPage: Page {
  static let template = "hearts-search"
  /// The longest text that is looked at, in bytes.
  private static let maximumBytes = 200
  private static let maximumHits = 50

  let section: Section? = .hearts
  let about: String? = "heart_search_about"
  let isPrivate = true
  let title: String
  let fields: PageFields

  /// Something found: where, its name, and a few words.
  private struct Hit {
    let link: String
    let name: String
    let text: String
  }

  /// What has a number.
  private enum Kind: CaseIterable {
    case gift, lot, project, partner

    /// The words before a number that mean it, in small letters.
    var words: [String] {
      switch self {
      case .gift: ["gift", "捐赠", "捐赠号", "礼物"]
      case .lot: ["lot", "批", "批次", "批号"]
      case .project: ["project", "项目"]
      case .partner: ["partner", "伙伴", "商家"]
      }
    }
  }

  init(_ scope: PageScope) {
    let texts = scope.texts
    let asked = String(
      decoding: Array((scope.reader.query.search ?? "").utf8.prefix(HeartSearchPage.maximumBytes)), as: UTF8.self)
    let text = asked.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    title = texts.say("heart_search_heading")
    var hits = text.isEmpty ? [] : HeartSearchPage.hits(text, scope)
    var links: Set<String> = []
    hits = Array(hits.filter { links.insert($0.link).inserted }.prefix(HeartSearchPage.maximumHits))
    fields = [
      "heart_search_text": asked, "is_secret": scope.reader.query.isSecretSearched, "asked": !text.isEmpty,
      "found_text": texts.count("search_found", hits.count),
      "hits": hits.map { hit -> PageFields in ["hit_href": hit.link, "hit_name": hit.name, "hit_text": hit.text] },
      "has_hits": !hits.isEmpty,
    ]
  }

  private static func hits(_ text: String, _ scope: PageScope) -> [Hit] {
    addressed(text, scope) + numbered(text, scope) + organisations(text, scope)
  }

  /// An address: what it gave, whose partner it is, for which organisation it signs.
  private static func addressed(_ text: String, _ scope: PageScope) -> [Hit] {
    guard let address = AskedAddress(text).address else { return [] }
    let (texts, hearts) = (scope.texts, scope.hearts)
    var hits = [
      Hit(
        link: scope.reader.link("/hearts/me", [("address", address.description)]), name: texts.say("hearts_me"),
        text: TransactionWords.short(address.description))
    ]
    // A chain has at most 65,536 partners; of an account that registered again and again the newest are shown.
    let owned = (0..<hearts.partners.count).reversed().lazy.filter { hearts.partners[$0].account == address }
    for partner in owned.prefix(maximumHits) { hits += record(.partner, UInt64(partner), scope) }
    if let organisation = scope.consortium.organisation(ofOfficer: address) {
      hits.append(self.organisation(Int(organisation), scope))
    }
    return hits
  }

  /// A bare number, or a word and a number.
  private static func numbered(_ text: String, _ scope: PageScope) -> [Hit] {
    let digits = text.drop { !("0"..."9").contains($0) }
    guard let number = Numbers.read(digits, as: UInt64.self) else { return [] }
    let word = text.prefix(text.count - digits.count).filter { $0 != " " && $0 != "#" }.lowercased()
    return Kind.allCases.filter { word.isEmpty || $0.words.contains(word) }.flatMap { record($0, number, scope) }
  }

  private static func record(_ kind: Kind, _ number: UInt64, _ scope: PageScope) -> [Hit] {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    switch kind {
    case .gift where number < UInt64(hearts.gifts.count):
      let gift = hearts.gifts[Int(number)]
      return [
        Hit(
          link: scope.link("hearts/gifts", number), name: words.giftName(number),
          text: texts.join([words.what(gift), words.state(gift)].map { texts.say("hit_part", ["text": $0]) }))
      ]
    case .lot where number < UInt64(hearts.lots.count):
      let lot = hearts.lots[Int(number)]
      return [
        Hit(
          link: scope.link("hearts/lots", number), name: words.lotName(number),
          text: texts.join([words.gift(lot), words.state(lot)].map { texts.say("hit_part", ["text": $0]) }))
      ]
    case .project where number < UInt64(hearts.projects.count):
      let project = hearts.projects[Int(number)]
      return [
        Hit(
          link: scope.link("hearts/projects", number), name: words.projectName(number),
          text: scope.organisationName(Int(project.charity)))
      ]
    case .partner where number < UInt64(hearts.partners.count):
      let partner = hearts.partners[Int(number)]
      return [
        Hit(
          link: partnerLink(number, scope), name: words.partnerName(number),
          text: texts.say(partner.closedAt == .zero ? "hit_partner" : "hit_partner_closed"))
      ]
    default: return []
    }
  }

  /// The part of the list of partners in which one stands.
  private static func partnerLink(_ number: UInt64, _ scope: PageScope) -> String {
    let isFirst = number + UInt64(PageScope.rows) >= UInt64(scope.hearts.partners.count)
    return scope.reader.link("/hearts", isFirst ? [] : [("before", "\(number + 1)")], fragment: "partners")
  }

  /// Organisations whose name contains the text, each with its projects.
  private static func organisations(_ text: String, _ scope: PageScope) -> [Hit] {
    let wanted = text.lowercased()
    let found = (0..<scope.consortium.organisations.count).filter {
      scope.organisationName($0).lowercased().contains(wanted)
    }.prefix(maximumHits)
    guard !found.isEmpty else { return [] }
    var hits = found.map { organisation($0, scope) }
    for project in 0..<scope.hearts.projects.count where hits.count < maximumHits {
      let charity = Int(scope.hearts.projects[project].charity)
      if found.contains(charity) { hits += record(.project, UInt64(project), scope) }
    }
    return hits
  }

  private static func organisation(_ ordinal: Int, _ scope: PageScope) -> Hit {
    Hit(
      link: scope.organisationLink(ordinal), name: scope.organisationName(ordinal),
      text: scope.texts.say("hit_organisation_text"))
  }
}
