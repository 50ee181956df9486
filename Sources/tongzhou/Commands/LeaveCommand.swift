internal import ArgumentParser
internal import MutualAid
internal import TongzhouClient

/// `tongzhou leave`.
struct LeaveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leave",
    abstract: "Leave a plan; what is left of the balance goes back.",
    discussion: """
      Takes effect at once, or right after the settlement of the last notice that was published before.

        tongzhou leave http://127.0.0.1:8080 --membership 3 --secret me.key
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The membership's ordinal.")
  var membership: UInt32

  @Option(help: "The file with the owner's secret, readable by her alone.")
  var secret: String

  @OptionGroup var receipt: ReceiptOption
  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let secret = try SecretFile.read(secret)
      try await node.with(url) { client, name, chain in
        let (key, record) = try await client.key(of: membership, secret, on: name, chain: chain)
        let done = try await client.perform(
          MutualAid.leave(membership: membership), by: key, as: record.owner, on: name, chain: chain)
        try receipt.keep(done)
        let after = try await client.membership(membership, on: name, chain: chain)
        var outcome = Outcome(
          after.status == .ended ? "left" : "leaves after the settlement of the open notices", done, chain: chain,
          receipt: receipt.receipt)
        outcome.membership = membership
        outcome.plan = after.plan
        try outcome.show(json, node)
      }
    } catch {
      throw Output.fail(error)
    }
  }
}
