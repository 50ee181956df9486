import Foundation
import MutualAid
import Testing
import TongzhouClient

/// The published schema against the program's own reader.
@Suite(
  .enabled(
    if: PythonPrograms.has("jsonschema_rs, yaml"),
    "jsonschema_rs is not installed in .build/python; Scripts/setup --tests does it"))
struct ConventionSchemaTests {
  /// Changes of a file's text that neither may let pass.
  private static let broken: [(String, String)] = [
    ("version: 1", "version: 0"), ("format: 1", "format: 2"), ("payers: at", "payers: by"),
    ("ends_after_aid: ", "ends_after_help: "), ("grace: ", "grace: soon # "), ("  case: ", "  case: -1 # "),
    ("icd10: I21,", "icd10: 21,"), ("icd10: I21 }", "icd10: 21 }"), ("fee: ", "fee: 8 # "),
    ("  reserve: ", "  reserve: nobody # "), ("fast_track:", "quick_track:"),
    ("behaviour: [3, 6, 9]", "behaviour: [5]"),
    ("  minimum_members: ", "  minimum_members: some # "), ("waiting: ", "waiting: 30 # "),
    ("  quorum: ", "  quorum: 1 # "), ("    en: ", "    xx: "), ("  en: ", "  fr: "), ("beyond: ", "beyond: luck # "),
    ("  tolerance: ", "  tolerance: little # "), ("  pause_joins: ", "  pause_joins: perhaps # "),
  ]

  @Test("the shipped conventions fit the schema, and what the program refuses by its form the schema refuses too")
  func agree() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let conventions = PythonPrograms.checkout.appending(path: "Conventions")
    var expected: [String: Bool] = [:]
    for name in ["tongzhou-seed", "fortnight", "neighbours"] {
      let text = try String(contentsOf: conventions.appending(path: "\(name).yaml"), encoding: .utf8)
      func write(_ text: String, _ file: String) throws {
        try folder.write(text, to: file)
        expected[folder.file(file)] = (try? ConventionFile(text: text, file: file)) != nil
      }
      try write(text, "\(name).yaml")
      for (number, (old, new)) in Self.broken.enumerated() {
        guard let place = text.range(of: old) else { continue }
        try write(text.replacingCharacters(in: place, with: new), "\(name)-\(number).yaml")
      }
    }
    let files = expected.keys.sorted()
    let run = try await PythonPrograms.run(
      [
        PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/schema_errors.py").path(),
        conventions.appending(path: "convention.schema.json").path(),
      ] + files, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.text.split(separator: "\n").map(String.init)
    #expect(lines.count == files.count && expected.values.filter { $0 }.count == 3)
    for (file, line) in zip(files, lines) { #expect((line == "\(file): ok") == expected[file], "\(line)") }
  }

  @Test(
    "a diagnosis finds the classes whose codes and behaviours it has",
    arguments: [
      ("C50.9", 3, ["cancer"]), ("C73", 3, ["cancer", "thyroid-mild"]), ("C50.9", 2, []),
      ("C50.900x001", nil, ["cancer"]),
      ("I21.4", nil, ["heart-attack"]), ("I63.9", nil, ["stroke"]), ("K72.1", nil, ["hepatitis", "liver-failure"]),
      ("K72.9", nil, ["hepatitis"]), ("N18.5", nil, ["kidney-failure"]), ("N18.4", nil, []), ("J00", nil, []),
      ("C5", nil, []), ("", nil, []),
    ] as [(String, UInt8?, [String])])
  func classified(_ code: String, _ behaviour: UInt8?, _ keys: [String]) throws {
    let convention = try ShippedConventions.file("tongzhou-seed").convention
    #expect(convention.classes(icd10: code, behaviour: behaviour).map(\.key) == keys)
  }
}
