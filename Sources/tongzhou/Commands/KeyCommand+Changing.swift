internal import ArgumentParser
internal import Consortium
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

extension KeyCommand {
  /// `tongzhou key rotate`.
  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an owner: sign with the key of another secret from now on; the address stays.")

    @OptionGroup var member: MemberOptions

    @Option(help: "The file with the new secret.")
    var to: String

    func run() async throws {
      try await member.run("key changed") { _, record, chain in
        let key = try SecretFile.read(to).key(chain: chain.id, plan: UInt32(record.plan))
        return try MutualAid.rotateKey(membership: member.membership, to: key.publicKey)
      }
    }
  }

  /// `tongzhou key recover`.
  struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As an organisation: propose a new key for an owner who has lost hers.",
      discussion: "A second organisation has to propose the same within seven days; then it stands seven days later.")

    @OptionGroup var sent: SentStep
    @OptionGroup var acting: OfficerOption

    @Option(help: "The membership's ordinal.")
    var membership: UInt32

    @Option(help: "The new public key as `key show` prints it.")
    var key: String

    @Option(name: .customLong("as"), help: "The organisation's ordinal.")
    var organisation: UInt16

    func run() async throws {
      try await sent.run { client, name, chain in
        guard let raw = Hash(hexadecimal: key) else {
          throw LedgerError(.badKey, "a public key is 64 hexadecimal digits")
        }
        let officer = try await acting.required(for: "proposing a key")
          .key(of: organisation, client, on: name, chain: chain)
        return SentStep.Signed(
          did: "key proposed",
          action: try MutualAid.proposeRecovery(membership: membership, to: PublicKey(raw.bytes)), key: officer)
      } note: { outcome, _, _, _ in
        outcome.membership = membership
      }
    }
  }

  /// `tongzhou key veto`.
  struct Veto: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As whoever has the present key: forbid a recovery whose delay runs.",
      discussion: "Nothing is paid to the account then until its owner proves who she is.")

    @OptionGroup var member: MemberOptions

    @Option(help: "The recovery's ordinal.")
    var recovery: UInt32

    func run() async throws {
      try await member.run("recovery vetoed") { _, _, _ in try MutualAid.vetoRecovery(recovery) }
    }
  }

  /// `tongzhou key prove`.
  struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "After a veto: hand in the identity authority's new attestation of the key to be believed.",
      discussion: """
        `tongzhou attest` makes it, with the address that `key show` prints for the secret in question as --owner.
        """)

    @OptionGroup var sent: SentStep

    @Option(help: "The recovery's ordinal.")
    var recovery: UInt32

    @Option(help: "The file with the secret of the key to be believed.")
    var secret: String

    @Option(help: "What the identity authority gave.")
    var attestation: String

    func run() async throws {
      try await sent.run { _, _, chain in
        let proven = try AttestationFile.proven(at: attestation, chain: chain.id)
        let key = try SecretFile.read(secret).key(chain: chain.id, plan: UInt32(proven.attestation.plan))
        return SentStep.Signed(
          did: "identity proven", action: try MutualAid.proveIdentity(recovery: recovery, proven), key: key)
      }
    }
  }
}
