/// One signature line of a note: `— <name> <base64 of key ID and signature>`.
public struct NoteSignature: Hashable, Sendable {
  /// The name of the key that signed, as the line claims.
  public let name: NoteName

  /// The ID of the key that signed, as the line claims.
  public let keyID: UInt32

  /// What stands behind the key ID; its form depends on the key's type. At least one byte.
  public let signature: [UInt8]

  private static let prefix: StaticString = "— "

  /// Makes a line of its parts. Throws `malformedSignature` when the signature is empty.
  public init(name: NoteName, keyID: UInt32, signature: [UInt8]) throws(TransparencyLogError) {
    guard !signature.isEmpty else {
      throw TransparencyLogError(.malformedSignature, "The signature is empty.")
    }
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// Reads a line, given without its newline. Throws `malformedSignature` for any other form, and
  /// `malformedName`.
  public init(line: some BidirectionalCollection<UInt8>) throws(TransparencyLogError) {
    guard let rest = line.dropping(Self.prefix) else {
      throw TransparencyLogError(.malformedSignature, "The line does not begin with a dash (U+2014) and a space.")
    }
    let parts = rest.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, let blob = Base64.decode(parts[1]), blob.count > KeyID.byteCount else {
      throw TransparencyLogError(.malformedSignature, "The line is not a dash, a name and base64 of at least 5 bytes.")
    }
    self.name = try NoteName(parts[0])
    self.keyID = KeyID.parse(blob.prefix(KeyID.byteCount))
    self.signature = Array(blob.dropFirst(KeyID.byteCount))
  }

  /// The line with its newline, as bytes.
  public var line: [UInt8] {
    let blob = Base64.encode(KeyID.bytes(keyID) + signature)
    return Self.prefix.utf8Bytes + name.bytes + [UInt8(ascii: " ")] + blob + [LineReader.newline]
  }

  /// Whether name and ID are both those of the key; one alone is not a match.
  public func matches(_ key: VerifierKey) -> Bool {
    keyID == key.id && name == key.name
  }
}
