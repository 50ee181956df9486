import Foundation
import Ledger
import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

/// A chain of hearts that `tongzhou node init` founded, and a node that runs it.
///
/// Organisations by ordinal, as in Conventions/hearts-founding.yaml: platform, bank, auditor, foodbank, trees, school,
/// kitchen.
final class HeartNode {
  let folder: TemporaryFolder
  let address: String
  let chain: String
  private let node: RunningProgram

  /// The shipped example of a founding.
  static let founding = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Conventions/hearts-founding.yaml").standardized.path

  /// - Parameter prepare: puts files into the data directory before the node starts.
  init(preparing prepare: (_ data: String) throws -> Void = { _ in }) async throws {
    folder = try TemporaryFolder()
    let founded = try Program.tongzhou.run("node", "init", HeartNode.founding, "--data", folder.file("data"), "--json")
    try #require(founded.status == 0, "\(founded.errors)")
    chain = try #require(try founded.object()["chain"] as? String)
    try prepare(folder.file("data"))
    let port = try FreePort.find()
    address = "http://127.0.0.1:\(port)"
    node = try RunningProgram(
      ["node", "run", "--data", folder.file("data"), "--port", "\(port)"], output: folder.file("node.out"))
    let client = try NodeClient.local(port)
    let isReady = try await client.isReady(within: 120) { [node] in node.process.isRunning }
    await client.shutdown()
    try #require(isReady)
  }

  /// Acting for an organisation.
  func acting(_ organisation: Int) -> [String] { ["--as", "\(organisation)"] + officers }

  var officers: [String] { ["--officers", folder.file("data/keys/heart")] }

  /// Yesterday, as commands and files name it, and a day within a year.
  var days: (past: String, later: String) {
    let date = CivilDate(Timestamp(seconds: UInt64(Date().timeIntervalSince1970) - Timestamp.day))
    return (
      String(format: "%04d-%02d-%02d", date.year, date.month, date.day),
      String(format: "%04d-%02d-01", date.year + 1, date.month)
    )
  }

  /// A new secret, and the address of hearts that follows from it.
  func person(_ name: String) throws -> (file: String, address: String) {
    let file = folder.file(name)
    try #require(try Program.tongzhou.run("key", "new", "--output", file).status == 0)
    let shown = try Program.tongzhou.run("hearts", "address", "--secret", file, "--genesis", chain, "--json")
    return (file, try #require(try shown.object()["address"] as? String))
  }

  /// Runs a command of hearts against the node, pinned.
  func run(_ words: [String], _ options: [String]) throws -> Program.Run {
    try Program.tongzhou.run(["hearts"] + words + [address] + options + ["--genesis", chain, "--json"])
  }

  func object(
    _ words: String..., options: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let run = try run(words, options)
    try #require(run.status == 0, "\(words): \(run.errors)", sourceLocation: sourceLocation)
    return try run.object()
  }

  func refusal(
    _ words: String..., options: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let run = try run(words, options)
    #expect(run.status == 1, "\(words)", sourceLocation: sourceLocation)
    return String(run.errors.prefix { $0 != ":" })
  }

  /// Records a file of events, all of which are taken.
  func record(_ text: String, as organisation: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = try folder.write(text, to: "events-\(UUID().uuidString).csv")
    let run = try run(["record"], [file] + acting(organisation))
    try #require(run.status == 0, "\(run.errors) \(run.text)", sourceLocation: sourceLocation)
  }

  /// Stops the node; its files stay.
  func stop() { if node.process.isRunning { #expect(node.stop() == 0) } }

  func end() {
    if node.process.isRunning { #expect(node.stop() == 0) }
    folder.remove()
  }
}
