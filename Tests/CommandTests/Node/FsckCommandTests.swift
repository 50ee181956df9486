import Foundation
import Testing

/// `tongzhou fsck` on a directory that a node left.
@Suite struct FsckCommandTests {
  /// A directory that was run on, copied for each test.
  private static let made = Task<TemporaryFolder, any Error> {
    let folder = try TemporaryFolder()
    let node = try RunningNode(folder.file("data"), logsTo: folder)
    try node.start()
    for number in 1...UInt64(8) { _ = try await node.submit(number) }
    #expect(node.end(SIGTERM) == 0)
    return folder
  }

  private func with(_ body: (TemporaryFolder) throws -> Void) async throws {
    let original = try await Self.made.value.file("data")
    try TemporaryFolder.with { folder in
      try FileManager.default.copyItem(atPath: original, toPath: folder.file("data"))
      try body(folder)
    }
  }

  private func fsck(_ folder: TemporaryFolder, _ options: String...) throws -> (run: Program.Run, json: [String: Any]) {
    let run = try Program.tongzhou.run(["fsck", folder.file("data"), "--json"] + options)
    return (run, try run.object())
  }

  private func files(_ folder: TemporaryFolder) throws -> [String: Data] {
    // SQLite makes its files beside the index when it reads, and the lock is everybody's.
    try folder.content().filter { !$0.key.hasSuffix("-shm") && !$0.key.hasSuffix("-wal") && !$0.key.hasSuffix(".lock") }
  }

  private func findings(_ json: [String: Any]) -> [String] {
    ((json["findings"] as? [[String: Any]]) ?? []).map { "\($0["part"] ?? "") \($0["remedy"] ?? "")" }
  }

  @Test("a directory that a node left is in order, and looking changes nothing")
  func sound() async throws {
    try await with { folder in
      let before = try files(folder)
      let (run, json) = try fsck(folder)
      #expect(run.status == 0 && json["good"] as? Bool == true && findings(json).isEmpty, "\(run.text)")
      let chain = try #require((json["chains"] as? [[String: Any]])?.first)
      let height = try #require(chain["height"] as? Int)
      #expect(chain["name"] as? String == "aid" && height >= 8)
      #expect(chain["snapshots"] as? [Int] == [height])
      #expect(chain["search_height"] as? Int == height)
      #expect(try #require(chain["entries"] as? Int) > 3 * height)
      #expect(try #require(chain["journal_records"] as? Int) > 0)
      #expect(try fsck(folder, "--repair").run.status == 0)
      #expect(try files(folder) == before)
      let words = try Program.tongzhou.run("fsck", folder.file("data"))
      #expect(words.status == 0 && words.text.contains("nothing is wrong"))
    }
  }

  /// Changes the last file whose path begins so and ends so: of partial ones the widest, which the checkpoint needs.
  private func damage(
    _ folder: TemporaryFolder, _ prefix: String, _ suffix: String = "", _ change: (inout Data) -> Void
  ) throws -> String {
    let names = try files(folder).keys.filter { $0.hasPrefix("data/" + prefix) && $0.hasSuffix(suffix) }
    let name = try #require(names.max { ($0.utf8.count, $0) < ($1.utf8.count, $1) }, "\(prefix)")
    var bytes = try Data(contentsOf: folder.url(name))
    change(&bytes)
    try bytes.write(to: folder.url(name))
    return name
  }

