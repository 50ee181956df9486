internal import Consortium
internal import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

/// A join's message with all that follows from it alone: read and hashed before the state is known, on any core.
struct JoinContent: Sendable {
  /// The plan, as the message has it.
  let plan: UInt32
  /// The attested row, or why it is none.
  let attestation: Result<Attestation, LedgerError>
  /// Ordinal of the manifest.
  let manifest: UInt32
  /// The row's path, hashed up; `nil` where it has too many hashes or one of a wrong length.
  let path: FoldedPath?
  /// Commitment to the insured and to the health declaration; `nil` where one of them has a wrong length.
  let commitment: Hash?

  /// Reads a join.
  ///
  /// - Throws: `encoding.malformed`.
  init(payload: [UInt8]) throws(LedgerError) {
    let wire: WireJoin = try MutualAid.decode(payload)
    plan = wire.plan
    manifest = wire.manifest
    let row = Array(wire.attestation)
    attestation = Result { () throws(LedgerError) in try Attestation(row: row) }
    let path = wire.path.count <= InclusionProof.maximumPathCount ? wire.path.compactMap { Hash($0) } : []
    self.path =
      path.count == wire.path.count
      ? FoldedPath(leafHash: .leaf(row), index: UInt64(wire.index), path: path) : nil
    if let insured = Hash(wire.insured), let health = Hash(wire.health) {
      commitment = .sha256(insured.bytes + health.bytes)
    } else {
      commitment = nil
    }
  }
}
