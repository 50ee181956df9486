/// Encrypts documents for named readers and opens them; the same for a member's program and for a server.
public enum DocumentSealing {
  /// Seals a document under a fresh key.
  ///
  /// - Parameters:
  ///   - content: the document, 1 … 67,108,864 bytes.
  ///   - type: what it has to be; by its first bytes without.
  ///   - readers: who will be able to open it, 1 … 64.
  ///   - document: what it will be called; a new random name without.
  ///   - dice: where key, salt and name come from.
  /// - Throws: `vault.wrong_type`, `vault.bad_size`, `vault.bad_readers`, `vault.bad_key`.
  public static func seal(
    _ content: [UInt8], as type: MediaType? = nil, for readers: [Reader], document: DocumentID? = nil,
    dice: Dice = .system
  ) throws(VaultError) -> SealedDocument {
    let found = try require(type, of: content)
    guard let salt = VaultHash(dice.bytes(VaultHash.byteCount)) else { preconditionFailure("thirty-two bytes") }
    let header = try DocumentHeader(
      document: document ?? dice.documentID(), type: found, length: content.count,
      commitment: DocumentCommitment.salted(content, salt: salt))
    return try seal(content, header, salt, for: readers, dice)
  }

  /// Opens a document.
  ///
  /// - Returns: bytes that are whole, of the type the header says, and what the commitment stands for.
  /// - Throws: `vault.not_a_reader`, `vault.altered`, `vault.wrong_commitment`, `vault.wrong_type`.
  public static func open(
    _ sealed: SealedDocument, by party: PartyID, with key: ReaderKey
  ) throws(VaultError) -> OpenedDocument {
    let header = sealed.header
    let secret = try secret(of: sealed, by: party, with: key)
    let cipher = ChunkCipher(key: secret.key, header: header)
    let bytes = try cipher.open(sealed.content.dropFirst(DocumentHeader.byteCount))
    // AES-GCM does not fix its key: whoever sealed the document could have made a ciphertext that two readers open as
    // two documents. They cannot have one commitment.
    guard DocumentCommitment.salted(bytes, salt: secret.salt) == header.commitment else {
      throw VaultError(.wrongCommitment, "what was opened is not what was committed to")
    }
    _ = try require(header.type, of: bytes)
    return OpenedDocument(header: header, bytes: bytes, salt: secret.salt)
  }

  /// The same document with one more reader, added by one who can open it. The content stays as it is.
  ///
  /// - Throws: `vault.not_a_reader`, `vault.altered`, `vault.bad_readers`.
  public static func adding(
    _ reader: Reader, to sealed: SealedDocument, by party: PartyID, with key: ReaderKey
  ) throws(VaultError) -> SealedDocument {
    let secret = try secret(of: sealed, by: party, with: key)
    let wrapped = try WrappedKey(secret, of: sealed.header, for: reader)
    let old = sealed.keyring
    return try SealedDocument(
      keyring: Keyring(document: old.document, content: old.content, keys: old.keys + [wrapped]),
      content: sealed.content)
  }

  /// The same document without a party, under a new key that she never had, by one who can open it.
  ///
  /// Name, type and commitment stay. What she has read or kept before, nobody can take from her.
  ///
  /// - Throws: `vault.not_a_reader` also where the party is none; `vault.bad_readers` where nobody would be left;
  ///   what ``open(_:by:with:)`` throws.
  public static func removing(
    _ removed: PartyID, from sealed: SealedDocument, by party: PartyID, with key: ReaderKey, dice: Dice = .system
  ) throws(VaultError) -> SealedDocument {
    let opened = try open(sealed, by: party, with: key)
    let left = sealed.keyring.readers.filter { $0.party != removed }
    guard left.count < sealed.keyring.readers.count else {
      throw VaultError(.notAReader, "whoever is to be removed cannot read the document")
    }
    return try seal(opened.bytes, opened.header, opened.salt, for: left, dice)
  }

  private static func seal(
    _ content: [UInt8], _ header: DocumentHeader, _ salt: VaultHash, for readers: [Reader], _ dice: Dice
  ) throws(VaultError) -> SealedDocument {
    let secret = DocumentSecret(key: dice.bytes(ChunkCipher.keyBytes), salt: salt)
    // The readers first: they are few, the chunks many.
    var keys: [WrappedKey] = []
    for reader in readers.prefix(Keyring.maximumReaders + 1) {
      keys.append(try WrappedKey(secret, of: header, for: reader))
    }
    _ = try Keyring(document: header.document, content: .zero, keys: keys)
    let sealed = try ChunkCipher(key: secret.key, header: header).seal(content)
    return try SealedDocument(
      keyring: Keyring(document: header.document, content: .sha256(sealed), keys: keys), content: sealed)
  }

  private static func secret(
    of sealed: SealedDocument, by party: PartyID, with key: ReaderKey
  ) throws(VaultError) -> DocumentSecret {
    let publicKey = key.publicKey
    guard
      let wrapped = sealed.keyring.keys.first(where: { $0.reader.party == party && $0.reader.publicKey == publicKey })
    else { throw VaultError(.notAReader, "the document's key is not wrapped for this reader") }
    return try wrapped.open(with: key, of: sealed.header)
  }

  private static func require(_ type: MediaType?, of content: [UInt8]) throws(VaultError) -> MediaType {
    guard !content.isEmpty, content.count <= DocumentHeader.maximumLength else {
      throw VaultError(
        .badSize, "a document has 1 to \(DocumentHeader.maximumLength) bytes, this one \(content.count)")
    }
    guard let found = type.map({ $0.fits(content) ? $0 : nil }) ?? MediaType(of: content) else {
      let names = MediaType.allCases.map(\.name).joined(separator: ", ")
      throw VaultError(.wrongType, "the first bytes are not those of \(type?.name ?? names)")
    }
    return found
  }
}
