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

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(help: "The investigating organisation's ordinal.")
    var to: UInt32

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "assigning a case")
          .key(with: .platform, client, on: name, chain: chain)
        let done = try await client.perform(
          MutualAid.assign(caseOrdinal: number, to: to), by: key, on: name, chain: chain)
        return ("assigned", done, number)
      }
    }
  }

  /// `tongzhou case decide`.
  struct Decide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation that did not investigate it: approve or decline a case.",
      discussion: "The second organisation that says the same decides.")

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(name: .customLong("as"), help: "The ordinal of the organisation that decides.")
    var organisation: UInt16

    @Flag(help: "The convention does not cover it.")
    var decline = false

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "deciding")
          .key(of: organisation, client, on: name, chain: chain)
        let done = try await client.perform(
          MutualAid.decide(caseOrdinal: number, approve: !decline), by: key, on: name, chain: chain)
        return (decline ? "declined" : "approved", done, number)
      }
    }
  }

  /// `tongzhou case returned`.
  struct Returned: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the custodian: report that a payout came back, so that it is due again.")

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(help: "Yuan, with at most two decimals.")
    var amount: String

    func run() async throws {
      try await step.run { client, name, chain in
        guard let yuan = Amount(yuanText: amount) else {
          throw LedgerError(.badPayment, "\(amount) is no amount of yuan")
        }
        let record = try await client.case(number, on: name, chain: chain)
        let plan = try await client.plan(record.plan, on: name, chain: chain)
        let key = try await step.acting.required(for: "reporting a payout that came back")
          .key(of: plan.custodian, client, on: name, chain: chain)
        let reference = Commitment(to: [], by: key, for: "returned \(number) \(record.returnedPayouts)")
        let done = try await client.perform(
          MutualAid.returnPayout(caseOrdinal: number, amount: yuan, reference: reference.hash), by: key, on: name,
          chain: chain)
        return ("\(yuan) yuan due again", done, number)
      }
    }
  }

  /// `tongzhou case withdraw`.
  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As the owner: take a case back before it is decided.")

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(help: "The file with the owner's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let membership = try await client.case(number, on: name, chain: chain).membership
        let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
        let done = try await client.perform(
          MutualAid.withdrawCase(number), by: key, on: name, chain: chain)
        return ("withdrawn", done, number)
      }
    }
  }

  /// `tongzhou case object`.
  struct Object: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a member with a balance: object to a case in public notice.")

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(help: "The membership that objects.")
    var membership: UInt32

    @Option(help: "Why: ill-before, false-declaration, false-documents, not-covered, other-person or other.")
    var reason: ObjectionReason

    @Option(help: "The evidence, as one file; the chain gets a salted commitment to it.")
    var evidence: String?

    @Option(help: "The file with the member's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let content = try evidence.map { try SmallFile.read($0) } ?? []
        let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
        let done = try await client.perform(
          MutualAid.object(
            to: number, membership: membership, reason: reason.recorded,
            evidence: Commitment(to: content, by: key, for: "objection \(number)").hash), by: key, on: name,
          chain: chain)
        return ("objected", done, number)
      }
    }
  }

  /// `tongzhou case appeal`.
  struct Appeal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the owner of a refused case: let a jury look at it, once.")

    @OptionGroup var step: Step

    @Option(name: .customLong("case"), help: "The case's ordinal.")
    var number: UInt32

    @Option(help: "What speaks for it, as one file; the chain gets a salted commitment to it.")
    var evidence: String?

    @Option(help: "The file with the owner's secret.")
    var secret: String

    func run() async throws {
      try await step.run { client, name, chain in
        let content = try evidence.map { try SmallFile.read($0) } ?? []
        let membership = try await client.case(number, on: name, chain: chain).membership
        let key = try await client.key(of: membership, SecretFile.read(secret), on: name, chain: chain).key
        let done = try await client.perform(
          MutualAid.appeal(
            caseOrdinal: number, evidence: Commitment(to: content, by: key, for: "appeal \(number)").hash), by: key,
          on: name, chain: chain)
        return ("appealed", done, number)
      }
    }
  }
}

/// Why a member objects, as people write it.
enum ObjectionReason: String, ExpressibleByArgument, CaseIterable {
  case illBefore = "ill-before"
  case falseDeclaration = "false-declaration"
  case falseDocuments = "false-documents"
  case notCovered = "not-covered"
  case otherPerson = "other-person"
  case other

  var recorded: ObjectionRecord.Reason {
    switch self {
    case .illBefore: .illBefore
    case .falseDeclaration: .falseDeclaration
    case .falseDocuments: .falseDocuments
    case .notCovered: .notCovered
    case .otherPerson: .otherPerson
    case .other: .other
    }
  }
}
