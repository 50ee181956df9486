import Consortium
import Contracts
import Exchange
import Foundation
import HTTPTypes
import HeartChain
import Hummingbird
import HummingbirdTesting
import Ledger
import NIOCore
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog
import Yams

@testable import Server

/// A food bank's program speaks to a node as to any EPCIS repository.
@Suite struct EPCISRouteTests {
  static let token = "a-token-of-the-food-bank"
  static let rice = "urn:epc:class:lgtin:6901234.012345.R2601"

  /// A node with a food bank's project, and what asks it.
  struct Bench {
    let chain: TellingChain
    let gateway: EPCISGateway
    let store: CaptureStore
    let now: Timestamp

    init() throws {
      var village = try HeartVillage()
      try village.openProject(.food, days: 300)
      let officer = village.officer(.food)
      now = village.now
      chain = try TellingChain(village)
      var partner = EPCISPartner(
        organisation: "food.example", tokens: [.sha256(Array(EPCISRouteTests.token.utf8))])
      partner.project = 0
      partner.kinds = [.init("urn:epc:class:lgtin:6901234.", TestKind.rice.rawValue)]
      partner.parties = [.init("urn:epc:id:pgln:6901235.00000", "school.example")]
      let stranger = EPCISPartner(organisation: "audit.example", tokens: [.sha256(Array("another".utf8))])
      let (kept, telling, start) = (try CaptureStore(path: nil) { .label("secret", 1) }, chain, now)
      store = kept
      gateway = EPCISGateway(
        partners: [partner, stranger], key: { _, name in name == "food.example" ? officer : nil },
        store: { _ in kept }, clock: { max(start, telling.view?.time ?? start).seconds * 1000 }, settling: 0)
    }

    func with(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
      let router = try ServerApplication.router(chains: [chain], epcis: gateway, clock: { 1_800_000_000 })
      let app = Application(responder: router.buildResponder())
      try await app.test(.router) { try await body($0) }
    }

    /// Members of an ObjectEvent, a few seconds after the others.
    func event(_ action: String, _ step: String, _ quantity: String, _ more: String = "") -> String {
      let time = EPCISTime(now).text(at: .china)
      return """
        "type":"ObjectEvent","action":"\(action)","bizStep":"\(step)","eventTime":"\(time)",\
        "eventTimeZoneOffset":"+08:00",\
        "quantityList":[{"epcClass":"\(EPCISRouteTests.rice)","quantity":\(quantity),"uom":"KGM"}]\(more)
        """
    }

    func document(_ events: String...) -> [UInt8] {
      let list = events.map { "{\($0)}" }.joined(separator: ",")
      return Array(
        """
        {"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument",\
        "schemaVersion":"2.0","creationDate":"2026-01-01T08:00:00Z","epcisBody":{"eventList":[\(list)]}}
        """.utf8)
    }

    /// The food bank's ordinal.
    var organisation: UInt16 {
      get throws {
        let organisations = try #require(chain.view).app.consortium.organisations
        return UInt16(try #require((0..<organisations.count).first { organisations[$0].name.string == "food.example" }))
      }
    }

    /// A manifest of the food bank's that a process left behind, with one event in it.
    func leave(_ capture: String, expiry: UInt64, root: Hash = .label("root", 1), number: UInt64 = 1) throws {
      let first = TraceHistory.event(try organisation, number)
      try store.keep(
        SignedCapture(
          capture: capture, organisation: organisation, expiry: expiry, root: root, first: first, rows: 1),
        events: [CapturedEvent(id: "urn:x:left", hashID: "urn:x:hash", first: first, rows: 1, main: first)],
        identifiers: [])
    }

    func alone(_ event: String) -> [UInt8] {
      Array("{\"@context\":\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\",\(event)}".utf8)
    }
  }

  struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let json: JSONValue?

    var type: String? { json?["type"]?.text }
    var events: [JSONValue] { json?["epcisBody"]?["queryResults"]?["resultsBody"]?["eventList"]?.elements ?? [] }
  }

  static func ask(
    _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ address: String, _ body: [UInt8]? = nil,
    token: String? = nil, type: String? = "application/json", more: HTTPFields = [:]
  ) async throws -> Reply {
    var headers = more
    if let token { headers[.authorization] = "Bearer \(token)" }
    if body != nil { headers[.contentType] = type }
    return try await client.execute(
      uri: address, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
    ) { response in
      let bytes = Array(response.body.readableBytesView)
      return Reply(
        status: response.status.code, headers: response.headers,
        json: try? JSONReader.read(bytes, limits: JSONLimits(bytes: 1 << 22)))
    }
  }

