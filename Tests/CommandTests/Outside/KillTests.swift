import Foundation
import Ledger
import TestSupport
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
    let rounds = Int(Self.setting("TONGZHOU_KILL_ROUNDS", 30))
    let seed = Self.setting("TONGZHOU_KILL_SEED", 7)
    var random = SeededGenerator(seed: seed)
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let port = try FreePort.find()
    let node = ["node", "run", "--data", folder.file("demo"), "--port", "\(port)", "--log", "warning"]
    let client = try NodeClient.local(port)

    let load = try RunningProgram(
      [
        "bench", "load", "http://127.0.0.1:\(port)", "--data", folder.file("demo"), "--seconds", "86400", "--acks",
        folder.file("acks"), "--rate", "2000", "--json",
      ], output: folder.file("load.out"))
    defer { if load.process.isRunning { load.kill() } }
    for round in 1...rounds {
      let running = try RunningProgram(node, output: folder.file("node.out"))
      // Every third round may end before the node has replayed its log.
      if UInt64.random(in: 0..<3, using: &random) > 0 {
        let isReady = try await client.isReady(within: 60) { running.process.isRunning }
        #expect(isReady, "round \(round), seed \(seed): \(text(folder, "node.out"))")
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0..<700, using: &random)))
      #expect(running.process.isRunning, "round \(round), seed \(seed): \(text(folder, "node.out"))")
      running.kill()
    }
    #expect(load.process.isRunning, "the load outlives the node: \(text(folder, "load.out"))")

    let last = try RunningProgram(node, output: folder.file("node.out"))
    #expect(try await client.isReady(within: 60) { last.process.isRunning }, "seed \(seed)")
    // A moment more, so that something is acknowledged by the node that started last.
    let before = try acknowledged(folder).count
    for _ in 0..<500 where try acknowledged(folder).count == before { try await Task.sleep(for: .milliseconds(20)) }
    load.kill()
    let ids = try acknowledged(folder)
    #expect(ids.count > before && ids.count > rounds, "seed \(seed): \(ids.count) acknowledged")
    let chain = try await client.trusted("aid", pinned: nil).chain
    #expect(chain.id.description == (try #require(DemoRun.current?.run).object()["chain"] as? String))
    for id in ids {
      let transaction = try #require(Hash(hexadecimal: id), "\(id)")
      // Verified against the genesis; the search index has caught up when it answers.
      let found = try await patiently { try await client.receipt(of: transaction, on: "aid", chain: chain) }
      #expect(found.transaction.hash == transaction, "seed \(seed)")
    }
    await client.shutdown()
    #expect(last.stop() == 0)
    let audit = try Program.tongzhou.run("audit", folder.file("demo"), "--genesis", chain.id.description)
    #expect(audit.status == 0, "seed \(seed): \(audit.errors)")
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
    let load = try Program.tongzhou.run(
      "bench", "load", "http://127.0.0.1:\(port)", "--data", folder.file("demo"), "--seconds", "4", "--acks",
      folder.file("acks"), "--json")
    #expect(load.status == 0, "\(load.errors)")
    let result = try load.object()
    let ids = try acknowledged(folder)
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

  private func acknowledged(_ folder: TemporaryFolder) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder.file("acks")) else { return [] }
    // A line counts once it is whole.
    return text(folder, "acks").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private func text(_ folder: TemporaryFolder, _ name: String) -> String {
    String(decoding: (try? Data(contentsOf: folder.url(name))) ?? Data(), as: UTF8.self)
  }

  private func patiently<Value>(_ body: () async throws -> Value) async throws -> Value {
    for _ in 0..<100 {
      do { return try await body() } catch let error as ClientError where error.status == 404 {
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    return try await body()
  }
}
