import Foundation
import Ledger
import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

/// A copy of the demonstration, and a node that runs on it.
final class Running {
  let folder: TemporaryFolder
  let port: Int
  let address: String
  let chain: String
  let secret: String
  private let node: RunningProgram

  init() async throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    chain = try #require(try DemoRun.current?.run?.object()["chain"] as? String)
    port = try FreePort.find()
    address = "http://127.0.0.1:\(port)"
    secret = folder.file("me.key")
    node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    let client = try NodeClient.local(port)
    let isReady = try await client.isReady(within: 60) { [node] in node.process.isRunning }
    await client.shutdown()
    try #require(isReady)
    let made = try Program.tongzhou.run("key", "new", "--output", secret)
    try #require(made.status == 0)
  }

  var officers: [String] { ["--officers", folder.file("demo/keys")] }

  /// Runs a command against the node, pinned.
  func run(_ words: [String], _ options: [String]) throws -> Program.Run {
    try Program.tongzhou.run(words + [address] + options + ["--genesis", chain, "--json"])
  }

  func object(_ words: String..., options: [String]) throws -> [String: Any] {
    let run = try run(words, options)
    try #require(run.status == 0, "\(words): \(run.errors)")
    return try run.object()
  }

  func refusal(_ words: String..., options: [String]) throws -> String {
    let run = try run(words, options)
    #expect(run.status == 1, "\(words)")
    return String(run.errors.prefix { $0 != ":" })
  }

  /// The published files of the log in which a text stands.
  func files(holding text: String) throws -> [String] {
    let log = folder.file("demo/log")
    let needle = Data(text.utf8)
    return try FileManager.default.subpathsOfDirectory(atPath: log).filter { path in
      FileManager.default.contents(atPath: log + "/" + path)?.range(of: needle) != nil
    }
  }

  func end() {
    if node.process.isRunning { #expect(node.stop() == 0) }
    folder.remove()
  }
}