  /// Waits for a capture's end.
  static func job(_ client: any TestClientProtocol, _ address: String) async throws -> JSONValue {
    for _ in 0..<400 {
      let reply = try await ask(client, .get, address, token: token)
      #expect(reply.status == 200)
      if let json = reply.json, json["running"] == .bool(false) { return json }
      try await Task.sleep(for: .milliseconds(25))
    }
    throw CancellationError()
  }

  @Test func aDocumentIsCapturedAskedForAndFollowed() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let school = #","destinationList":[{"type":"possessing_party","destination":"urn:epc:id:pgln:6901235.00000"}]"#
      let named = #","eventID":"urn:uuid:0ec9dd7d-0001-4b5c-9f55-000000000001""#
      let sent = try await Self.ask(
        client, .post, "/epcis/capture",
        bench.document(
          bench.event("ADD", "commissioning", "5", named), bench.event("OBSERVE", "shipping", "2", school)),
        token: Self.token)
      #expect(sent.status == 202)
      let job = try await Self.job(client, try #require(sent.headers[.location]))
      #expect(job["success"] == .bool(true), "\(String(decoding: job.encoded, as: UTF8.self))")

      let all = try await Self.ask(client, .get, "/epcis/events")
      #expect(all.type == "EPCISQueryDocument")
      #expect(all.headers[HTTPField.Name("GS1-EPCIS-Version")!] == "2.0.0")
      // The gift, the part that became a lot of its own, and its departure.
      #expect(all.events.map { $0["bizStep"]?.text } == ["commissioning", "repackaging", "shipping"])
      #expect(all.events.first?["eventID"]?.text == "urn:uuid:0ec9dd7d-0001-4b5c-9f55-000000000001")
      let found = try await Self.ask(client, .get, "/epcis/events?MATCH_anyEPCClass=\(Self.rice)&EQ_bizStep=shipping")
      #expect(found.events.count == 1)
      let single = try await Self.ask(
        client, .get, "/epcis/events/urn:uuid:0ec9dd7d-0001-4b5c-9f55-000000000001")
      #expect(single.status == 200 && single.json?["action"]?.text == "ADD")

      let first = try await Self.ask(client, .get, "/epcis/events?perPage=2")
      #expect(first.events.count == 2)
      let link = try #require(first.headers[.link])
      let next = try #require(link.split(separator: ">").first?.dropFirst())
      let second = try await Self.ask(client, .get, String(next))
      #expect(second.events == Array(all.events.dropFirst(2)))
    }
  }

  @Test func rollbackChangesNothingAndProceedTakesTheOthers() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let body = bench.document(
        bench.event("ADD", "commissioning", "5"), bench.event("DELETE", "destroying", "9"),
        bench.event("DELETE", "destroying", "1"))
      let rolled = try await Self.ask(client, .post, "/epcis/capture", body, token: Self.token)
      let job = try await Self.job(client, try #require(rolled.headers[.location]))
      #expect(job["success"] == .bool(false))
      let error = try #require(job["errors"]?.elements?.first)
      #expect(error["type"]?.text == "epcisException:ValidationException")
      #expect(error["code"]?.text == "lot.too_small")
      #expect(bench.chain.view?.app.hearts.lots.count == 0)

      let field = try #require(HTTPField.Name("GS1-Capture-Error-Behaviour"))
      let went = try await Self.ask(
        client, .post, "/epcis/capture", body, token: Self.token, more: [field: "proceed"])
      let other = try await Self.job(client, try #require(went.headers[.location]))
      #expect(other["success"] == .bool(false) && other["errors"]?.elements?.count == 1)
      #expect(bench.chain.view?.app.hearts.lots[0].left == 4000)
    }
  }

  @Test func oneEventIsAnsweredAtOnceAndTakenOnce() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5"))
      let made = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      #expect(made.status == 201 && made.type == "ObjectEvent")
      let again = try await Self.ask(client, .get, try #require(made.headers[.location]))
      #expect(again.json == made.json)
      let twice = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      #expect(twice.status == 409 && twice.type == "epcisException:ResourceAlreadyExistsException")
      #expect(bench.chain.view?.app.hearts.lots.count == 1)
      let bad = try await Self.ask(
        client, .post, "/epcis/events", bench.alone(bench.event("ADD", "donating", "5")), token: Self.token)
      #expect(bad.status == 400 && bad.type == "epcisException:ValidationException")
    }
  }

  @Test func whoMayNotAndWhatIsNotThereHasEPCISsOwnName() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let body = bench.document(bench.event("ADD", "commissioning", "5"))
      func expect(_ reply: Reply, _ status: Int, _ exception: String) {
        #expect(reply.status == status && reply.type == "epcisException:\(exception)")
        #expect(reply.headers[.contentType] == "application/problem+json")
      }
      expect(try await Self.ask(client, .post, "/epcis/capture", body), 401, "SecurityException")
      expect(try await Self.ask(client, .post, "/epcis/capture", body, token: "wrong"), 401, "SecurityException")
      expect(try await Self.ask(client, .post, "/epcis/capture", body, token: "another"), 403, "SecurityException")
      expect(
        try await Self.ask(client, .post, "/epcis/capture", body, token: Self.token, type: "application/xml"), 415,
        "UnsupportedMediaTypeException")
      let large = [UInt8](repeating: 0x20, count: EPCISDocument.maximumBytes + 1)
      expect(
        try await Self.ask(client, .post, "/epcis/capture", large, token: Self.token), 413,
        "CaptureLimitExceededException")
      expect(
        try await Self.ask(client, .get, "/epcis/capture/none", token: Self.token), 404, "NoSuchResourceException")
      expect(try await Self.ask(client, .get, "/epcis/events/urn:uuid:none"), 404, "NoSuchResourceException")
      // A path and a method that are not there; a name whose slashes are not written as %2F is another path.
      for path in ["/epcis/nowhere", "/epcis/events/https://a.example/b"] {
        let nowhere = try await Self.ask(client, .get, path)
        expect(nowhere, 404, "NoSuchResourceException")
        #expect(try nowhere.headers[#require(HTTPField.Name("GS1-EPCIS-Version"))] == "2.0.0")
      }
      // Who came with a browser is told the same: there are no pages under this path.
      expect(
        try await Self.ask(client, .get, "/epcis/nowhere", more: [.accept: "text/html,*/*"]), 404,
        "NoSuchResourceException")
      let method = try await Self.ask(client, .delete, "/epcis/events")
      expect(method, 405, "ImplementationException")
      #expect(method.headers[.allow]?.contains("POST") == true)
      expect(try await Self.ask(client, .get, "/epcis/events?EQ_color=red"), 400, "QueryValidationException")
      expect(try await Self.ask(client, .get, "/epcis/events?EQ_bizStep=donating"), 400, "QueryValidationException")
      expect(try await Self.ask(client, .get, "/epcis/events?perPage=0"), 400, "QueryValidationException")
      expect(
        try await Self.ask(client, .get, "/epcis/events?x=\(String(repeating: "a", count: 9000))"), 414,
        "URITooLongException")
      expect(
        try await Self.ask(client, .get, "/epcis/events", more: [.accept: "text/html"]), 406, "NotAcceptableException")
      let version = try #require(HTTPField.Name("GS1-EPCIS-Version"))
      expect(
        try await Self.ask(client, .get, "/epcis/events", more: [version: "1.2"]), 406, "NotAcceptableException")
      let options = try await Self.ask(client, .options, "/epcis/capture")
      #expect(options.status == 204 && options.headers[.allow] == "POST, OPTIONS")
      #expect(bench.chain.view?.app.hearts.lots.count == 0)
    }
  }

  @Test func noTokenOfAPageIsBehindAllPlaces() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5"))
      #expect(try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token).status == 201)
      let last = UInt64(Int64.max)
      for more in ["", "&MATCH_anyEPCClass=\(Self.rice)"] {
        for token in [UInt64.max, last + 1] {
          let reply = try await Self.ask(client, .get, "/epcis/events?nextPageToken=\(token)\(more)")
          #expect(reply.status == 400 && reply.type == "epcisException:QueryValidationException")
        }
        let end = try await Self.ask(client, .get, "/epcis/events?nextPageToken=\(last)\(more)")
        #expect(end.status == 200 && end.events.isEmpty && end.headers[.link] == nil)
        let all = try await Self.ask(client, .get, "/epcis/events?perPage=200\(more)")
        #expect(all.status == 200 && all.events.count == 1)
      }
    }
  }

  @Test func aQueryMayNotStandForTooManyLots() async throws {
    let bench = try Bench()
    let lots = (0..<EPCISShelf.maximumLots).map { CapturedLot(event: UInt64($0), output: 0) }
    try bench.store.keep(
      SignedCapture(
        capture: "a", organisation: bench.organisation, expiry: 0, root: .label("root", 1), first: 0, rows: 2000),
      events: [],
      identifiers: lots.map { ("urn:x:many", $0) } + [("urn:x:one", lots[0])])
    try await bench.with { client in
      let many = try await Self.ask(client, .get, "/epcis/events?MATCH_anyEPC=urn:x:many")
      #expect(many.status == 200 && many.events.isEmpty)
      let over = try await Self.ask(client, .get, "/epcis/events?MATCH_anyEPC=urn:x:many%7Curn:x:one")
      #expect(over.status == 413 && over.type == "epcisException:CaptureLimitExceededException")
    }
  }

  @Test func whoAsksForPagesWithoutEndHasToWait() async throws {
    let bench = try Bench()
    try await bench.with { client in
      for _ in 0..<EPCISRoutes.queriesPerMinute {
        #expect(try await Self.ask(client, .get, "/epcis/events?perPage=1").status == 200)
      }
      let over = try await Self.ask(client, .get, "/epcis/events?perPage=1")
      #expect(over.status == 429 && over.headers[.retryAfter] != nil)
      // What is handed in is counted for itself.
      let gift = bench.alone(bench.event("ADD", "commissioning", "5"))
      #expect(try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token).status == 201)
    }
  }

  @Test func whatCanGetThroughNoMoreIsTakenBackFirst() async throws {
    let bench = try Bench()
    try bench.leave("left", expiry: 1)
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5", #","eventID":"urn:x:left""#))
      #expect(try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token).status == 201)
      // The same numbers were given anew, and what they mean now stays.
      #expect(try bench.store.signed().isEmpty)
      #expect(try bench.store.event("urn:x:left") != nil && bench.store.event("urn:x:hash") == nil)
      #expect(try bench.store.lots(CapturePlan.canonical(Self.rice)).count == 1)
      let twice = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      #expect(twice.status == 409)
    }
  }

  @Test func nothingIsHandedInWhileAnEarlierOneCanStillGetThrough() async throws {
    let bench = try Bench()
    try bench.leave("left", expiry: bench.now.seconds + 60)
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5"))
      let busy = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      #expect(busy.status == 503 && busy.json?["code"]?.text == "node.busy")
      #expect(bench.chain.view?.app.hearts.lots.count == 0)
      #expect(try bench.store.event("urn:x:left") != nil)
    }
  }

  @Test func whatGotThroughBeforeACrashIsKept() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let first = bench.alone(bench.event("ADD", "commissioning", "5"))
      #expect(try await Self.ask(client, .post, "/epcis/events", first, token: Self.token).status == 201)
      let record = try #require(bench.chain.view?.app.hearts.manifests[0])
      try bench.leave("left", expiry: 1, root: record.root, number: record.first)
      try bench.store.keep(
        CaptureRecord(id: "left", organisation: bench.organisation, made: 1000, isRollback: true))
      let job = try await Self.job(client, "/epcis/capture/left")
      #expect(job["success"] == .bool(true))
      #expect(try bench.store.event("urn:x:left") != nil && bench.store.signed().isEmpty)
    }
  }

  @Test func noSenderTakesANameOfTheChains() async throws {
    let bench = try Bench()
    let genesis = try #require(bench.chain.view).genesis
    let name = HeartNames(origin: genesis.origin).event(TraceHistory.event(try bench.organisation, 1))
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5", #","eventID":"\#(name)""#))
      let reply = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      #expect(reply.status == 409 && reply.type == "epcisException:ResourceAlreadyExistsException")
      #expect(bench.chain.view?.app.hearts.lots.count == 0)
    }
  }

  @Test func everyRouteIsDescribedAndNothingElse() async throws {
    let bench = try Bench()
    let router = try ServerApplication.router(chains: [bench.chain], clock: { 0 })
    let routes = Set(
      router.routes.map { "\($0.method.rawValue) \($0.path)" }.filter { $0.contains(" /epcis/") })
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/Server/Resources/epcis.yaml").standardized
    let root = try #require(try Yams.load(yaml: String(contentsOf: file, encoding: .utf8)) as? [String: Any])
    let paths = try #require(root["paths"] as? [String: [String: Any]])
    let described = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
    #expect(described == routes)
  }
}
