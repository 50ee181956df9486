import Foundation
import Testing

@testable import TongzhouClient

/// `tongzhou follow` beside `tongzhou node run`.
@Suite(DemoRun(endsNow: true)) struct FollowCommandTests {
  private func follow(_ address: String, _ folder: TemporaryFolder, port: Int, _ more: [String] = []) throws
    -> RunningProgram
  {
    try RunningProgram(
      ["follow", address, "--data", folder.file("copy"), "--port", "\(port)"] + more, output: folder.file("follow.out"))
  }

  /// A page without the door to the hearts: the replica was given the members' chain alone.
  private static func withoutHearts(_ page: [UInt8]) -> [Substring] {
    String(decoding: page, as: UTF8.self).split(separator: "\n").filter { !$0.contains("/hearts") }
  }

  @Test("a replica serves what the node serves, and without the node what it has")
  func replica() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let chain = try #require(try DemoRun.current?.run?.object()["chain"] as? String)
    let (port, copyPort) = (try FreePort.find(), try FreePort.find())
    let address = "http://127.0.0.1:\(port)"
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if node.process.isRunning { node.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 60) { node.process.isRunning })

    let wrong = try follow(address, folder, port: copyPort, ["--genesis", String(repeating: "ab", count: 32)])
    wrong.process.waitUntilExit()
    #expect(wrong.process.terminationStatus == 1)
    let said = try String(contentsOfFile: folder.file("follow.out"), encoding: .utf8)
    #expect(said.contains("audit.wrong_genesis"), "\(said)")

    let first = try follow(address, folder, port: copyPort, ["--genesis", chain])
    defer { if first.process.isRunning { first.kill() } }
    let copy = try NodeClient.local(copyPort, patience: 5)
    #expect(try await copy.isReady(within: 60) { first.process.isRunning })
    #expect(try await soon { try await copy.checkpoint("aid") == client.checkpoint("aid") })
    for path in ["/plans/0", "/plans/1", "/notices", "/organisations", "/v1/members/7/statement", "/log/aid/policy/0"] {
      let same = try await soon {
        // Either may say that its search index is behind.
        guard let here = try? await copy.get(path, limit: 1 << 22),
          let there = try? await client.get(path, limit: 1 << 22)
        else { return false }
        return Self.withoutHearts(here) == Self.withoutHearts(there)
      }
      #expect(same, "\(path)")
    }
    #expect(first.stop() == 0)
    #expect(node.stop() == 0)

    let second = try follow(address, folder, port: copyPort)
    defer { if second.process.isRunning { second.kill() } }
    #expect(try await copy.isReady(within: 60) { second.process.isRunning }, "it starts without its source")
    #expect(try await copy.get("/plans/0", limit: 1 << 20).count > 100)
    #expect(second.stop() == 0)
    let audit = try Program.tongzhou.run("audit", folder.file("copy"), "--genesis", chain)
    #expect(audit.status == 0, "\(audit.errors)")
    await client.shutdown()
    await copy.shutdown()
  }
}
