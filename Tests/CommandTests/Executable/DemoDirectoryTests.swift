import Foundation
import Testing

/// `tongzhou demo` never takes away what it did not write.
@Suite struct DemoDirectoryTests {
  private func demo(_ folder: TemporaryFolder, _ arguments: String...) throws -> Program.Run {
    try Program.tongzhou.run(DemoRun.arguments + ["--data", folder.path] + arguments)
  }

  @Test(
    "a directory that is no demonstration is refused, with and without --replace, and its files stay",
    arguments: [
      ["notes.txt"], ["log/app.log"], ["log/aid/app.log"], ["log/other/checkpoint"],
      ["log/aid/checkpoint", "receipt.json", "notes.txt"], ["receipt.json/inside/notes.txt", "other"], [".hidden"],
      ["log/aid/checkpoint", "log/heart/app.log"], ["log/heart/checkpoint", "hearts/notes.txt"],
    ])
  func foreignDirectory(_ names: [String]) throws {
    try TemporaryFolder.with { folder in
      for name in names { try folder.write("mine", to: name) }
      let before = try folder.content()
      #expect(before.count == names.count)
      for arguments in [[], ["--replace"]] {
        let run = try Program.tongzhou.run(DemoRun.arguments + ["--data", folder.path] + arguments)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors.hasPrefix("storage.foreign_directory: "), "\(run.errors)")
        #expect(try folder.content() == before)
      }
    }
  }

  @Test("a demonstration that was cut off is replaced")
  func replaces() throws {
    try TemporaryFolder.with { folder in
      try folder.write("old", to: "log/aid/tile/entries/000.p/1")
      try folder.write("old", to: "log/aid/policy/7")
      for name in ["log/heart/policy/7", "giver-650.key", "hearts/issued.sqlite", "keys/heart/old.officer"] {
        try folder.write("old", to: name)
      }
      let run = try Program.tongzhou.run([
        "demo", "--members", "2", "--years", "1", "--end", "1767225600", "--json", "--no-serve", "--replace", "--data",
        folder.path,
      ])
      #expect(run.status == 0, "\(run.errors)")
      let content = try folder.content()
      #expect(content["log/aid/policy/7"] == nil && content["log/aid/policy/0"] != nil)
      #expect(!content.values.contains(Data("old".utf8)))
    }
  }

  @Test("an earlier demonstration stays when the new one cannot begin")
  func earlierOneStays() throws {
    try TemporaryFolder.with { folder in
      try folder.write("old", to: "log/aid/checkpoint")
      let run = try demo(folder, "--replace", "--conventions", folder.file("nowhere"))
      #expect(run.status == 1 && run.output.isEmpty && run.errors.contains("tongzhou-seed.yaml"), "\(run.errors)")
      #expect(try folder.content() == ["log/aid/checkpoint": Data("old".utf8)])
    }
  }

  @Test(
    "numbers outside their range are refused before anything is made",
    arguments: [
      ["--members", "1"], ["--members", "5000001"], ["--years", "0"], ["--years", "21"], ["--seed", "-1"],
      ["--end", "soon"],
    ])
  func outsideTheRange(_ arguments: [String]) throws {
    try TemporaryFolder.with { folder in
      let run = try Program.tongzhou.run(["demo", "--data", folder.file("demo")] + arguments)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.contains(arguments[0]))
      #expect(try folder.content().isEmpty && !FileManager.default.fileExists(atPath: folder.file("demo")))
    }
  }
}
