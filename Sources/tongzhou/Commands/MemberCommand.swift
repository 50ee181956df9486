internal import ArgumentParser
internal import Consortium
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou member`.
struct MemberCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member",
    abstract: "A membership's affairs: payee, heir, consent, coming of age, illness while waiting, death; its audit.",
    discussion: """
      Who is named stays off the chain: it gets a commitment to a file, whose salt follows from the member's secret.
      Whoever pays is shown the file and the salt. A change of payee or heir takes effect after seven days.

        tongzhou member payee http://127.0.0.1:8080 --membership 3 --secret me.key --to account.txt
        tongzhou member heir http://127.0.0.1:8080 --membership 3 --secret me.key --to heir.txt
        tongzhou member consent http://127.0.0.1:8080 --membership 3 --secret me.key --purpose research \\
          --text consent.txt --until 2027-01-01
        tongzhou member death http://127.0.0.1:8080 --membership 3 --day 2026-05-01 --officers data/demo/keys

      The rules: docs/members.md.
      """,
    subcommands: [
      Payee.self, Heir.self, Consent.self, WithdrawConsent.self, TakeOver.self, Illness.self, Death.self,
      Audit.self,
    ])

  /// `tongzhou member payee`.
  struct Payee: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As an owner: name who is paid.")

    @OptionGroup var member: MemberOptions

    @Option(help: "A file that says who; without it payments go to the owner again.")
    var to: String?

    func run() async throws {
      try await member.run("payee named; in force after seven days") { secret, record, chain in
        try MutualAid.setPayee(
          membership: member.membership,
          commitment: to.map { try secret.commitment(to: $0, .payee, record, chain) } ?? .zero)
      }
    }
  }

  /// `tongzhou member heir`.
  struct Heir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an owner: name who is paid after the insured's death.")

    @OptionGroup var member: MemberOptions

    @Option(help: "A file that says who; without it nobody is named any more.")
    var to: String?

    func run() async throws {
      try await member.run("heir named; in force after seven days") { secret, record, chain in
        try MutualAid.setHeir(
          membership: member.membership,
          commitment: to.map { try secret.commitment(to: $0, .heir, record, chain) } ?? .zero)
      }
    }
  }

  /// `tongzhou member consent`.
  struct Consent: AsyncParsableCommand {
    /// The purposes by the words of the command line.
    private static let purposes: [(name: String, purpose: ConsentRecord.Purpose)] = [
      ("medical-records", .medicalRecords), ("public-notice", .publicNotice), ("insurer", .insurer),
      ("research", .research), ("contact", .contact),
    ]

    static let configuration = CommandConfiguration(
      abstract: "As an owner: consent to a use of what is known about you, until a day.",
      discussion: "The purposes: \(purposes.map(\.name).joined(separator: ", ")).")

    @OptionGroup var member: MemberOptions

    @Option(help: "What for.")
    var purpose: String

    @Option(help: "The file with the text agreed to.")
    var text: String

    @Option(help: "It holds until this day begins, like 2027-01-01.")
    var until: String

    func run() async throws {
      try await member.run("consent given") { secret, record, chain in
        guard let found = Consent.purposes.first(where: { $0.name == purpose }) else {
          throw LedgerError(.malformed, "the purposes: \(Consent.purposes.map(\.name).joined(separator: ", "))")
        }
        guard let day = CivilText.day(until) else {
          throw LedgerError(.malformed, "\(until) is no day, like 2027-01-01")
        }
        return try MutualAid.giveConsent(
          membership: member.membership, purpose: found.purpose,
          commitment: secret.commitment(to: text, .consent, record, chain), until: day.midnight)
      }
    }
  }

  /// `tongzhou member withdraw-consent`.
  struct WithdrawConsent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As an owner: take a consent back.")

    @OptionGroup var member: MemberOptions

    @Option(help: "The consent's ordinal in the table `consents`.")
    var consent: UInt32

    func run() async throws {
      try await member.run("consent taken back") { _, _, _ in try MutualAid.withdrawConsent(consent) }
    }
  }

  /// `tongzhou member take-over`.
  struct TakeOver: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an insured who is of age: take your membership over from who owned it.")

    @OptionGroup var sent: SentStep

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The file with your own secret.")
    var secret: String

    @Option(help: "What the identity authority gave you.")
    var attestation: String

    func run() async throws {
      try await sent.run { _, _, chain in
        let proven = try AttestationFile.proven(at: attestation, chain: chain.id)
        let key = try SecretFile.read(secret).key(chain: chain.id, plan: UInt32(proven.attestation.plan))
        return SentStep.Signed(
          did: "taken over", action: try MutualAid.takeOver(membership: membership, proven), key: key)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }

  /// `tongzhou member illness`.
  struct Illness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an owner: report an illness within the waiting period, where the convention pays shares back.")

    @OptionGroup var member: MemberOptions

    @Option(name: .customLong("class"), help: "The class of disease by its number in the convention.")
    var diseaseClass: UInt8

    @Option(help: "The day of the diagnosis, like 2026-01-02.")
    var diagnosed: String

    @Option(help: "The documents, as one file; the chain gets a salted commitment to it.")
    var documents: String

    func run() async throws {
      try await member.run("illness reported") { secret, record, chain in
        guard let day = CivilText.day(diagnosed).flatMap({ UInt32(exactly: $0.dayNumber) }) else {
          throw LedgerError(.malformed, "\(diagnosed) is no day, like 2026-01-02")
        }
        return try MutualAid.reportIllness(
          membership: member.membership, diseaseClass: diseaseClass, diagnosed: day,
          documents: secret.commitment(to: documents, .documents, record, chain))
      }
    }
  }

  /// `tongzhou member death`.
  struct Death: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the plan's identity authority: report that an insured has died.")

    @OptionGroup var sent: SentStep
    @OptionGroup var acting: OfficerOption

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The day of the death, like 2026-05-01.")
    var day: String

    func run() async throws {
      try await sent.run { client, name, chain in
        guard let day = CivilText.day(day).flatMap({ UInt32(exactly: $0.dayNumber) }) else {
          throw LedgerError(.malformed, "\(self.day) is no day, like 2026-05-01")
        }
        let plan = try await client.membership(membership, on: name, chain: chain).plan
        let authority = try await client.plan(plan, on: name, chain: chain).identity
        let officer = try await acting.required(for: "reporting a death")
          .key(of: authority, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "death reported", action: try MutualAid.reportDeath(membership: membership, day: day), key: officer)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }
}
