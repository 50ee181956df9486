internal import ArgumentParser
internal import HeartChain
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts project`.
  struct Project: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "project",
      abstract: "Projects of charities: open one, disclose a report.",
      discussion: """
        Descriptions and reports are files or words that everybody may read; the chain gets their SHA-256. A project of
        more than six months discloses at least every three months, and every project within three months after its end.

          tongzhou hearts project open http://127.0.0.1:8080 --from 2026-03-01 --to 2026-12-31 --place 620100 \\
            --text "Meals for two schools" --as 4 --officers KEYS
          tongzhou hearts project disclose http://127.0.0.1:8080 --project 0 --report report.pdf --as 4 --officers KEYS
        """,
      subcommands: [Open.self, Disclose.self])

    /// `tongzhou hearts project open`.
    struct Open: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "As a charity: open a project.")

      @OptionGroup var step: OrganisationStep

      @Option(help: "The first day on which gifts may be given, like 2026-03-01.")
      var from: String

      @Option(help: "The last day.")
      var to: String

      @Option(help: "The coarse place, for instance six digits of GB/T 2260.")
      var place: UInt32

      @OptionGroup var description: DescriptionOptions

      func run() async throws {
        try await step.run(for: "opening a project") { _, _, _, _ in
          (
            "opened",
            try Hearts.openProject(
              from: TypedTime.day(from), to: TypedTime.day(to, atEnd: true), place: place,
              description: description.hash())
          )
        } note: { outcome, client, name, chain in
          let hash = try description.hash()
          outcome.project = try await client.newest(
            ProjectRecord.self, table: "projects", on: name, chain: chain
          ) { $0.description == hash && $0.charity == step.organisation }
        }
      }
    }

    /// `tongzhou hearts project disclose`.
    struct Disclose: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "As a project's charity: disclose a report.")

      @OptionGroup var step: OrganisationStep

      @Option(help: "The project's number.")
      var project: UInt32

      @Option(help: "The report, as one file; each serves once.")
      var report: String

      func run() async throws {
        try await step.run(for: "disclosing") { _, _, _, _ in
          ("disclosed", try Hearts.disclose(project: project, report: PublicDocument.hash(report)))
        } note: { outcome, _, _, _ in
          outcome.project = project
        }
      }
    }
  }

  /// `tongzhou hearts reverse`.
  struct Reverse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As who recorded a gift, or as an auditor: take it back.",
      discussion: "Its hearts leave whoever has them. The reason is a file that everybody may read.")

    @OptionGroup var step: OrganisationStep

    @Option(help: "The gift's number.")
    var gift: UInt32

    @Option(help: "Why, as one file.")
    var reason: String

    func run() async throws {
      try await step.run(for: "taking a gift back") { _, _, _, _ in
        ("taken back", try Hearts.reverse(gift: gift, reason: PublicDocument.hash(reason)))
      } note: { outcome, _, _, _ in
        outcome.gift = gift
      }
    }
  }

  /// `tongzhou hearts relate`.
  struct Relate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an auditor: say that two organisations are related.")

    @OptionGroup var step: OrganisationStep

    @Option(help: "The number of the one.")
    var first: UInt32

    @Option(help: "The number of the other.")
    var second: UInt32

    @Option(help: "What shows it, as one file.")
    var evidence: String

    func run() async throws {
      try await step.run(for: "saying that organisations are related") { _, _, _, _ in
        ("related", try Hearts.relate(first, second, evidence: PublicDocument.hash(evidence)))
      }
    }
  }
}
