/// The newest checkpoint of a log that at least one of some witnesses has cosigned, with all their lines on it.
public struct WitnessedCheckpoint: Hashable, Sendable {
  /// The checkpoint as the log published it.
  public private(set) var published: UnverifiedCheckpoint

  /// The witnesses' lines on it, in the order in which they came first; never empty.
  public private(set) var lines: [NoteSignature]

  /// A checkpoint that was just cosigned; `nil` without a line. The lines have to be verified.
  public init?(_ published: UnverifiedCheckpoint, _ lines: [NoteSignature]) {
    guard !lines.isEmpty else { return nil }
    self.published = published
    self.lines = lines
  }

  /// Reads one that was stored, with the lines of it that are by these witnesses and verify.
  ///
  /// `nil` where there is none by them: they may be others than when it was stored. Throws the errors of
  /// `UnverifiedCheckpoint`, and `invalidSignature`.
  public init?(_ bytes: [UInt8], witnesses: [VerifierKey]) throws(TransparencyLogError) {
    let signed = try UnverifiedCheckpoint(bytes)
    var own: [NoteSignature] = []
    var others: [NoteSignature] = []
    for line in signed.note.signatures {
      guard let key = witnesses.first(where: { line.matches($0) }) else {
        others.append(line)
        continue
      }
      _ = try key.verify(line, over: signed.note.text)
      own.append(line)
    }
    guard !own.isEmpty, !others.isEmpty else { return nil }
    published = try UnverifiedCheckpoint(note: SignedNote(text: signed.note.text, signatures: others))
    lines = own
  }

  /// Takes lines on a checkpoint, which have to be verified.
  ///
  /// A larger checkpoint takes the place of this one; on the same one a line takes the place of an earlier one by its
  /// key; what comes too late is dropped.
  ///
  /// - Returns: whether anything is different now.
  public mutating func add(_ newLines: [NoteSignature], on checkpoint: UnverifiedCheckpoint) -> Bool {
    let before = self
    if checkpoint.checkpoint.size > published.checkpoint.size {
      guard let newer = WitnessedCheckpoint(checkpoint, newLines) else { return false }
      self = newer
    } else if checkpoint.note.text == published.note.text {
      for line in newLines {
        if let place = lines.firstIndex(where: { $0.name == line.name && $0.keyID == line.keyID }) {
          lines[place] = line
        } else {
          lines.append(line)
        }
      }
    }
    return self != before
  }

  /// The checkpoint with all lines: the log's own first. Throws `noteTooLarge`.
  public func signed() throws(TransparencyLogError) -> UnverifiedCheckpoint {
    // A witness may also be one of those who certify; its line stands there already.
    let known = published.note.signatures
    return try published.adding(
      lines.filter { line in !known.contains { $0.name == line.name && $0.keyID == line.keyID } })
  }
}
