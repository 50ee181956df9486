internal import Contracts
internal import HeartChain
internal import Hummingbird
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

extension API {
  /// Hearts, gifts and their way: the first chain of hearts, or the one named.
  func addHearts(to v1: RouterGroup<ServerContext>) {
    v1.get("hearts") { request, _ in try JSONResponse.make(HeartsModel(heartView(request))) }
    v1.get("hearts/givers/{address}") { request, context in try await giver(request, context) }
    v1.get("hearts/gifts") { request, _ in try await gifts(request) }
    v1.get("hearts/gifts/{gift}") { request, context in
      try await ways(request) { ways, view in
        let hearts = view.app.hearts
        let gift = try API.ordinal("gift", context, below: hearts.gifts.count, "gift")
        let record = hearts.gifts[gift]
        let impact = record.isAttendance ? nil : try ways.impact(of: record.origin, in: hearts)
        return try JSONResponse.make(GiftModel(gift, hearts, impact: impact.map(ImpactModel.init)))
      }
    }
    v1.get("hearts/lots/{lot}") { request, context in
      let query = try ListQuery(request)
      return try await ways(request) { ways, view in
        let hearts = view.app.hearts
        let lot = try API.ordinal("lot", context, below: hearts.lots.count, "lot")
        // The cursor says how many come before.
        let start = Int(clamping: query.cursor ?? 0)
        let part = try ListPart(upTo: query.limit) { try ways.steps(of: UInt32(lot), skipping: start, limit: $0) }
        let next = part.last.map { _ in String(start + query.limit) }
        return try JSONResponse.make(
          LotModel(lot, hearts, items: part.shown.map { StepModel($0) }, next: next),
          fields: PageLink.fields(to: next, request))
      }
    }
    v1.get("hearts/projects") { request, _ in
      let hearts = try heartView(request).app.hearts
      return try ListQuery(request).newestFirst(count: hearts.projects.count) { ProjectModel($0, hearts) }
        .response(request)
    }
    v1.get("hearts/projects/{project}") { request, context in
      let hearts = try heartView(request).app.hearts
      let project = try API.ordinal("project", context, below: hearts.projects.count, "project")
      return try JSONResponse.make(ProjectModel(project, hearts))
    }
    v1.get("hearts/partners") { request, _ in
      let (query, hearts) = (try ListQuery(request), try heartView(request).app.hearts)
      let end = min(query.cursor.map { Int(clamping: $0) } ?? .max, hearts.partners.count)
      let channels = OpenChannels(of: max(0, end - query.limit)..<end, in: hearts)
      return try query.newestFirst(count: hearts.partners.count) {
        PartnerModel($0, hearts, channels: channels[$0])
      }.response(request)
    }
    v1.get("hearts/consents") { request, _ in try consents(request) }
    v1.get("hearts/books") { request, _ in
      let hearts = try heartView(request).app.hearts
      return try ItemPage(items: (0..<hearts.books.count).map { BookModel($0, hearts) }, next: nil).response(request)
    }
    v1.get("hearts/flows") { request, _ in
      let hearts = try heartView(request).app.hearts
      let relations = RelatedPairs(hearts)
      // The first record only marks the beginning of the keys.
      return try ListQuery(request).newestFirst(count: hearts.flows.count, where: { $0 > 0 }) {
        FlowModel($0, hearts, relations)
      }.response(request)
    }
  }

  /// Asks the search index as of the state that is shown, which it may lag behind for a moment.
  ///
  /// - Throws: 503 `search.behind` if the index does not catch up within two seconds; 422 `search.too_long`.
  private func ways(
    _ request: Request, _ body: (LotWays, PublishedView) throws -> Response
  ) async throws -> Response {
    for _ in 0..<20 {
      let chain = try heartChain(request)
      guard let view = chain.view else { throw API.notReady }
      do {
        return try body(LotWays(chain.index, at: view.height), view)
      } catch let error as SearchIndexError where error.code == .lagging {
        try await Task.sleep(for: .milliseconds(100))
      } catch let error as SearchIndexError where error.code == .tooLong {
        throw Problem(.unprocessableContent, Problem.Code(error.code.name), error.message)
      }
    }
    throw Problem(
      .serviceUnavailable, .searchBehind, "the search index has not caught up yet", fields: [.retryAfter: "5"])
  }

  /// An address's record, its index term by term, and a page of what changed its hearts.
  private func giver(_ request: Request, _ context: ServerContext) async throws -> Response {
    let query = try ListQuery(request)
    guard let text = context.parameters.get("address"), let address = try? Address(text: text) else {
      throw Problem.badRequest("a giver is named by an address: tz1…")
    }
    return try await ways(request) { ways, view in
      let hearts = view.app.hearts
      guard let ordinal = hearts.givers.find(GiverRecord.key(of: address.key)), ordinal > 0 else {
        throw Problem.notFound("this address never had hearts")
      }
      let part = try ListPart(upTo: query.limit) {
        try ways.changes(of: address.key, before: query.cursor, limit: $0)
      }
      let next = part.last.map { String($0.place) }
      return try JSONResponse.make(
        GiverModel(address, ordinal, view, items: part.shown.map { HeartChangeModel($0.change) }, next: next),
        fields: PageLink.fields(to: next, request))
    }
  }

  /// Gifts, newest first; of one address or claim code's key, and to one project.
  private func gifts(_ request: Request) async throws -> Response {
    let query = try ListQuery(request)
    let project = try API.filter("project", request)
    guard let text = try request.parameter("party") else {
      let hearts = try heartView(request).app.hearts
      return try query.newestFirst(
        count: hearts.gifts.count,
        where: { number in project.map { Int(GiftModel.project(of: hearts.gifts[number], hearts)) == $0 } ?? true }
      ) { GiftModel($0, hearts) }.response(request)
    }
    guard let party = try? Address(text: text) else { throw Problem.badRequest("party is an address: tz1…") }
    return try await ways(request) { ways, view in
      let hearts = view.app.hearts
      let before = query.cursor.map { UInt32(clamping: $0) }
      let part = try ListPart(upTo: query.limit) { try ways.gifts(of: party.key, before: before, limit: $0) }
      // The index may have gifts of a later block than the view, and its file may be damaged.
      let items = part.shown.filter { number in
        guard Int(number) < hearts.gifts.count else { return false }
        return project.map { Int(GiftModel.project(of: hearts.gifts[Int(number)], hearts)) == $0 } ?? true
      }.map { GiftModel(Int($0), hearts) }
      return try ItemPage(items: items, next: part.last.map { String($0) }).response(request)
    }
  }

  /// A giver's consents by partner, the newest partner first; those that were taken back or are over too.
  private func consents(_ request: Request) throws -> Response {
    let query = try ListQuery(request)
    guard let text = try request.parameter("giver"), let giver = try? Address(text: text) else {
      throw Problem.badRequest("giver is an address: tz1…")
    }
    let view = try heartView(request)
    let hearts = view.app.hearts
    func consent(_ partner: Int) -> Int? {
      hearts.consents.find(IndexConsentRecord.key(of: giver, partner: UInt32(partner)))
    }
    return try query.newestFirst(count: hearts.partners.count, where: { consent($0) != nil }) {
      ConsentModel(consent($0) ?? 0, hearts, at: view.time)
    }.response(request)
  }
}
