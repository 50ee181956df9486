internal import ArgumentParser
internal import Consortium
internal import Foundation
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// What an identity authority is told about a person.
struct PersonOptions: ParsableArguments {
  @Option(help: "Month of birth of the insured, like 1990-05.")
  var born: String?

  @Option(
    help:
      "A file with her identity number, of which only a MAC leaves; without it her address stands for her."
  )
  var identity: String?

  @OptionGroup var acting: OfficerOption

  /// Her identity number, or what stands for it.
  func number(standIn owner: Address) throws -> [UInt8] {
    try identity.map { try SmallFile.read($0, limit: 4096) } ?? owner.bytes
  }

  /// Attests a person: the authority's step.
  func attest(
    _ owner: Address, plan: UInt16, _ node: NodeClient, on name: String, chain: TrustedChain
  ) async throws -> ProvenAttestation {
    guard let born else { throw LedgerError(.malformed, "--born says the month of birth, like 1990-05") }
    guard let date = CivilText.month(born) else { throw LedgerError(.malformed, "\(born) is no month, like 1990-05") }
    let record = try await node.plan(plan, on: name, chain: chain)
    let officer = try await acting.required(for: "attesting a person")
      .key(of: record.identity, node, on: name, chain: chain)
    let row = try IdentityAuthority(officer: officer).attest(
      plan: plan, owner: owner, identity: try number(standIn: owner),
      born: date, rules: try await node.convention(of: plan, on: name, chain: chain),
      at: .wallClock)
    return try await node.attest([row], plan: plan, by: officer, on: name, chain: chain).proven[0]
  }
}

/// `tongzhou attest`.
struct AttestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "As the identity authority: attest that a person exists once.",
    discussion: """
      Puts her row on the chain, plan, owner's address, month of birth and a MAC of her identity number, and
      writes what she needs to join: the row with its proof.

        tongzhou key show --secret me.key --chain CHAIN-ID --plan 0      (she tells her address)
        tongzhou attest http://127.0.0.1:8080 --plan 0 --owner tz1… --born 1990-05 \\
          --officers data/demo/keys --output me.attestation
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The plan's ordinal.")
  var plan: UInt16 = 0

  @Option(help: "The address of the owner: who pays and holds the key.")
  var owner: String

  @OptionGroup var person: PersonOptions

  @Option(help: "The file to write.")
  var output: String

  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func run() async throws {
    do {
      let address = try Address(text: owner)
      try await node.with(url) { client, name, chain in
        let proven = try await person.attest(address, plan: plan, client, on: name, chain: chain)
        try SmallFile.write(AttestationFile(proven, chain: chain.id).json(), to: output)
        if json.isOn {
          try Output.json(["attestation": output, "owner": owner, "manifest": "\(proven.manifest)"])
        } else {
          Output.line(
            "attested \(owner) for plan \(plan): row \(proven.index) of manifest \(proven.manifest), in \(output)")
        }
      }
    } catch {
      throw Output.fail(error)
    }
  }
}

/// `tongzhou join`.
struct JoinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Join a plan with a key of one's own.",
    discussion: """
      Her key for this plan follows from her secret. The identity authority has to attest her first: with
      --attestation she hands in what it gave her; on a demonstration, whose authority's key lies in
      DATA/keys, --born and --officers do both steps at once.

        tongzhou key new --output me.key
        tongzhou join http://127.0.0.1:8080 --plan 0 --secret me.key --born 1990-05 --officers data/demo/keys
        tongzhou join http://127.0.0.1:8080 --plan 0 --secret me.key --attestation me.attestation

      Cover begins with the first deposit, and aid after the plan's waiting period. What she declares about
      her health stays with her: the chain gets a commitment, whose salt follows from her secret.
      """)

  @Argument(help: "The node's address.")
  var url: String

  @Option(help: "The plan's ordinal.")
  var plan: UInt16 = 0

  @Option(help: "The file with her secret, readable by her alone.")
  var secret: String

  @Option(help: "What the identity authority gave her.")
  var attestation: String?

  @OptionGroup var person: PersonOptions

  @Option(help: "Her health declaration; the chain gets a salted commitment to it.")
  var health: String?

  @OptionGroup var receipt: ReceiptOption
  @OptionGroup var node: NodeOptions
  @OptionGroup var json: JSONOption

  func validate() throws {
    guard attestation == nil || person.born == nil else {
      throw ValidationError("--attestation already says when the insured was born")
    }
  }

  func run() async throws {
    do {
      let secret = try SecretFile.read(secret)
      let declared = try health.map { try SmallFile.read($0) } ?? []
      try await node.with(url) { client, name, chain in
        let key = try secret.key(chain: chain.id, plan: UInt32(plan))
        let owner = key.publicKey.address
        let proven: ProvenAttestation
        if let attestation {
          proven = try AttestationFile.proven(at: attestation, chain: chain.id)
        } else {
          proven = try await person.attest(owner, plan: plan, client, on: name, chain: chain)
        }
        func commitment(_ content: [UInt8], _ purpose: Commitment.Purpose) -> Hash {
          Commitment(to: content, salt: secret.salt(chain: chain.id, plan: UInt32(plan), purpose: purpose)).hash
        }
        let action = try MutualAid.join(
          proven, insured: commitment(try person.number(standIn: owner), .insured),
          health: commitment(declared, .health))
        let done = try await client.perform(action, by: key, on: name, chain: chain)
        try receipt.keep(done)
        var outcome = Outcome("joined plan \(plan)", done, chain: chain, receipt: receipt.receipt)
        outcome.owner = owner.description
        outcome.plan = plan
        outcome.membership = try await client.membership(of: owner, plan: plan, on: name, chain: chain)
        try outcome.show(json, node)
      }
    } catch {
      throw Output.fail(error)
    }
  }
}

/// Dates on the command line.
enum CivilText {
  /// `1990-05` as year × 12 + month − 1.
  static func month(_ text: String) -> UInt16? {
    guard let date = day(text + "-01") else { return nil }
    return UInt16(exactly: date.year * 12 + date.month - 1)
  }

  /// `1990-05-17`.
  static func day(_ text: String) -> CivilDate? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }
}
