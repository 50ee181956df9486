import Foundation

/// Programs in Python that `Scripts/setup --tests` installs into .build/python.
enum PythonPrograms {
  /// The checkout that the tests were built from.
  static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized

  /// The interpreter of that folder.
  static let python = checkout.appending(path: ".build/python/bin/python").path()

  /// Debian's browser, which playwright drives.
  static let chromium = "/usr/bin/chromium"

  /// Whether a module could be installed.
  static func has(_ module: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", "import \(module)"]
    process.standardError = FileHandle.nullDevice
    guard FileManager.default.isExecutableFile(atPath: python), (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// Runs a program to its end, on a thread of its own: other tests go on meanwhile.
  ///
  /// - Parameter folder: where it runs, and may leave what it likes to keep.
  static func run(
    _ words: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) async throws -> Program.Run {
    let settings = environment.map { "\($0)=\($1)" }
    return try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try Program.run(["/usr/bin/env", "-C", folder.path] + settings + words) })
      }
    }
  }
}
