internal import ArgumentParser
internal import Foundation
internal import HeartChain
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

extension HeartsCommand {
  /// `tongzhou hearts redeem`.
  struct Redeem: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Claim a gift with the code of its slip: its hearts become yours.",
      discussion: "The code is read from a file or from standard input, never from the command line.")

    @OptionGroup var step: GiverStep

    @Option(help: "A file that begins with the code; standard input without it.")
    var code: String?

    @Option(help: "The gift's number; without it, the one that waits for this code.")
    var gift: UInt32?

    func run() async throws {
      var claimed: UInt32?
      try await step.run { key, client, name, chain in
        let code = try typed()
        let number: UInt32
        if let gift { number = gift } else { number = try await waiting(for: code, client, name, chain) }
        claimed = number
        return SentStep.Signed(
          did: "claimed", action: try Hearts.redeem(gift: number), key: key, others: [try code.key()])
      } note: { outcome, _, _, _ in
        outcome.gift = claimed
      }
    }

    /// The gift may have been recorded a moment ago, and the index that finds it lag behind.
    private func waiting(
      for code: ClaimCode, _ client: NodeClient, _ name: String, _ chain: TrustedChain
    ) async throws -> UInt32 {
      for _ in 0..<20 {
        do {
          return try await client.gift(waitingFor: code, on: name, chain: chain)
        } catch let error as ClientError where error.code.name == ErrorCode.giftNotWaiting.name {
          try await Task.sleep(for: .milliseconds(100))
        }
      }
      return try await client.gift(waitingFor: code, on: name, chain: chain)
    }

    private func typed() throws -> ClaimCode {
      let bytes: [UInt8]
      if let code {
        bytes = try SmallFile.read(code, limit: 1 << 20)
      } else {
        bytes = Array(try FileHandle.standardInput.read(upToCount: 4096) ?? Data())
      }
      let word = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
      guard let word else { throw LedgerError(.badKey, "no claim code there") }
      return try ClaimCode(text: String(word))
    }
  }

  /// `tongzhou hearts spend`.
  struct Spend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Spend hearts at a partner, who signs as well.",
      discussion: """
        The partner's receipt is a file of which the chain gets the SHA-256; each receipt serves once. With --output you
        sign alone, and the partner hands it in within five minutes (hearts partner sign). Your love index stays.
        """)

    @OptionGroup var step: GiverStep

    @Option(help: "The partner's number.")
    var partner: UInt32

    @Option(help: "How many hearts.")
    var hearts: Int64

    @Option(help: "What for, by the partner's own list.")
    var purpose: UInt32 = 0

    @Option(help: "The partner's receipt.")
    var bill: String

    @Option(help: "The file with the partner's key, where both sign here.")
    var partnerKey: String?

    @Option(help: "Write what you signed to this file instead, for the partner to sign.")
    var output: String?

    func validate() throws {
      guard (partnerKey == nil) != (output == nil) else {
        throw ValidationError("--partner-key signs for both, --output leaves it to the partner: one of them")
      }
    }

    func run() async throws {
      guard let output else { return try await spend() }
      do {
        try await step.sent.node.with(step.sent.url, hearts: true) { _, _, chain in
          let key = try SecretFile.read(step.secret).heartKey(chain: chain.id)
          let envelope = try NodeClient.spending(
            hearts, at: partner, purpose: purpose, receipt: PublicDocument.hash(bill), by: key, chain: chain)
          try SmallFile.write(envelope, to: output)
          guard !step.sent.json.isOn else { return try Output.json(["file": output]) }
          Output.line("signed, in \(output); the partner has five minutes to sign it too")
        }
      } catch {
        throw Output.fail(error)
      }
    }

    private func spend() async throws {
      try await step.run { key, _, _, chain in
        let other = try PartnerKey.read(partnerKey ?? "", chain: chain.id)
        return SentStep.Signed(
          did: "spent \(hearts) hearts",
          action: try Hearts.spend(
            hearts: hearts, at: partner, purpose: purpose, receipt: PublicDocument.hash(bill)),
          key: key, others: [other])
      } note: { outcome, _, _, _ in
        outcome.partner = partner
      }
    }
  }

  /// `tongzhou hearts give`.
  struct Give: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give hearts to a project.")

    @OptionGroup var step: GiverStep

    @Option(help: "The project's number.")
    var project: UInt32

    @Option(help: "How many hearts.")
    var hearts: Int64

    func run() async throws {
      try await step.run { key, _, _, _ in
        SentStep.Signed(
          did: "gave \(hearts) hearts", action: try Hearts.give(hearts: hearts, to: project), key: key)
      } note: { outcome, _, _, _ in
        outcome.project = project
      }
    }
  }

  /// `tongzhou hearts consent`.
  struct Consent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Consent that a partner learns which thresholds your love index reaches, and nothing more.",
      discussion: "For at most 366 days. `hearts withdraw` takes it back; what stands is public under your address.")

    @OptionGroup var step: GiverStep

    @Option(help: "The partner's number.")
    var partner: UInt32

    @Option(help: "The last day of the consent, like 2026-12-31.")
    var until: String

    func run() async throws {
      var giver: Address?
      try await step.run { key, _, _, _ in
        giver = key.publicKey.address
        return SentStep.Signed(
          did: "consented",
          action: try Hearts.consent(partner: partner, until: TypedTime.day(until, atEnd: true)), key: key)
      } note: { outcome, client, name, chain in
        outcome.partner = partner
        if let giver { outcome.consent = try await client.consent(of: giver, for: partner, on: name, chain: chain) }
      }
    }
  }

  /// `tongzhou hearts withdraw`.
  struct Withdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take a consent back.")

    @OptionGroup var step: GiverStep

    @Option(help: "The partner's number.")
    var partner: UInt32

    func run() async throws {
      var withdrawn: UInt32?
      try await step.run { key, client, name, chain in
        let consent = try await client.consent(of: key.publicKey.address, for: partner, on: name, chain: chain)
        withdrawn = consent
        return SentStep.Signed(did: "taken back", action: try Hearts.withdrawConsent(consent), key: key)
      } note: { outcome, _, _, _ in
        outcome.partner = partner
        outcome.consent = withdrawn
      }
    }
  }
}
