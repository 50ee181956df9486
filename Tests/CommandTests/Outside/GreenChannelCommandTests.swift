import Foundation
import Testing
import TongzhouClient

/// The demonstration's two givers go to its shop, one with a love index of 650 and one of 649.
@Suite("The green channel of a demonstration", DemoRun(endsNow: true))
struct GreenChannelCommandTests {
  private let folder: TemporaryFolder
  private let chain, partner, threshold: String

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let hearts = try #require(try DemoRun.current?.run?.object()["hearts"] as? [String: Any])
    let shop = try #require(hearts["partner"] as? [String: Any])
    chain = try #require(hearts["chain"] as? String)
    partner = "\(try #require(shop["ordinal"] as? Int))"
    threshold = "\(try #require(shop["threshold"] as? Int))"
  }

  private func run(_ words: String...) throws -> Program.Run { try Program.tongzhou.run(words) }

  private var keys: String { folder.file("issuer-keys.json") }

  /// A node over the demonstration's chains, which issues.
  private func serving(_ body: (_ address: String) async throws -> Void) async throws {
    let port = try FreePort.find()
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if node.process.isRunning { node.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 120) { node.process.isRunning })
    await client.shutdown()
    try await body("http://127.0.0.1:\(port)")
    #expect(node.stop() == 0)
  }

  private func fetch(_ address: String, giver: String, count: Int) throws {
    let run = try run(
      "credential", "fetch", address, "--partner", partner, "--secret", folder.file("demo/giver-\(giver).key"),
      "--wallet", folder.file(giver), "--issuer-keys", keys, "--count", "\(count)", "--genesis", chain, "--chain",
      "heart", "--json")
    #expect(run.status == 0, "\(run.errors)")
  }

  private func ask(as partner: String? = nil) throws -> String {
    let run = try run(
      "partner", "nonce", "--genesis", chain, "--partner", partner ?? self.partner, "--threshold", threshold, "--book",
      folder.file("book"))
    #expect(run.status == 0, "\(run.errors)")
    return run.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func present(_ giver: String, _ question: String) throws -> Program.Run {
    try run(
      "credential", "present", "--wallet", folder.file(giver), "--issuer-keys", keys, "--question", question,
      "--output", folder.file("answer"))
  }

  private func check(as partner: String? = nil) throws -> Program.Run {
    try run(
      "partner", "check", folder.file("answer"), "--genesis", chain, "--partner", partner ?? self.partner,
      "--threshold", threshold, "--book", folder.file("book"), "--issuer-keys", keys, "--status-list",
      folder.file("list"))
  }

  @Test("fetched with a network, shown and checked without one: 650 opens, 649 does not", .timeLimit(.minutes(10)))
  func offline() async throws {
    defer { folder.remove() }
    try await serving { address in
      for giver in ["650", "649"] { try fetch(address, giver: giver, count: 3) }
      let fetched = try run("partner", "fetch", address, "--issuer-keys", keys, "--status-list", folder.file("list"))
      #expect(fetched.status == 0, "\(fetched.errors)")
    }
    // The node is gone.
    for (giver, status, said) in [("650", Int32(0), "yes"), ("649", 2, "no")] {
      let shown = try present(giver, ask())
      #expect(shown.status == 0, "\(shown.errors)")
      let answer = try check()
      #expect(answer.status == status && answer.text == "at least \(threshold): \(said)\n", "\(answer.errors)")
      let again = try check()
      #expect(again.status == 1 && again.errors.hasPrefix("credential.replayed"), "\(again.errors)")
      #expect(again.errors.contains("next: ask a new question with `tongzhou partner nonce`"), "\(again.errors)")
    }
    // What was fetched for one shop is shown to no other, and an answer to one is none to another.
    #expect(try present("650", ask(as: "7")).errors.hasPrefix("credential.wallet_empty"))
    #expect(try present("650", ask()).status == 0)
    #expect(try check(as: "7").errors.hasPrefix("credential.wrong_nonce"))
    // Two tills check one answer at once: one says yes. A question asked meanwhile undoes nothing.
    #expect(try present("650", ask()).status == 0)
    async let first = onOwnThread { try check() }
    async let second = onOwnThread { try check() }
    async let third = onOwnThread { try ask() }
    let both = try await [first, second]
    #expect(try await !third.isEmpty)
    #expect(both.map(\.status).sorted() == [0, 1])
    #expect(both.contains { $0.errors.hasPrefix("credential.replayed") })
    #expect(try check().errors.hasPrefix("credential.replayed"))
    // A book that others may read.
    let empty = try present("650", ask())
    #expect(empty.status == 1 && empty.errors.hasPrefix("credential.wallet_empty"))
    for secret in ["650", "book"] {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(secret))[.posixPermissions] as? Int
      #expect(mode == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file(secret))
    }
    #expect(try check().errors.hasPrefix("key.unacceptable"))
  }

  @Test("a badge is fetched as a file by who reached its step, and checked without a network", .timeLimit(.minutes(10)))
  func badges() async throws {
    defer { folder.remove() }
    func fetch(_ address: String, _ giver: String, _ show: String, to file: String) throws -> Program.Run {
      try run(
        "credential", "badge", address, "--show", show, "--secret", folder.file("demo/giver-\(giver).key"), "--output",
        folder.file(file), "--issuer-keys", keys, "--genesis", chain, "--chain", "heart", "--json")
    }
    try await serving { address in
      let run = try fetch(address, "650", "love-index-\(threshold)", to: "badge.jwt")
      try #require(run.status == 0, "\(run.errors)")
      #expect(try run.object()["badge"] as? String == "love-index-\(threshold)")
      let again = try fetch(address, "650", "love-index-\(threshold)", to: "badge.jwt")
      #expect(again.status == 1 && again.errors.hasPrefix("encoding.malformed"), "never over another")
      for (giver, show, code) in [
        ("649", "love-index-\(threshold)", "credential.not_reached"),
        ("650", "hearts-100000000", "credential.not_reached"), ("650", "hearts-12", "credential.unknown_badge"),
      ] {
        let refused = try fetch(address, giver, show, to: "none.jwt")
        #expect(refused.status == 1 && refused.errors.hasPrefix(code), "\(refused.errors)")
      }
    }
    // The node is gone.
    for file in ["none.jwt", "none.jwt.key"] { #expect(!FileManager.default.fileExists(atPath: folder.file(file))) }
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("badge.jwt.key"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let checked = try run("partner", "badge", folder.file("badge.jwt"), "--issuer-keys", keys, "--json")
    #expect(checked.status == 0, "\(checked.errors)")
    let said = try checked.object()
    #expect(said["badge"] as? String == "love-index-\(threshold)")
    #expect((said["subject"] as? String)?.hasPrefix("did:key:z6Mk") == true)
    let text = try String(contentsOfFile: folder.file("badge.jwt"), encoding: .utf8)
    try "A\(text.dropFirst())".write(toFile: folder.file("bent.jwt"), atomically: true, encoding: .utf8)
    let unpinned = try run("partner", "badge", folder.file("badge.jwt"), "--issuer-keys", folder.file("nowhere"))
    #expect(unpinned.status == 1 && unpinned.errors.contains("it comes with `tongzhou partner fetch`"))
    let bent = try run("partner", "badge", folder.file("bent.jwt"), "--issuer-keys", keys)
    #expect(bent.status == 1 && bent.errors.hasPrefix("credential."), "\(bent.errors)")
  }

  @Test(
    "a shop's browser asks and checks, with and without a network, in two windows, and says when the key changes",
    .enabled(
      if: PythonPrograms.has("playwright.sync_api")
        && FileManager.default.isExecutableFile(atPath: PythonPrograms.chromium),
      "chromium, or playwright in .build/python, is not installed; Scripts/setup --tests does it"),
    .timeLimit(.minutes(10)))
  func browser() async throws {
    defer { folder.remove() }
    try await serving { address in
      for (giver, count) in [("650", 12), ("649", 6)] { try fetch(address, giver: giver, count: count) }
      let shots = PythonPrograms.checkout.appending(path: ".build/screenshots-partner").path()
      let run = try await PythonPrograms.run(
        [
          PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/browse_partner.py").path(), address,
          shots, PythonPrograms.chromium, Program.tongzhou.url.path(), partner, threshold, folder.file("650"),
          folder.file("649"), keys,
        ], in: folder)
      #expect(run.status == 0, "\(run.errors.prefix(4_000))")
      let checked = try run.object()["checked"] as? [String]
      #expect(checked == ["online-zh", "online-en", "offline", "two_windows", "other_keys"])
    }
  }
}
