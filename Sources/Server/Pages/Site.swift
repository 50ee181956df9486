internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// What all pages have in common: texts, templates, the frame around each page, and the files it needs.
struct Site: Sendable {
  /// The templates that pages name; each has to be there at the start.
  static let templates =
    [
      HomePage.template, PlansPage.template, PlanPage.template, NoticesPage.template, CasePage.template,
      MemberPage.template, OrganisationsPage.template, ExplorerPage.template, BlockPage.template,
      TransactionPage.template, SearchPage.template, VerifyPage.template, ErrorPage.template, HowPage.template,
      Feed.template, PartnerPage.template, HeartsPage.template, GivePage.template, MyHeartsPage.template,
      GiftPage.template,
      LotPage.template, HeartSearchPage.template,
      "heart-search-form", "address-form", "way-steps", "way-picture", "way-proof",
      "layout", "pager", "index-lag", "search-form", "notice-list", "transaction-list", "amount", "how-parts", "qr",
      "picture-story", "picture-chain", "picture-tamper", "picture-quorum", "picture-tree", "picture-edge",
    ] + HowPart.allCases.map(\.template) + noticeTemplates

  /// Those of the public notices of a chain of hearts.
  private static let noticeTemplates = [
    SignsPage.template, ProjectsPage.template, ProjectPage.template, CharitiesPage.template, "sign-list",
  ]

  let catalogue: Catalogue
  let assets: [Asset]
  /// What the page that checks files runs, by name.
  let modules: ModuleFiles
  /// What the page for shops runs, by name.
  let partnerModules: ModuleFiles
  private let renderer: PageRenderer
  private let styleLink: String

  /// - Parameter published: texts whose hashes stand on the chains.
  init(_ published: PublishedTexts = PublishedTexts()) throws {
    let resources = Bundle.module.bundleURL
    catalogue = try Catalogue(
      json: Data(contentsOf: resources.appendingPathComponent("texts.json")), published: published)
    renderer = try PageRenderer(
      directory: resources.appendingPathComponent("Templates"), needed: Site.templates, catalogue: catalogue)
    let folder = resources.appendingPathComponent("Assets")
    let style = try Asset(folder.appendingPathComponent("style.css"), type: "text/css; charset=utf-8")
    let icon = try Asset(folder.appendingPathComponent("icon.svg"), type: "image/svg+xml")
    assets = [style, icon]
    modules = try ModuleFiles(folder.appendingPathComponent("verify"))
    partnerModules = try ModuleFiles(folder.appendingPathComponent("partner"), scope: PartnerPage.path)
    styleLink = "\(style.path)?v=\(style.version)"
  }

  /// A page in its frame.
  ///
  /// - Parameter view: the block that the page's figures are of; `nil` where it shows none.
  func respond(_ page: any Page, reader: Reader, view: PublishedView?, status: HTTPResponse.Status) -> Response {
    var fields = frame(page, reader: reader, view: view)
    fields.merge(page.fields)
    let html = renderer.render(fields, template: page.template, in: reader.language)
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8",
      .contentLanguage: reader.language.tag,
      .vary: "Accept-Language, Cookie",
    ]
    if let policy = page.contentPolicy { headers[.contentSecurityPolicy] = policy }
    if page.isPrivate { headers[.xRobotsTag] = "noindex" }
    if reader.choseLanguage {
      headers[.setCookie] =
        "lang=\(reader.language.rawValue); Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    }
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
  }

  /// A feed. Who reads one has not chosen the language of the pages, so there is no cookie.
  func respond(_ feed: Feed, _ scope: PageScope) -> Response {
    let text = renderer.render(feed.fields(scope), template: Feed.template, in: scope.reader.language)
    let headers: HTTPFields = [
      .contentType: Feed.contentType, .contentLanguage: scope.reader.language.tag, .vary: "Accept-Language, Cookie",
    ]
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  private func frame(_ page: any Page, reader: Reader, view: PublishedView?) -> PageFields {
    let texts = reader.texts
    let other: Language = reader.language == .zh ? .en : .zh
    return [
      "title": page.title,
      "no_index": page.isPrivate,
      "page_about": page.about.map { texts.say($0) },
      "html_lang": reader.language.tag,
      "other_html_lang": other.tag,
      "other_language_href": reader.otherLanguageLink,
      "style_href": styleLink,
      "href_home": reader.link("/"),
      "feeds": Feed.Kind.allCases.filter { reader.has($0.isOfHearts ? .hearts : .notices) }.map { feed -> PageFields in
        ["feed_href": reader.link(to: feed), "feed_title": feed.title(texts)]
      },
      "search_text": "",
      "kept": reader.kept(in: "/search").map { item -> PageFields in
        ["kept_name": item.name, "kept_value": item.value]
      },
      "nav": Section.allCases.filter(reader.has).map { section -> PageFields in
        [
          "nav_href": reader.link(section.path), "nav_name": texts.say(section.key),
          "nav_here": section == page.section,
        ]
      },
      "href_verify": reader.link("/verify"),
      "href_how": reader.link(HowPart.path),
      "href_how_proof": reader.link(HowPart.proof.path),
      "as_of": view != nil && page.isOfBlock,
      "as_of_text": view.map {
        texts.say("footer_as_of", ["height": Numbers.grouped($0.height), "time": texts.moment($0.time)])
      },
      "as_of_href": view.map { reader.link("/explorer/blocks/\($0.height)") },
    ]
  }
}

/// A file that pages need, kept in memory.
struct Asset: Sendable {
  /// Where it is served.
  let path: String
  /// Changes with the content.
  let version: String
  private let type: String
  private let bytes: ByteBuffer
  private let tag: String

  init(_ file: URL, type: String) throws {
    let content = Array(try Data(contentsOf: file))
    path = "/assets/" + file.lastPathComponent
    version = String(Hash.sha256(content).description.prefix(16))
    tag = "\"\(version)\""
    bytes = ByteBuffer(bytes: content)
    self.type = type
  }

  /// The file, or 304 for who has it.
  func response(to request: Request) -> Response {
    var headers: HTTPFields = [.eTag: tag, .cacheControl: "public, max-age=86400"]
    let known = (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
    if known.contains(where: { $0 == tag || $0 == "W/" + tag || $0 == "*" }) {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = type
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: bytes))
  }
}
