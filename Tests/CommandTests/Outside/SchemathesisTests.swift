import Foundation
import Ledger
import Testing
import TongzhouClient

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

    let environment = ProcessInfo.processInfo.environment
    let run = try await PythonPrograms.run(
      [
        PythonPrograms.checkout.appending(path: ".build/python/bin/schemathesis").path(), "--no-color",
        "--config-file", PythonPrograms.checkout.appending(path: "Scripts/schemathesis.toml").path(),
        "run", address + "/openapi.yaml", "--checks", "all", "--workers", "2", "--request-timeout", "20",
        "--max-examples", environment["TONGZHOU_EXAMPLES"] ?? "20", "--seed", environment["TONGZHOU_SEED"] ?? "1",
        "--suppress-health-check", "all",
      ],
      in: folder,
      environment: [
        "SCHEMATHESIS_HOOKS": PythonPrograms.checkout.appending(path: "Scripts/schemathesis_hooks.py").path(),
        "TONGZHOU_ADDRESSES": try addresses(in: DemoRun.path()).joined(separator: " "),
      ])
    #expect(run.status == 0, "\(run.text.suffix(6_000))\n\(run.errors.suffix(2_000))")
    // All but the events were asked for, many times.
    let tested = try #require(run.text.firstMatch(of: /Selected: (\d+)\/(\d+)\s+Tested: (\d+)/))
    #expect(tested.1 == tested.3 && Int(tested.1) == Int(tested.2).map { $0 - 1 } && (Int(tested.1) ?? 0) > 30)
    let cases = try #require(run.text.firstMatch(of: /(\d+) generated, (\d+) passed/))
    #expect(cases.1 == cases.2 && (Int(cases.1) ?? 0) > 1_000)
    #expect(node.process.isRunning)
    #expect(node.stop() == 0)
    let said = try String(contentsOfFile: folder.file("node.out"), encoding: .utf8)
    #expect(!said.contains(" error "), "\(said.suffix(2_000))")
  }

  /// An owner out of the demonstration's own files.
  private func addresses(in demo: String) throws -> [String] {
    let statement = try Statement(file: Array(Data(contentsOf: URL(filePath: demo + "/statement.json"))))
    // The owner's twenty bytes begin a membership's record (docs/state.md).
    return [try #require(Address(statement.membership.record.prefix(20))).description]
  }
}
