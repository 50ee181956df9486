import Foundation

/// Programs by others that say whether our documents are as the standard asks.
struct OutsideJudges {
  /// The checkout that the tests were built from.
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    .standardized
  private static let python = checkout.appending(path: ".build/python/bin/python").path()

  /// GS1's schema, which is not ours to hand on; it lies beside the checkout.
  static let schema = checkout.appending(path: "../shared/data/epcis/EPCIS-JSON-Schema.json").standardized.path()

  /// Whether both judges and the schema are here; says so where they are not.
  static let areHere: Bool = {
    let hasSchema = FileManager.default.fileExists(atPath: schema)
    if !hasSchema { print("skipped: \(schema) is missing") }
    let modules = "import jsonschema, rfc3339_validator, rfc3986_validator, epcis_event_hash_generator"
    let hasModules = (try? run(["-c", modules]))?.status == 0
    if !hasModules { print("skipped: .build/python lacks jsonschema or epcis-event-hash-generator") }
    return hasSchema && hasModules
  }()

  /// Runs Python to its end.
  static func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// Gives each document in a file of its own.
  static func with<Value>(_ documents: [[UInt8]], _ body: ([String]) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tongzhou-epcis-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(
      documents.enumerated().map { place, bytes in
        let file = folder.appending(path: "\(place).json")
        try Data(bytes).write(to: file)
        return file.path()
      })
  }

  /// What is wrong with each document by GS1's schema; empty for nothing.
  static func schemaFindings(_ documents: [[UInt8]]) throws -> [String] {
    let program = """
      import json, sys, jsonschema
      schema = json.load(open(sys.argv[1]))
      judge = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
      for name in sys.argv[2:]:
          found = next(judge.iter_errors(json.load(open(name))), None)
          print("" if found is None else str(found.json_path) + " " + found.message[:200].replace("\\n", " "))
      """
    return try with(documents) { files in
      let run = try run(["-c", program, schema] + files)
      guard run.status == 0 else { throw CocoaError(.executableLoad) }
      return run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  /// The hash ids of the events of each document.
  static func hashIDs(_ documents: [[UInt8]]) throws -> [[String]] {
    try with(documents) { files in
      try files.map { file in
        let run = try run(["-m", "epcis_event_hash_generator", file])
        return run.output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("ni:") }
      }
    }
  }
}
