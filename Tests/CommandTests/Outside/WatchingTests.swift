import Foundation
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// The commands that compare and watch, against places of which one lies.
@Suite struct WatchingTests {
  private let fixture: ProofFixture

  init() throws { fixture = try ProofFixture.shared.get() }

  /// The honest log, and one of more entries that begins otherwise, under everybody's signatures.
  private func logs() throws -> (honest: MemorySource, lie: MemorySource, sameSize: MemorySource) {
    let ending = try BentEnding(fixture)
    let honest = try ending.files()
    var bent = ending
    bent.seal = { $0.state = .zero }
    var entries = try honest.entries()
    // The beginning is another, the end a block as before.
    entries[1].append(0)
    return (honest, try ending.files(of: entries + entries.suffix(2)), try bent.files())
  }

  private func serve(_ source: MemorySource) async throws -> LocalServer {
    try await LocalServer.answering { path, _ in
      guard path.hasPrefix("/log/aid/"), let bytes = source.content[String(path.dropFirst("/log/aid/".count))] else {
        return (404, [:], [])
      }
      return (200, [:], bytes)
    }
  }

  private func run(_ words: [String]) async throws -> Program.Run {
    try await onOwnThread { try Program.tongzhou.run(words) }
  }

  private func withServers(
    _ sources: [MemorySource], _ body: ([String], TemporaryFolder) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    var servers: [LocalServer] = []
    for source in sources { servers.append(try await serve(source)) }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(servers.map { $0.address + "/log/aid" }, folder))
    } catch {
      result = .failure(error)
    }
    for server in servers { await server.stop() }
    try result.get()
  }

  @Test("places that show one ledger agree, and who is behind is told by how much")
  func agree() async throws {
    try await withServers([logs().honest, fixture.source]) { places, folder in
      let run = try await run(
        ["compare"] + places + ["--genesis", "\(fixture.chain)", "--memory", folder.file("seen"), "--json"])
      try #require(run.status == 0, "\(run.errors)\(run.text)")
      let shown = try #require(try run.object()["places"] as? [[String: Any]])
      #expect(shown.map { $0["behind"] as? Int } == [0, 2])
      let seen = try CheckpointMemory(path: folder.file("seen")).newest(of: fixture.chain)
      #expect(seen?.size == UInt64(fixture.entries.count + 2) && seen?.signed != nil)
    }
  }

  @Test("a split view is found, by one size and by two, and its evidence convinces anybody offline", arguments: [0, 1])
  func split(_ kind: Int) async throws {
    let logs = try logs()
    try await withServers([logs.honest, kind == 0 ? logs.sameSize : logs.lie]) { places, folder in
      let pin = ["--genesis", "\(fixture.chain)"]
      let evidence = folder.file("evidence.json")
      let found = try await run(["compare"] + places + pin + ["--evidence", evidence, "--json"])
      try #require(found.status == 2, "\(found.errors)\(found.text)")
      let splits = try #require(try found.object()["splits"] as? [[String: Any]])
      #expect(splits.map { $0["code"] as? String } == ["watch.split_view"])
      try Data(fixture.policy.text).write(to: folder.url("policy"))
      let verify = ["verify", evidence, "--policy", folder.file("policy"), "--json"]
      let checked = try await run(verify + pin)
      try #require(checked.status == 0, "\(checked.errors)")
      #expect(try checked.object()["split"] as? Bool == true)

      // Made up evidence shows nothing.
      var bent = try SplitView(file: Array(Data(contentsOf: folder.url("evidence.json"))))
      bent.views[1] = bent.views[0]
      try Data(bent.json()).write(to: folder.url("evidence.json"))
      let refused = try await run(verify + pin)
      #expect(refused.status == 1 && refused.errors.hasPrefix("proof.not_included"), "\(refused.errors)")
    }
  }

  @Test("what was seen before contradicts a place that shows something else now")
  func remembers() async throws {
    let logs = try logs()
    try await withServers([logs.honest, logs.lie]) { places, folder in
      let pin = ["--genesis", "\(fixture.chain)", "--memory", folder.file("seen")]
      let first = try await run(["compare", places[0]] + pin)
      try #require(first.status == 0, "\(first.errors)\(first.text)")
      let second = try await run(["compare", places[1]] + pin + ["--evidence", folder.file("evidence")])
      #expect(second.status == 2, "\(second.errors)\(second.text)")
      #expect(FileManager.default.fileExists(atPath: folder.file("evidence")))
    }
  }

  @Test("a place that shows no quorum, or another chain, is named")
  func wrongPlaces() async throws {
    var few = try BentEnding(fixture)
    few.lines = { $0.removeLast() }
    try await withServers([logs().honest, few.files()]) { places, _ in
      let run = try await run(["compare"] + places + ["--genesis", "\(fixture.chain)", "--json"])
      let failures = try run.object()["failures"] as? [[String: Any]]
      #expect(run.status == 1 && failures?.map { $0["code"] as? String } == ["proof.no_quorum"], "\(run.errors)")
      let other = try await self.run(["compare"] + places + ["--genesis", "\(Hash.sha256([1]))", "--json"])
      let codes = try #require(try other.object()["failures"] as? [[String: Any]]).map { $0["code"] as? String }
      #expect(other.status == 1 && codes == ["audit.wrong_genesis", "audit.wrong_genesis"])
    }
  }

  @Test("watching an honest place is quiet; beside a lying one it is an alarm, with its program and its evidence")
  func watch() async throws {
    let logs = try logs()
    try await withServers([logs.honest, logs.sameSize]) { places, folder in
      let options = [
        "--genesis", "\(fixture.chain)", "--memory", folder.file("seen"), "--age", "31622400", "--interval", "1",
        "--rounds", "2", "--json",
      ]
      // The history lies years back, as its clock does: its age is no matter here.
      let quiet = try await run(["watch", places[0]] + options)
      let alarms = quiet.text.split(separator: "\n").filter { !$0.contains("watch.stale") }
      #expect(alarms.isEmpty, "\(quiet.text)\(quiet.errors)")
      let program = try folder.write("#!/bin/sh\ncat >> '\(folder.file("heard"))'\n", to: "alarm.sh")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      let loud = try await run(
        ["watch", places[0], "--with", places[1], "--evidence", folder.file("evidence"), "--alarm-command", program]
          + options)
      #expect(loud.status == 2, "\(loud.errors)")
      let lines = loud.text.split(separator: "\n").filter { $0.contains("watch.split_view") }
      #expect(lines.count == 1, "\(loud.text)")
      let heard = String(decoding: try Data(contentsOf: folder.url("heard")), as: UTF8.self)
      #expect(heard.contains("watch.split_view"))
      _ = try SplitView(file: Array(Data(contentsOf: folder.url("evidence"))))
    }
  }

  @Test("nobody there is an alarm after the time of silence and not before")
  func silence() async throws {
    let port = try FreePort.find()
    let words = ["watch", "http://127.0.0.1:\(port)/log/aid", "--genesis", "\(fixture.chain)", "--interval", "1"]
    let patient = try await run(words + ["--rounds", "2", "--silence", "600"])
    #expect(patient.status == 0 && patient.text.isEmpty, "\(patient.text)\(patient.errors)")
    let loud = try await run(words + ["--rounds", "2", "--silence", "0"])
    #expect(loud.status == 2 && loud.text.contains("alarm watch.silent"), "\(loud.text)\(loud.errors)")
  }
}
