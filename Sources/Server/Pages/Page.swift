internal import Consortium
internal import Contracts
internal import HeartChain
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// A page: which template, and what fills it.
protocol Page {
  /// Name of the template, or of the first where the pages of a kind have several.
  static var template: String { get }
  /// Name of this page's template.
  var template: String { get }
  /// The part of the site it belongs to.
  var section: Section? { get }
  /// What stands in the browser's tab.
  var title: String { get }
  /// Key of the sentence by which others tell what it is about, such as a search engine; the section's unless it has
  /// one of its own.
  var about: String? { get }
  /// What fills the template.
  var fields: PageFields { get }
  /// Whether its figures are those of a block, which the foot of the page then names.
  var isOfBlock: Bool { get }
  /// The content security policy, where the page needs one of its own.
  var contentPolicy: String? { get }
  /// Whether search engines are told to leave it out.
  var isPrivate: Bool { get }
}

extension Page {
  var template: String { Self.template }
  var about: String? { section?.about }
  var isOfBlock: Bool { true }
  var contentPolicy: String? { nil }
  var isPrivate: Bool { false }
}

/// The parts of the site, in the order of the menu.
enum Section: CaseIterable {
  case home, plans, notices, hearts, organisations, explorer

  var path: String {
    switch self {
    case .home: "/"
    case .plans: "/plans"
    case .notices: "/notices"
    case .hearts: "/hearts"
    case .organisations: "/organisations"
    case .explorer: "/explorer"
    }
  }

  var key: String {
    switch self {
    case .home: "nav_home"
    case .plans: "nav_plans"
    case .notices: "nav_notices"
    case .hearts: "nav_hearts"
    case .organisations: "nav_organisations"
    case .explorer: "nav_explorer"
    }
  }

  /// Key of the sentence that says what it is about.
  var about: String {
    switch self {
    case .home: "home_what"
    case .plans: "plans_lead"
    case .notices: "notices_lead"
    case .hearts: "hearts_lead"
    case .organisations: "organisations_lead"
    case .explorer: "explorer_lead"
    }
  }
}

extension Reader {
  /// Whether the process serves a chain that a part of the site is about. While logs are read, nobody knows of which
  /// sort they are, and the usual parts stay.
  func has(_ section: Section) -> Bool {
    switch section {
    // Where there are hearts alone, the first page is that of hearts.
    case .home, .plans, .notices: hasAid || !hasHearts
    case .hearts: hasHearts
    case .organisations, .explorer: true
    }
  }
}

/// What every page is made from: the chain as it stands, its search index, and who reads.
///
/// A class, since each row of a list is made with it: as a value it would copy every table of three contracts.
final class PageScope: Sendable {
  /// Rows of a list on one page.
  static let rows = 50

  let reader: Reader
  let view: PublishedView
  let index: SearchIndex
  let log: LogDirectory
  /// The chain's name, as in the path of its log.
  let chain: String
  // Taken out once: a page asks for their records again and again.
  let aid: MutualAid
  let hearts: Hearts
  let consortium: Consortium

  init(reader: Reader, view: PublishedView, index: SearchIndex, log: LogDirectory, chain: String) {
    self.reader = reader
    self.view = view
    self.index = index
    self.log = log
    self.chain = chain
    aid = view.app.mutualAid
    hearts = view.app.hearts
    consortium = view.app.consortium
  }

  var texts: Texts { reader.texts }

  /// The name of a plan in the reader's language.
  func planName(_ plan: Int) -> String { name(of: aid.convention(of: UInt16(plan))) }

  /// The name of a convention in the reader's language.
  func name(of convention: Convention) -> String { texts.pick(zh: convention.nameZh, en: convention.nameEn) }

  /// The name of an organisation; its ordinal where there is none.
  func organisationName(_ ordinal: Int) -> String {
    let table = consortium.organisations
    return ordinal < table.count ? table[ordinal].name.string : "\(ordinal)"
  }

  /// An organisation's place on the page of organisations.
  func organisationLink(_ ordinal: Int) -> String {
    reader.link("/organisations", fragment: "organisation-\(ordinal)")
  }

  /// A file of the interface, of the chain that the reader chose.
  func file(_ path: String, _ items: [(name: String, value: String)] = []) -> String {
    let all = items + (reader.chain.map { [("chain", $0)] } ?? [])
    let query = all.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
    return query.isEmpty ? path : path + "?" + query
  }

  /// A record's page.
  func link(_ folder: String, _ ordinal: some BinaryInteger) -> String { reader.link("/\(folder)/\(ordinal)") }

  /// A record's ordinal out of an address.
  ///
  /// - Throws: `PageError.badRequest` for what is no number, `PageError.notFound` past the end of the table.
  static func ordinal(_ text: String?, below count: Int) throws(PageError) -> Int {
    guard let text, let number = Numbers.read(text, as: UInt64.self) else { throw .badRequest }
    guard number < UInt64(count) else { throw .notFound }
    return Int(number)
  }

  /// Says how far the search index is, where it is behind.
  func lag(indexed height: UInt64) -> PageFields {
    guard height < view.height else { return ["lag": nil] }
    return [
      "lag": true,
      "lag_text": texts.say(
        "lag", ["height": Numbers.grouped(height), "newest": Numbers.grouped(view.height)]),
    ]
  }

  /// Links to the older part of a list and back to its beginning.
  ///
  /// - Parameters:
  ///   - name: the list's own, on a page with two of them; the second one's links are named by its heading, as two
  ///     places with one name would be one for who listens.
  ///   - kept: what else the address of the list holds.
  ///   - fragment: the heading of the list.
  func pager(
    _ path: String, older before: (some BinaryInteger)?, by name: String = PageQuery.before,
    keeping kept: [(name: String, value: String)] = [], fragment: String? = nil
  ) -> PageFields {
    let isFirst = reader.query[name] == nil
    let asked = kept + (reader.query.search.map { [(name: "q", value: $0)] } ?? [])
    guard before != nil || !isFirst else { return ["pager": nil] }
    return [
      "pager": true,
      "pager_of": name == PageQuery.before ? nil : fragment,
      "newest_href": isFirst ? nil : reader.link(path, asked, fragment: fragment),
      "older_href": before.map { reader.link(path, asked + [(name, "\($0)")], fragment: fragment) },
    ]
  }
}
