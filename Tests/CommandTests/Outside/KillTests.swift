import Foundation
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

/// `kill -9` at random moments under load: what was acknowledged is on the chain, and the node starts by itself.
///
/// `make soak` runs hundreds of rounds; TONGZHOU_KILL_ROUNDS and TONGZHOU_KILL_SEED set them.
@Suite(DemoRun(endsNow: true)) struct KillTests {
  private static func setting(_ name: String, _ usual: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
  }

  @Test("no acknowledged transaction is lost, the audit passes, and the node starts by itself")
  func nothingAcknowledgedIsLost() async throws {
    let run = KillRun(
      rounds: Int(Self.setting("TONGZHOU_KILL_ROUNDS", 30)), seed: Self.setting("TONGZHOU_KILL_SEED", 7),
      demonstration: try DemoRun.path(),
      chain: try #require(try DemoRun.current?.run?.object()["chain"] as? String), folder: try TemporaryFolder())
    defer { run.folder.remove() }
    // Moments are what it is about: on a thread of its own, whatever other tests are doing.
    let acknowledged = try await onOwnThread { try run.run() }
    #expect(acknowledged > run.rounds)
  }

  @Test("a load ends by itself, and every id it wrote has a receipt")
  func loadEnds() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let port = try FreePort.find()
    let running = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if running.process.isRunning { running.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 60) { running.process.isRunning })
    await client.shutdown()
    var (result, ids): ([String: Any], [String]) = ([:], [])
    // Seconds are enough; a machine that others keep busy may not come to a deposit in them.
    for seconds in [4, 20] where (result["deposits"] as? Int ?? 0) == 0 {
      let acks = folder.file("acks-\(seconds)")
      let load = try await onOwnThread {
        try Program.tongzhou.run(
          "bench", "load", "http://127.0.0.1:\(port)", "--data", folder.file("demo"), "--seconds", "\(seconds)",
          "--acks", acks, "--json")
      }
      #expect(load.status == 0, "\(load.errors)")
      result = try load.object()
      ids = try String(contentsOfFile: acks, encoding: .utf8).split(separator: "\n").map(String.init)
    }
    #expect(result["acknowledged"] as? Int == ids.count && ids.count > 0 && Set(ids).count == ids.count)
    #expect(try #require(result["joins"] as? Int) > 0 && #require(result["deposits"] as? Int) > 0)
    let id = try #require(ids.last)
    func receipt() throws -> Program.Run {
      try Program.tongzhou.run(
        "receipt", "http://127.0.0.1:\(port)", "--transaction", id, "--output", folder.file("receipt.json"), "--json")
    }
    // The search index, by which the node finds it, may lag a moment.
    let isFound = try await soon { try receipt().status == 0 }
    #expect(isFound)
    let last = try receipt()
    #expect(last.status == 0, "\(last.errors)")
    #expect(try last.object()["transaction"] as? String == id)
    #expect(running.stop() == 0)
  }
}
