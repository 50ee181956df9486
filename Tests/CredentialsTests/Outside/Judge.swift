import Foundation

/// Programs in Python that `Scripts/setup --tests` installs into .build/python, asked through
/// `Scripts/credential_judge.py`.
enum Judge {
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized
  private static let python = checkout.appending(path: ".build/python/bin/python").path()

  static let isInstalled: Bool = {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    return (try? run(["-c", "import openvc, sd_jwt, openbadgeslib"], input: Data()).status) == 0
  }()

  /// What the script answers to a request.
  static func ask(_ request: [String: Any]) throws -> [String: Any] {
    let script = checkout.appending(path: "Scripts/credential_judge.py").path()
    let answer = try run([script], input: JSONSerialization.data(withJSONObject: request))
    guard answer.status == 0,
      let object = try JSONSerialization.jsonObject(with: answer.output) as? [String: Any]
    else {
      throw Failure(said: String(decoding: answer.errors.suffix(600), as: UTF8.self))
    }
    return object
  }

  struct Failure: Error { let said: String }

  private static func run(_ words: [String], input: Data) throws -> (status: Int32, output: Data, errors: Data) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "judge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: a full pipe would let both sides wait for ever.
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    try input.write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = words
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try Data(contentsOf: files[1]), try Data(contentsOf: files[2]))
  }
}
