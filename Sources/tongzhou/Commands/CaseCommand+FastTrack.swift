internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension CaseCommand {
  /// `tongzhou case certify`.
  struct Certify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a hospital: sign the diagnosis of a case for the fast track.")

    @OptionGroup var step: CaseStep

    @Option(help: "A text that the commitment is to, such as the number of the signed diagnosis.")
    var diagnosis: String

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "signing a diagnosis")
          .key(with: .hospital, client, on: name, chain: chain)
        let commitment = Commitment(to: Array(diagnosis.utf8), by: key, for: "diagnosis \(step.number)")
        return SentStep.Signed(
          did: "signed",
          action: try MutualAid.certifyDiagnosis(caseOrdinal: step.number, diagnosis: commitment.hash), key: key)
      }
    }
  }

  /// `tongzhou case countersign`.
  struct Countersign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an insurer: sign beside the hospital, so that the reserve advances the aid.")

    @OptionGroup var step: CaseStep

    func run() async throws {
      try await step.run { client, name, chain in
        let key = try await step.acting.required(for: "signing for an advance")
          .key(with: .insurer, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "aid advanced", action: try MutualAid.countersign(caseOrdinal: step.number), key: key)
      }
    }
  }

  /// `tongzhou case recovered`.
  struct Recovered: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As the custodian: report that an advance, or a part of it, was paid back.")

    @OptionGroup var step: CaseStep

    @Option(help: "Yuan, with at most two decimals.")
    var amount: String

    @Option(help: "A text that the commitment is to, such as the payment's number; another for each payment.")
    var reference: String

    func run() async throws {
      try await step.run { client, name, chain in
        let yuan = try Amount(typed: amount, .nothingOwed)
        let record = try await client.case(step.number, on: name, chain: chain)
        let plan = try await client.plan(record.plan, on: name, chain: chain)
        let key = try await step.acting.required(for: "reporting what was paid back")
          .key(of: plan.custodian, client, on: name, chain: chain)
        let commitment = Commitment(to: Array(reference.utf8), by: key, for: "paid back \(step.number)")
        return SentStep.Signed(
          did: "\(yuan) yuan paid back",
          action: try MutualAid.recover(caseOrdinal: step.number, amount: yuan, reference: commitment.hash), key: key)
      }
    }
  }
}
