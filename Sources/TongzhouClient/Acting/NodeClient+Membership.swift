public import Ledger
public import MutualAid
public import TransparencyLog

extension NodeClient {
  /// A membership's record, proven.
  public func membership(_ ordinal: UInt32, on name: String, chain: TrustedChain) async throws -> MembershipRecord {
    try await record(
      MembershipRecord.self, table: "memberships", ordinal: UInt64(ordinal), on: name, chain: chain
    ).record
  }

  /// A case's record, proven.
  public func `case`(_ ordinal: UInt32, on name: String, chain: TrustedChain) async throws -> CaseRecord {
    try await record(CaseRecord.self, table: "cases", ordinal: UInt64(ordinal), on: name, chain: chain).record
  }

  /// The newest membership of an owner in a plan, its record proven. The node's index, which may lag a moment, only
  /// says where to look.
  ///
  /// - Throws: `membership.unknown` where there is none.
  public func membership(
    of owner: Address, plan: UInt16, on name: String, chain: TrustedChain
  ) async throws -> UInt32 {
    for attempt in 0..<100 {
      if attempt > 0 { try await Task.sleep(for: .milliseconds(100)) }
      for found in try await members(of: owner, chain: name).sorted(by: { $0.membership > $1.membership })
      where found.plan == plan {
        let record = try await membership(found.membership, on: name, chain: chain)
        if record.owner == owner && record.plan == plan { return found.membership }
      }
    }
    throw ClientError(
      ClientError.Code(ErrorCode.unknownMembership.name), "this owner has no membership in plan \(plan)")
  }

  /// The payee of record of a membership, as the node says; zero where payments go to the owner. The chain refuses a
  /// payment that names another.
  public func payee(of membership: UInt32, on name: String, chain: TrustedChain) async throws -> Hash {
    guard let text = try await summary(of: membership, chain: name).payee else { return .zero }
    guard let payee = Hash(hexadecimal: text) else { throw ClientError(.badAnswer, "a payee is 64 hexadecimal digits") }
    return payee
  }

  /// The key of a membership's owner, out of her secret: her first, or the one she changed to.
  ///
  /// - Throws: `membership.not_the_owner` where the membership is somebody else's.
  public func key(
    of membership: UInt32, _ secret: BackupSecret, on name: String, chain: TrustedChain
  ) async throws -> (key: SigningKey, record: MembershipRecord) {
    let record = try await self.membership(membership, on: name, chain: chain)
    let key = try secret.key(chain: chain.id, plan: UInt32(record.plan))
    if key.publicKey.address == record.owner { return (key, record) }
    guard try await signs(key, for: membership, record, on: name, chain) else {
      throw LedgerError(.notTheOwner, "membership \(membership) is not that of this secret")
    }
    return (key, record)
  }

  /// Whether a key stands for a membership's owner who changed hers, by her proven record.
  private func signs(
    _ key: SigningKey, for membership: UInt32, _ member: MembershipRecord, on name: String, _ chain: TrustedChain
  ) async throws -> Bool {
    guard let place = try await summary(of: membership, chain: name).accountKey else { return false }
    let known = try await record(
      AccountKeyRecord.self, table: "account_keys", ordinal: place, on: name, chain: chain
    ).record
    return known.key == member.owner.key && known.signing == key.publicKey.raw
  }
}
