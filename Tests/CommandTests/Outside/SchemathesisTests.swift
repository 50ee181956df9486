import Foundation
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

/// schemathesis makes requests from the served description, right ones and wrong ones, and judges each answer.
@Suite(
  DemoRun(endsNow: true),
  .enabled(
    if: PythonPrograms.has("schemathesis"),
    "schemathesis is not installed in .build/python; Scripts/setup --tests does it"))
struct SchemathesisTests {
  @Test(
    "a node answers thousands of requests as it says: no error of its own, no undeclared status",
    .timeLimit(.minutes(20)))
  func allChecks() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let port = try FreePort.find()
    let address = "http://127.0.0.1:\(port)"
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if node.process.isRunning { node.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 60) { node.process.isRunning })
    await client.shutdown()
    // Until its search index has read the whole chain, some pages say that they come later.
    let isIndexed = try await soon {
      let metrics = BlockingHTTP.get("/metrics", port: port)?.body ?? []
      func value(_ name: String) -> Substring? {
        String(decoding: metrics, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }?
          .split(separator: " ").last
      }
      let indexed = value("tongzhou_search_height")
      return indexed != nil && indexed == value("tongzhou_chain_height")
    }
    #expect(isIndexed)

    let given = try Given(in: DemoRun.path(), port: port)
    let run = try await SchemathesisTests.judge(address + "/openapi.yaml", by: "schemathesis", given, in: folder)
    #expect(run.status == 0, "\(run.text.suffix(6_000))\n\(run.errors.suffix(2_000))")
    // All but the events were asked for, many times.
    let tested = try #require(run.text.firstMatch(of: /Selected: (\d+)\/(\d+)\s+Tested: (\d+)/))
    #expect(tested.1 == tested.3 && Int(tested.1) == Int(tested.2).map { $0 - 1 } && (Int(tested.1) ?? 0) > 30)
    // What a giver has to sign succeeds too, and such answers were judged with the others.
    let taken = (try? String(contentsOfFile: folder.file("taken"), encoding: .utf8)) ?? ""
    for line in ["credentials 201", "badges 201", "nonces 201", "presentations 200"] {
      #expect(taken.contains(line + "\n"), "\(line): \(taken)")
    }
    let cases = try #require(run.text.firstMatch(of: /(\d+) generated, (\d+) passed/))
    #expect(cases.1 == cases.2 && (Int(cases.1) ?? 0) > 1_000)

    // EPCIS has a description of its own.
    let exchange = try await SchemathesisTests.judge(
      address + "/epcis/openapi.yaml", by: "schemathesis_epcis", given, in: folder)
    #expect(exchange.status == 0, "\(exchange.text.suffix(6_000))\n\(exchange.errors.suffix(2_000))")
    let described = try #require(exchange.text.firstMatch(of: /Selected: (\d+)\/(\d+)\s+Tested: (\d+)/))
    #expect(described.1 == described.2 && described.1 == described.3 && described.1 == "9")
    #expect(node.process.isRunning)
    #expect(node.stop() == 0)
    let said = try String(contentsOfFile: folder.file("node.out"), encoding: .utf8)
    #expect(!said.contains(" error "), "\(said.suffix(2_000))")
  }

  /// Runs schemathesis on a served description.
  private static func judge(
    _ description: String, by settings: String, _ given: Given, in folder: TemporaryFolder
  ) async throws -> Program.Run {
    let environment = ProcessInfo.processInfo.environment
    return try await PythonPrograms.run(
      [
        PythonPrograms.checkout.appending(path: ".build/python/bin/schemathesis").path(), "--no-color",
        "--config-file", PythonPrograms.checkout.appending(path: "Scripts/\(settings).toml").path(),
        // One worker: Python 3.11 loses count of its recursion where two threads parse source text at once.
        "run", description, "--checks", "all", "--workers", "1", "--request-timeout", "20",
        "--max-examples", environment["TONGZHOU_EXAMPLES"] ?? "20", "--seed", environment["TONGZHOU_SEED"] ?? "1",
        "--suppress-health-check", "all",
      ],
      in: folder,
      environment: [
        "SCHEMATHESIS_HOOKS": PythonPrograms.checkout.appending(path: "Scripts/schemathesis_hooks.py").path(),
        "TONGZHOU_ADDRESSES": given.addresses.joined(separator: " "), "TONGZHOU_EVENT": given.event,
        "TONGZHOU_GIVER": given.giver, "TONGZHOU_TAKEN": folder.file("taken"),
      ])
  }

  /// What nobody can make up, of a demonstration that a node serves. Ordinals stand in the description: of everything
  /// there is a first.
  private struct Given {
    /// An owner of memberships, and two givers of hearts.
    let addresses: [String]
    /// The name of an event of goods.
    let event: String
    /// A giver whose index reaches the threshold of the demonstration's shop, with her key, as JSON.
    let giver: String

    init(in demo: String, port: Int) throws {
      func file(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: demo + "/" + name)) }
      let statement = try Statement(file: Array(file("statement.json")))
      // The owner's twenty bytes begin a membership's record (docs/state.md).
      var addresses = [try #require(Address(statement.membership.record.prefix(20))).description]
      let chain = try #require(Hash(hexadecimal: try ProvenWay(file: Array(file("way.json"))).chain))
      var keys: [SigningKey] = []
      for name in ["giver-650.key", "giver-649.key"] {
        let text = String(decoding: try file(name), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let key = try BackupSecret(text: text).heartKey(chain: chain)
        keys.append(key)
        addresses.append(key.publicKey.address.description)
      }
      self.addresses = addresses
      for address in addresses.dropFirst() {
        let answer = BlockingHTTP.get("/v1/hearts/givers/\(address)", port: port)
        #expect(answer?.status == 200, "a giver of the demonstration is known: \(address)")
      }
      struct Events: Decodable {
        struct Body: Decodable { let queryResults: Results }
        struct Results: Decodable { let resultsBody: List }
        struct List: Decodable { let eventList: [Event] }
        struct Event: Decodable { let eventID: String }
        let epcisBody: Body
      }
      let answer = try #require(BlockingHTTP.get("/epcis/events?perPage=1", port: port))
      let events = try JSONDecoder().decode(Events.self, from: Data(answer.body)).epcisBody.queryResults.resultsBody
      event = try #require(events.eventList.first).eventID
      let hearts = try #require(try DemoRun.current?.run?.object()["hearts"] as? [String: Any])
      let shop = try #require(hearts["partner"] as? [String: Any])
      let said: [String: Any] = [
        "node": "http://127.0.0.1:\(port)", "chain": chain.description, "address": addresses[1],
        "party": keys[0].publicKey.address.bytes.hexadecimal, "seed": keys[0].seed.hexadecimal,
        "partner": try #require(shop["ordinal"] as? Int), "threshold": try #require(shop["threshold"] as? Int),
      ]
      giver = String(decoding: try JSONSerialization.data(withJSONObject: said), as: UTF8.self)
    }
  }
}
