import Contracts
import Foundation
import Ledger
import MutualAid
import Storage
import TestSupport
import Testing

@testable import Node

@Suite("What webhooks tell of a chain")
struct ChainFactsTests {
  @Test(
    "through a random history, looked at now and then: each notice and settlement once, each status as it is",
    arguments: [3, 8, 21] as [UInt64])
  func history(seed: UInt64) throws {
    var history = try RandomHistory(seed: seed)
    var random = SeededGenerator(seed: seed)
    _ = try history.block()
    var seen = ChainFacts(PublishedView(history.chain.chain, checkpoint: []))
    let first = seen
    var kept: [[Int64]] = seen.values
    var told: [WebhookEvent] = []
    for _ in 0..<250 {
      _ = try history.block()
      // Sometimes it looks late.
      guard random.next() % 4 != 0 else { continue }
      let view = PublishedView(history.chain.chain, checkpoint: [])
      let now = ChainFacts(view)
      #expect(now.follow(seen))
      told += now.events(since: seen, changes: now.changes(since: seen), view, chain: "aid")
      // What is stored of the difference makes the whole.
      for fact in now.changes(since: seen) {
        if fact.ordinal == kept[fact.kind].count { kept[fact.kind].append(0) }
        kept[fact.kind][fact.ordinal] = fact.value
      }
      #expect(kept == now.values)
      seen = now
    }
    let view = PublishedView(history.chain.chain, checkpoint: [])
    let last = ChainFacts(view)
    told += last.events(since: seen, changes: last.changes(since: seen), view, chain: "aid")
    let aid = view.app.mutualAid
    #expect(Set(told.map(\.id)).count == told.count, "no id stands for two events")
    #expect(
      told.filter { $0.kind == .notice }.compactMap(\.data.notice)
        == Array(Int(first.values[0][0])..<aid.notices.count))
    #expect(
      told.filter { $0.kind == .settlement }.compactMap(\.data.settlement)
        == Array(Int(first.values[0][1])..<aid.settlements.count))
    #expect(aid.notices.count > 3 && aid.settlements.count > 1 && aid.cases.count > 5, "something happened")
    var statuses: [Int: String] = [:]
    for event in told where event.kind == .case {
      if let number = event.data.case { statuses[number] = event.data.status }
    }
    for ordinal in first.values[1].count..<aid.cases.count {
      #expect(statuses[ordinal] == "\(aid.cases[ordinal].status)")
    }
    #expect(!told.filter { $0.kind == .organisation || $0.kind == .plan }.isEmpty)
    for event in told {
      let body = try event.body(address: "https://node.example")
      #expect(body.count < 2000)
      let object = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
      #expect(Set(object.keys) == ["type", "timestamp", "data"])
      let data = try #require(object["data"] as? [String: Any])
      // Nothing about health, money or people.
      let known: Set = [
        "chain", "height", "api", "notice", "case", "settlement", "plan", "organisation", "status", "standing", "scope",
        "from", "until",
      ]
      #expect(Set(data.keys).isSubset(of: known))
      #expect((data["api"] as? String)?.hasPrefix("https://node.example/v1/") == true)
      #expect(event.id.hasPrefix("msg_") && event.id.utf8.count == 36)
    }
  }

  @Test("a log that was put back to an earlier state does not go on from what was seen")
  func restored() throws {
    var history = try RandomHistory(seed: 4)
    for _ in 0..<30 { _ = try history.block() }
    let early = ChainFacts(PublishedView(history.chain.chain, checkpoint: []))
    for _ in 0..<60 { _ = try history.block() }
    let late = ChainFacts(PublishedView(history.chain.chain, checkpoint: []))
    #expect(late.follow(early) && !early.follow(late) && late.follow(late))
  }

  @Test("facts out of a store are whole or none")
  func stored() throws {
    var history = try RandomHistory(seed: 4)
    for _ in 0..<30 { _ = try history.block() }
    let view = PublishedView(history.chain.chain, checkpoint: [])
    let facts = ChainFacts(view)
    let all = facts.changes(since: nil)
    let stored = WebhookFacts(chain: view.genesis.chain, height: view.height, facts: all)
    #expect(ChainFacts(stored) == facts)
    #expect(facts.changes(since: facts).isEmpty)
    let gap = WebhookFacts(chain: view.genesis.chain, height: view.height, facts: Array(all.dropFirst()))
    #expect(ChainFacts(gap) == nil)
    let foreign = WebhookFacts(
      chain: view.genesis.chain, height: 1, facts: all + [WebhookFact(kind: 99, ordinal: 0, value: 1)])
    #expect(ChainFacts(foreign) == nil)
  }
}
