internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import TongzhouClient

/// Who reads a page: her language, and what her links keep.
struct Reader: Sendable {
  let language: Language
  let texts: Texts
  let query: PageQuery
  /// Whether she chose the language in this very address: then it goes into a cookie, and into every link for those
  /// who keep no cookies.
  let choseLanguage: Bool
  /// The chain whose page she reads: the one she named, or the one that the address is about.
  let shown: String?
  /// Whether she named a chain that is not here.
  let isLost: Bool
  private let path: String
  private let chains: ServedNames

  /// - Parameter chains: the chains that are served.
  init(_ request: Request, catalogue: Catalogue, chains: ServedNames) {
    query = PageQuery(request)
    let chosen = query["lang"].flatMap(Language.init(rawValue:))
    choseLanguage = chosen != nil
    language =
      chosen ?? request.cookies["lang"].flatMap { Language(rawValue: $0.value) }
      ?? Reader.preferred(request.headers[.acceptLanguage]) ?? .zh
    texts = catalogue.texts(in: language)
    let named = query["chain"]
    isLost = named.map { !chains.all.contains($0) } ?? false
    self.chains = chains
    path = Reader.harmless(request.uri.path)
    shown = isLost ? chains.standard(for: path) : named ?? chains.standard(for: path)
  }

  /// The chain, where an address of the interface has to name it.
  var chain: String? { shown == chains.all.first ? nil : shown }

  /// Whether the process serves a chain of mutual aid, and one of hearts.
  var hasAid: Bool { chains.aid != nil }
  var hasHearts: Bool { chains.hearts != nil }

  /// What a link carries along.
  func kept(in path: String) -> [(name: String, value: String)] {
    var items: [(name: String, value: String)] = []
    if choseLanguage { items.append(("lang", language.rawValue)) }
    if let chain = chains.named(shown, in: path) { items.append(("chain", chain)) }
    return items
  }

  /// An address on this site.
  func link(_ path: String, _ items: [(name: String, value: String)] = [], fragment: String? = nil) -> String {
    let query = (items + kept(in: path)).map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
    return path + (query.isEmpty ? "" : "?" + query) + (fragment.map { "#" + $0 } ?? "")
  }

  /// The same page in the other language.
  var otherLanguageLink: String {
    let other: Language = language == .zh ? .en : .zh
    var items: [(name: String, value: String)] = []
    for name in ["q", "before", "changes", "file"] {
      if let value = query[name], !PageQuery.holdsSecret(value) { items.append((name, value)) }
    }
    // What is no address may be a secret that was entered by mistake.
    if let address = AskedAddress(query["address"]).address { items.append(("address", address.description)) }
    items.append(("lang", other.rawValue))
    if let chain = chains.named(shown, in: path) { items.append(("chain", chain)) }
    return path + "?" + items.map { "\($0.name)=\($0.value.percentEncoded)" }.joined(separator: "&")
  }

  /// A path that a link may repeat. `//host` and `/\host` would lead to another site.
  private static func harmless(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "%"):
        true
      default: false
      }
    }
    return isPlain && path.hasPrefix("/") && !path.hasPrefix("//") && path.utf8.count <= 256 ? path : "/"
  }

  /// The language a browser prefers (RFC 9110, 12.5.4); `nil` where it names neither.
  static func preferred(_ header: String?) -> Language? {
    var best: (language: Language, weight: Int)?
    for part in (header ?? "").split(separator: ",").prefix(32) {
      let words = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let tag = words.first, let language = Language(tag: tag) else { continue }
      let weight = words.dropFirst().first { $0.hasPrefix("q=") }.map { thousandths($0.dropFirst(2)) } ?? 1000
      if weight > (best?.weight ?? 0) { best = (language, weight) }
    }
    return best?.language
  }

  /// `0.8` as 800; 0 for what is no weight.
  private static func thousandths(_ text: Substring) -> Int {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
    let decimals = parts.count == 2 ? String(parts[1].prefix(3)) : ""
    guard decimals.isEmpty || Int(decimals) != nil else { return 0 }
    let part = Int(decimals + String(repeating: "0", count: 3 - decimals.count)) ?? 0
    return min(1000, whole * 1000 + max(0, part))
  }
}

extension Language {
  /// The language of a tag such as `en-GB` or `zh-Hant-HK`.
  fileprivate init?(tag: String) {
    switch tag.split(separator: "-").first {
    case "zh": self = .zh
    case "en": self = .en
    default: return nil
    }
  }

  /// As `<html lang>` and Content-Language give it.
  var tag: String { self == .zh ? "zh-CN" : "en" }
}
