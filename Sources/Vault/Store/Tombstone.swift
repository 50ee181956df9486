/// What stays of an erased document: that it was there, and when and why it went.
///
///     tombstone = "TZVE" ‖ version u8 (1) ‖ reason u8 ‖ case 16 ‖ document 16 ‖ time u64 ‖ actor 20 ‖ commitment 32
///                 ‖ check 32
///
/// Without salt and document the commitment says nothing any more; it only shows which entry of the chain the document
/// stood behind. `check` is the SHA-256 of everything before it.
public struct Tombstone: Sendable, Equatable {
  /// Bytes of a tombstone.
  public static let byteCount = 130
  private static let magic = Array("TZVE".utf8)
  private static let version: UInt8 = 1

  /// Why it was erased.
  public let reason: ErasureReason
  /// The case.
  public let caseID: CaseID
  /// What it was called.
  public let document: DocumentID
  /// When, in POSIX seconds.
  public let time: UInt64
  /// Who erased it.
  public let actor: PartyID
  /// What stands on the chain for it.
  public let commitment: VaultHash

  init(
    _ reason: ErasureReason, _ document: DocumentID, in caseID: CaseID, at time: UInt64, by actor: PartyID,
    commitment: VaultHash
  ) {
    self.reason = reason
    self.caseID = caseID
    self.document = document
    self.time = time
    self.actor = actor
    self.commitment = commitment
  }

  /// Reads exactly one tombstone.
  ///
  /// - Throws: `vault.malformed`, `vault.unknown_version`.
  public init(_ bytes: [UInt8]) throws(VaultError) {
    var reader = ByteReader(bytes)
    try reader.require(Self.magic, version: Self.version)
    guard let reason = ErasureReason(rawValue: try reader.number()) else {
      throw VaultError(.malformed, "an erasure for no known reason")
    }
    self.reason = reason
    caseID = try reader.value()
    document = try reader.value()
    time = try reader.number()
    actor = try reader.value()
    commitment = try reader.value()
    let check: VaultHash = try reader.value()
    try reader.requireEnd()
    guard check == .sha256(body) else { throw VaultError(.malformed, "the tombstone's check does not fit") }
  }

  /// The bytes of the tombstone.
  public var encoded: [UInt8] { body + VaultHash.sha256(body).bytes }

  private var body: [UInt8] {
    var bytes = Self.magic + [Self.version, reason.rawValue] + caseID.bytes + document.bytes
    bytes.append(number: time)
    return bytes + actor.bytes + commitment.bytes
  }
}
