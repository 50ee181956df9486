import Foundation
import Ledger
import Logging
import Storage
import Synchronization
import Testing

@testable import Node
@testable import Server
@testable import TongzhouClient

@Suite("Webhooks of a node")
struct WebhooksTests {
  /// Receivers that do as they are told, and write down what they get.
  private final class Receivers: Sendable {
    private struct State {
      var got: [(endpoint: String, id: String, type: String)] = []
      var answers: [String: WebhookSender.Answer] = [:]
      var hurry: UInt64 = 0
    }

    private let state = Mutex(State())

    func answer(_ endpoint: String, _ answer: WebhookSender.Answer) { state.withLock { $0.answers[endpoint] = answer } }
    /// Lets the clock go ahead by seconds.
    func hurry(_ seconds: UInt64) { state.withLock { $0.hurry += seconds * 1000 } }
    func got(_ endpoint: String) -> [(id: String, type: String)] {
      state.withLock { $0.got.filter { $0.endpoint == endpoint }.map { ($0.id, $0.type) } }
    }
    var now: UInt64 { UInt64(Date().timeIntervalSince1970 * 1000) + state.withLock { $0.hurry } }

    func receive(_ letter: WebhookLetter, _ endpoint: WebhookEndpoint) async throws(CancellationError)
      -> WebhookSender.Answer
    {
      let answer = state.withLock { state in
        state.got.append((endpoint.id, letter.id, letter.type))
        return state.answers[endpoint.id] ?? .status(200, retryAfter: nil)
      }
      if endpoint.id == "sleeper" {
        do { try await Task.sleep(for: .seconds(3600)) } catch { throw CancellationError() }
      }
      return answer
    }
  }

  private static func endpoint(_ id: String, _ kinds: [WebhookEvent.Kind] = []) throws -> WebhookEndpoint {
    WebhookEndpoint(
      id: id, target: try WebhookTarget("https://receiver.example/\(id)", allowing: .none), secrets: [], kinds: kinds,
      address: nil)
  }

  private static func start(
    _ chain: any ServedChain, _ receivers: Receivers, _ endpoints: [WebhookEndpoint], in folder: TemporaryFolder
  ) throws -> Task<Void, Never> {
    let webhooks = Webhooks(
      of: [chain], to: endpoints, store: try WebhookStore(path: folder.file("webhooks/deliveries.sqlite")),
      interval: .milliseconds(20), clock: { receivers.now }, logger: .quiet
    ) { letter, endpoint async throws(CancellationError) in try await receivers.receive(letter, endpoint) }
    return Task { await webhooks.run() }
  }

  @Test("it begins at the present, sends again what failed, and goes on where it was, also with what it slept through")
  func life() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let node = try await LiveNode(in: folder)
    try await node.openPlan(key: "early")
    let receivers = Receivers()
    let endpoints = [
      try Self.endpoint("all"), try Self.endpoint("other", [.settlement]), try Self.endpoint("sleeper", [.plan]),
    ]
    let store = try WebhookStore(path: folder.file("webhooks/deliveries.sqlite"))
    let first = try Self.start(node.chain, receivers, endpoints, in: folder)
    let began = try await soon { try store.facts(of: "aid") != nil }
    #expect(began)
    receivers.answer("all", .status(500, retryAfter: nil))
    try await node.openPlan(key: "b")
    let tried = try await soon { receivers.got("all").count == 1 }
    #expect(tried && receivers.got("all")[0].type == "plan.changed")
    let isWaiting = try await soon { try store.pending("all").first?.attempts == 1 }
    #expect(isWaiting)
    receivers.hurry(6)
    let again = try await soon { receivers.got("all").count == 2 }
    #expect(again)
    let failedTwice = try await soon { try store.pending("all").first?.attempts == 2 }
    #expect(failedTwice)
    first.cancel()
    await first.value
    // Nobody watches while this happens.
    try await node.openPlan(key: "c")
    receivers.answer("all", .status(204, retryAfter: nil))
    let second = try Self.start(node.chain, receivers, endpoints, in: folder)
    let told = try await soon { receivers.got("all").count == 3 }
    #expect(told)
    receivers.hurry(400)
    let all = try await soon { try store.pending("all").isEmpty && receivers.got("all").count == 4 }
    #expect(all)
    let ids = receivers.got("all").map(\.id)
    #expect(ids[0] == ids[1] && ids[0] == ids[3] && ids[2] != ids[0], "the same message keeps its id: \(ids)")
    #expect(receivers.got("other").isEmpty, "it did not ask for plans")
    // One that sleeps has its own lines only, and what it had is sent again after the restart.
    let sleeps = try await soon { receivers.got("sleeper").count >= 3 }
    #expect(sleeps && Set(receivers.got("sleeper").map(\.id)).count == 2)
    #expect(try store.pending("sleeper").count == 2)
    // Gone for good, until a person says otherwise.
    receivers.answer("all", .status(410, retryAfter: nil))
    try await node.openPlan(key: "d")
    let isDisabled = try await soon { try store.disabled == ["all"] }
    #expect(isDisabled)
    let count = receivers.got("all").count
    try await node.openPlan(key: "e")
    let isDead = try await soon { try store.count(.dead, to: "all") == 2 }
    #expect(isDead && receivers.got("all").count == count)
    receivers.answer("all", .status(200, retryAfter: nil))
    #expect(try store.enable("all") && store.revive("all", now: receivers.now) == 2)
    let revived = try await soon { try store.count(.delivered, to: "all") == 4 }
    #expect(revived)
    second.cancel()
    await second.value
    await node.stop()
  }
}
