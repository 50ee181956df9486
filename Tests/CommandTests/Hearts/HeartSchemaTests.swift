import Foundation
import Testing
import TongzhouClient

/// The published schema of rules of hearts against the program's own reader.
@Suite(
  .enabled(
    if: PythonPrograms.has("jsonschema_rs, yaml"),
    "jsonschema_rs is not installed in .build/python; Scripts/setup --tests does it"))
struct HeartSchemaTests {
  /// Changes of the shipped file that neither may let pass.
  private static let broken: [(String, String)] = [
    ("format: 1", "format: 2"), ("category: money", "category: gold"), ("unit: fen", "unit: yuan"),
    ("unit: fen", "unit: g"), ("category: trees, unit: piece", "category: trees, unit: ml"),
    ("hearts: 1000, points: 10 }", "hearts: many, points: 10 }"), ("points: 10 }", "points: -1 }"),
    ("points: 10 }", "colour: 10 }"), ("formula:", "index:"), ("gift_points: 20", "gift_points: 0"),
    ("day_points: 30", "day_points: 1001"), ("[1000, 1000", "[1001, 1000"), (", 200]", "]"), ("700, 800]", "700, 0]"),
    ("[100, 300, 500, 600, 650, 700, 800]", "[]"),
  ]

  @Test("the shipped rules fit the schema, and what the program refuses by its form the schema refuses too")
  func agree() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let conventions = PythonPrograms.checkout.appending(path: "Conventions")
    let text = try String(contentsOf: conventions.appending(path: "hearts.yaml"), encoding: .utf8)
    var expected: [String: Bool] = [:]
    func write(_ text: String, _ file: String) throws {
      try folder.write(text, to: file)
      expected[folder.file(file)] = (try? HeartRulesFile(text: text, file: file)) != nil
    }
    try write(text, "hearts.yaml")
    for (number, (old, new)) in Self.broken.enumerated() {
      let place = try #require(text.range(of: old), "\(old)")
      try write(text.replacingCharacters(in: place, with: new), "hearts-\(number).yaml")
    }
    let files = expected.keys.sorted()
    let run = try await PythonPrograms.run(
      [
        PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/schema_errors.py").path(),
        conventions.appending(path: "hearts.schema.json").path(),
      ] + files, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.text.split(separator: "\n").map(String.init)
    #expect(lines.count == files.count && expected.values.filter { $0 }.count == 1)
    for (file, line) in zip(files, lines) { #expect((line == "\(file): ok") == expected[file], "\(line)") }
  }
}
