/// A signed checkpoint whose signatures nobody has checked: a note whose text is a checkpoint.
///
/// It becomes a `VerifiedCheckpoint` through `Policy.verify`, and in no other way.
public struct UnverifiedCheckpoint: Hashable, Sendable {
  /// The note, whose text is the checkpoint's.
  public let note: SignedNote

  /// What the note claims.
  public let checkpoint: Checkpoint

  /// Reads the text of a note as a checkpoint. Throws `malformedCheckpoint`.
  public init(note: SignedNote) throws(TransparencyLogError) {
    self.note = note
    self.checkpoint = try Checkpoint(text: note.text)
  }

  /// Reads a signed checkpoint. Throws the errors of `SignedNote` and `malformedCheckpoint`.
  public init(_ bytes: [UInt8]) throws(TransparencyLogError) {
    try self.init(note: SignedNote(bytes))
  }

  /// Signs a checkpoint as a log does. Throws `originMismatch` unless every signer's name is the origin,
  /// `malformedNote` for no signers, and `duplicateSignature` for the same signer twice.
  public init(signing checkpoint: Checkpoint, by signers: [NoteSigner]) throws(TransparencyLogError) {
    let text = checkpoint.text
    var signatures: [NoteSignature] = []
    for signer in signers {
      guard signer.verifierKey.name.bytes == checkpoint.origin else {
        throw TransparencyLogError(.originMismatch, "A log's key has the name of its origin.")
      }
      signatures.append(try signer.sign(text: text))
    }
    self.note = try SignedNote(text: text, signatures: signatures)
    self.checkpoint = checkpoint
  }

  /// The signed checkpoint as bytes.
  public var bytes: [UInt8] {
    note.bytes
  }

  /// The cosignature line of a cosigner at a time in seconds since 1970, to be sent or added.
  ///
  /// Throws what `NoteCosigner.cosign` throws. The caller has to have checked what it cosigns.
  public func cosignature(by cosigner: NoteCosigner, at timestamp: UInt64) throws(TransparencyLogError)
    -> NoteSignature
  {
    try cosigner.cosign(text: note.text, timestamp: timestamp)
  }

  /// The same checkpoint with more signature lines behind those it has.
  ///
  /// Throws `duplicateSignature` for a name and ID that are there already, and `noteTooLarge`. Verify a
  /// line before adding it: one bad line by a known key makes the whole note invalid.
  public func adding(_ signatures: [NoteSignature]) throws(TransparencyLogError) -> UnverifiedCheckpoint {
    UnverifiedCheckpoint(
      uncheckedNote: try SignedNote(text: note.text, signatures: note.signatures + signatures),
      checkpoint: checkpoint)
  }

  private init(uncheckedNote note: SignedNote, checkpoint: Checkpoint) {
    self.note = note
    self.checkpoint = checkpoint
  }

  /// Checks the one line by this cosigner's key and returns the time it states, in seconds since 1970.
  ///
  /// Throws `noKnownSignature` when there is no such line or the key is not of type 04, and
  /// `invalidSignature` when it does not verify.
  public func cosignatureTimestamp(of key: VerifierKey) throws(TransparencyLogError) -> UInt64 {
    for signature in note.signatures where signature.matches(key) {
      if let timestamp = try key.verify(signature, over: note.text).timestamp {
        return timestamp
      }
    }
    throw TransparencyLogError(.noKnownSignature, "The checkpoint has no cosignature by this key.")
  }
}
