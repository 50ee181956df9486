import Foundation
import MutualAid
import Testing
import TongzhouClient

/// `tongzhou plan`.
@Suite struct PlanCommandTests {
  private func plan(_ arguments: String...) throws -> Program.Run { try Program.tongzhou.run(["plan"] + arguments) }

  @Test("a good convention passes, and its hash is printed", arguments: ShippedConventions.names)
  func goodConvention(_ name: String) throws {
    let path = ShippedConventions.path(name)
    let hash = try ShippedConventions.file(name).convention.hash
    let run = try plan("check", path)
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.text.hasSuffix("\(path): good; hash \(hash)\n"))
    let json = try #require(try plan("check", path, "--json").json() as? [[String: Any]])
    #expect(!json.isEmpty && json.allSatisfy { $0["severity"] as? String != "error" })
  }

  @Test("a broken convention fails with every finding and its line")
  func brokenConvention() throws {
    let text = try #require(
      try ShippedConventions.text("fortnight", replacing: "key: fortnight", by: "key: Fortnight")
    ).replacing("fee: 8 %", with: "fee: 60 %")
    try TemporaryFolder.with { folder in
      let path = try folder.write(text, to: "broken.yaml")
      let run = try plan("check", path)
      #expect(run.status == 1 && !run.text.contains("good"))
      let lines = run.text.split(separator: "\n")
      #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("\(path):") && $0.contains(" error: ") })
      let numbers = try lines.map { try #require(Int($0.dropFirst(path.utf8.count + 1).prefix { $0 != ":" })) }
      let source = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(numbers.map { source[$0 - 1].prefix(3) } == ["key", "fee"])

      let json = try plan("check", path, "--json")
      let findings = try #require(try json.json() as? [[String: Any]])
      #expect(json.status == 1 && findings.compactMap { $0["line"] as? Int } == numbers)
      for other in ["explain", "show"] {
        let run = try plan(other, path)
        #expect(run.status == 1 && run.output.isEmpty && run.errors.contains(path), "\(run.errors)")
      }
    }
  }

  @Test("what is no convention at all fails")
  func noConvention() throws {
    try TemporaryFolder.with { folder in
      let files = [
        try folder.write("", to: "empty.yaml"), try folder.write("a: [", to: "open.yaml"), folder.file("nowhere.yaml"),
        folder.path,
      ]
      for path in files {
        let run = try plan("check", path)
        #expect(run.status == 1 && run.text.contains(" error: "), "\(path): \(run.text)")
      }
    }
  }

  @Test("a convention is explained in the language asked for", arguments: ShippedConventions.names)
  func explains(_ name: String) throws {
    let path = ShippedConventions.path(name)
    let convention = try ShippedConventions.file(name).convention
    let chinese = try plan("explain", path, "--lang", "zh")
    let english = try plan("explain", path, "--lang", "en")
    #expect(chinese.status == 0 && english.status == 0)
    #expect(chinese.text == ConventionExplanation(convention, language: .zh).text + "\n")
    #expect(english.text == ConventionExplanation(convention, language: .en).text + "\n")
    #expect(chinese.text.contains(convention.nameZh) && english.text.contains(convention.nameEn))
    #expect(chinese.text.contains("元") && english.text.contains("yuan"))
    #expect(try plan("explain", path).output == chinese.output, "Chinese where nothing is said")

    let json = try plan("explain", path, "--lang", "en", "--json").object()
    #expect(english.text.contains(try #require(json["title"] as? String)))
    #expect(try #require(json["sections"] as? [Any]).count > 3)
  }

  @Test("the members of the example can be chosen, within reason")
  func membersOfTheExample() throws {
    let path = ShippedConventions.path("tongzhou-seed")
    let convention = try ShippedConventions.file("tongzhou-seed").convention
    let few = try plan("explain", path, "--lang", "en", "--members", "1000")
    #expect(few.text == ConventionExplanation(convention, language: .en, members: 1000).text + "\n")
    for members in ["0", "-5", "2000000001"] {
      let run = try plan("explain", path, "--members=\(members)")
      #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("--members"))
    }
    #expect(try plan("explain", path, "--lang", "fr").status == 64)
  }
}
