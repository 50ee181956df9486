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
    let bytes = fields.bytes.span.bytes
    let row = bytes.extracting(fields.attestation)
    do throws(LedgerError) { attestation = .success(try Attestation(row: row)) } catch { attestation = .failure(error) }
    let leaf = Hash.leaf(row)
    path = fields.path.map { FoldedPath(leafHash: leaf, index: UInt64(fields.index), path: $0) }
    if let insured = Hash(bytes.extracting(fields.insured)), let health = Hash(bytes.extracting(fields.health)) {
      commitment = .sha256(insured, health)
    } else {
      commitment = nil
    }
  }
}

/// A join's fields, where they stand in its message, with nothing checked but that they read.
struct JoinFields {
  /// What the places below are places in.
  private(set) var bytes: [UInt8]
  private(set) var plan: UInt32 = 0
  private(set) var attestation = 0..<0
  private(set) var manifest: UInt32 = 0
  private(set) var index: UInt32 = 0
  /// `nil` where there are too many hashes or one of a wrong length.
  private(set) var path: [Hash]?
  private(set) var insured = 0..<0
  private(set) var health = 0..<0

  /// What the library read.
  init(_ wire: WireJoin) {
    bytes = []
    plan = wire.plan
    attestation = bytes.placed(wire.attestation)
    manifest = wire.manifest
    index = wire.index
    let hashes = wire.path.count <= InclusionProof.maximumPathCount ? wire.path.compactMap { Hash($0) } : []
    path = hashes.count == wire.path.count ? hashes : nil
    insured = bytes.placed(wire.insured)
    health = bytes.placed(wire.health)
  }

  /// The same without the library, for the form that writers produce; `nil` for any other.
  init?(plain bytes: [UInt8]) {
    self.bytes = bytes
    guard read(bytes.span.bytes) else { return nil }
  }

  private mutating func read(_ bytes: RawSpan) -> Bool {
    var message = PlainMessage(at: 0..<bytes.byteCount)
    if let field = message.uint32(1, in: bytes) { plan = field }
    if let field = message.place(2, in: bytes) { attestation = field }
    if let field = message.uint32(3, in: bytes) { manifest = field }
    if let field = message.uint32(4, in: bytes) { index = field }
    var hashes: [Hash] = []
    while let field = message.place(5, in: bytes) {
      // A path that is too long or has a wrong hash is rare enough to be read the other way.
      guard let hash = Hash(bytes.extracting(field)), hashes.count < InclusionProof.maximumPathCount else {
        return false
      }
      // A manifest of a thousand people has paths of ten.
      if hashes.isEmpty { hashes.reserveCapacity(10) }
      hashes.append(hash)
    }
    path = hashes
    if let field = message.place(6, in: bytes) { insured = field }
    if let field = message.place(7, in: bytes) { health = field }
    return message.isDone
  }
}
