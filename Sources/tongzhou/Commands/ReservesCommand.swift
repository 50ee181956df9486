internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou reserves`.
struct ReservesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reserves",
    abstract: "As the custodian: state what you hold for a plan.",
    discussion: """
      What has to be there follows from the chain; the difference, the statement's age and that one is missing are
      public, on the plan's page and in the interface. Where the convention says so, nobody joins without a good
      statement. On a demonstration the custodian's key lies in DATA/keys.

        tongzhou reserves http://127.0.0.1:8080 --plan 0 --held 48210.50 --officers data/demo/keys
      """)

  @OptionGroup var sent: SentStep
  @OptionGroup var acting: OfficerOption

  @Option(help: "The plan's ordinal.")
  var plan: UInt16

  @Option(help: "What is in the account, in yuan with at most six decimals.")
  var held: String

  @Option(help: "Seconds ago that this was so.")
  var ago: UInt64 = 60

  @Option(name: .customLong("fees-drawn"), help: "What the platform has ever drawn of its fees, in yuan.")
  var feesDrawn: String = "0"

  @Option(help: "The bank's own statement, as one file; the chain gets a salted commitment to it.")
  var evidence: String?

  func run() async throws {
    try await sent.run { client, name, chain in
      let amount = try Amount(typed: held, .badStatement)
      let drawn = try Amount(typed: feesDrawn, .badStatement)
      let content = try evidence.map { try SmallFile.read($0) } ?? []
      let custodian = try await client.plan(plan, on: name, chain: chain).custodian
      let key = try await acting.required(for: "stating reserves").key(of: custodian, client, on: name, chain: chain)
      let number = try await client.reserveStatements(of: plan, on: name) + 1
      let now = UInt64(Date().timeIntervalSince1970)
      let asOf = Timestamp(seconds: now - min(ago, now))
      return SentStep.Signed(
        did: "stated \(amount) yuan",
        action: try MutualAid.reserveStatement(
          plan: plan, number: number, asOf: asOf, held: amount, feesDrawn: drawn,
          evidence: Commitment(to: content, by: key, for: "reserves \(plan) \(number)").hash), key: key)
    } note: { outcome, _, _, _ in
      outcome.plan = plan
    }
  }
}
