import Foundation
import Testing
import TongzhouClient
import TransparencyLog

/// aics-tlog, a client of C2SP logs written by others, judges what a node serves.
@Suite(
  DemoRun(endsNow: true),
  .enabled(
    if: IndependentClient.isInstalled, "aics-tlog is not installed in .build/python; Scripts/setup --tests does it"))
struct IndependentClientTests {
  @Test("it accepts every served chain at several sizes while the chain grows")
  func acceptsWhileGrowing() async throws {
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
    let chains = try await client.chains().map(\.name)
    #expect(!chains.isEmpty)
    let load = try RunningProgram(
      ["bench", "load", address, "--data", folder.file("demo"), "--seconds", "600", "--acks", folder.file("acks")],
      output: folder.file("load.out"))
    defer { if load.process.isRunning { load.kill() } }
    var sizes: [String: [Int]] = [:]
    for _ in 0..<4 {
      for chain in chains {
        let size = try UnverifiedCheckpoint(try await client.checkpoint(chain)).checkpoint.size
        for _ in 0..<500 where try UnverifiedCheckpoint(try await client.checkpoint(chain)).checkpoint.size == size {
          try await Task.sleep(for: .milliseconds(20))
        }
        let policy = folder.file("demo/log/\(chain)/policy/0")
        let run = try IndependentClient.run(["\(address)/log/\(chain)/", policy, folder.file("state-\(chain)")])
        #expect(run.status == 0, "\(run.errors)")
        sizes[chain, default: []].append(try #require(try run.object()["size"] as? Int))
      }
    }
    for (chain, sizes) in sizes {
      // The load is on the members' chain; another may stand still meanwhile.
      let grows = chain == "aid"
      #expect(sizes == sizes.sorted() && sizes.count == 4, "\(chain): \(sizes)")
      #expect(!grows || Set(sizes).count == 4, "\(chain): \(sizes)")
    }
    await client.shutdown()
    load.kill()
    #expect(node.stop() == 0)
  }

  @Test("it accepts a copy of the files, and refuses one in which a single bit was changed")
  func refusesTampering() throws {
    let log = try DemoRun.path() + "/log/aid"
    let honest = try IndependentClient.run([log, log + "/policy/0"])
    #expect(honest.status == 0, "\(honest.errors)")
    let size = try UnverifiedCheckpoint(Array(Data(contentsOf: URL(filePath: log + "/checkpoint")))).checkpoint.size
    let edge = try TileCoordinate(level: 1, index: 0, width: Int(size / 256)).path
    for name in ["tile/entries/001", "tile/0/001", edge, "checkpoint"] {
      try TemporaryFolder.with { folder in
        try FileManager.default.copyItem(atPath: log, toPath: folder.file("log"))
        var bytes = try Data(contentsOf: folder.url("log/" + name))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: folder.url("log/" + name))
        let run = try IndependentClient.run([folder.file("log"), log + "/policy/0"])
        #expect(run.status == 1 && run.errors.hasPrefix("refused: "), "\(name): \(run.errors)")
      }
    }
  }
}

/// The script that lets aics-tlog judge a log.
enum IndependentClient {
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized
  private static let python = checkout.appending(path: ".build/python/bin/python").path()

  /// Whether `Scripts/setup --tests` could install it.
  static let isInstalled: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", "import aics_tlog"]
    process.standardError = FileHandle.nullDevice
    guard FileManager.default.isExecutableFile(atPath: python), (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static func run(_ arguments: [String]) throws -> Program.Run {
    try Program.run([python, checkout.appending(path: "Scripts/independent_client.py").path()] + arguments)
  }
}
