import Foundation
import Testing
import TongzhouClient

/// `tongzhou node run` and `tongzhou demo` as somebody runs them who then opens a browser.
@Suite(DemoRun(endsNow: true))
struct ServingTests {
  /// A copy of the demonstration in a folder of its own.
  private static func copy(_ folder: TemporaryFolder) throws -> String {
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    return folder.file("demo")
  }

  /// What a running program has printed, once a line begins so; all of it where none comes.
  private static func output(_ folder: TemporaryFolder, until line: String) async throws -> String {
    var text = ""
    _ = try await soon(60) {
      text = try String(contentsOfFile: folder.file("out"), encoding: .utf8)
      return text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).contains { $0.hasPrefix(line) }
    }
    return text
  }

  private static func curl(_ words: String..., in folder: TemporaryFolder) async throws -> Program.Run {
    try await PythonPrograms.run(["/usr/bin/curl", "-sS", "--max-time", "20"] + words, in: folder)
  }

  @Test("a node says where it listens, then that it serves; asked to stop it stops with status 0")
  func node() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let demo = try Self.copy(folder)
    let file = try folder.write("port: 0\nconnections: 50\nlog: error\n", to: "node.yaml")
    let node = try RunningProgram(["node", "run", "--data", demo, "--config", file], output: folder.file("out"))
    defer { if node.process.isRunning { node.kill() } }
    let text = try await Self.output(folder, until: "serving ")
    // Of a demonstration it also says whose credentials it issues.
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("issuer ") }
    #expect(lines.count == 2 && lines.first?.hasPrefix("listening on http://127.0.0.1:") == true, "\(text)")
    let url = String(try #require(text.firstMatch(of: #/serving .* on (http:\S+) /#)?.1))
    #expect(try await Self.curl(url + "readyz", in: folder).text == "ready\n")
    #expect(try await Self.curl(url + "?lang=zh", in: folder).text.contains("<html lang=\"zh-CN\">"))

    // The address is taken, and so is the directory.
    let port = try #require(url.firstMatch(of: /:(\d+)\//)?.1)
    let second = try TemporaryFolder()
    defer { second.remove() }
    let other = try Program.tongzhou.run(["node", "run", "--data", Self.copy(second), "--port", "\(port)"])
    #expect(other.status == 1 && other.errors.contains("node.address_in_use: "), "\(other.errors)")
    let same = try Program.tongzhou.run(["node", "run", "--data", demo, "--port", "0"])
    #expect(same.status == 1 && same.errors.hasPrefix("node.unusable_directory: "), "\(same.errors)")
    let replacing = try Program.tongzhou.run(
      ["demo", "--members", "2", "--years", "1", "--replace", "--no-serve", "--data", demo])
    #expect(replacing.status == 1 && replacing.errors.hasPrefix("node.unusable_directory: "), "\(replacing.errors)")
    #expect(try await Self.curl(url + "readyz", in: folder).text == "ready\n")
    #expect(node.stop() == 0)
  }

  @Test("a node that is told to stop while it starts stops soon, whatever it was at")
  func stopWhileStarting() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let demo = try Self.copy(folder)
    for milliseconds in [0, 10, 30, 60, 100, 200, 400] {
      let node = try RunningProgram(["node", "run", "--data", demo, "--port", "0"], output: folder.file("out"))
      defer { if node.process.isRunning { node.kill() } }
      try await Task.sleep(for: .milliseconds(milliseconds))
      node.process.terminate()
      // Required, since asking a program that still runs how it ended traps.
      let hasEnded = try await soon(60) { !node.process.isRunning }
      try #require(hasEnded, "after \(milliseconds) ms")
      // Before the first line of the program the system ends it by the signal itself.
      let bySignal = node.process.terminationReason == .uncaughtSignal && node.process.terminationStatus == SIGTERM
      let said = try String(contentsOfFile: folder.file("out"), encoding: .utf8)
      #expect(bySignal || node.process.terminationStatus == 0, "\(said)")
    }
    #expect(try Program.tongzhou.run(["audit", demo]).status == 0)
  }

  @Test("with --tls it makes an authority, says how to trust it, and who trusts it gets the pages")
  func tls() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let demo = try Self.copy(folder)
    var authority = Data()
    for round in 0..<2 {
      let node = try RunningProgram(
        ["node", "run", "--data", demo, "--tls", "--port", "0", "--log", "error"], output: folder.file("out"))
      defer { if node.process.isRunning { node.kill() } }
      let text = try await Self.output(folder, until: "  Chrome")
      let url = String(try #require(text.firstMatch(of: #/serving .* on (https:\S+) /#)?.1))
      let port = String(try #require(url.firstMatch(of: /:(\d+)\//)?.1))
      let ca = demo + "/tls/ca.pem"
      #expect(text.contains("curl --cacert \(ca) \(url)"))
      for name in ["localhost", "127.0.0.1"] {
        let run = try await Self.curl("--cacert", ca, "https://\(name):\(port)/healthz", in: folder)
        #expect(run.status == 0 && run.text == "ok\n", "\(name): \(run.errors)")
      }
      let page = try await Self.curl("--cacert", ca, "-D", "-", url, in: folder)
      #expect(page.text.contains("<html lang=") && page.text.contains("ontent-"), "\(page.errors)")
      // Who does not trust it, or asks for another name, gets nothing; nor does who speaks plainly.
      #expect(try await Self.curl(url, in: folder).status == 60)
      let strange = try await Self.curl(
        "--cacert", ca, "--resolve", "bank.example:\(port):127.0.0.1", "https://bank.example:\(port)/", in: folder)
      #expect(strange.status == 60)
      #expect(try await Self.curl("http://127.0.0.1:\(port)/healthz", in: folder).status != 0)
      let old = try await Self.curl("--cacert", ca, "--tls-max", "1.1", url, in: folder)
      #expect(old.status != 0)
      for name in ["localhost", "127.0.0.1"] {
        let flag = name == "localhost" ? "-verify_hostname" : "-verify_ip"
        let check = try await PythonPrograms.run(
          ["/usr/bin/openssl", "verify", "-CAfile", ca, "-x509_strict", flag, name, demo + "/tls/server.pem"],
          in: folder)
        #expect(check.status == 0, "\(check.errors)")
      }
      for (name, mode) in [("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644), (".", 0o700)] {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(demo)/tls/\(name)")
        #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
      }
      // The second time it is the same authority: nobody has to trust anew.
      let bytes = try Data(contentsOf: URL(filePath: ca))
      #expect(round == 0 || bytes == authority)
      authority = bytes
      #expect(node.stop() == 0)
    }
    let demoAgain = try Program.tongzhou.run(
      ["demo", "--members", "2", "--years", "1", "--replace", "--no-serve", "--data", demo])
    #expect(demoAgain.status == 0, "a node's files are known to the demonstration: \(demoAgain.errors)")
  }

  @Test("a demonstration ends with its checks, then serves, in both languages, until it is stopped")
  func demo() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    // Somebody listens at the usual port: the demonstration takes another one and says so.
    let taken = try? PortHolder(8080)
    defer { taken?.release() }
    let program = try RunningProgram(
      ["demo", "--members", "20", "--years", "1", "--data", folder.file("demo")], output: folder.file("out"))
    defer { if program.process.isRunning { program.kill() } }
    let text = try await Self.output(folder, until: "serving ")
    #expect(text.contains("  chain      ok: ") && text.contains("port 8080 is taken"), "\(text)")
    let lines = text.split(separator: "\n")
    let pages = try #require(lines.firstIndex { $0.hasPrefix("pages, ") })
    #expect(pages > (try #require(lines.firstIndex { $0.hasPrefix("  chain      ok") })))
    let url = String(try #require(text.firstMatch(of: #/serving .* on (http://127\.0\.0\.1:\d+/) /#)?.1))
    let addresses = [
      "  中文     \(url)?lang=zh", "  English  \(url)?lang=en", "  hearts   \(url)hearts?lang=zh",
      "  log      \(url)log/aid/checkpoint", "  API      \(url)openapi.yaml",
    ]
    #expect(lines[(pages + 1)...].prefix(5).map(String.init) == addresses)
    #expect(try await Self.curl(url + "log/aid/checkpoint", in: folder).text.contains("/executor "))
    #expect(try await Self.curl(url + "openapi.yaml", in: folder).text.hasPrefix("openapi: 3.1"))
    #expect(try await Self.curl(url + "?lang=en", in: folder).text.contains("<html lang=\"en\">"))
    #expect(try await Self.curl(url + "plans/0?lang=zh", in: folder).text.contains("<html lang=\"zh-CN\">"))
    #expect(program.stop() == 0)
  }

  @Test("with --json the addresses go to standard error, and after --serve-seconds it ends by itself")
  func demoJSON() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c", "exec \"$0\" demo --members 2 --years 1 --json --port 0 --serve-seconds 5 --data \"$1\" > \"$2\" 2> \"$3\"",
      Program.tongzhou.url.path(), folder.file("demo"), folder.file("json"), folder.file("out"),
    ]
    try folder.write("", to: "out")
    try shell.run()
    defer { if shell.isRunning { kill(shell.processIdentifier, SIGKILL) } }
    let text = try await Self.output(folder, until: "serving ")
    #expect(text.contains("  English  http://"))
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url("json")))
    #expect((json as? [String: Any])?["members"] as? Int == 2)
    // Nobody stops it: its time is over.
    try #require(await soon { !shell.isRunning })
    #expect(shell.terminationStatus == 0)
  }
}

/// Listens at a port, so that nobody else can.
private final class PortHolder {
  private let descriptor: Int32

  /// - Throws: where somebody listens there already, which does as well.
  init(_ port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0, listen(descriptor, 1) == 0 else {
      close(descriptor)
      throw POSIXError(.EADDRINUSE)
    }
  }

  func release() { close(descriptor) }
}
