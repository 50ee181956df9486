internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension CaseCommand {
  /// `tongzhou case record`.
  struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a hospital: register a medical record when it is written.",
      discussion: """
        The chain gets a MAC of the record under a key that only the hospital has: the same record gives the same
        number, and nobody else can tell what it is of. The block proves that the record existed by then. Whoever
        files names it (case file --record --hospital); it serves one case.
        """)

    @OptionGroup var step: Step

    @Option(help: "The record, as one file.")
    var record: String

    func run() async throws {
      try await step.sent.run { client, name, chain in
        let content = try SmallFile.read(record)
        let key = try await step.acting.required(for: "registering a record")
          .key(with: .hospital, client, on: name, chain: chain)
        let commitment = Commitment.mac(of: content, by: key)
        return SentStep.Signed(
          did: "registered \(commitment)", action: try MutualAid.registerRecord(commitment), key: key)
      }
    }
  }

  /// `tongzhou case helper`.
  struct Helper: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the owner: name somebody who may file for you when you cannot, or no longer.")

    @OptionGroup var sent: SentStep

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The helper's address.")
    var helper: String

    @Flag(help: "She may no longer.")
    var remove = false

    @Option(help: "The file with the owner's secret.")
    var secret: String

    func run() async throws {
      try await sent.run { client, name, chain in
        let address = try Address(text: helper)
        let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
        return SentStep.Signed(
          did: remove ? "removed" : "named",
          action: try MutualAid.nameHelper(membership: membership, helper: address, remove: remove), key: key)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }
}
