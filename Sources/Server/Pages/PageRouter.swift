internal import Contracts
internal import Foundation
internal import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOCore
public import Node

/// The web pages: HTML from the server, in Chinese and English, complete without a script. Only `/verify` runs some:
/// there a browser checks files by itself, which no server can do for it.
public struct Pages: Sendable {
  private let chains: [any ServedChain]
  private let site: Site
  private let origin: VerifyCode.Origin
  private let drawings: WayDrawings
  private let signs: SignShelf

  /// Reads texts, templates and assets.
  ///
  /// - Parameters:
  ///   - chains: what pages show; the first one where an address names none.
  ///   - publicAddress: the address under which readers reach the server, `https://aid.example`; `nil` for the host
  ///     that each request names.
  ///   - isSecure: whether the server itself speaks TLS.
  ///   - published: texts whose hashes stand on the chains.
  /// - Throws: where a file is missing or does not read: a node that could not show its pages does not start.
  public init(
    chains: [any ServedChain], publicAddress: String? = nil, isSecure: Bool = false,
    published: PublishedTexts = PublishedTexts()
  ) throws {
    try self.init(
      chains: chains, publicAddress: publicAddress, isSecure: isSecure, published: published, signs: SignShelf())
  }

  /// The same with what the interface shares.
  init(
    chains: [any ServedChain], publicAddress: String? = nil, isSecure: Bool = false,
    published: PublishedTexts = PublishedTexts(), signs: SignShelf
  ) throws {
    self.chains = chains
    self.signs = signs
    origin = VerifyCode.Origin(told: publicAddress, scheme: isSecure ? "https" : "http")
    site = try Site(published)
    drawings = WayDrawings(Graphviz())
  }

  /// Adds the pages' routes.
  public func addRoutes<Context: RequestContext>(to router: Router<Context>) {
    router.get("/") { request, context in
      // A chain of hearts has no plans to begin with.
      answer(request, context) { scope -> any Page in
        if scope.isHearts { try HeartsPage(scope) } else { HomePage(scope) }
      }
    }
    router.get("/plans") { request, context in answer(request, context) { PlansPage($0) } }
    router.get("/plans/{plan}") { request, context in
      answer(request, context) { try PlanPage($0, plan: context.parameters.get("plan")) }
    }
    router.get("/notices") { request, context in answer(request, context) { try NoticesPage($0) } }
    router.get("/cases/{case}") { request, context in
      answer(request, context) { try CasePage($0, case: context.parameters.get("case")) }
    }
    router.get("/members/{member}") { request, context in
      answer(request, context) { try MemberPage($0, member: context.parameters.get("member")) }
    }
    router.get("/organisations") { request, context in answer(request, context) { OrganisationsPage($0) } }
    router.get("/explorer") { request, context in answer(request, context) { try ExplorerPage($0) } }
    router.get("/explorer/blocks/{height}") { request, context in
      answer(request, context) { try BlockPage($0, height: context.parameters.get("height")) }
    }
    router.get("/explorer/transactions/{transaction}") { request, context in
      answer(request, context) { try TransactionPage($0, transaction: context.parameters.get("transaction")) }
    }
    for kind in Feed.Kind.allCases {
      router.get(RouterPath(kind.path)) { request, context in
        guard kind.isOfHearts else {
          return reply(request, context) { scope in site.respond(Feed(kind, scope), scope) }
        }
        return await replyWithSigns(request, context) { scope, found in
          site.respond(Feed(kind, scope, found), scope)
        }
      }
    }
    router.get("/search") { request, context in answer(request, context) { try SearchPage($0) } }
    router.get(RouterPath(HowPart.path)) { request, context in answer(request, context) { HowPage(nil, $0) } }
    router.get(RouterPath(HowPart.path + "/{part}")) { request, context in
      answer(request, context) { try HowPage(named: context.parameters.get("part"), $0) }
    }
    router.get("/qr/{kind}/{id}") { request, context in
      reply(request, context) { scope in
        try VerifyCode(
          scope, kind: context.parameters.get("kind"), id: context.parameters.get("id"), origin: origin, request
        ).response
      }
    }
    addHearts(to: router)
    router.get("/verify") { request, context in answer(request, context) { VerifyPage($0, site.modules) } }
    router.get("/verify/{module}") { request, context in
      let module = context.parameters.get("module").flatMap { site.modules.response(named: $0) }
      return module ?? respond(to: request, with: .notFound)
    }
    addNotices(to: router)
    router.get(RouterPath(PartnerPage.path)) { request, context in
      answer(request, context) { PartnerPage($0, site.partnerModules) }
    }
    router.get(RouterPath(PartnerPage.scripts + "/{module}")) { request, context in
      let module = context.parameters.get("module").flatMap { site.partnerModules.response(named: $0) }
      return module ?? respond(to: request, with: .notFound)
    }
    for asset in site.assets {
      router.get(RouterPath(asset.path)) { request, _ in asset.response(to: request) }
    }
  }

