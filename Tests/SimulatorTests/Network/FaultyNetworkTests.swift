import Simulator
import Testing

/// Endorsement holds while messages are delayed, doubled, reordered and lost and organisations are cut off.
struct FaultyNetworkTests {
  /// How many runs with how many organisations.
  static let runs = [(organisations: 4, runs: 2000), (1, 60), (5, 100), (7, 60)]

  @Test func certificatesNeverConflictAndTheChainGoesOn() async throws {
    var total = Scenario.Outcome()
    for (organisations, runs) in Self.runs {
      let cast = try Cast(count: organisations)
      let outcome = await withTaskGroup(of: Scenario.Outcome.self) { group in
        let share = 20
        for first in stride(from: 0, to: runs, by: share) {
          group.addTask { Self.outcome(of: first..<min(first + share, runs), cast) }
        }
        var sum = Scenario.Outcome()
        for await part in group { sum = sum + part }
        return sum
      }
      Self.print(outcome, organisations: organisations)
      #expect(outcome.broken == [], "with \(organisations) organisations; the seed replays the run")
      #expect(outcome.runs + outcome.broken.count == runs)
      total = total + outcome
    }
    for (name, count) in total.counts.all { #expect(count > 0, "never happened: \(name)") }
    #expect(total.steps > 0 && total.returns > 0)
  }

  private static func outcome(of seeds: Range<Int>, _ cast: Cast) -> Scenario.Outcome {
    var sum = Scenario.Outcome()
    for seed in seeds {
      do {
        sum = try sum + Scenario(seed: UInt64(seed), cast: cast).run(isThorough: seed % 20 == 0)
      } catch {
        sum.broken.append("seed \(seed): \(error)")
      }
    }
    return sum
  }

  private static func print(_ outcome: Scenario.Outcome, organisations: Int) {
    let faults = outcome.counts.all.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    Swift.print(
      """
      \(organisations) organisations, \(outcome.runs) runs: \(outcome.blocks) blocks, \
      \(outcome.transactions) transactions, \(outcome.steps) due steps, \(outcome.returns) returns, \
      slowest transaction \(outcome.slowest) s; \(faults)
      """)
  }
}
