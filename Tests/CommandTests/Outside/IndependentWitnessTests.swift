import Foundation
import Testing
import TongzhouClient
import TransparencyLog

/// aics-witness, a witness written by others, cosigns for our node, and its log side has our node cosign.
@Suite(
  DemoRun(endsNow: true),
  .enabled(
    if: PythonPrograms.has("aics_witness, aics_tlog"),
    "aics-witness is not installed in .build/python; Scripts/setup --tests does it"))
struct IndependentWitnessTests {
  private static let script = PythonPrograms.checkout.appending(path: "Scripts/witness_client.py").path()

  private static func python(_ words: [String], in folder: TemporaryFolder) async throws -> Program.Run {
    try await PythonPrograms.run([PythonPrograms.python] + words, in: folder)
  }

  /// A program in Python that runs beside a test.
  private static func start(_ words: [String]) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: PythonPrograms.python)
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.start()
    return process
  }

  private static func end(_ process: Process) {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  private static func node(_ folder: TemporaryFolder, _ port: Int, _ words: [String]) async throws -> RunningProgram {
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"] + words, output: folder.file("node.out"))
    let client = try NodeClient.local(port)
    let isReady = try await client.isReady(within: 60) { node.process.isRunning }
    await client.shutdown()
    #expect(isReady)
    return node
  }

  private static func json(_ run: Program.Run) throws -> NSDictionary {
    #expect(run.status == 0, "\(run.errors)")
    return try run.object() as NSDictionary
  }

  @Test("aics-witness cosigns our chain, also after it was away, and aics-tlog verifies what we serve")
  func itWitnessesUs() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let (port, witnessPort) = (try FreePort.find(), try FreePort.find())
    let settings = ["--config", folder.file("witness/witness.json")]
    let program = ["-m", "aics_witness"]
    let made = try await Self.python(program + ["init", "--name", "w.example/aics"] + settings, in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let vkey = made.text.trimmingCharacters(in: .whitespacesAndNewlines)
    let policy = try Policy(
      text: Array(try Data(contentsOf: URL(filePath: folder.file("demo/log/aid/policy/0")))))
    for log in policy.logs {
      let added = try await Self.python(
        program + ["add-log", "--origin", "\(log.key.name)", "--vkey", "\(log.key)"] + settings, in: folder)
      #expect(added.status == 0, "\(added.errors)")
    }
    try folder.write("witness aics \(vkey) http://127.0.0.1:\(witnessPort)\nquorum none\n", to: "witnesses")
    // The witness comes later than the node: it is asked until it is there.
    let node = try await Self.node(folder, port, ["--witnesses", folder.file("witnesses")])
    defer { if node.process.isRunning { node.kill() } }
    let serving = program + ["serve", "--listen", "127.0.0.1:\(witnessPort)"] + settings
    var witness = try Self.start(serving)
    defer { Self.end(witness) }
    let keys = policy.logs.map { "\($0.key)" }.joined(separator: ",")
    let address = "http://127.0.0.1:\(port)/log/aid"
    let client = try NodeClient.local(port)
    func isWitnessed(from size: UInt64) async throws -> Bool {
      try await soon(90) {
        let watched = try await Self.python(
          [Self.script, "watch", address + "/witnessed-checkpoint", keys, vkey], in: folder)
        guard watched.status == 0, let object = try? watched.object(), let found = object["size"] as? UInt64 else {
          try await Task.sleep(for: .milliseconds(200))
          return false
        }
        return found >= size && object["witnesses"] as? [String] == ["w.example/aics"]
      }
    }
    let first = try UnverifiedCheckpoint(try await client.checkpoint("aid")).checkpoint.size
    #expect(try await isWitnessed(from: first))
    // It goes away, the chain grows, and it comes back.
    Self.end(witness)
    let load = try RunningProgram(
      [
        "bench", "load", "http://127.0.0.1:\(port)", "--data", folder.file("demo"), "--seconds", "3", "--acks",
        folder.file("acks"),
      ], output: folder.file("load.out"))
    load.process.waitUntilExit()
    let grown = try UnverifiedCheckpoint(try await client.checkpoint("aid")).checkpoint.size
    #expect(grown > first)
    witness = try Self.start(serving)
    #expect(try await isWitnessed(from: grown))
    await client.shutdown()
    #expect(node.stop() == 0)
  }

  @Test("the log side of aics-witness has our node cosign a log, which it may neither put back nor fork")
  func weWitnessIt() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let seed = [UInt8](repeating: 1, count: 32)
    let log = try NoteSigner(name: NoteName("example.com/log"), seed: seed)
    try folder.write("\(log.verifierKey)\n", to: "state/log.vkey")
    let logs = try folder.write("log \(log.verifierKey)\nquorum none\n", to: "logs")
    let port = try FreePort.find()
    let words = ["--witness-for", logs]
    let named = words + ["--witness-name", "tongzhou.example/witness"]
    let node = try await Self.node(folder, port, named)
    defer { if node.process.isRunning { node.kill() } }
    let vkey = try String(contentsOfFile: folder.file("demo/witness/vkey"), encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try VerifierKey(text: vkey).name == NoteName("tongzhou.example/witness"))
    let said = try String(contentsOfFile: folder.file("node.out"), encoding: .utf8)
    #expect(said.contains("witness \(vkey)\n"), "\(said)")
    let asking = [
      "http://127.0.0.1:\(port)/witness", vkey, "example.com/log", seed.map { _ in "01" }.joined(),
      folder.file("state"),
    ]
    let seen: [String: Any] = ["size": 70_000, "witnesses": ["tongzhou.example/witness"]]
    let found = try Self.json(try await Self.python([Self.script] + asking, in: folder))
    let expected: NSDictionary = [
      "own": seen, "again": seen, "watched": seen, "forgetful": 200, "back": "ahead 70000", "fork": 422,
      "grown fork": 422, "unknown": 404, "thief": 403,
    ]
    #expect(found == expected, "\(found)")
    // Killed, it knows what it answered, and who it is.
    node.kill()
    let again = try await Self.node(folder, port, words)
    let grown: [String: Any] = ["size": 70_100, "witnesses": ["tongzhou.example/witness"]]
    let later = try Self.json(try await Self.python([Self.script, "grow"] + asking, in: folder))
    #expect(later == ["own": grown, "watched": grown] as NSDictionary, "\(later)")
    #expect(again.stop() == 0)
    // One key serves one name.
    let renamed = try Program.tongzhou.run(
      ["node", "run", "--data", folder.file("demo"), "--port", "0"] + words + ["--witness-name", "other.example/w"])
    #expect(renamed.status == 1 && renamed.errors.hasPrefix("node.unusable_directory"), "\(renamed.errors)")
  }
}
