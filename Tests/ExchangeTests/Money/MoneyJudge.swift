import Foundation
import Testing

/// Programs in Python, installed by `Scripts/setup --tests` into .build/python, that judge our documents.
enum MoneyJudge {
  private static let python = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../.build/python/bin/python").standardized.path()

  /// Whether modules could be installed.
  static func has(_ modules: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: python) && (try? run("import \(modules)", []).status) == 0
  }

  /// Runs a script over a document, whose path is its argument, and gives back what it prints.
  static func judge(_ script: String, _ document: [UInt8]) throws -> (status: Int32, said: String) {
    let file = FileManager.default.temporaryDirectory.appending(path: "tongzhou-exchange-\(UUID().uuidString)")
    try Data(document).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try run(script, [file.path()])
  }

  private static func run(_ script: String, _ words: [String]) throws -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-W", "ignore", "-c", script] + words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}
