internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension CaseCommand {
  /// `tongzhou case check`.
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A look at the place: the investigator asks, the platform sends a volunteer, she reports.",
      subcommands: [Ask.self, Send.self, Report.self])

    /// `tongzhou case check ask`.
    struct Ask: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "As the investigator: ask for a look at the place.")

      @OptionGroup var step: CaseStep

      func run() async throws {
        try await step.run { client, name, chain in
          let record = try await client.case(step.number, on: name, chain: chain)
          let officers = try step.acting.required(for: "asking for a check")
          let key =
            record.investigator == 0
            ? try await officers.key(with: .investigator, client, on: name, chain: chain)
            : try await officers.key(of: record.investigator - 1, client, on: name, chain: chain)
          return SentStep.Signed(did: "asked", action: try MutualAid.askFieldCheck(caseOrdinal: step.number), key: key)
        }
      }
    }

    /// `tongzhou case check send`.
    struct Send: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "As the platform: send a volunteer; tell her the place yourself.")

      @OptionGroup var sent: SentStep
      @OptionGroup var acting: OfficerOption

      @Option(help: "The check's ordinal.")
      var check: UInt32

      @Option(help: "The volunteer's membership.")
      var membership: UInt32

      func run() async throws {
        try await sent.run { client, name, chain in
          let key = try await acting.required(for: "sending a volunteer")
            .key(with: .platform, client, on: name, chain: chain)
          return SentStep.Signed(
            did: "sent", action: try MutualAid.sendFieldCheck(check, membership: membership), key: key)
        } note: { outcome, _, _, _ in
          outcome.membership = membership
        }
      }
    }

    /// `tongzhou case check report`.
    struct Report: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "As the volunteer: report what you found.")

      @OptionGroup var sent: SentStep

      @Option(help: "The check's ordinal.")
      var check: UInt32

      @Option(help: "Your membership.")
      var membership: UInt32

      @Flag(help: "It is not as the claim says.")
      var differs = false

      @Option(help: "What you write, as one file; the chain gets a salted commitment to it.")
      var report: String?

      @Option(help: "The file with your secret.")
      var secret: String

      func run() async throws {
        try await sent.run { client, name, chain in
          let content = try report.map { try SmallFile.read($0) } ?? []
          let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
          return SentStep.Signed(
            did: differs ? "reported a difference" : "reported agreement",
            action: try MutualAid.reportFieldCheck(
              check, agrees: !differs, report: Commitment(to: content, by: key, for: "check \(check)").hash), key: key)
        } note: { outcome, _, _, _ in
          outcome.membership = membership
        }
      }
    }
  }
}
