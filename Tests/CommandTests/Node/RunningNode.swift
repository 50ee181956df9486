import Consortium
import Foundation
import FoundationNetworking
import Ledger
import TestSupport
import TransparencyLog

/// `tongzhou node run` on a directory with one organisation, as anybody would run it.
///
/// Transactions register accounts; each has a number.
final class RunningNode {
  struct Failure: Error, CustomStringConvertible { let description: String }

  let directory: String
  let network: TestNetwork
  private let folder: TemporaryFolder
  private var process: Process?
  private var address = ""
  private var runs = 0

  /// Writes keys and genesis into a directory, which may exist already.
  init(_ directory: String, logsTo folder: TemporaryFolder) throws {
    self.directory = directory
    self.folder = folder
    network = try TestNetwork()
    for name in ["keys", "genesis"] {
      try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
    }
    try Data(network.genesis.bytes).write(to: URL(filePath: "\(directory)/genesis/aid"))
    let name = network.organisations[0].name
    let lines = ["vote", "cosign", "log"].map { "\($0) \(Hash.sha256(Array("\(name)/\($0)".utf8)))\n" }.joined()
    let keys = "\(directory)/keys/\(name).endorser"
    try Data(lines.utf8).write(to: URL(filePath: keys))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keys)
  }

  deinit {
    if let process { kill(process.processIdentifier, SIGKILL) }
  }

  /// What the last run said on standard error.
  var errors: String {
    (try? String(contentsOf: folder.url("node-\(runs).err"), encoding: .utf8)) ?? ""
  }

  /// Starts it on a free port and waits until it serves.
  ///
  /// - Parameter wrapped: a program that runs this one, with its own arguments.
  func start(wrapped: [String] = []) throws {
    runs += 1
    address = ""
    let (out, err) = (folder.url("node-\(runs).out"), folder.url("node-\(runs).err"))
    for url in [out, err] { try Data().write(to: url) }
    let words = wrapped + [Program.tongzhou.url.path(), "node", "run", "--data", directory, "--port", "0"]
    let process = Process()
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    self.process = process
    for _ in 0..<600 {
      let said = try String(contentsOf: out, encoding: .utf8)
      // It listens before it has read its log.
      if let serving = said.range(of: "serving "),
        let begin = said.range(of: "http://", range: serving.upperBound..<said.endIndex),
        let end = said[begin.upperBound...].firstIndex(of: "/")
      {
        address = String(said[begin.lowerBound..<end])
        return
      }
      guard process.isRunning else { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw Failure(description: "the node does not come up: \(errors)")
  }

  /// Sends a signal to the program and waits until it has ended; its exit status, or the signal that ended it.
  @discardableResult
  func end(_ signal: Int32) -> Int32 {
    guard let process else { return -1 }
    // Behind a wrapper the program is its child and must end first, or it would be left alone.
    let children = "/proc/\(process.processIdentifier)/task/\(process.processIdentifier)/children"
    let own = ((try? String(contentsOfFile: children, encoding: .utf8)) ?? "").split(separator: " ").compactMap {
      Int32($0)
    }
    for child in own { kill(child, signal) }
    if own.isEmpty { kill(process.processIdentifier, signal) }
    process.waitUntilExit()
    self.process = nil
    return process.terminationStatus
  }

  /// The entries of the transaction of a number.
  private func entries(_ number: UInt64) throws -> [[UInt8]] {
    let key = network.organisation(.platform).officer
    let row = Array(Hash.label("account", number).bytes.prefix(Address.byteCount))
    let unsigned = try UnsignedTransaction(
      chain: network.genesis.chain, sender: key.publicKey.address,
      expiry: Timestamp(seconds: UInt64(Date().timeIntervalSince1970) + 400),
      id: Array(Hash.label("registration", number).bytes.prefix(16)), action: Consortium.registerAction(),
      manifest: Manifest(rows: [row]))
    return [Entry.make(.transaction, try unsigned.signed(by: [key]))] + (try RowEntries.pack([row]))
  }

  /// Submits the transaction of a number and waits for the answer: its hash if it is acknowledged.
  ///
  /// - Throws: also where no answer comes within a time.
  func submit(_ number: UInt64, within seconds: Int = 30) async throws -> String {
    let entries = try entries(number)
    var request = URLRequest(url: try url("/v1/transactions"))
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    let body: [String: Any] = [
      "envelope": Data(entries[0].dropFirst()).base64EncodedString(),
      "rows": entries.dropFirst().flatMap { RowEntries.unpack($0) ?? [] }.map { Data($0).base64EncodedString() },
    ]
    request.httpBody = try JSONSerialization.data(withJSONObject: body)
    let (status, answer) = try await withThrowingTaskGroup(of: (Int, Data).self) { [request] tasks in
      tasks.addTask { try await RunningNode.send(request) }
      tasks.addTask {
        try await Task.sleep(for: .seconds(seconds))
        throw Failure(description: "no answer within \(seconds) s")
      }
      defer { tasks.cancelAll() }
      return try await tasks.next() ?? (0, Data())
    }
    guard status == 201 else { throw Failure(description: "\(status): \(String(decoding: answer, as: UTF8.self))") }
    return Hash.sha256(Array(entries[0].dropFirst())).description
  }

  /// The status of a page.
  func status(of path: String) async throws -> Int { try await Self.send(URLRequest(url: url(path))).status }

  private func url(_ path: String) throws -> URL {
    guard let url = URL(string: address + path) else { throw Failure(description: "no address \(address)\(path)") }
    return url
  }

  private static func send(_ request: URLRequest) async throws -> (status: Int, Data) {
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
  }
}
