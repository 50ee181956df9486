import Foundation
import Testing

/// One small demonstration that the tests of a suite look at together; it is removed after the last of them.
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
    let run = try Program.tongzhou.run(size + (endsNow ? [] : DemoRun.end) + ["--data", folder.file("demo")])
    try await DemoRun.$current.withValue(DemoRun(endsNow: endsNow, hasCases: hasCases, folder: folder, run: run)) {
      try await function()
    }
  }

  /// The demonstration's folder.
  static func path() throws -> String { try #require(current?.folder).file("demo") }
}
