import Foundation
import Testing

/// `tongzhou bench pages`, small.
@Suite struct BenchPagesTests {
  @Test(
    "each page and the tiles of a small chain are measured",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/wrk"), "wrk is not installed; see Scripts/setup"))
  func figures() throws {
    let run = try Program.tongzhou.run(
      "bench", "pages", "--members", "700", "--cases", "20", "--requests", "20", "--seconds", "1", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let figures = try run.object()
    #expect(figures["members"] as? Int == 700 && figures["cases"] as? Int == 20)
    // Joins, three transactions of each case, and the payouts of those whose notice is over.
    #expect(try #require(figures["entries"] as? Int) > 700 + 3 * 20 + 18)
    let pages = try #require(figures["pages"] as? [[String: Any]])
    let slowest = try #require(figures["p99_ms"] as? Double)
    #expect(pages.count == 18)
    for page in pages {
      let (median, high) = (try #require(page["p50_ms"] as? Double), try #require(page["p99_ms"] as? Double))
      #expect(median > 0 && median <= high && high <= slowest, "\(page)")
    }
    #expect(try #require(figures["tiles_per_s"] as? Double) > 100)
  }

  @Test("without wrk it says so before it begins")
  func withoutWrk() throws {
    let run = try Program.tongzhou.run(
      ["bench", "pages", "--members", "10", "--cases", "1"], wrapped: ["/usr/bin/env", "PATH=/nowhere"])
    #expect(run.status == 1 && run.errors.contains("wrk is not installed"))
  }

  @Test(
    "figures that make no sense are refused",
    arguments: [["--members", "0"], ["--cases", "0"], ["--members=5", "--cases=6"], ["--requests", "0"]])
  func nonsense(options: [String]) throws {
    let words = options[0].contains("=") ? options : [options.joined(separator: "=")]
    let run = try Program.tongzhou.run(["bench", "pages"] + words)
    #expect(run.status == 64 && run.output.isEmpty)
  }
}
