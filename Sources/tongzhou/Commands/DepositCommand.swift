internal import ArgumentParser
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou deposit`.
struct DepositCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deposit",
    abstract: "As the custodian: report a payment that came in for a membership.",
    discussion: """
      Money reaches the chain through the custodian who holds it: he numbers his deposits without a gap, so
      none can be left out or counted twice. On a demonstration his key lies in DATA/keys.

        tongzhou deposit http://127.0.0.1:8080 --membership 3 --amount 30 --officers data/demo/keys

      The row has an outcome of its own: `success`, `deposit.pending` while a notice is being settled,
      `deposit.in_suspense` where it could not be placed and goes back.
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The membership's ordinal.")
  var membership: UInt32

  @Option(help: "Yuan, with at most two decimals.")
  var amount: String

  @Option(help: "The payment's number at the bank, of which a salted hash goes on the chain; random without it.")
  var payment: String?

  @OptionGroup var acting: OfficerOption
  @OptionGroup var receipt: ReceiptOption
  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let officers = try acting.required(for: "reporting a deposit")
      let amount = try Amount(typed: self.amount, .badDeposit)
      try await node.with(url) { client, name, chain in
        let plan = try await client.membership(membership, on: name, chain: chain).plan
        let custodian = try await client.plan(plan, on: name, chain: chain).custodian
        let key = try await officers.key(of: custodian, client, on: name, chain: chain)
        let deposit = Deposit(membership: membership, amount: amount, reference: reference(by: key))
        let done = try await client.deposit([deposit], plan: plan, by: key, on: name, chain: chain)
        try receipt.keep(done)
        let row = done.rows?.first ?? done.code
        let isCredited = row == ErrorCode.success.name || row == ErrorCode.pendingCredit.name
        var outcome = Outcome(
          (isCredited ? "deposited" : "reported, but not credited:") + " \(amount) yuan", done, chain: chain,
          receipt: receipt.receipt)
        outcome.membership = membership
        outcome.plan = plan
        try outcome.show(json, node)
        if !isCredited {
          throw ClientError(ClientError.Code(row), "the row's own outcome; docs/errors.md says what to do")
        }
      }
    } catch {
      throw Output.fail(error)
    }
  }

  /// The same payment has the same reference, so that the chain counts it once; the salt follows from the
  /// custodian's key, so that nobody else finds the number by trying.
  private func reference(by key: SigningKey) -> Hash {
    guard let payment else { return Commitment(to: []).hash }
    return Commitment(to: Array(payment.utf8), by: key, for: "payment").hash
  }
}
