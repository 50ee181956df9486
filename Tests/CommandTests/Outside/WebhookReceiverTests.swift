import Foundation
import Testing
import TongzhouClient

/// A running node tells a receiver in Python, which checks with the packages standardwebhooks and cryptography.
@Suite(
  DemoRun(endsNow: true),
  .enabled(
    if: PythonPrograms.has("standardwebhooks, cryptography"),
    "standardwebhooks is not installed in .build/python; Scripts/setup --tests does it"))
struct WebhookReceiverTests {
  private static let seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  private static let publicKey = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="

  /// What the receiver wrote down of a request.
  private struct Seen: Decodable {
    let path, id, type, api: String
    let status, bytes: Int
    let v1, v1a: Bool
    let scope: String?
    let plan: Int?
    let content_type, host: String
  }

  /// What `webhook list --json` says.
  private struct Listed: Decodable {
    struct Delivery: Decodable {
      let id, endpoint, type, state, reason: String
      let attempts: Int
    }
    let disabled: [String]
    let deliveries: [Delivery]
  }

  private let folder: TemporaryFolder
  private let chain: String
  private let port: Int
  private let receiverPort: Int

  init() async throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    chain = try #require(try DemoRun.current?.run?.object()["chain"] as? String)
    (port, receiverPort) = (try FreePort.find(), try FreePort.find())
  }

  private func seen(_ path: String) throws -> [Seen] {
    let text = (try? String(contentsOfFile: folder.file("seen"), encoding: .utf8)) ?? ""
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Seen.self, from: Data($0.utf8)) }
      .filter { $0.path == path }
  }

  private func listed(_ words: String...) async throws -> Listed {
    let run = try Program.tongzhou.run(["webhook", "list", folder.file("demo"), "--json"] + words)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Listed.self, from: Data(run.text.utf8))
  }

  private func secrets(_ list: String, mode: Int = 0o600) throws -> String {
    let path = try folder.write(list, to: "receivers.yaml")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  /// A node whose first look at the chain is over.
  private func node(_ words: [String], output: String) async throws -> RunningProgram {
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"] + words, output: folder.file(output))
    let client = try NodeClient.local(port)
    let isReady = try await client.isReady(within: 60) { node.process.isRunning }
    await client.shutdown()
    let said = try String(contentsOfFile: folder.file(output), encoding: .utf8)
    try #require(isReady, "\(said)")
    return node
  }

  /// Two organisations pause a plan.
  private func pause(_ plan: Int, _ scope: String...) throws {
    for organisation in ["0", "1"] {
      let run = try Program.tongzhou.run(
        [
          "proposal", "pause", "http://127.0.0.1:\(port)", "--plan", "\(plan)", "--organisation", organisation,
          "--officers", folder.file("demo/keys"), "--genesis", chain, "--json",
        ] + scope)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test("500 first, then delivered; 410 disables; what happens beside a kill arrives after the restart")
  func deliveries() async throws {
    defer { folder.remove() }
    let base = "http://127.0.0.1:\(receiverPort)"
    let file = try secrets(
      """
      - id: newspaper
        url: \(base)/hook
        secrets: [whsec_\(Self.seed), whsk_\(Self.seed)]
        events: [plan.paused]
        address: https://node.example/
      - {id: leaver, url: "\(base)/gone", secret: whsec_\(Self.seed), events: [plan.paused]}
      - {id: elsewhere, url: "\(base)/moved", secret: whsec_\(Self.seed), events: [plan.paused]}
      - {id: sleeper, url: "\(base)/slow", secret: whsec_\(Self.seed), events: [plan.paused]}
      """)
    let words = ["--webhooks", file, "--webhooks-allow", "127.0.0.0/8"]
    let receiver = try RunningProgram(
      [
        PythonPrograms.checkout.appending(path: "Scripts/webhook_receiver.py").path(), "\(receiverPort)",
        "whsec_" + Self.seed, Self.publicKey, folder.file("seen"),
      ], of: PythonPrograms.python, output: folder.file("receiver.out"))
    defer { receiver.kill() }
    let first = try await node(words, output: "node.out")
    defer { if first.process.isRunning { first.kill() } }
    func said(_ output: String) throws -> String { try String(contentsOfFile: folder.file(output), encoding: .utf8) }
    // Each chain says so; what is paused is a plan of this one.
    let begins = try await soon(60) {
      try said("node.out").split(separator: "\n").contains {
        $0.contains("chain=aid") && $0.contains("webhooks begin at the present")
      }
    }
    #expect(begins)
    #expect(try said("node.out").contains("webhooks newspaper \(Self.publicKey)\n"))

    try pause(0)
    let retried = try await soon(120) { try seen("/hook").contains { $0.status == 500 } }
    let complaint = try said("receiver.out")
    #expect(retried, "\(complaint)")
    let gone = try await soon(60) { try await listed().disabled == ["leaver"] }
    #expect(gone)
    // Another one, and the node dies as soon as it is on the chain.
    try pause(0, "--joins")
    first.kill()
    let second = try await node(words, output: "again.out")
    defer { if second.process.isRunning { second.kill() } }
    let arrived = try await soon(240) { try seen("/hook").filter { $0.status == 204 }.count >= 2 }
    #expect(arrived)
    #expect(try !said("again.out").contains("webhooks begin at the present"), "it goes on where it was")

    let hook = try seen("/hook")
    #expect(hook.allSatisfy { $0.v1 && $0.v1a }, "\(hook)")
    #expect(hook.allSatisfy { $0.type == "plan.paused" && $0.plan == 0 && $0.bytes < 20_000 })
    #expect(hook.allSatisfy { $0.content_type == "application/json" && $0.host == "127.0.0.1:\(receiverPort)" })
    #expect(hook.allSatisfy { $0.api == "https://node.example/v1/plans/0?chain=aid" })
    #expect(Set(hook.map(\.id)).count == 2, "each message keeps its id")
    #expect(Set(hook.filter { $0.status == 204 }.map(\.scope)) == ["payouts", "joins"])
    let refused = Set(hook.filter { $0.status == 500 }.map(\.id))
    #expect(refused.isSubset(of: Set(hook.filter { $0.status == 204 }.map(\.id))))
    // Whose receiver sleeps, leaves or points elsewhere holds up nobody, and nothing is followed.
    #expect(try seen("/gone").count == 1 && seen("/followed").isEmpty && !seen("/moved").isEmpty)

    let isStored = try await soon(60) {
      try await listed("--endpoint", "newspaper", "--state", "delivered").deliveries.count == 2
    }
    #expect(isStored)
    let dead = try await listed("--state", "dead").deliveries
    #expect(dead.map(\.endpoint) == ["leaver", "leaver"])
    #expect(Set(dead.map(\.reason)) == ["status 410", "disabled"])
    let elsewhere = try await listed("--endpoint", "elsewhere").deliveries
    #expect(elsewhere.count == 2 && elsewhere.contains { $0.reason == "status 302" && $0.attempts > 0 })
    let metrics = try #require(BlockingHTTP.get("/metrics", port: port))
    let text = String(decoding: metrics.body, as: UTF8.self)
    #expect(text.contains("tongzhou_webhook_dead{endpoint=\"leaver\"} 2.0\n"), "\(text)")
    #expect(text.contains("tongzhou_webhook_disabled{endpoint=\"leaver\"} 1.0\n"))

    // A person gives the one that left another chance, while the node runs; it leaves again.
    let data = folder.file("demo")
    let enabled = try Program.tongzhou.run("webhook", "enable", data, "leaver", "--json").object()
    #expect(enabled["enabled"] as? Bool == true)
    let revived = try Program.tongzhou.run("webhook", "retry", data, "--endpoint", "leaver", "--json").object()
    #expect(revived["revived"] as? Int == 2)
    let asked = try await soon(60) { try seen("/gone").count >= 2 }
    #expect(asked)
    #expect(second.stop() == 0)
    // No address and no secret stands in a log or in the store.
    for name in ["node.out", "again.out"] {
      let text = try said(name)
      #expect(!text.contains("/hook") && !text.contains(":\(receiverPort)") && !text.contains(Self.seed))
    }
    for (name, content) in try folder.content() where name.hasPrefix("demo/webhooks/") {
      for word in ["/hook", "127.0.0.1:\(receiverPort)", Self.seed] {
        #expect(content.range(of: Data(word.utf8)) == nil, "\(name)")
      }
    }
  }

  @Test("a file that cannot be meant keeps the node from starting, and is not quoted")
  func refusals() throws {
    defer { folder.remove() }
    func refusal(_ list: String, mode: Int = 0o600, _ words: String...) throws -> String {
      let file = try secrets(list, mode: mode)
      let run = try Program.tongzhou.run(
        ["node", "run", "--data", folder.file("demo"), "--port", "0", "--webhooks", file] + words)
      #expect(run.status == 1)
      #expect(!run.errors.contains("example.org") && !run.errors.contains(Self.seed.prefix(8)), "\(run.errors)")
      return run.errors
    }
    let good = "- {id: a, url: \"https://example.org/\", secret: whsec_\(Self.seed)}"
    #expect(try refusal(good, mode: 0o640).hasPrefix("settings.unreadable"))
    #expect(try refusal("- [").hasPrefix("settings.unreadable"))
    for list in [
      "", "{}", "- a", good + "\n" + good, good.replacing("id: a", with: "id: A"),
      good.replacing(Self.seed, with: "AAAA"), good.replacing("https", with: "http"),
      good.replacing("example.org", with: "127.0.0.1"), good.replacing("example.org", with: "me:pw@example.org"),
      good.replacing("id: a", with: "id: a, events: [case.closed]"),
      good.replacing("id: a", with: "id: a, address: nowhere"),
    ] {
      #expect(try refusal(list).hasPrefix("settings.bad_value"), "\(list)")
    }
    #expect(try refusal(good.replacing("id: a", with: "id: a, uri: b")).hasPrefix("settings.unknown_key"))
    #expect(try refusal(good, "--webhooks-allow", "10.0.0.0/99").hasPrefix("settings.bad_value"))
    let list = try Program.tongzhou.run("webhook", "list", folder.file("demo"))
    #expect(list.status == 1 && list.errors.hasPrefix("node.unusable_directory"))
  }
}
