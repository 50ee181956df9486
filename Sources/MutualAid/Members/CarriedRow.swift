internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

/// An attestation that an action carries with its path, read and not yet proven.
struct CarriedRow {
  let row: [UInt8]
  let manifest: UInt32
  let index: UInt32
  /// `nil` where there are too many hashes or one of a wrong length.
  let path: [Hash]?

  init(row: [UInt8], manifest: UInt32, index: UInt32, path: [Hash]?) {
    self.row = row
    self.manifest = manifest
    self.index = index
    self.path = path
  }

  private init(_ row: Data, _ manifest: UInt32, _ index: UInt32, _ path: [Data]) {
    let hashes = path.count <= InclusionProof.maximumPathCount ? path.compactMap { Hash($0) } : []
    self.init(row: Array(row), manifest: manifest, index: index, path: hashes.count == path.count ? hashes : nil)
  }

  init(_ wire: WireProveIdentity) { self.init(wire.attestation, wire.manifest, wire.index, wire.path) }
  init(_ wire: WireTakeOver) { self.init(wire.attestation, wire.manifest, wire.index, wire.path) }
}

extension MutualAid {
  /// Checks that a row stands in a manifest of a plan's identity authority.
  ///
  /// - Returns: what it says, and the block time of its manifest.
  func prove(
    _ carried: CarriedRow, plan: UInt16, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) -> (attestation: Attestation, attestedAt: Timestamp) {
    let attestation = try Attestation(row: carried.row)
    guard attestation.plan == plan else { throw LedgerError(.attestationMismatch, "attested for another plan") }
    guard let path = carried.path else {
      throw LedgerError(.attestationNotProven, "a path has at most 64 hashes of 32 bytes")
    }
    try consortium.prove(
      attestation, manifest: carried.manifest,
      path: FoldedPath(leafHash: .leaf(carried.row), index: UInt64(carried.index), path: path),
      by: plans[Int(plan)].identity, at: time)
    return (attestation, consortium.attestations[Int(carried.manifest)].time)
  }

  /// The same of the person whom a membership insures, attested for the sender.
  func attested(
    _ carried: CarriedRow, for membership: Int, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) -> (attestation: Attestation, attestedAt: Timestamp) {
    let member = memberships[membership]
    let found = try prove(carried, plan: member.plan, consortium: consortium, at: time)
    guard found.attestation.owner == sender else {
      throw LedgerError(.attestationMismatch, "attested for another owner")
    }
    guard found.attestation.nullifier == nullifiers[Int(member.nullifier)].key else {
      throw LedgerError(.otherPerson, "attested of another person")
    }
    return found
  }
}
