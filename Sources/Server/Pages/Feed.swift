internal import Ledger
internal import MutualAid
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// What an Atom feed tells (RFC 4287): facts of the chain as they were when they happened, newest first.
///
/// An entry says nothing that may change later, so it is the same for ever, and a reader's program shows it once.
/// Addresses are paths without a host: a node does not know under which names it is reached, and the name in a request
/// is whatever a stranger writes there. A reader's program resolves them against the address that it asked.
struct Feed {
  /// The most entries of a feed.
  static let maximumEntries = 50
  /// The name of the template.
  static let template = "feed"
  /// The media type.
  static let contentType = "application/atom+xml; charset=utf-8"

  /// Which feed.
  enum Kind: String, CaseIterable {
    case notices, settlements, signs

    /// Where it is served.
    var path: String { self == .signs ? "/hearts/signs.atom" : "/feeds/\(rawValue).atom" }

    /// Whether it tells of a chain of hearts.
    var isOfHearts: Bool { self == .signs }

    /// The page that shows the same.
    var page: String {
      switch self {
      case .notices: "/notices"
      case .settlements: "/plans"
      case .signs: "/hearts/signs"
      }
    }

    /// Its name in the reader's language.
    func title(_ texts: Texts) -> String {
      switch self {
      case .notices: texts.say("feed_notices")
      case .settlements: texts.say("feed_settlements")
      case .signs: texts.say("feed_signs")
      }
    }

    /// What it tells, in a sentence.
    func lead(_ texts: Texts) -> String {
      switch self {
      case .notices: texts.say("feed_notices_lead")
      case .settlements: texts.say("feed_settlements_lead")
      case .signs: texts.say("feed_signs_lead")
      }
    }
  }

  /// One fact.
  struct Entry {
    /// What tells it apart from all others of the feed for ever: its ordinal in the chain's table; of a sign all that
    /// it says.
    let key: String
    let title: String
    let summary: String
    /// The block time at which it happened.
    let time: Timestamp
    /// Its place on the pages.
    let link: String
  }

  let kind: Kind
  let entries: [Entry]

  /// The newest facts of a kind.
  ///
  /// - Parameter found: the signs of the scope's view, where the feed tells them.
  init(_ kind: Kind, _ scope: PageScope, _ found: FoundSigns = FoundSigns()) {
    self.kind = kind
    entries =
      switch kind {
      case .notices: Feed.newest(of: scope.aid.notices.count).map { Feed.notice($0, scope) }
      case .settlements: Feed.newest(of: scope.aid.settlements.count).map { Feed.settlement($0, scope) }
      case .signs: found.all.prefix(Feed.maximumEntries).map { Feed.sign($0, scope) }
      }
  }

  /// The ordinals that a feed shows of a table of so many records, newest first.
  static func newest(of count: Int) -> [Int] { (max(0, count - maximumEntries)..<count).reversed() }

  /// That a case was put on public notice: never more than class, age group and amount.
  private static func notice(_ ordinal: Int, _ scope: PageScope) -> Entry {
    let notice = scope.aid.notices[ordinal]
    let words = CaseWords(Int(notice.caseOrdinal), scope)
    let texts = scope.texts
    return Entry(
      key: "\(ordinal)",
      title: texts.say(
        "feed_notice",
        [
          "case": words.name, "class": words.className, "ages": words.ages(scope.aid),
          "aid": texts.yuan(words.record.aid),
        ]),
      summary: texts.say(
        "feed_notice_about",
        [
          "plan": scope.name(of: words.convention), "from": texts.moment(notice.publishedAt),
          "until": texts.moment(notice.endsAt), "debit": texts.moment(notice.debitAt),
        ]),
      time: notice.publishedAt, link: scope.link("cases", notice.caseOrdinal))
  }

  /// That cases were shared.
  private static func settlement(_ ordinal: Int, _ scope: PageScope) -> Entry {
    let record = scope.aid.settlements[ordinal]
    let texts = scope.texts
    let plan = scope.planName(Int(record.plan))
    return Entry(
      key: "\(ordinal)",
      title: texts.say(
        "feed_settlement", ["plan": plan, "n": "\(record.number)", "share": texts.yuan(record.share)]),
      summary: texts.say(
        "feed_settlement_about",
        [
          "cases": Numbers.grouped(record.cases), "payers": Numbers.grouped(record.payersBefore),
          "share": Numbers.millionths(record.share), "aid": texts.yuan(record.aidGiven),
        ]),
      time: record.time,
      // The part of the list that begins with it: it stands there however long the list grows.
      link: scope.reader.link(
        "/plans/\(record.plan)", [("before", "\(UInt64(record.number) + 1)")],
        fragment: "settlement-\(record.number)"))
  }

  /// That something stands in the state that a reader should look at. One that grew is another entry.
  private static func sign(_ found: FoundSign, _ scope: PageScope) -> Entry {
    let words = SignWords(found, scope)
    let project = SignFacts(found.sign).project
    return Entry(
      key: FoundSign.key(of: found), title: words.title, summary: words.text, time: found.time,
      link: project.map { scope.link("hearts/projects", $0) } ?? scope.reader.link("/hearts/signs"))
  }

  /// What fills the template.
  func fields(_ scope: PageScope) -> PageFields {
    let chain = scope.view.genesis.chain
    return [
      "html_lang": scope.reader.language.tag,
      "title": kind.title(scope.texts),
      "feed_lead": kind.lead(scope.texts),
      "feed_id": Feed.id(chain, ["feed", kind.rawValue, scope.reader.language.rawValue]),
      // Not the last block's time: nothing here is newer than the newest entry.
      "feed_updated": Moments.iso(entries.first?.time ?? scope.view.genesis.time),
      "feed_href": scope.reader.link(to: kind),
      "page_href": scope.reader.link(kind.page),
      "entries": entries.map { entry -> PageFields in
        [
          "entry_id": Feed.id(chain, ["entry", kind.rawValue, entry.key]),
          "entry_title": Feed.allowed(entry.title),
          "entry_summary": Feed.allowed(entry.summary),
          "entry_iso": Moments.iso(entry.time),
          "entry_href": entry.link,
        ]
      },
    ]
  }

  /// A text without the characters that XML has no way to write (XML 1.0, production 2): a plan's name may hold
  /// U+FFFE, and one such character would make the whole feed unreadable.
  static func allowed(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: scalars.append(scalar)
      default: scalars.append("\u{FFFD}")
      }
    }
    return String(scalars)
  }

  /// A name that is the same for ever and in every language: a UUID of version 8 out of a SHA-256, as in RFC 9562,
  /// appendix B.2, over lines of `tongzhou feed`, the chain's id and the parts.
  static func id(_ chain: Hash, _ parts: [String]) -> String {
    let text = (["tongzhou feed", chain.description] + parts).joined(separator: "\n")
    var digits = Array(Hash.sha256(Array(text.utf8)).description.prefix(32))
    digits[12] = "8"
    // The two highest bits of this digit are the variant.
    digits[16] = Character(String(8 + (digits[16].hexDigitValue ?? 0) % 4, radix: 16))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return "urn:uuid:" + groups.joined(separator: "-")
  }
}

extension Reader {
  /// A feed's address. It names the language, since a program that asks for it has no cookie.
  func link(to feed: Feed.Kind) -> String {
    let language = choseLanguage ? [] : [(name: "lang", value: language.rawValue)]
    return link(feed.path, language)
  }
}
