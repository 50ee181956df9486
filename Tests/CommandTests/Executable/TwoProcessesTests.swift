import Consortium
import Contracts
import Foundation
import Ledger
import MutualAid
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

/// DESIGN §2: one history replayed in two processes gives the same roots.
@Suite struct TwoProcessesTests {
  /// One of a few runs that are long enough together for everything to happen.
  private static let seeds: [UInt64] = [2, 10, 27, 41]
  private static let blocks = 400

  @Test("two processes and a replay from the log's entries alone agree in every root, and every action succeeded")
  func everyRootIsTheSameInEachProcess() throws {
    var succeeded: Set<String> = []
    var failed: Set<String> = []
    var happened: Set<String> = []
    var results: Set<String> = []
    for seed in Self.seeds {
      let (first, log) = try Self.probe(["\(seed)", "\(Self.blocks)"], writingLog: true)
      let (second, _) = try Self.probe(["\(seed)", "\(Self.blocks)"])
      #expect(first.output == second.output, "seed \(seed): two processes differ")
      #expect(first.errors.hasPrefix("hash ") && first.errors != second.errors, "both hashed with one seed")

      let lines = first.text.split(separator: "\n").map(String.init)
      let blocks = Array(lines.prefix(Self.blocks))
      #expect(blocks.map { $0.split(separator: " ")[0] } == (1...Self.blocks).map { "\($0)" })
      #expect(Set(blocks.map { $0.split(separator: " ")[1] }).count > Self.blocks / 2, "the state seldom changed")
      #expect(try Self.replay(log) == blocks, "seed \(seed): the replay differs")

      for words in lines.dropFirst(Self.blocks).map({ $0.split(separator: " ").map(String.init) }) {
        switch words[0] {
        case "action":
          if words[2] != "0" { succeeded.insert(words[1]) }
          if words[3] != "0" { failed.insert(words[1]) }
        case "result": results.insert(words[1])
        case "event": if words.last != "0" { happened.insert(words.dropFirst().dropLast().joined(separator: " ")) }
        default: Issue.record("an unknown line of the probe: \(words)")
        }
      }
    }
    // The histories are worth something only if all this happened.
    let actions = Set(HistoryAction.allCases.map(\.description))
    #expect(succeeded == actions, "never succeeded: \(actions.subtracting(succeeded).sorted())")
    #expect(failed == actions, "never failed: \(actions.subtracting(failed).sorted())")
    let events = try Set(RandomHistory(seed: 0).events.map { $0.name + ":" })
    #expect(happened == events, "never happened: \(events.subtracting(happened).sorted())")
    #expect(results.count >= 40, "\(results.sorted())")
  }

  @Test("two processes live one year of gifts alike, and a replay from the log's entries alone does")
  func everyRootOfHeartsIsTheSameInEachProcess() throws {
    let (first, log) = try Self.probe(["hearts", "3"], writingLog: true)
    let (second, _) = try Self.probe(["hearts", "3"])
    #expect(first.output == second.output, "two processes differ")
    #expect(first.errors.hasPrefix("hash ") && first.errors != second.errors, "both hashed with one seed")
    let lines = first.text.split(separator: "\n").map(String.init)
    let blocks = lines.filter { $0.first?.isNumber ?? false }
    #expect(blocks.count > 52 && Set(blocks.map { $0.split(separator: " ")[1] }).count > blocks.count / 2)
    #expect(try Self.replay(log) == blocks, "the replay differs")
    #expect(Set(lines.filter { $0.hasPrefix("noted ") }).count > 30, "little was noted")
    // The year is worth something only if all this happened in it.
    var counts: [String: Int] = [:]
    for line in lines where line.hasPrefix("event ") || line.hasPrefix("result ") || line.hasPrefix("sign ") {
      let words = line.split(separator: " ")
      counts[String(words[1]).replacing(":", with: "")] = Int(words[words.count - 1])
    }
    for name in [
      "claimed", "anonymous", "reversed", "relations", "consents", "consents_withdrawn", "trees_planted",
      "rates_changed", "lot.too_small", "trace.evidence_used", "overdrawn", "related_ring", "undistributed",
    ] {
      #expect(counts[name, default: 0] > 0, "never happened: \(name)")
    }
    #expect(counts["success", default: 0] > 500)
    #expect(lines.count { $0.hasPrefix("found ") } > 5)
  }

  @Test("another seed is another history")
  func seedsDiffer() throws {
    var roots: Set<Hash> = []
    for seed in Self.seeds {
      var history = try RandomHistory(seed: seed)
      for _ in 0..<10 { _ = try history.block() }
      roots.insert(history.chain.chain.head.root)
    }
    #expect(roots.count == Self.seeds.count)
  }

  @Test("the probe says how it is used")
  func wrongArguments() throws {
    for words in ["", "1", "x 2", "1 2 f g", "hearts", "hearts x", "hearts 1 f g"] {
      let arguments = words.split(separator: " ").map(String.init)
      let run = try Program.historyProbe.run(arguments)
      #expect(run.status == 64 && run.output.isEmpty && run.errors.hasPrefix("usage: "))
    }
  }

  private static func probe(_ words: [String], writingLog: Bool = false) throws -> (Program.Run, log: [[UInt8]]) {
    try TemporaryFolder.with { folder in
      let path = folder.file("log")
      let run = try Program.historyProbe.run(words + (writingLog ? [path] : []))
      #expect(run.status == 0, "\(run.errors)")
      return (run, writingLog ? try entries(Array(Data(contentsOf: URL(filePath: path)))) : [])
    }
  }

  /// Entries behind their lengths in four bytes.
  private static func entries(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= 4 + length)
      entries.append(Array(rest.dropFirst(4).prefix(length)))
      rest = rest.dropFirst(4 + length)
    }
    return entries
  }

  /// The lines that follow from a log's entries and nothing else.
  private static func replay(_ log: [[UInt8]]) throws -> [String] {
    var replay = try Replay(genesis: log[0], pinned: nil, watching: nil)
    var lines: [String] = []
    for entry in log.dropFirst() {
      var block: [LoggedBlock] = []
      try replay.add([entry], into: &block)
      guard !block.isEmpty else { continue }
      try replay.execute(&block)
      let seal = try Seal(entry: entry)
      var app = replay.chain.app
      #expect(app.stateRoot() == seal.state)
      lines.append(RandomHistory.line(seal, root: replay.chain.head.root))
    }
    try replay.finish()
    return lines
  }
}
