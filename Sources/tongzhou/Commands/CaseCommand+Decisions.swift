internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension CaseCommand {
  /// `tongzhou case assign`.
  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the platform: hand a case to an organisation that investigates it.")

    @OptionGroup var step: CaseStep

    @Option(help: "The investigating organisation's ordinal.")
    var to: UInt32

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "assigning a case")
          .key(with: .platform, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "assigned", action: try MutualAid.assign(caseOrdinal: step.number, to: to), key: key)
      }
    }
  }

  /// `tongzhou case decide`.
  struct Decide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation that did not investigate it: approve or decline a case.",
      discussion: "The second organisation that says the same decides.")

    @OptionGroup var step: CaseStep

    @Option(name: .customLong("as"), help: "The ordinal of the organisation that decides.")
    var organisation: UInt16

    @Flag(help: "The convention does not cover it.")
    var decline = false

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "deciding")
          .key(of: organisation, client, on: name, chain: chain)
        return SentStep.Signed(
          did: decline ? "declined" : "approved",
          action: try MutualAid.decide(caseOrdinal: step.number, approve: !decline),
          key: key)
      }
    }
  }

  /// `tongzhou case returned`.
  struct Returned: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the custodian: report that a payout came back, so that it is due again.")

    @OptionGroup var step: CaseStep

    @Option(help: "Yuan, with at most two decimals.")
    var amount: String

    func run() async throws {
      try await step.run { client, name, chain in
        let yuan = try Amount(typed: amount, .badPayment)
        let record = try await client.case(step.number, on: name, chain: chain)
        let plan = try await client.plan(record.plan, on: name, chain: chain)
        let key = try await step.acting.required(for: "reporting a payout that came back")
          .key(of: plan.custodian, client, on: name, chain: chain)
        let reference = Commitment(to: [], by: key, for: "returned \(step.number) \(record.returnedPayouts)")
        return SentStep.Signed(
          did: "\(yuan) yuan due again",
          action: try MutualAid.returnPayout(caseOrdinal: step.number, amount: yuan, reference: reference.hash),
          key: key)
      }
    }
  }

  /// `tongzhou case withdraw`.
  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As the owner: take a case back before it is decided.")

    @OptionGroup var step: CaseStep

    @Option(help: "The file with the owner's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let membership = try await client.case(step.number, on: name, chain: chain).membership
        let (key, member) = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain)
        return SentStep.Signed(
          did: "withdrawn", action: try MutualAid.withdrawCase(step.number), key: key, account: member.owner)
      }
    }
  }

  /// `tongzhou case object`.
  struct Object: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a member with a balance: object to a case in public notice.")

    @OptionGroup var step: CaseStep

    @Option(help: "The membership that objects.")
    var membership: UInt32

    @Option(
      help: "Why: ill-before, false-declaration, false-documents, not-covered, other-person or other.",
      transform: ObjectionRecord.Reason.named)
    var reason: ObjectionRecord.Reason

    @Option(help: "The evidence, as one file; the chain gets a salted commitment to it.")
    var evidence: String?

    @Option(help: "The file with the member's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let content = try evidence.map { try SmallFile.read($0) } ?? []
        let (key, member) = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain)
        return SentStep.Signed(
          did: "objected",
          action: try MutualAid.object(
            to: step.number, membership: membership, reason: reason,
            evidence: Commitment(to: content, by: key, for: "objection \(step.number)").hash), key: key,
          account: member.owner)
      }
    }
  }

  /// `tongzhou case appeal`.
  struct Appeal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the owner of a refused case: let a jury look at it, once.")

    @OptionGroup var step: CaseStep

    @Option(help: "What speaks for it, as one file; the chain gets a salted commitment to it.")
    var evidence: String?

    @Option(help: "The file with the owner's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let content = try evidence.map { try SmallFile.read($0) } ?? []
        let membership = try await client.case(step.number, on: name, chain: chain).membership
        let (key, member) = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain)
        return SentStep.Signed(
          did: "appealed",
          action: try MutualAid.appeal(
            caseOrdinal: step.number, evidence: Commitment(to: content, by: key, for: "appeal \(step.number)").hash),
          key: key,
          account: member.owner)
      }
    }
  }
}

extension ObjectionRecord.Reason {
  /// Reads a reason as people write it: `ill-before`.
  fileprivate static func named(_ word: String) throws -> Self {
    let words = allCases.map { reason in
      "\(reason)".map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
    }
    guard let found = zip(allCases, words).first(where: { $0.1 == word })?.0 else {
      throw ValidationError("a reason is one of \(words.joined(separator: ", "))")
    }
    return found
  }
}
