internal import Consortium
internal import Ledger
internal import TransparencyLog

/// A join's message with all that follows from it alone: read and hashed before the state is known, on any core.
///
/// An object: it is handed from check to check.
final class JoinContent: Sendable {
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
  convenience init(payload: [UInt8]) throws(LedgerError) {
    if let plain = JoinFields(plain: payload) {
      self.init(plain)
    } else {
      self.init(JoinFields(try MutualAid.decode(payload)))
    }
  }

  private init(_ fields: JoinFields) {
    plan = fields.plan
    manifest = fields.manifest
    let row = Array(fields.attestation)
    attestation = Result { () throws(LedgerError) in try Attestation(row: row) }
    path = fields.path.map { FoldedPath(leafHash: .leaf(row), index: UInt64(fields.index), path: $0) }
    if let insured = Hash(fields.insured), let health = Hash(fields.health) {
      commitment = .sha256(insured.bytes + health.bytes)
    } else {
      commitment = nil
    }
  }
}

/// A join's fields as they stand in its message, with nothing checked but that they read.
struct JoinFields {
  var plan: UInt32 = 0
  var attestation: ArraySlice<UInt8> = []
  var manifest: UInt32 = 0
  var index: UInt32 = 0
  /// `nil` where there are too many hashes or one of a wrong length.
  var path: [Hash]?
  var insured: ArraySlice<UInt8> = []
  var health: ArraySlice<UInt8> = []

  /// What the library read.
  init(_ wire: WireJoin) {
    plan = wire.plan
    attestation = Array(wire.attestation)[...]
    manifest = wire.manifest
    index = wire.index
    let hashes = wire.path.count <= InclusionProof.maximumPathCount ? wire.path.compactMap { Hash($0) } : []
    path = hashes.count == wire.path.count ? hashes : nil
    insured = Array(wire.insured)[...]
    health = Array(wire.health)[...]
  }

  /// The same without the library, for the form that writers produce; `nil` for any other.
  init?(plain bytes: [UInt8]) {
    var message = PlainMessage(bytes[...])
    if let field = message.uint32(1) { plan = field }
    if let field = message.bytes(2) { attestation = field }
    if let field = message.uint32(3) { manifest = field }
    if let field = message.uint32(4) { index = field }
    var hashes: [Hash] = []
    while let field = message.bytes(5) {
      // A path that is too long or has a wrong hash is rare enough to be read the other way.
      guard let hash = Hash(field), hashes.count < InclusionProof.maximumPathCount else { return nil }
      hashes.append(hash)
    }
    path = hashes
    if let field = message.bytes(6) { insured = field }
    if let field = message.bytes(7) { health = field }
    guard message.isDone else { return nil }
  }
}
