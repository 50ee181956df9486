import Foundation
import Testing
import TongzhouClient

/// Chromium opens the pages of a node, as a phone and as a desk, and says what is wrong with them.
///
/// The pictures stay in .build/screenshots, for people to look at.
@Suite(
  DemoRun(endsNow: true, hasCases: true),
  .enabled(
    if: PythonPrograms.has("playwright.sync_api, axe_playwright_python")
      && FileManager.default.isExecutableFile(atPath: PythonPrograms.chromium),
    "chromium, or playwright in .build/python, is not installed; Scripts/setup --tests does it"))
struct BrowserTests {
  private static func browse(
    _ script: String, _ address: String, _ shots: String, in folder: TemporaryFolder
  ) async throws -> Program.Run {
    try await PythonPrograms.run(
      [
        PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/\(script).py").path(), address, shots,
        PythonPrograms.chromium,
      ], in: folder)
  }

  /// A node over the demonstration's chain, while it is looked at.
  private static func serving(
    in folder: TemporaryFolder, _ look: (_ address: String) async throws -> Void
  ) async throws {
    try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
    let port = try FreePort.find()
    let node = try RunningProgram(
      ["node", "run", "--data", folder.file("demo"), "--port", "\(port)"], output: folder.file("node.out"))
    defer { if node.process.isRunning { node.kill() } }
    let client = try NodeClient.local(port)
    #expect(try await client.isReady(within: 60) { node.process.isRunning })
    await client.shutdown()
    try await look("http://127.0.0.1:\(port)")
    #expect(node.stop() == 0)
  }

  @Test(
    "every public page can be read in both languages, on phone and desk, in light and dark", .timeLimit(.minutes(20)))
  func pages() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await BrowserTests.serving(in: folder) { address in
      let shots = PythonPrograms.checkout.appending(path: ".build/screenshots").path()
      try? FileManager.default.removeItem(atPath: shots)
      let run = try await BrowserTests.browse("browse_pages", address, shots, in: folder)
      #expect(run.status == 0, "\(run.errors.prefix(6_000))")
      let said = try run.object()
      let names = try #require(said["pages"] as? [String])
      #expect(Set(names).isSuperset(of: BrowserTests.wanted), "\(names)")
      #expect(said["screenshots"] as? Int == names.count * 8)
      for name in try FileManager.default.contentsOfDirectory(atPath: shots) {
        let picture = try Data(contentsOf: URL(filePath: shots + "/" + name))
        #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 5_000, "\(name)")
      }
    }
  }

  @Test(
    "a browser checks files by itself, right ones and wrong ones, with and without a network", .timeLimit(.minutes(20)))
  func files() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await BrowserTests.serving(in: folder) { address in
      // Beside the pictures of the pages, which are counted.
      let shots = PythonPrograms.checkout.appending(path: ".build/screenshots-verify").path()
      let run = try await BrowserTests.browse("browse_verify", address, shots, in: folder)
      #expect(run.status == 0, "\(run.errors.prefix(6_000))")
      #expect(try run.object()["checked"] as? [String] == BrowserTests.checked)
    }
  }

  private static let wanted: Set = [
    "home", "plans", "plan", "notices", "case", "member", "organisations", "explorer", "block", "transaction",
    "search", "verify", "nowhere", "how", "how-ledger", "how-endorsement", "how-proof", "how-promise",
    "hearts", "hearts-give", "hearts-signs", "hearts-charities", "hearts-projects", "hearts-project", "hearts-partner",
    "hearts-gift", "hearts-me",
  ]

  private static let checked =
    [String](repeating: "right_and_wrong", count: 4)
    + [
      "of_something_else", "slow_site", "without_network", "alarms", "own_trust", "vectors", "vectors",
      "without_script",
    ]
}
