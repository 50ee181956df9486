import Foundation
import Storage
import Testing
import TransparencyLog

@Suite("What is kept of webhooks")
struct WebhookStoreTests {
  private let path = FileManager.default.temporaryDirectory.appending(
    path: "tongzhou-webhooks-\(UUID().uuidString)/deliveries.sqlite"
  ).path()
  private let chain = Hash.sha256([1])

  private func letters(_ ids: [String], to endpoint: String = "a") -> [WebhookLetter] {
    ids.map { WebhookLetter(endpoint: endpoint, id: $0, type: "case.changed", body: Array("{\($0)}".utf8)) }
  }

  private func seen(_ height: UInt64, _ facts: [WebhookFact] = []) -> WebhookFacts {
    WebhookFacts(chain: chain, height: height, facts: facts)
  }

  private func clean() {
    try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
  }

  @Test("facts and letters come back after it was opened anew, in order, and no id comes twice to one receiver")
  func again() throws {
    defer { clean() }
    let facts = [WebhookFact(kind: 0, ordinal: 0, value: 7), WebhookFact(kind: 1, ordinal: 3, value: -1)]
    do {
      let store = try WebhookStore(path: path)
      #expect(try store.facts(of: "aid") == nil)
      let made = try store.keep(
        seen(5, facts), of: "aid", isAnew: true, letters(["x", "y"]) + letters(["x"], to: "b"), now: 1000)
      #expect(made.map(\.id) == ["x", "y", "x"] && made.map(\.endpoint) == ["a", "a", "b"])
      #expect(made.map(\.sequence) == made.map(\.sequence).sorted())
      let more = try store.keep(seen(6), of: "aid", isAnew: false, letters(["y", "z"]), now: 2000)
      #expect(more.map(\.id) == ["z"])
    }
    let store = try WebhookStore(path: path)
    #expect(try store.facts(of: "aid") == seen(6, facts))
    #expect(try store.facts(of: "other") == nil)
    let pending = try store.pending("a")
    #expect(pending.map(\.id) == ["x", "y", "z"] && pending.map(\.due) == [1000, 1000, 2000])
    #expect(try store.letter(pending[0].sequence) == letters(["x"])[0])
    #expect(try store.letter(99) == nil)
    _ = try store.keep(seen(2, [facts[0]]), of: "aid", isAnew: true, [], now: 0)
    #expect(try store.facts(of: "aid") == seen(2, [facts[0]]), "what was before is forgotten")
  }

  @Test("outcomes stay, a person revives what is dead, and another process notices")
  func outcomes() throws {
    defer { clean() }
    let store = try WebhookStore(path: path)
    let made = try store.keep(seen(1), of: "aid", isAnew: true, letters(["x", "y", "z"]), now: 1000)
    try store.keep(
      [
        .delivered(sequence: made[0].sequence),
        .waits(sequence: made[1].sequence, attempts: 3, due: 9000, pause: 500, reason: "status 500"),
        .dead(sequence: made[2].sequence, attempts: 10, reason: "timed out"), .disabled,
      ], of: "a")
    let waiting = try #require(try store.pending("a").first)
    #expect(waiting.attempts == 3 && waiting.due == 9000 && waiting.pause == 500 && waiting.reason == "status 500")
    #expect(try store.pending("a").count == 1 && store.disabled == ["a"])
    #expect(try store.count(.dead, to: "a") == 1 && store.count(.delivered, to: "a") == 1)
    // What is over stays over.
    try store.keep([.dead(sequence: made[0].sequence, attempts: 1, reason: "late")], of: "a")
    #expect(try store.deliveries(in: .delivered, limit: 10).map(\.id) == ["x"])

    let generation = try store.generation
    #expect(try store.generation == generation)
    let other = try WebhookStore(path: path)
    #expect(try other.revive("b", now: 1) == 0 && other.revive("a", id: "y", now: 1) == 0)
    #expect(try other.revive("a", now: 77) == 1)
    #expect(try other.enable("a") && !other.enable("a"))
    #expect(try store.generation != generation)
    let revived = try #require(try store.pending("a").last)
    #expect(revived.id == "z" && revived.attempts == 0 && revived.due == 77 && revived.reason == "")
    #expect(try store.disabled == [])
    #expect(try store.deliveries(to: "a", limit: 2).map(\.id) == ["z", "y"])
  }

  @Test("of what arrived only the newest stay")
  func pruning() throws {
    defer { clean() }
    let store = try WebhookStore(path: path)
    let count = WebhookStore.keptDelivered + 5
    let made = try store.keep(
      seen(1), of: "aid", isAnew: true, letters((0..<count).map { "m\($0)" }) + letters(["other"], to: "b"), now: 0)
    try store.keep(made.prefix(count).map { .delivered(sequence: $0.sequence) }, of: "a")
    #expect(try store.count(.delivered, to: "a") == WebhookStore.keptDelivered)
    #expect(try store.deliveries(to: "a", limit: 2000).last?.id == "m5")
    #expect(try store.count(.pending, to: "a") == 0 && store.count(.pending, to: "b") == 1)
  }

  @Test("a file that is none, or of another version, is refused and left alone")
  func damage() throws {
    defer { clean() }
    _ = try WebhookStore(path: path)
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    let rubbish = Data(repeating: 7, count: 5000)
    try rubbish.write(to: URL(filePath: path))
    #expect(throws: StorageError(.damaged, "")) { try WebhookStore(path: path) }
    #expect(FileManager.default.contents(atPath: path) == rubbish)
  }
}