  @Test("what follows from the rest is named, and made anew with --repair")
  func repairable() async throws {
    try await with { folder in
      let before = try files(folder)
      let tile = try damage(folder, "log/aid/tile/0/") { $0[$0.count / 2] ^= 1 }
      let policy = try damage(folder, "log/aid/policy/0") { $0.append(10) }
      let snapshot = try damage(folder, "snapshots/aid/") { $0[$0.count / 2] ^= 1 }
      let index = try damage(folder, "search/aid.sqlite", "sqlite") { $0 = Data("not a database".utf8) }
      let damaged = try files(folder)
      let (looked, json) = try fsck(folder)
      #expect(looked.status == 1 && json["good"] as? Bool == false)
      #expect(findings(json) == ["log repair", "log repair", "snapshots repair", "search repair"], "\(looked.text)")
      #expect(try files(folder) == damaged, "it only looked")

      let (repaired, after) = try fsck(folder, "--repair")
      #expect(repaired.status == 0 && after["good"] as? Bool == true, "\(repaired.text)")
      #expect(findings(after) == ["log repaired", "log repaired", "snapshots repaired", "search repaired"])
      let now = try files(folder)
      #expect(now[tile] == before[tile] && now[policy] == before[policy] && now[snapshot] == nil)
      #expect(now[index] != damaged[index])
      let (run, last) = try fsck(folder)
      #expect(run.status == 0 && findings(last).isEmpty, "\(run.text)")
      let chain = try #require((last["chains"] as? [[String: Any]])?.first)
      #expect(chain["search_height"] as? Int == chain["height"] as? Int && chain["snapshots"] as? [Int] == [])
    }
  }

  @Test("what is lost for good stays wrong, and is left as it is")
  func lost() async throws {
    let cases: [(part: String, damage: (TemporaryFolder) throws -> Void)] = [
      ("log", { _ = try damage($0, "log/aid/tile/entries/") { $0[$0.count / 2] ^= 1 } }),
      ("log", { try FileManager.default.removeItem(atPath: $0.file("data/log/aid/checkpoint")) }),
      ("log", { _ = try $0.write("somebody's", to: "data/log/aid/notes.txt") }),
      ("journal", { _ = try damage($0, "journal/aid/") { $0[$0.count / 3] ^= 1 } }),
      (
        "keys",
        {
          let name = try damage($0, "keys/", "endorser") { _ in }
          try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: $0.file(name))
        }
      ),
    ]
    for (part, damage) in cases {
      try await with { folder in
        try damage(folder)
        let damaged = try files(folder)
        for options in [[], ["--repair"]] {
          let run = try Program.tongzhou.run(["fsck", folder.file("data"), "--json"] + options)
          #expect(run.status == 1, "\(part): \(run.text)")
          let found = try findings(run.object())
          #expect(found.contains("\(part) person"), "\(part): \(run.text)")
        }
        let changed = try files(folder).filter { damaged[$0.key] != $0.value }.keys
        #expect(changed.isEmpty, "\(part): \(changed)")
      }
    }
  }

  @Test("what a crash leaves is no fault")
  func leftovers() async throws {
    try await with { folder in
      _ = try folder.write("half", to: "data/log/aid/checkpoint.tmp")
      _ = try folder.write("half", to: "data/snapshots/aid/00000000000000000099.tmp")
      _ = try damage(folder, "journal/aid/") { $0.append(contentsOf: [0, 0, 1, 7]) }
      let (run, json) = try fsck(folder)
      #expect(run.status == 0 && json["good"] as? Bool == true)
      #expect(findings(json) == ["log start", "journal start", "snapshots start"], "\(run.text)")
      #expect(!run.text.contains(folder.path), "paths are relative to the directory")
    }
  }

  @Test("it never runs on a live node, nor on a directory without a chain")
  func refused() async throws {
    try TemporaryFolder.with { folder in
      let run = try Program.tongzhou.run("fsck", folder.path)
      #expect(run.status == 1 && run.errors.hasPrefix("node.unusable_directory: ") && run.output.isEmpty)
      let none = try Program.tongzhou.run("fsck", folder.file("none"))
      #expect(none.status == 1 && none.errors.hasPrefix("node.unusable_directory: "))
    }
    try await with { folder in
      let node = try RunningNode(folder.file("data"), logsTo: folder)
      try node.start()
      defer { node.end(SIGKILL) }
      let run = try Program.tongzhou.run("fsck", folder.file("data"), "--repair")
      #expect(run.status == 1 && run.errors.contains("another process"), "\(run.errors)")
    }
  }
}
