/// The checkpoint that a witness cosigned last for a log: the log's lines that were verified, then the witness's.
///
/// Its bytes are what the witness stores before it answers, and what it shows to those who watch it.
public struct CosignedCheckpoint: Hashable, Sendable {
  /// The checkpoint with its lines.
  public let signed: UnverifiedCheckpoint

  /// The witness's line.
  public let line: NoteSignature

  /// When it was cosigned, in seconds since 1970.
  public let timestamp: UInt64

  init(signed: UnverifiedCheckpoint, line: NoteSignature, timestamp: UInt64) {
    self.signed = signed
    self.line = line
    self.timestamp = timestamp
  }

  /// Reads what a witness stored. Throws the errors of `UnverifiedCheckpoint`, and `noKnownSignature` or
  /// `invalidSignature` where it is not cosigned by this key.
  public init(_ bytes: [UInt8], by key: VerifierKey) throws(TransparencyLogError) {
    signed = try UnverifiedCheckpoint(bytes)
    timestamp = try signed.cosignatureTimestamp(of: key)
    guard let line = signed.note.signatures.first(where: { $0.matches(key) }) else {
      throw TransparencyLogError(.noKnownSignature, "The checkpoint has no cosignature by this key.")
    }
    self.line = line
  }

  /// What was cosigned.
  public var checkpoint: Checkpoint { signed.checkpoint }

  /// The note as bytes.
  public var bytes: [UInt8] { signed.bytes }
}
