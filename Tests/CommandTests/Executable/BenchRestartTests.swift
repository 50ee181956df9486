import Foundation
import Testing

/// `tongzhou bench restart`.
@Suite struct BenchRestartTests {
  @Test(
    "a chain with that many members is opened from its snapshot and the blocks after it", arguments: [[], ["--cold"]])
  func figures(options: [String]) throws {
    let run = try Program.tongzhou.run(
      ["bench", "restart", "--members", "40000", "--blocks", "12", "--json"] + options)
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object()
    #expect(figures["members"] as? Int == 40_000 && figures["replayed_blocks"] as? Int == 12)
    #expect(figures["cold"] as? Bool == !options.isEmpty)
    // 104 bytes of a membership and 40 of a nullifier.
    let bytes = try #require(figures["snapshot_bytes"] as? Int)
    #expect((40_000 * 152)...(40_000 * 152 + 20_000) ~= bytes)
    for name in ["start_s", "snapshot_write_s"] {
      #expect((0.001...60) ~= (try #require(figures[name] as? Double)), "\(name)")
    }
  }

  @Test("the directory it leaves is in order, and a second run leaves it alone")
  func directory() throws {
    try TemporaryFolder.with { folder in
      let data = folder.file("chain")
      let run = try Program.tongzhou.run("bench", "restart", "--members", "500", "--blocks", "3", "--data", data)
      #expect(run.status == 0, "\(run.errors)")
      let fsck = try Program.tongzhou.run("fsck", data, "--json")
      #expect(fsck.status == 0, "\(fsck.text)")
      let again = try Program.tongzhou.run("bench", "restart", "--members", "500", "--data", data)
      #expect(again.status == 1 && again.errors.hasPrefix("storage.foreign_directory: "))
    }
  }

  @Test("figures that make no sense are refused", arguments: [["--members", "0"], ["--blocks", "-1"]])
  func nonsense(options: [String]) throws {
    let run = try Program.tongzhou.run(["bench", "restart", options.joined(separator: "=")])
    #expect(run.status == 64 && run.output.isEmpty)
  }
}
