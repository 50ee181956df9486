internal import ArgumentParser
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// What has in common whatever an owner signs for her membership.
struct MemberOptions: ParsableArguments {
  @OptionGroup var sent: SentStep

  @Option(help: "The membership's ordinal.")
  var membership: UInt32

  @Option(help: "The file with the owner's secret.")
  var secret: String

  /// Carries out what the owner's key signs.
  func run(
    _ did: String, _ action: (BackupSecret, MembershipRecord, TrustedChain) throws -> Action
  ) async throws {
    try await sent.run { client, name, chain in
      let secret = try SecretFile.read(secret)
      let (key, record) = try await client.key(of: membership, secret, on: name, chain: chain)
      return SentStep.Signed(
        did: did, action: try action(secret, record, chain), key: key, account: record.owner)
    } note: { outcome, _, _, _ in
      outcome.membership = membership
    }
  }
}

extension BackupSecret {
  /// The commitment to a file by which a member stands in one plan; the salt follows from her secret.
  func commitment(
    to path: String, _ purpose: Commitment.Purpose, _ record: MembershipRecord, _ chain: TrustedChain
  ) throws -> Hash {
    Commitment(
      to: try SmallFile.read(path), salt: salt(chain: chain.id, plan: UInt32(record.plan), purpose: purpose)
    ).hash
  }
}
