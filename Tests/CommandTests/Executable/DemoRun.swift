import Foundation
import Synchronization
import Testing

/// One small demonstration that the tests of a suite look at together; it is removed after the last of them.
///
/// A suite has a copy of its own, but suites that want the same demonstration share the making of it: it takes a core
/// for seconds, and all suites begin at once.
struct DemoRun: SuiteTrait, TestScoping {
  /// The demonstration of the suite that runs.
  @TaskLocal static var current: DemoRun?

  /// Arguments besides the directory; the end is set, so that every run is the same.
  static let arguments = size(members: 300, years: 1, seed: 3) + end
  private static let end = ["--end", "1767225600"]

  /// Arguments of a demonstration that ends now.
  private static func size(members: Int, years: Int, seed: Int) -> [String] {
    [
      "demo", "--members", "\(members)", "--years", "\(years)", "--seed", "\(seed)", "--json", "--no-serve",
    ]
  }

  /// Whether it ends now, so that a node can go on with it by the wall clock.
  var endsNow = false
  /// Whether it is so large that cases were shared and paid in it; it then takes seconds.
  var hasCases = false
  var folder: TemporaryFolder?
  var run: Program.Run?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let size =
      hasCases ? DemoRun.size(members: 2000, years: 3, seed: 5) : DemoRun.size(members: 300, years: 1, seed: 3)
    let run = try await DemoRun.copy(size + (endsNow ? [] : DemoRun.end), to: folder)
    try await DemoRun.$current.withValue(DemoRun(endsNow: endsNow, hasCases: hasCases, folder: folder, run: run)) {
      try await function()
    }
  }

  /// The demonstration's folder.
  static func path() throws -> String { try #require(current?.folder).file("demo") }

  /// A demonstration that was made for all suites of this process.
  private struct Made: Sendable {
    let folder: TemporaryFolder
    let run: Program.Run
  }

  private static let made = Mutex<[[String]: Task<Made, any Error>]>([:])
  /// Where they lie; removed when the process ends.
  private static let folders = Mutex<[TemporaryFolder]>([])

  /// Puts the demonstration of these arguments into a folder.
  ///
  /// - Returns: what was said when it was made, as if it had been made there.
  private static func copy(_ arguments: [String], to folder: TemporaryFolder) async throws -> Program.Run {
    let task = made.withLock { made in
      if let task = made[arguments] { return task }
      // On a thread of its own: whoever waits for it gives his thread to other tests.
      let task = Task.detached { try await onOwnThread { try DemoRun.make(arguments) } }
      made[arguments] = task
      return task
    }
    let shared = try await task.value
    let (from, to) = (shared.folder.file("demo"), folder.file("demo"))
    try FileManager.default.copyItem(atPath: from, toPath: to)
    return Program.Run(
      status: shared.run.status, output: Data(shared.run.text.replacing(from, with: to).utf8),
      errors: shared.run.errors)
  }

  private static func make(_ arguments: [String]) throws -> Made {
    let folder = try TemporaryFolder()
    folders.withLock { folders in
      if folders.isEmpty { atexit { DemoRun.folders.withLock { $0 }.forEach { $0.remove() } } }
      folders.append(folder)
    }
    let run = try Program.tongzhou.run(arguments + ["--data", folder.file("demo")])
    try #require(run.status == 0, "\(run.errors)")
    return Made(folder: folder, run: run)
  }
}