  private func addHearts<Context: RequestContext>(to router: Router<Context>) {
    router.get("/hearts") { request, context in answer(request, context) { try HeartsPage($0) } }
    router.get("/hearts/give") { request, context in answer(request, context) { GivePage($0) } }
    router.get("/hearts/me") { request, context in answer(request, context) { try MyHeartsPage($0) } }
    router.get("/hearts/search") { request, context in answer(request, context) { HeartSearchPage($0) } }
    router.get("/hearts/gifts/{gift}") { request, context in
      answer(request, context) {
        try GiftPage($0, gift: context.parameters.get("gift"), canDraw: drawings.canDraw)
      }
    }
    router.get("/hearts/lots/{lot}") { request, context in
      answer(request, context) { try LotPage($0, lot: context.parameters.get("lot"), canDraw: drawings.canDraw) }
    }
    router.get("/hearts/gifts/{gift}/way.svg") { request, context in
      await drawing(request, context) { try WayPicture.graph(of: .gifts, context.parameters.get("gift"), $0) }
    }
    router.get("/hearts/lots/{lot}/way.svg") { request, context in
      await drawing(request, context) { try WayPicture.graph(of: .lots, context.parameters.get("lot"), $0) }
    }
  }

  /// Makes a drawing from the chain that the reader chose, or the page that says why there is none.
  private func drawing(
    _ request: Request, _ context: some RequestContext, _ graph: (PageScope) throws -> String
  ) async -> Response {
    var dot: String?
    let refused = reply(request, context) { scope in
      dot = try graph(scope)
      return Response(status: .ok)
    }
    guard let dot else { return refused }
    do {
      return WayDrawings.response(try await drawings.drawing(dot))
    } catch {
      return respond(to: request, with: error)
    }
  }

  /// The page for a status that some other part of the server gives, for a reader who came with a browser.
  public func errorPage(_ status: HTTPResponse.Status, for request: Request) -> Response {
    respond(to: request, with: PageError(status: status))
  }

  /// Makes one page, or the page that says why there is none.
  private func answer(
    _ request: Request, _ context: some RequestContext, _ make: (PageScope) throws -> any Page
  ) -> Response {
    reply(request, context) { scope in
      site.respond(try make(scope), reader: scope.reader, view: scope.view, status: .ok)
    }
  }

  /// The same from the signs of the chain.
  private func answerWithSigns(
    _ request: Request, _ context: some RequestContext, _ make: (PageScope, FoundSigns) throws -> any Page
  ) async -> Response {
    await replyWithSigns(request, context) { scope, found in
      site.respond(try make(scope, found), reader: scope.reader, view: scope.view, status: .ok)
    }
  }

  /// Makes an answer from the chain that the reader chose, or the page that says why there is none.
  private func reply(
    _ request: Request, _ context: some RequestContext, _ make: (PageScope) throws -> Response
  ) -> Response {
    do {
      let reader = self.reader(request)
      let chain = try shown(reader, request)
      guard let view = chain.view else { throw PageError.notReady }
      return try make(scope(reader, chain, view))
    } catch {
      return respond(to: request, with: error, context)
    }
  }

  /// The same from the signs of the chain, and the view that these are of.
  private func replyWithSigns(
    _ request: Request, _ context: some RequestContext, _ make: (PageScope, FoundSigns) throws -> Response
  ) async -> Response {
    do {
      let reader = self.reader(request)
      let chain = try shown(reader, request)
      guard let found = await signs.signs(of: chain) else { throw PageError.notReady }
      return try make(scope(reader, chain, found.view), found.signs)
    } catch {
      return respond(to: request, with: error, context)
    }
  }

  /// The chain that a page is about, which has something to show.
  private func shown(_ reader: Reader, _ request: Request) throws(PageError) -> any ServedChain {
    guard !reader.isLost else { throw .notFound }
    guard let chain = chains.first(where: { $0.name == reader.shown }) else {
      // No chain has what the address is about; one of which nobody can say yet what it has may.
      throw chains.contains { $0.hasHearts == nil } ? .notReady : .notFound
    }
    guard let view = chain.view else { throw .notReady }
    guard ServedNames.has(request.uri.path, isHearts: view.app.isHearts) else { throw .notFound }
    return chain
  }

  private func scope(_ reader: Reader, _ chain: any ServedChain, _ view: PublishedView) -> PageScope {
    PageScope(reader: reader, view: view, index: chain.index, log: chain.log, chain: chain.name)
  }

  private func respond(to request: Request, with error: any Error, _ context: some RequestContext) -> Response {
    if let error = error as? PageError { return respond(to: request, with: error) }
    // The type alone: a message may hold what a log must not.
    context.logger.error("page failed", metadata: ["error": "\(type(of: error))", "path": "\(request.uri.path)"])
    return respond(to: request, with: .failed)
  }

  private func reader(_ request: Request) -> Reader {
    Reader(request, catalogue: site.catalogue, chains: ServedNames(chains))
  }

  private func respond(to request: Request, with error: PageError) -> Response {
    let reader = self.reader(request)
    var response = site.respond(ErrorPage(error, reader.texts), reader: reader, view: nil, status: error.status)
    switch error {
    case .notReady, .lagging:
      response.headers[.retryAfter] = "5"
      // A browser comes back by itself, without a script.
      response.headers[.refresh] = "5"
    case .method: response.headers[.allow] = "GET, HEAD"
    default: break
    }
    return response
  }

  /// The public notices of a chain of hearts.
  private func addNotices<Context: RequestContext>(to router: Router<Context>) {
    let handOvers = StepShelf<HandOverBook>()
    router.get("/hearts/charities") { request, context in
      await answerWithSigns(request, context) { try CharitiesPage($0, handOvers, $1) }
    }
    router.get("/hearts/projects") { request, context in answer(request, context) { try ProjectsPage($0) } }
    router.get("/hearts/projects/{project}") { request, context in
      await answerWithSigns(request, context) {
        try ProjectPage($0, project: context.parameters.get("project"), $1)
      }
    }
    router.get("/hearts/signs") { request, context in
      await answerWithSigns(request, context) { try SignsPage($0, $1) }
    }
  }
}
