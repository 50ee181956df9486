internal import Exchange
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// The routes under `/epcis`: a subset of the REST binding of EPCIS 2.0, which Resources/epcis.yaml describes.
struct EPCISRoutes {
  /// `nil` where this node captures nothing; events can be asked for all the same.
  let gateway: EPCISGateway?
  let chains: [any ServedChain]
  let limit: RateLimit
  /// Anybody may ask for events, and a page can be much work.
  let queries: RateLimit
  /// How long a body may take to arrive.
  let patience: Duration
  private let description: [UInt8]

  /// Pages of events that one address may ask for in a minute.
  static let queriesPerMinute = 120

  /// - Parameter clock: seconds since 1970.
  init(
    gateway: EPCISGateway?, chains: [any ServedChain], limit: RateLimit, patience: Duration,
    clock: @escaping @Sendable () -> UInt64
  ) throws {
    self.gateway = gateway
    self.chains = chains
    self.limit = limit
    queries = RateLimit("epcis-events", quota: EPCISRoutes.queriesPerMinute, windowSeconds: 60, clock: clock)
    self.patience = patience
    guard let url = Bundle.module.url(forResource: "epcis", withExtension: "yaml", subdirectory: "Resources") else {
      throw NodeError(
        .unusableDirectory, "the program's resources are missing: keep tongzhou_Server.resources beside it")
    }
    description = Array(try Data(contentsOf: url))
  }

