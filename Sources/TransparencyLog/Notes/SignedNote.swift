/// A text with signature lines (C2SP signed-note): well formed, but with nothing verified.
///
/// Text, an empty line, then one line for each signature. The text may hold empty lines; the last one of
/// the note divides. What is signed is `text`, including its last newline.
public struct SignedNote: Hashable, Sendable {
  /// The most signature lines a note may have.
  public static let maximumSignatureCount = 100

  /// The most bytes a note may have; room for 100 ML-DSA lines and a long text.
  public static let maximumByteCount = 1_000_000

  /// The signed text, including its last newline.
  public let text: [UInt8]

  /// The signature lines in their order; 1...100 of them, no two with the same name and key ID.
  public let signatures: [NoteSignature]

  /// Makes a note of its parts.
  ///
  /// Throws `malformedNote` for a text that cannot be signed (no last newline, not UTF-8, a control
  /// character) or for no signatures, `noteTooLarge`, and `duplicateSignature`.
  public init(text: [UInt8], signatures: [NoteSignature]) throws(TransparencyLogError) {
    guard NoteText.isSignable(text) else {
      throw TransparencyLogError(
        .malformedNote, "The text is not UTF-8 that ends in a newline and has no control characters.")
    }
    guard !signatures.isEmpty else {
      throw TransparencyLogError(.malformedNote, "The note has no signature line.")
    }
    guard signatures.count <= Self.maximumSignatureCount else {
      throw TransparencyLogError(.noteTooLarge, "The note has more than 100 signature lines.")
    }
    for (position, signature) in signatures.enumerated() {
      for other in signatures[..<position]
      where other.keyID == signature.keyID && other.name == signature.name {
        throw TransparencyLogError(.duplicateSignature, "Two signature lines have the same name and key ID.")
      }
    }
    self.text = text
    self.signatures = signatures
    guard bytes.count <= Self.maximumByteCount else {
      throw TransparencyLogError(.noteTooLarge, "The note has more than 1,000,000 bytes.")
    }
  }

  /// Reads a note. Throws the errors of the other initialiser, and those of `NoteSignature`.
  ///
  /// What is read is rendered again as the same bytes.
  public init(_ bytes: [UInt8]) throws(TransparencyLogError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw TransparencyLogError(.noteTooLarge, "The note has more than 1,000,000 bytes.")
    }
    guard NoteText.isSignable(bytes), let separator = Self.lastEmptyLine(of: bytes) else {
      throw TransparencyLogError(
        .malformedNote, "The note is not UTF-8 text, an empty line and signature lines that end in newlines.")
    }
    var signatures: [NoteSignature] = []
    var lines = LineReader(bytes[(separator + 1)...])
    while let line = lines.next() {
      guard signatures.count < Self.maximumSignatureCount else {
        throw TransparencyLogError(.noteTooLarge, "The note has more than 100 signature lines.")
      }
      signatures.append(try NoteSignature(line: line))
    }
    try self.init(text: Array(bytes[..<separator]), signatures: signatures)
  }

  /// The note as bytes.
  public var bytes: [UInt8] {
    var bytes = text
    bytes.append(LineReader.newline)
    for signature in signatures {
      bytes.append(contentsOf: signature.line)
    }
    return bytes
  }

  /// The index of the newline that is the last empty line, behind a line that is ended.
  private static func lastEmptyLine(of bytes: [UInt8]) -> Int? {
    var index = bytes.count - 1
    while index > 0 {
      if bytes[index] == LineReader.newline, bytes[index - 1] == LineReader.newline {
        return index
      }
      index -= 1
    }
    return nil
  }
}
