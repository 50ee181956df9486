internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou bench load`.
struct BenchLoad: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load a running node of a demonstration: attested people join and pay, all signed.",
    discussion: """
      The officers' keys come from DATA/keys, the chain's genesis from DATA/log, so every receipt is verified
      against what lies there and not against what the node says. Each transaction's id, its hash as receipts
      name it, goes to the file of acknowledgements once its receipt was verified, line by line.

        tongzhou node run --data data/demo &
        tongzhou bench load http://127.0.0.1:8080 --data data/demo --seconds 30 --acks acks

      Kill the node as often as you like: the same bytes are sent again when it is back. Whatever is in the file
      must be on the chain.
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The demonstration's directory.")
  var data: String

  @Option(help: "How long (1 to 86400).")
  var seconds = 10

  @Option(help: "The file to which ids are appended.")
  var acks: String

  @Option(help: "The chain's short name.")
  var chain = "aid"

  @Option(
    help: "Transactions a second at the most (1 to 100000); a node limits each address, see its RateLimit fields.")
  var rate = 90

  @Option(help: "People attested together, who then join at the same time (1 to 256).")
  var group = 16

  @Option(help: "Groups at work at the same time (1 to 64).")
  var lanes = 3

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...86_400).contains(seconds) else { throw ValidationError("--seconds is 1 to 86400") }
    guard (1...100_000).contains(rate) else { throw ValidationError("--rate is 1 to 100000") }
    guard (1...256).contains(group) else { throw ValidationError("--group is 1 to 256") }
    guard (1...64).contains(lanes) else { throw ValidationError("--lanes is 1 to 64") }
  }

  /// What a run of load came to.
  struct Result: Encodable {
    let seconds: Double
    let attestations: Int
    let joins: Int
    let deposits: Int
    let acknowledged: Int
    let acknowledgedPerSecond: Double
    /// What went wrong on the way, by its code; nothing of it was acknowledged.
    let errors: [String: Int]

    private enum CodingKeys: String, CodingKey {
      case seconds, attestations, joins, deposits, acknowledged, errors
      case acknowledgedPerSecond = "acknowledged_per_s"
    }
  }

  func run() async throws {
    do {
      let result = try await measure()
      if json.isOn {
        try Output.json(result)
      } else {
        Output.line("\(result.acknowledged) transactions acknowledged in \(Int(result.seconds)) s, ids in \(acks)")
        Output.line("  \(result.attestations) manifests, \(result.joins) joins, \(result.deposits) deposits")
        for (code, count) in result.errors.sorted(by: { $0.key < $1.key }) { Output.line("  \(code) \(count)") }
      }
    } catch {
      throw Output.fail(error)
    }
  }

  private func measure() async throws -> Result {
    let trusted = try LocalGenesis.chain(chain, in: data)
    let tally = try LoadTally(acks)
    var options = ClientOptions()
    // As long as the load lasts: a node that was killed comes back.
    options.patienceSeconds = Int64(seconds)
    options.answerSeconds = 30
    options.pauseMilliseconds = 200
    // It is there to press, also a node that reads its log and asks for more time than it then needs.
    options.obedienceMilliseconds = 200
    options.connections = lanes * group + 4
    let began = ContinuousClock.now
    try await NodeClient.with(url, options: options) { client in
      let load = Load(
        node: client, name: chain, chain: trusted, officers: Officers(data + "/keys"), group: group, tally: tally,
        pace: Pace(rate: rate), custodian: Turnstile())
      try await withThrowingTaskGroup(of: Bool.self) { tasks in
        for lane in 0..<lanes {
          tasks.addTask {
            try await load.run(lane: lane)
            return false
          }
        }
        tasks.addTask {
          try? await Task.sleep(for: .seconds(seconds))
          return true
        }
        // Lanes end with an error or not at all before time is up.
        for try await isOver in tasks where isOver { break }
        tasks.cancelAll()
      }
    }
    let elapsed = (ContinuousClock.now - began) / .seconds(1)
    return await tally.result(seconds: elapsed)
  }
}