  func addRoutes(to router: Router<ServerContext>) {
    let epcis = router.group("epcis").add(middleware: EPCISManners()).add(middleware: PlainPath())
    epcis.get("openapi.yaml") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/yaml; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(bytes: description)))
    }
    epcis.post("capture") { request, context in try await capture(request, context) }
    epcis.get("capture/{capture}") { request, context in
      let (sender, view, gateway) = try sender(request)
      let record = try gateway.capture(context.parameters.get("capture") ?? "", for: sender, view)
      return EPCISRoutes.json(EPCISRoutes.job(record), fields: [.cacheControl: "no-store"])
    }
    epcis.post("events") { request, context in try await captureOne(request, context) }
    epcis.get("events") { request, context in
      var fields = try queries.count(context)
      let query = try EPCISQuery(request)
      let shelf = try shelf(request)
      let (events, next) = try shelf.page(query)
      if let next { fields[.link] = "<\(query.next(request, after: next))>; rel=\"next\"" }
      return EPCISRoutes.json(EPCISDocument.answer(events, at: EPCISTime(shelf.view.time)), fields: fields)
    }
    epcis.get("events/{event}") { request, context in
      // The router leaves parts of a path as they are written.
      guard let id = context.parameters.get("event")?.removingPercentEncoding else {
        throw EPCISError(.noSuchResource, "no such event")
      }
      return EPCISRoutes.json(EPCISDocument.alone(try shelf(request).event(named: id)))
    }
    for (path, methods) in [
      ("capture", "POST"), ("capture/{capture}", "GET, HEAD"), ("events", "GET, HEAD, POST"),
      ("events/{event}", "GET, HEAD"),
    ] {
      epcis.on(RouterPath(path), method: .options) { _, _ in EPCISRoutes.options(methods) }
    }
  }

  // MARK: Capturing

  private func capture(_ request: Request, _ context: ServerContext) async throws -> Response {
    var fields = try limit.count(context)
    let (sender, _, gateway) = try sender(request)
    let isRollback = try isRollback(request)
    let document = try EPCISDocument(json: await body(request))
    let record = try gateway.start(document, for: sender, isRollback: isRollback)
    fields[.location] = "/epcis/capture/\(record.id)" + (try chainQuery(request))
    fields[.cacheControl] = "no-store"
    return Response(status: .accepted, headers: fields)
  }

  private func captureOne(_ request: Request, _ context: ServerContext) async throws -> Response {
    var fields = try limit.count(context)
    let (sender, _, gateway) = try sender(request)
    let entry = try EPCISDocument.event(json: await body(request))
    let performed = try await gateway.perform(entry, for: sender)
    if let error = performed.errors.first { throw EPCISError(error.exception, error.message, code: error.code) }
    // Something that is seen on its way brings no row, and so nothing that could be asked for.
    guard let main = performed.mains[0] else { return Response(status: .accepted, headers: fields) }
    // Our own name for it: another organisation may have the sender's.
    let id = try names(request).event(main)
    // What was taken is no failure because the index has not come so far.
    guard let event = try? shelf(request).event(named: id) else {
      return Response(status: .accepted, headers: fields)
    }
    fields[.location] = "/epcis/events/\(id.percentEncoded)" + (try chainQuery(request))
    return EPCISRoutes.json(EPCISDocument.alone(event), status: .created, fields: fields)
  }

  private func isRollback(_ request: Request) throws -> Bool {
    switch HTTPField.Name("GS1-Capture-Error-Behaviour").flatMap({ request.headers[$0] }) {
    case nil, "rollback": return true
    case "proceed": return false
    default: throw EPCISError(.validation, "GS1-Capture-Error-Behaviour is rollback or proceed")
    }
  }

  private func body(_ request: Request) async throws -> [UInt8] {
    let media = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard ["application/json", "application/ld+json"].contains(media) else {
      throw EPCISError(.unsupportedMediaType, "send application/json or application/ld+json")
    }
    return try await request.bytes(upTo: EPCISDocument.maximumBytes, within: patience)
  }

  /// What became of a capture.
  private static func job(_ record: CaptureRecord) -> JSONValue {
    func time(_ milliseconds: UInt64) -> JSONValue {
      .string(EPCISTime(Timestamp(seconds: milliseconds / 1000)).text(at: .china))
    }
    let errors = try? JSONReader.read(record.errors, limits: JSONLimits(bytes: 4 << 20))
    return .make([
      ("captureID", .string(record.id)), ("createdAt", time(record.made)), ("finishedAt", record.finished.map(time)),
      ("running", .bool(record.finished == nil)), ("success", .bool(record.hasSucceeded)),
      ("captureErrorBehaviour", .string(record.isRollback ? "rollback" : "proceed")), ("errors", errors ?? .array([])),
    ])
  }

  // MARK: What a request is about

  /// The chain of hearts: the one that `?chain=` names, or the first.
  private func chain(_ request: Request) throws -> any ServedChain {
    try API.heartChain(of: chains, named: request.parameter("chain"))
  }

  private func view(_ request: Request) throws -> PublishedView {
    guard let view = try chain(request).view else { throw API.notReady }
    return view
  }

  private func names(_ request: Request) throws -> HeartNames {
    HeartNames(origin: try view(request).genesis.origin)
  }

  private func chainQuery(_ request: Request) throws -> String {
    try request.parameter("chain").map { "?chain=\($0.percentEncoded)" } ?? ""
  }

  private func shelf(_ request: Request) throws -> EPCISShelf {
    let chain = try chain(request)
    return EPCISShelf(try view(request), chain.index, store: try gateway?.store(chain.name))
  }

  private func sender(_ request: Request) throws -> (EPCISGateway.Sender, PublishedView, EPCISGateway) {
    guard let gateway else { throw EPCISError(.security, "this node captures for nobody") }
    let view = try view(request)
    return (try gateway.sender(request.headers[.authorization], on: chain(request), view), view, gateway)
  }

  // MARK: Answers

  private static func json(
    _ value: JSONValue, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:]
  ) -> Response {
    var fields = fields
    fields[.contentType] = "application/json"
    return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: value.encoded)))
  }

  private static func options(_ methods: String) -> Response {
    var fields: HTTPFields = [.allow: methods + ", OPTIONS"]
    let limits = [
      ("GS1-EPCIS-Min", "2.0.0"), ("GS1-EPCIS-Max", "2.0.0"), ("GS1-EPC-Format", "Never_Translates"),
      ("GS1-EPCIS-Capture-Limit", "\(EPCISDocument.maximumEvents)"),
      ("GS1-EPCIS-Capture-File-Size-Limit", "\(EPCISDocument.maximumBytes)"),
    ]
    for (name, value) in limits {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return Response(status: .noContent, headers: fields)
  }
}
