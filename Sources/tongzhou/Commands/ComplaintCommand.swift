internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou complaint`.
struct ComplaintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complaint",
    abstract: "Complain about a case, a membership or an organisation; or answer.",
    discussion: """
      The chain gets a salted commitment to what is written, a reason, and who has to answer within fifteen days. What
      is open, and since when, everybody sees at /organisations and /v1/complaints.

        tongzhou complaint make http://127.0.0.1:8080 --membership 3 --about case --ordinal 7 --reason slow \\
          --text letter.txt --secret me.key
        tongzhou complaint answer http://127.0.0.1:8080 --complaint 0 --as 2 --text answer.txt --officers data/demo/keys
      """,
    subcommands: [Make.self, Answer.self])

  /// `tongzhou complaint make`.
  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As a member: complain.")

    @OptionGroup var sent: SentStep

    @Option(help: "The membership that complains.")
    var membership: UInt32

    @Option(help: "What it is about: case, membership or organisation.")
    var about: String

    @Option(help: "Its ordinal.")
    var ordinal: UInt32

    @Option(help: "Why: slow, wrong, money, privacy, conduct or other.")
    var reason: String

    @Option(help: "What you write, as one file; the chain gets a salted commitment to it.")
    var text: String

    @Option(help: "The file with the member's secret.")
    var secret: String

    func run() async throws {
      try await sent.run { client, name, chain in
        let subjects: [(String, ComplaintRecord.Subject)] = [
          ("case", .claim), ("membership", .membership), ("organisation", .organisation),
        ]
        guard let subject = subjects.first(where: { $0.0 == about })?.1,
          let why = ComplaintRecord.Reason.allCases.first(where: { "\($0)" == reason })
        else { throw LedgerError(.malformed, "about \(about), because of \(reason): --help lists what there is") }
        let content = try SmallFile.read(text)
        let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
        return SentStep.Signed(
          did: "complained",
          action: try MutualAid.complain(
            membership: membership, about: subject, ordinal: ordinal, reason: why,
            content: Commitment(to: content, by: key, for: "complaint \(about) \(ordinal)").hash), key: key)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }

  /// `tongzhou complaint answer`.
  struct Answer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the organisation concerned, or the platform: answer a complaint.")

    @OptionGroup var sent: SentStep
    @OptionGroup var acting: OfficerOption

    @Option(help: "The complaint's ordinal.")
    var complaint: UInt32

    @Option(name: .customLong("as"), help: "The ordinal of the organisation that answers.")
    var organisation: UInt16

    @Option(help: "The answer, as one file; the chain gets a salted commitment to it.")
    var text: String

    func run() async throws {
      try await sent.run { client, name, chain in
        let content = try SmallFile.read(text)
        let key = try await acting.required(for: "answering").key(of: organisation, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "answered",
          action: try MutualAid.answer(
            complaint: complaint, with: Commitment(to: content, by: key, for: "answer \(complaint)").hash), key: key)
      }
    }
  }
}
