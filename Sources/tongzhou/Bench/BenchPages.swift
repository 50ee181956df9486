internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Node

/// `tongzhou bench pages`.
struct BenchPages: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pages",
    abstract: "Ask a node with many members and cases for its pages and tiles.",
    discussion: """
      A chain of one organisation is filled by signed transactions: everybody is attested, joins and pays in, cases
      are filed, investigated, noticed, shared and paid out, the last of them still in notice; the clock is put
      forward in between. Then the node's own server is asked over the loopback address, one request after another on
      a connection that stays open, for another plan, case, member, block or transaction each time. The time of a
      request is from sending it to having its whole answer. p99_ms is that of the slowest page.

      tiles_per_s is what wrk gets of full tiles from all over the log while both share the machine.
      """)

  @Option(help: "Members (1 to 5,000,000).")
  var members = 1_000_000

  @Option(help: "Cases, each of another member (1 to 30,000, no more than members).")
  var cases = 2000

  @Option(help: "Requests for each page (1 to 1,000,000).")
  var requests = 1000

  @Option(help: "Seconds that wrk asks for tiles (1 to 600).")
  var seconds = 5

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...5_000_000).contains(members) else { throw ValidationError("--members is 1 to 5000000") }
    guard (1...min(members, 30_000)).contains(cases) else {
      throw ValidationError("--cases is 1 to 30000, and no more than there are members")
    }
    guard (1...1_000_000).contains(requests) else { throw ValidationError("--requests is 1 to 1000000") }
    guard (1...600).contains(seconds) else { throw ValidationError("--seconds is 1 to 600") }
  }

  func run() async throws {
    let directory = BenchChain.temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    do {
      let figures = try await measure(directory)
      if json.isOn {
        try Output.json(figures)
      } else {
        Output.line("\(members) members, \(cases) cases, \(figures.entries) entries")
        for page in figures.pages { Output.line("  \(page.page): p50 \(page.p50_ms) ms, p99 \(page.p99_ms) ms") }
        Output.line("  slowest page: p99 \(figures.p99_ms) ms; \(figures.tiles_per_s) tiles a second")
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure(_ directory: String) async throws -> Figures {
    // Before the minutes that filling the chain takes.
    let wrk = try Wrk()
    // As many days as the cases take: the chain ends about now.
    let clock = BenchClock(behind: 76)
    let chain = try BenchChain(directory: directory, time: clock.now)
    let node = try chain.node { clock.now }
    let life = Task { await node.run() }
    var plan = BenchPlan(chain, node, clock)
    let began = ContinuousClock.now
    try await plan.fill(members: members, cases: cases)
    let filling = (ContinuousClock.now - began) / .seconds(1)
    let server = try await BenchServer(node, clock)
    let pages = try await PageTimes.measure(server.address, node, requests: requests)
    let tiles = try await wrk.tiles(server.address, of: node, seconds: seconds)
    await server.stop()
    life.cancel()
    await life.value
    return Figures(
      members: members, cases: cases, entries: node.view?.head.size ?? 0, fill_s: filling.rounded(), pages: pages,
      p99_ms: pages.map(\.p99_ms).max() ?? 0, tiles_per_s: tiles, requests_per_page: requests,
      cores: ProcessInfo.processInfo.activeProcessorCount, rss_mb: Memory.resident / 1_048_576)
  }

  /// The figures, under the names that scripts read.
  struct Figures: Encodable {
    let members: Int
    let cases: Int
    let entries: UInt64
    let fill_s: Double
    let pages: [PageTimes]
    let p99_ms: Double
    let tiles_per_s: Double
    let requests_per_page: Int
    let cores: Int
    let rss_mb: Int
  }
}
