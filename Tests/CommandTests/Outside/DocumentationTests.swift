import Foundation
import Testing

/// The compiler of documentation.
private enum DocC {
  /// DocC lies beside the compiler.
  static let isThere = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { folder in
    let swift = URL(filePath: String(folder)).appending(path: "swift").resolvingSymlinksInPath()
    let docc = swift.deletingLastPathComponent().appending(path: "docc")
    return FileManager.default.isExecutableFile(atPath: swift.path())
      && FileManager.default.isExecutableFile(atPath: docc.path())
  }
}

/// `Scripts/docs`, which is what `make docs` runs on the modules that were built with these tests.
@Suite(.enabled(if: DocC.isThere, "the toolchain in the PATH has no docc"))
struct DocumentationTests {
  private struct Page: Decodable {
    struct Topics: Decodable {
      let title: String
      let identifiers: [String]
      /// Whether DocC made up the group, of what no page of ours names.
      let generated: Bool?
    }
    let topicSections: [Topics]
  }

  @Test("every link of the documentation leads somewhere, and what is public has its place on a first page")
  func documentation() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let script = PythonPrograms.checkout.appending(path: "Scripts/docs").path()
    let run = try await PythonPrograms.run([script, folder.file("docs")], in: folder)
    try #require(run.status == 0, "\(run.errors)")
    let content = try folder.content()
    #expect(content["docs/documentation/index.html"] != nil && content["docs/index.html"] != nil)
    for module in ["transparencylog", "ledger", "tongzhouclient"] {
      #expect(content["docs/documentation/\(module)/index.html"] != nil)
      let bytes = try #require(content["docs/data/documentation/\(module).json"])
      let sections = try JSONDecoder().decode(Page.self, from: bytes).topicSections
      #expect(sections.count { $0.generated != true } > 5)
      for section in sections where section.generated == true && section.title != "Extended Modules" {
        Issue.record("\(module): no group of its first page names \(section.identifiers)")
      }
    }
  }

  @Test("a link that leads nowhere is an error")
  func brokenLink() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let files = FileManager.default
    for name in ["Scripts", "Sources/TransparencyLog"] {
      try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
    }
    for name in ["Scripts/docs", "Sources/TransparencyLog/TransparencyLog.docc"] {
      try files.copyItem(at: PythonPrograms.checkout.appending(path: name), to: folder.url(name))
    }
    for name in [".build", "Sources/CZlib"] {
      try files.createSymbolicLink(
        at: folder.url(name), withDestinationURL: PythonPrograms.checkout.appending(path: name))
    }
    let page = folder.url("Sources/TransparencyLog/TransparencyLog.docc/TransparencyLog.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    try #require(text.contains("- ``MerkleTree``\n"))
    try Data(text.replacing("- ``MerkleTree``\n", with: "- ``MerkleBush``\n").utf8).write(to: page)
    let run = try await PythonPrograms.run([folder.file("Scripts/docs"), folder.file("docs")], in: folder)
    let said = run.errors + run.text
    #expect(run.status != 0 && said.contains("'MerkleBush' doesn't exist"), "\(said)")
    #expect(!files.fileExists(atPath: folder.file("docs")))
  }
}
