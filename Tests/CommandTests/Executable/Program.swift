import Foundation

/// An executable that was built together with these tests, run as anybody would run it.
struct Program {
  /// What a run left behind.
  struct Run {
    let status: Int32
    let output: Data
    let errors: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Standard output as JSON.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: output) }

    /// Standard output as a JSON object.
    func object() throws -> [String: Any] {
      guard let object = try json() as? [String: Any] else { throw CocoaError(.propertyListReadCorrupt) }
      return object
    }
  }

  static let tongzhou = Program(name: "tongzhou")
  static let historyProbe = Program(name: "history-probe")
  static let checkProof = Program(name: "check-proof")
  static let joinPlan = Program(name: "join-plan")
  static let followSettlements = Program(name: "follow-settlements")
  static let checkGifts = Program(name: "check-gifts")

  let name: String

  /// The folder of the test bundle is also that of the programs.
  var url: URL {
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return bundle.resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name)
  }

  /// Runs the program to its end. Its output goes through files, which never fill up as pipes do.
  ///
  /// - Parameter wrapped: a program that runs this one, with its own arguments.
  func run(_ arguments: [String], input: String = "", wrapped: [String] = []) throws -> Run {
    try Program.run(wrapped + [url.path()] + arguments, input: input)
  }

  /// Runs any program, named by its path, to its end.
  static func run(_ words: [String], input: String = "") throws -> Run {
    try TemporaryFolder.with { folder in
      for file in ["in", "out", "err"] { try Data(file == "in" ? input.utf8 : "".utf8).write(to: folder.url(file)) }
      let process = Process()
      process.executableURL = URL(filePath: words[0])
      process.arguments = Array(words.dropFirst())
      // Somebody may have made hashing deterministic for his own runs; here the seeds have to differ.
      process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_DETERMINISTIC_HASHING" }
      process.standardInput = try FileHandle(forReadingFrom: folder.url("in"))
      process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
      process.standardError = try FileHandle(forWritingTo: folder.url("err"))
      try process.run()
      process.waitUntilExit()
      return Run(
        status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
        output: try Data(contentsOf: folder.url("out")),
        errors: String(decoding: try Data(contentsOf: folder.url("err")), as: UTF8.self))
    }
  }

  /// The same with the arguments one by one.
  func run(_ arguments: String..., input: String = "") throws -> Run { try run(arguments, input: input) }
}
