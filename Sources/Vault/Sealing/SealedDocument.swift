/// A document as it travels: the wrapped keys, then header and chunks.
///
///     sealed document = keyring ‖ content
///     content         = header ‖ chunks
///     chunk           = AES-256-GCM ciphertext of 65,536 bytes, fewer in the last ‖ tag 16
public struct SealedDocument: Sendable, Equatable {
  /// The most bytes of a sealed document.
  public static let maximumByteCount =
    Keyring.maximumByteCount + DocumentHeader.byteCount + DocumentHeader.maximumLength
    + DocumentHeader.maximumLength / DocumentHeader.chunkBytes * ChunkCipher.tagBytes

  /// Whose keys open it.
  public let keyring: Keyring
  /// What it says of itself.
  public let header: DocumentHeader
  /// Header and chunks.
  let content: [UInt8]

  /// Puts a keyring and a content together.
  ///
  /// - Throws: `vault.altered` where they do not belong together, `vault.malformed` for a content of another length
  ///   than its header says.
  init(keyring: Keyring, content: [UInt8]) throws(VaultError) {
    var reader = ByteReader(content)
    header = try DocumentHeader(&reader)
    guard content.count == header.contentBytes else {
      throw VaultError(.malformed, "the header speaks of \(header.contentBytes) bytes, there are \(content.count)")
    }
    guard keyring.document == header.document, keyring.content == .sha256(content) else {
      throw VaultError(.altered, "the keys are of another document, or the document was changed")
    }
    self.keyring = keyring
    self.content = content
  }

  /// Reads exactly one sealed document.
  ///
  /// - Throws: `vault.malformed`, `vault.unknown_version`, `vault.bad_readers`, `vault.bad_key`, `vault.wrong_type`,
  ///   `vault.bad_size`, `vault.altered`.
  public init(_ bytes: [UInt8]) throws(VaultError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw VaultError(.badSize, "a sealed document has at most \(Self.maximumByteCount) bytes, not \(bytes.count)")
    }
    var reader = ByteReader(bytes)
    let keyring = try Keyring(&reader)
    try self.init(keyring: keyring, content: Array(try reader.take(reader.left)))
  }

  /// The bytes of the sealed document.
  public var encoded: [UInt8] { keyring.encoded + content }
}

/// A document that was opened.
public struct OpenedDocument: Sendable {
  /// What the header said; the bytes agree with it.
  public let header: DocumentHeader
  /// The document.
  public let bytes: [UInt8]
  /// The salt with which anybody who has the bytes finds the commitment again.
  public let salt: VaultHash
}
