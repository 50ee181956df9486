internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou case`.
struct CaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract:
      "A case, step by step: file, assign, investigate, decide, notice, pay; withdraw, object, appeal; fast track.",
    discussion: """
      The owner files, or a hospital or a helper whom she named (helper) for her; the platform hands the case to an
      investigator, who reports; two organisations that did not investigate it decide; the platform publishes the
      notice, where the plan has no calendar for that. After the notice the members share, and the custodian pays.
      During the notice members may object, and the owner of a refused case may appeal: then a jury is drawn
      (tongzhou jury).
      On a demonstration the officers' keys lie in DATA/keys.

        tongzhou case file http://127.0.0.1:8080 --membership 3 --class cancer --diagnosed 2026-01-02 --secret me.key
        tongzhou case assign http://127.0.0.1:8080 --case 7 --to 2 --officers data/demo/keys
        tongzhou case investigate http://127.0.0.1:8080 --case 7 --officers data/demo/keys
        tongzhou case decide http://127.0.0.1:8080 --case 7 --as 0 --officers data/demo/keys
        tongzhou case decide http://127.0.0.1:8080 --case 7 --as 3 --officers data/demo/keys
        tongzhou case notice http://127.0.0.1:8080 --case 7 --officers data/demo/keys
        tongzhou case pay http://127.0.0.1:8080 --case 7 --officers data/demo/keys

      Where a case stands: /cases/7 on the node's pages.
      """,
    subcommands: [
      File.self, Assign.self, Investigate.self, Decide.self, Notice.self, Pay.self, Returned.self, Withdraw.self,
      Object.self, Appeal.self, Record.self, Helper.self, Check.self, Certify.self, Countersign.self, Recovered.self,
    ])

  /// What every step has in common.
  struct Step: ParsableArguments {
    @OptionGroup var sent: SentStep
    @OptionGroup var acting: OfficerOption
  }

  /// A step of a case that is filed.
  struct CaseStep: ParsableArguments {
    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    var acting: OfficerOption { step.acting }

    /// Carries it out and shows it.
    func run(
      _ body: (NodeClient, _ name: String, TrustedChain) async throws -> SentStep.Signed
    ) async throws {
      try await step.sent.run(body) { outcome, _, _, _ in outcome.case = number }
    }
  }

  /// `tongzhou case file`.
  struct File: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "File a case: the owner with her secret, or a hospital.",
      discussion: "The classes of disease are those of the plan's convention; `tongzhou plan explain` lists them.")

    @OptionGroup var step: Step

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(name: .customLong("class"), help: "The class of disease by its key, like cancer.")
    var diseaseClass: String

    @Option(help: "The day of the diagnosis, like 2026-01-02.")
    var diagnosed: String

    @Option(help: "The file with the owner's secret; without it, --officers with a hospital's key.")
    var secret: String?

    @Option(help: "The documents, as one file; the chain gets a salted commitment to it.")
    var documents: String?

    @Option(help: "The hospital's record that the case names, 64 hexadecimal digits as case record prints them.")
    var record: String?

    @Option(help: "The ordinal of the hospital that registered the record.")
    var hospital: UInt32?

    @Option(help: "The file with a helper's key for this plan, whom the owner named; in place of --secret.")
    var helper: String?

    @Option(
      help: "The commitment to documents in a vault, as vault seal or vault list prints it, in place of --documents.")
    var commitment: String?

    func run() async throws {
      try await step.sent.run { client, name, chain in
        guard let day = CivilText.day(diagnosed).flatMap({ UInt32(exactly: $0.dayNumber) }) else {
          throw LedgerError(.malformed, "\(diagnosed) is no day, like 2026-01-02")
        }
        let content = try documents.map { try SmallFile.read($0) } ?? []
        let given = try commitment.map { text in
          guard documents == nil, let hash = Hash(hexadecimal: text) else {
            throw LedgerError(.malformed, "a commitment is 64 hexadecimal digits, and stands in place of --documents")
          }
          return hash
        }
        let plan = try await client.membership(membership, on: name, chain: chain).plan
        let rules = try await client.convention(of: plan, on: name, chain: chain)
        guard let number = rules.classID(diseaseClass) else {
          throw LedgerError(
            .notCovered, "the plan has the classes \(rules.classes.map(\.key).joined(separator: ", "))")
        }
        let key: SigningKey
        var owner: Address?
        let own: Commitment
        let named = try hospitalRecord()
        if let helper {
          let secret = try SecretFile.read(helper)
          key = try secret.key(chain: chain.id, plan: UInt32(plan))
          own = Commitment(
            to: content, salt: secret.salt(chain: chain.id, plan: UInt32(plan), purpose: .documents))
        } else if let secret {
          let secret = try SecretFile.read(secret)
          let found = try await client.key(of: membership, secret, on: name, chain: chain)
          (key, owner) = (found.key, found.record.owner)
          own = Commitment(
            to: content, salt: secret.salt(chain: chain.id, plan: UInt32(plan), purpose: .documents))
        } else {
          key = try await step.acting.required(for: "filing without the owner's secret")
            .key(with: .hospital, client, on: name, chain: chain)
          own = Commitment(to: content, by: key, for: "documents \(membership) \(day)")
        }
        return SentStep.Signed(
          did: "filed",
          action: try MutualAid.fileCase(
            membership: membership, diseaseClass: number, diagnosed: day, documents: given ?? own.hash,
            record: named),
          key: key, account: owner)
      } note: { outcome, client, name, chain in
        let open = try await client.membership(membership, on: name, chain: chain).openCase
        guard open > 0 else { throw ClientError(.unproven, "the membership has no open case") }
        outcome.case = open - 1
      }
    }

    private func hospitalRecord() throws -> (commitment: Hash, hospital: UInt32)? {
      guard record != nil || hospital != nil else { return nil }
      guard let record, let hospital, let commitment = Hash(hexadecimal: record) else {
        throw LedgerError(.malformed, "--record has 64 hexadecimal digits, and --hospital goes with it")
      }
      return (commitment, hospital)
    }
  }

  /// `tongzhou case investigate`.
  struct Investigate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the investigator: report that the convention covers a case, or that it does not.")

    @OptionGroup var step: CaseStep

    @Flag(help: "The convention does not cover it.")
    var decline = false

    @Option(help: "The report, as one file; the chain gets a salted commitment to it.")
    var report: String?

    func run() async throws {
      try await step.run { client, name, chain in
        let content = try report.map { try SmallFile.read($0) } ?? []
        let record = try await client.case(step.number, on: name, chain: chain)
        let officers = try step.acting.required(for: "investigating")
        let key =
          record.investigator == 0
          ? try await officers.key(with: .investigator, client, on: name, chain: chain)
          : try await officers.key(of: record.investigator - 1, client, on: name, chain: chain)
        let commitment = Commitment(to: content, by: key, for: "report \(step.number)")
        return SentStep.Signed(
          did: decline ? "reported as not covered" : "reported as covered",
          action: try MutualAid.investigate(caseOrdinal: step.number, confirmed: !decline, report: commitment.hash),
          key: key
        )
      }
    }
  }

  /// `tongzhou case notice`.
  struct Notice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the platform: publish the notice of a case that was found right.",
      discussion: "Only in plans without a calendar: where there is one, notices come by themselves.")

    @OptionGroup var step: CaseStep

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "publishing a notice")
          .key(with: .platform, client, on: name, chain: chain)
        return SentStep.Signed(did: "noticed", action: try MutualAid.publishNotice(caseOrdinal: step.number), key: key)
      }
    }
  }

  /// `tongzhou case pay`.
  struct Pay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the custodian: confirm that aid was paid out.")

    @OptionGroup var step: CaseStep

    @Option(help: "Yuan, with at most two decimals; all that is due without it.")
    var amount: String?

    func run() async throws {
      try await step.run { client, name, chain in
        let record = try await client.case(step.number, on: name, chain: chain)
        let plan = try await client.plan(record.plan, on: name, chain: chain)
        let key = try await step.acting.required(for: "confirming a payment")
          .key(of: plan.custodian, client, on: name, chain: chain)
        var paid = Amount(micro: record.given - record.paid).wholeFen.fen
        if let amount {
          let yuan = try Amount(typed: amount, .badPayment)
          paid = yuan
        }
        let reference = Commitment(to: [], by: key, for: "payout \(step.number) \(record.paid)")
        let payee = try await client.payee(of: record.membership, on: name, chain: chain)
        return SentStep.Signed(
          did: "paid \(paid) yuan",
          action: try MutualAid.confirmPayout(
            caseOrdinal: step.number, amount: paid, reference: reference.hash, payee: payee), key: key)
      }
    }
  }
}
