import Contracts
import Exchange
import HTTPTypes
import HeartChain
import HummingbirdTesting
import Ledger
import Node
import TestSupport
import Testing
import TransparencyLog

/// Events that are declared errors.
extension EPCISRouteTests {
  /// Fields of a declaration of error about an event of a name.
  private static func wrong(_ name: String?, _ bench: Bench, _ reason: String? = "incorrect_data") -> String {
    let time = EPCISTime(bench.now).text(at: .china)
    return (name.map { ",\"eventID\":\"\($0)\"" } ?? "")
      + ",\"errorDeclaration\":{\"declarationTime\":\"\(time)\"\(reason.map { ",\"reason\":\"\($0)\"" } ?? "")}"
  }

  private static let gift = #","eventID":"urn:x:gift""#

  @Test func aGiftThatIsDeclaredAnErrorIsTakenBackAndRecordedAnew() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let first = bench.alone(bench.event("ADD", "commissioning", "5", Self.gift))
      #expect(try await Self.ask(client, .post, "/epcis/events", first, token: Self.token).status == 201)
      let declared = bench.event("ADD", "commissioning", "5", Self.wrong("urn:x:gift", bench))
      // One wrong event of the document, and nothing is taken back.
      let bad = try await Self.ask(
        client, .post, "/epcis/capture", bench.document(declared, bench.event("DELETE", "destroying", "9")),
        token: Self.token)
      let refused = try await Self.job(client, try #require(bad.headers[.location]))
      #expect(refused["success"] == .bool(false))
      #expect(bench.chain.view?.app.hearts.gifts[0].binding == .anonymous)

      let anew = bench.event("ADD", "commissioning", "6", #","eventID":"urn:x:anew""#)
      // Rows are judged in their order, and a gift is taken back before them.
      let late = try await Self.ask(
        client, .post, "/epcis/capture", bench.document(anew, declared), token: Self.token)
      let order = try await Self.job(client, try #require(late.headers[.location]))
      #expect(order["errors"]?.elements?.first?["event"] == .number("1"))
      #expect(bench.chain.view?.app.hearts.lots.count == 1)

      let sent = try await Self.ask(
        client, .post, "/epcis/capture", bench.document(declared, anew), token: Self.token)
      let job = try await Self.job(client, try #require(sent.headers[.location]))
      #expect(job["success"] == .bool(true), "\(String(decoding: job.encoded, as: UTF8.self))")
      let hearts = try #require(bench.chain.view?.app.hearts)
      #expect(hearts.gifts[0].binding == .reversed && hearts.lots[0].state == .void)
      #expect(hearts.lots.count == 2 && hearts.lots[1].left == 6000 && hearts.totals.reversed == 5000)

      let twice = try await Self.ask(client, .post, "/epcis/events", bench.alone(declared), token: Self.token)
      #expect(twice.status == 409 && twice.type == "epcisException:ResourceAlreadyExistsException")
    }
  }

  /// Sends a declaration about a gift together with another event, of which the log refuses the declaration alone.
  private static func refuse(
    _ declared: String, _ code: String, _ bench: Bench, _ client: any TestClientProtocol,
    meanwhile happens: @escaping (inout HeartVillage) throws -> Void
  ) async throws {
    let first = bench.alone(bench.event("ADD", "commissioning", "5", Self.gift))
    let recorded = try await Self.ask(client, .post, "/epcis/events", first, token: Self.token)
    #expect(recorded.status == 201)
    bench.chain.beforeTheNext(happens)
    let field = try #require(HTTPField.Name("GS1-Capture-Error-Behaviour"))
    let body = bench.document(declared, bench.event("ADD", "commissioning", "6", #","eventID":"urn:x:other""#))
    let sent = try await Self.ask(
      client, .post, "/epcis/capture", body, token: Self.token, more: [field: "proceed"])
    let job = try await Self.job(client, try #require(sent.headers[.location]))
    let errors = job["errors"]?.elements ?? []
    #expect(errors.count == 1 && errors.first?["event"] == .number("0") && errors.first?["code"]?.text == code)
    // The other event stands all the same.
    #expect(bench.chain.view?.app.hearts.lots.count == 2)
  }

  @Test func aReversalThatCameTooLateIntoTheLogIsDeclaredAgain() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let declared = bench.event("ADD", "commissioning", "5", Self.wrong("urn:x:gift", bench))
      // The block comes after the two minutes that the reversal was signed for.
      try await Self.refuse(declared, "transaction.expired", bench, client) { $0.chain.advance(seconds: 200) }
      #expect(bench.chain.view?.app.hearts.gifts[0].binding == .anonymous)

      let again = try await Self.ask(client, .post, "/epcis/events", bench.alone(declared), token: Self.token)
      #expect(again.status == 202)
      let hearts = try #require(bench.chain.view?.app.hearts)
      #expect(hearts.gifts[0].binding == .reversed && hearts.lots[0].state == .void)
      #expect(hearts.gifts[1].binding == .anonymous && hearts.totals.reversed == 5000)
    }
  }

  @Test func aReversalThatAnotherWasFasterWithIsJudgedAnewWhenItIsDeclaredAgain() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let declared = bench.event("ADD", "commissioning", "5", Self.wrong("urn:x:gift", bench))
      try await Self.refuse(declared, "gift.reversed", bench, client) { village in
        let reversal = try Hearts.reverse(gift: 0, reason: .label("audit", 1))
        let codes = try village.perform(reversal, by: village.officer(.audit))
        #expect(codes == [.success])
      }
      #expect(bench.chain.view?.app.hearts.totals.reversed == 5000)

      // Not a 409: nothing was kept of a declaration that did nothing.
      let again = try await Self.ask(client, .post, "/epcis/events", bench.alone(declared), token: Self.token)
      #expect(again.status == 400 && again.type == "epcisException:ValidationException")
      #expect(again.json?["code"]?.text == "gift.reversed")
      #expect(bench.chain.view?.app.hearts.totals.reversed == 5000)
    }
  }

  @Test func aLossThatIsDeclaredAnErrorIsCountedBackOnce() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let body = bench.document(
        bench.event("ADD", "commissioning", "5"), bench.event("DELETE", "destroying", "2", #","eventID":"urn:x:lost""#))
      let sent = try await Self.ask(client, .post, "/epcis/capture", body, token: Self.token)
      #expect(try await Self.job(client, try #require(sent.headers[.location]))["success"] == .bool(true))
      #expect(bench.chain.view?.app.hearts.lots[0].left == 3000)

      let other = bench.event("DELETE", "destroying", "1", Self.wrong("urn:x:lost", bench))
      let content = try await Self.ask(client, .post, "/epcis/events", bench.alone(other), token: Self.token)
      #expect(content.status == 400 && content.type == "epcisException:ValidationException")
      let nobody = bench.event("DELETE", "destroying", "2", Self.wrong("urn:x:nobody", bench))
      #expect(try await Self.ask(client, .post, "/epcis/events", bench.alone(nobody), token: Self.token).status == 400)
      #expect(bench.chain.view?.app.hearts.lots[0].left == 3000)

      let declared = bench.alone(bench.event("DELETE", "destroying", "2", Self.wrong("urn:x:lost", bench)))
      let made = try await Self.ask(client, .post, "/epcis/events", declared, token: Self.token)
      #expect(made.status == 201 && made.json?["bizStep"]?.text == "cycle_counting")
      #expect(made.json?["tongzhou:difference"] == .number("2000"))
      #expect(bench.chain.view?.app.hearts.lots[0].left == 5000)
      #expect(bench.chain.view?.app.hearts.lots[0].lost == 0)
      let twice = try await Self.ask(client, .post, "/epcis/events", declared, token: Self.token)
      #expect(twice.status == 409 && twice.type == "epcisException:ResourceAlreadyExistsException")
      // The event itself is still told as it was.
      let told = try await Self.ask(client, .get, "/epcis/events/urn:x:lost")
      #expect(told.json?["bizStep"]?.text == "destroying")
    }
  }

  @Test func whatTheChainHasNoWordForIsRefusedAsAnError() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let school = #","destinationList":[{"type":"possessing_party","destination":"urn:epc:id:pgln:6901235.00000"}]"#
      let body = bench.document(
        bench.event("ADD", "commissioning", "5", Self.gift), bench.event("OBSERVE", "storing", "5"),
        bench.event("OBSERVE", "shipping", "2", school))
      let sent = try await Self.ask(client, .post, "/epcis/capture", body, token: Self.token)
      #expect(try await Self.job(client, try #require(sent.headers[.location]))["success"] == .bool(true))
      let root = bench.chain.view?.app.hearts.books.count
      for event in [
        bench.event("OBSERVE", "storing", "5", Self.wrong(nil, bench)),
        bench.event("OBSERVE", "shipping", "2", school + Self.wrong(nil, bench)),
        // No reason that anybody could read.
        bench.event("ADD", "commissioning", "5", Self.wrong("urn:x:gift", bench, nil)),
      ] {
        let reply = try await Self.ask(client, .post, "/epcis/events", bench.alone(event), token: Self.token)
        #expect(reply.status == 400 && reply.type == "epcisException:ValidationException", "\(event)")
      }
      #expect(bench.chain.view?.app.hearts.books.count == root)
      #expect(bench.chain.view?.app.hearts.gifts[0].binding == .anonymous)
    }
  }

  @Test func anEventIsDeclaredAnErrorByTheNameThatTheChainGaveIt() async throws {
    let bench = try Bench()
    try await bench.with { client in
      let gift = bench.alone(bench.event("ADD", "commissioning", "5"))
      let made = try await Self.ask(client, .post, "/epcis/events", gift, token: Self.token)
      let told = try #require(made.json?.members)
      let declaration = JSONValue.make([
        ("declarationTime", .string(EPCISTime(bench.now).text(at: .china))), ("reason", .string("did_not_occur")),
      ])
      let body = JSONValue.object(told + [JSONMember("errorDeclaration", declaration)]).encoded
      // What the chain keeps is no event, so there is none to show.
      let reply = try await Self.ask(client, .post, "/epcis/events", body, token: Self.token)
      #expect(reply.status == 202)
      let hearts = try #require(bench.chain.view?.app.hearts)
      #expect(hearts.gifts[0].binding == .reversed && hearts.lots[0].state == .void)
    }
  }
}
