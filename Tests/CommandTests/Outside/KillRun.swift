import Foundation
import Ledger
import TestSupport
import TongzhouClient
import TransparencyLog

/// A node under load that is killed again and again. Everything here waits on its own thread.
struct KillRun: Sendable {
  /// What went wrong, with the seed that does it again.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let rounds: Int
  let seed: UInt64
  /// The directory of a demonstration, which is copied, and its chain's id.
  let demonstration: String
  let chain: String
  let folder: TemporaryFolder

  /// Kills, and then looks at what is there.
  ///
  /// - Returns: the number of acknowledged transactions.
  func run() throws -> Int {
    try FileManager.default.copyItem(atPath: demonstration, toPath: folder.file("demo"))
    let port = try FreePort.find()
    var random = SeededGenerator(seed: seed)
    let load = try RunningProgram(
      [
        "bench", "load", "http://127.0.0.1:\(port)", "--data", folder.file("demo"), "--seconds", "\(120 + 20 * rounds)",
        "--acks",
        folder.file("acks"), "--rate", "2000", "--json",
      ], output: folder.file("load.out"))
    defer { if load.process.isRunning { load.kill() } }
    for round in 1...rounds {
      let node = try start(port)
      defer { if node.process.isRunning { node.kill() } }
      // Every third round may end before the node has replayed its log.
      if UInt64.random(in: 0..<3, using: &random) > 0 { try waitUntilReady(node, port, "round \(round)") }
      Thread.sleep(forTimeInterval: Double.random(in: 0..<0.6, using: &random))
      try check(node.process.isRunning, "round \(round): the node ended by itself: \(text("node.out"))")
      node.kill()
    }
    try check(load.process.isRunning, "the load ended with the node: \(text("load.out"))")

    let node = try start(port)
    defer { if node.process.isRunning { node.kill() } }
    try waitUntilReady(node, port, "after all rounds")
    // A moment more, so that something is acknowledged by the node that started last.
    let before = acknowledged().count
    let deadline = ContinuousClock.now + .seconds(30)
    while acknowledged().count == before, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.02) }
    load.kill()
    let ids = acknowledged()
    try check(ids.count > before, "nothing more was acknowledged")
    for id in ids { try checkReceipt(id, port) }
    try check(node.stop() == 0, "the node did not stop as asked")
    let audit = try Program.tongzhou.run("audit", folder.file("demo"), "--genesis", chain)
    try check(audit.status == 0, audit.errors)
    return ids.count
  }

  private func start(_ port: Int) throws -> RunningProgram {
    try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)", "--log", "warning"],
      output: folder.file("node.out"))
  }

  private func waitUntilReady(_ node: RunningProgram, _ port: Int, _ when: String) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while BlockingHTTP.get("/readyz", port: port)?.status != 200 {
      try check(node.process.isRunning, "\(when): the node does not start: \(text("node.out"))")
      try check(ContinuousClock.now < deadline, "\(when): the node is not ready after a minute")
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  /// The transaction is on the chain, under a quorum of the organisations that the pinned genesis names.
  private func checkReceipt(_ id: String, _ port: Int) throws {
    let trusted = try trusted()
    // The search index, by which the node finds it, gets what time others leave, and on a busy machine that is little.
    var last = 0
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
      let answer = BlockingHTTP.get("/v1/receipts/\(id)", port: port)
      last = answer?.status ?? 0
      if let answer, answer.status == 200 {
        let (transaction, _) = try Receipt(file: answer.body).verify(chain: trusted.id, policy: trusted.policy)
        return try check(transaction.hash.description == id, "a receipt of another transaction than \(id)")
      }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw Failure(description: "seed \(seed): \(id) was acknowledged and has no receipt: status \(last)")
  }

  private func trusted() throws -> TrustedChain {
    let source = FilesSource(demonstration + "/log/aid")
    let bytes = try source.read("tile/entries/000") ?? []
    let entry = try EntryBundle(bytes: bytes, width: TileCoordinate.fullWidth).entries[0]
    return try TrustedChain(entry: entry, pinned: Hash(hexadecimal: chain))
  }

  private func acknowledged() -> [String] {
    // A line counts once it is whole.
    text("acks").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  private func text(_ name: String) -> String {
    String(decoding: (try? Data(contentsOf: folder.url(name))) ?? Data(), as: UTF8.self)
  }

  private func check(_ isRight: Bool, _ what: @autoclosure () -> String) throws {
    if !isRight { throw Failure(description: "seed \(seed): \(what())") }
  }
}
