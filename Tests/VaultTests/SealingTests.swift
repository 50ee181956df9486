import Testing

@testable import Vault

/// Sealing, opening, and everything that must not open.
@Suite struct SealingTests {
  private let cast = Cast()

  @Test(
    "a document opens for each of its readers, whatever its length",
    arguments: [1, 15, 65_535, 65_536, 65_537, 131_072, 200_001])
  func roundTrip(_ length: Int) throws {
    let content = Cast.text(length)
    let sealed = try DocumentSealing.seal(content, for: [cast.ada.reader, cast.bo.reader])
    #expect(sealed.content.count == sealed.header.contentBytes)
    for person in [cast.ada, cast.bo] {
      let read = try SealedDocument(sealed.encoded)
      let opened = try DocumentSealing.open(read, by: person.party, with: person.key)
      #expect(opened.bytes == content)
      #expect(opened.header.type == .text && opened.header.length == length)
      #expect(DocumentCommitment.salted(content, salt: opened.salt) == sealed.header.commitment)
    }
  }

  @Test("nothing of the document can be found in what is sealed")
  func ciphertextOnly() throws {
    let content = Array("diagnosis: thyroid carcinoma, Zhang San".utf8)
    let sealed = try DocumentSealing.seal(content, for: [cast.ada.reader]).encoded
    for length in [8, 16] {
      for start in 0...(content.count - length) {
        #expect(!Cast.contains(sealed, Array(content[start..<(start + length)])))
      }
    }
  }

  @Test("two seals of one document have nothing in common that tells so")
  func freshKeys() throws {
    let content = Cast.text(1_000)
    let seals = try (0..<2).map { _ in try DocumentSealing.seal(content, for: [cast.ada.reader]) }
    #expect(seals[0].header.document != seals[1].header.document)
    #expect(seals[0].header.commitment != seals[1].header.commitment)
    #expect(seals[0].content.dropFirst(62) != seals[1].content.dropFirst(62))
  }

  @Test("whoever is no reader cannot open, nor a reader under another's name or with another's key")
  func strangers() throws {
    let sealed = try DocumentSealing.seal(Cast.text(10), for: [cast.ada.reader])
    for (party, key) in [(cast.bo.party, cast.bo.key), (cast.bo.party, cast.ada.key), (cast.ada.party, cast.bo.key)] {
      #expect(throws: VaultError(.notAReader, "")) { try DocumentSealing.open(sealed, by: party, with: key) }
    }
  }

  @Test("a bit turned round anywhere is refused, by its form or when it is opened")
  func everyBit() throws {
    let sealed = try DocumentSealing.seal(Cast.text(40), for: [cast.ada.reader], dice: Cast.dice(1))
    let bytes = sealed.encoded
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      #expect(throws: VaultError.self, "byte \(place)") {
        try DocumentSealing.open(try SealedDocument(changed), by: cast.ada.party, with: cast.ada.key)
      }
    }
  }

  @Test("whoever changes the ciphertext and makes all hashes anew is found out by AES-GCM and HPKE")
  func hashesMadeAnew() throws {
    let sealed = try DocumentSealing.seal(Cast.text(70_000), for: [cast.ada.reader, cast.bo.reader])
    let keys = sealed.keyring
    for place in 0..<sealed.content.count where place < 62 || place % 997 == 0 {
      var content = sealed.content
      content[place] ^= 1
      guard
        let forged = try? SealedDocument(
          keyring: Keyring(document: keys.document, content: .sha256(content), keys: keys.keys), content: content)
      else { continue }
      #expect(throws: VaultError(.altered, ""), "byte \(place)") {
        try DocumentSealing.open(forged, by: cast.ada.party, with: cast.ada.key)
      }
    }
  }

  @Test("chunks left out, exchanged, doubled or taken from another document do not open")
  func chunksMoved() throws {
    let header = try DocumentHeader(
      document: Cast.dice(1).documentID(), type: .text, length: 3 * 65_536, commitment: .zero)
    let key = [UInt8](repeating: 7, count: 32)
    let cipher = ChunkCipher(key: key, header: header)
    let content = Cast.text(3 * 65_536)
    let sealed = try cipher.seal(content).dropFirst(DocumentHeader.byteCount)
    #expect(try cipher.open(sealed) == content)
    let step = 65_536 + 16
    let chunks = (0..<3).map { Array(sealed.dropFirst($0 * step).prefix(step)) }
    let other = try DocumentHeader(
      document: Cast.dice(2).documentID(), type: .text, length: 3 * 65_536, commitment: .zero)
    let foreign = try ChunkCipher(key: key, header: other).seal(content).dropFirst(DocumentHeader.byteCount)
    let orders: [[[UInt8]]] = [
      [chunks[0], chunks[1]], [chunks[1], chunks[0], chunks[2]], [chunks[0], chunks[0], chunks[2]],
      [chunks[0], chunks[2], chunks[2]], [], [chunks[0], Array(foreign.dropFirst(step).prefix(step)), chunks[2]],
      [chunks[0], chunks[1], Array(chunks[2].dropLast())],
    ]
    for order in orders {
      #expect(throws: VaultError(.altered, "")) { try cipher.open(order.flatMap { $0 }[...]) }
    }
    // A shorter document made of the first two chunks: its header says so, and is authenticated.
    let shorter = try DocumentHeader(document: header.document, type: .text, length: 2 * 65_536, commitment: .zero)
    #expect(throws: VaultError(.altered, "")) {
      try ChunkCipher(key: key, header: shorter).open(sealed.prefix(2 * step))
    }
  }

  @Test("a wrapped key of one document, party or key does not serve another")
  func wrappedKeysMoved() throws {
    let one = try DocumentSealing.seal(Cast.text(10), for: [cast.ada.reader])
    let other = try DocumentSealing.seal(Cast.text(10), for: [cast.ada.reader])
    let forged = try SealedDocument(
      keyring: Keyring(document: one.header.document, content: one.keyring.content, keys: other.keyring.keys),
      content: one.content)
    #expect(throws: VaultError(.altered, "")) {
      try DocumentSealing.open(forged, by: cast.ada.party, with: cast.ada.key)
    }
    // Ada's wrapped key under Bo's name, for Ada's key.
    var bytes = one.keyring.keys[0].encoded
    bytes.replaceSubrange(0..<20, with: cast.bo.party.bytes)
    var reader = ByteReader(bytes)
    let renamed = try SealedDocument(
      keyring: Keyring(
        document: one.header.document, content: one.keyring.content, keys: [try WrappedKey(&reader)]),
      content: one.content)
    #expect(throws: VaultError(.altered, "")) {
      try DocumentSealing.open(renamed, by: cast.bo.party, with: cast.ada.key)
    }
  }

  @Test("a sealer cannot show two readers two documents: one of them has the wrong commitment")
  func commitmentBinds() throws {
    let content = Cast.text(100)
    let salt = VaultHash.sha256([1])
    let header = try DocumentHeader(
      document: Cast.dice(3).documentID(), type: .text, length: 100,
      commitment: DocumentCommitment.salted(Cast.text(100, first: 65), salt: salt))
    let secret = DocumentSecret(key: [UInt8](repeating: 9, count: 32), salt: salt)
    let sealed = try ChunkCipher(key: secret.key, header: header).seal(content)
    let document = try SealedDocument(
      keyring: Keyring(
        document: header.document, content: .sha256(sealed),
        keys: [WrappedKey(secret, of: header, for: cast.ada.reader)]), content: sealed)
    #expect(throws: VaultError(.wrongCommitment, "")) {
      try DocumentSealing.open(document, by: cast.ada.party, with: cast.ada.key)
    }
  }

  @Test("a sealer who lies about the type is found out when the document is opened")
  func typeIsChecked() throws {
    let content = Cast.text(100)
    let salt = VaultHash.sha256([1])
    let header = try DocumentHeader(
      document: Cast.dice(3).documentID(), type: .pdf, length: 100,
      commitment: DocumentCommitment.salted(content, salt: salt))
    let secret = DocumentSecret(key: [UInt8](repeating: 9, count: 32), salt: salt)
    let sealed = try ChunkCipher(key: secret.key, header: header).seal(content)
    let document = try SealedDocument(
      keyring: Keyring(
        document: header.document, content: .sha256(sealed),
        keys: [WrappedKey(secret, of: header, for: cast.ada.reader)]), content: sealed)
    #expect(throws: VaultError(.wrongType, "")) {
      try DocumentSealing.open(document, by: cast.ada.party, with: cast.ada.key)
    }
  }

  @Test("a reader added by a reader opens the same content; a stranger can add nobody")
  func adding() throws {
    let content = Cast.text(70_000)
    let sealed = try DocumentSealing.seal(content, for: [cast.ada.reader])
    let more = try DocumentSealing.adding(cast.bo.reader, to: sealed, by: cast.ada.party, with: cast.ada.key)
    #expect(more.content == sealed.content && more.keyring.readers.count == 2)
    #expect(try DocumentSealing.open(more, by: cast.bo.party, with: cast.bo.key).bytes == content)
    #expect(try DocumentSealing.open(more, by: cast.ada.party, with: cast.ada.key).bytes == content)
    #expect(throws: VaultError(.badReaders, "")) {
      try DocumentSealing.adding(cast.bo.reader, to: more, by: cast.ada.party, with: cast.ada.key)
    }
    #expect(throws: VaultError(.notAReader, "")) {
      try DocumentSealing.adding(cast.cai.reader, to: sealed, by: cast.bo.party, with: cast.bo.key)
    }
  }

  @Test("a reader removed has no use of the key she had, and the commitment stays")
  func removing() throws {
    let content = Cast.text(70_000)
    let sealed = try DocumentSealing.seal(content, for: [cast.ada.reader, cast.bo.reader])
    let fewer = try DocumentSealing.removing(cast.bo.party, from: sealed, by: cast.ada.party, with: cast.ada.key)
    #expect(fewer.header == sealed.header && fewer.content != sealed.content)
    #expect(try DocumentSealing.open(fewer, by: cast.ada.party, with: cast.ada.key).bytes == content)
    #expect(throws: VaultError(.notAReader, "")) {
      try DocumentSealing.open(fewer, by: cast.bo.party, with: cast.bo.key)
    }
    // With the secret that Bo could have kept, the new chunks do not open.
    let kept = try #require(sealed.keyring.keys.first { $0.reader == cast.bo.reader })
      .open(with: cast.bo.key, of: sealed.header)
    #expect(throws: VaultError(.altered, "")) {
      try ChunkCipher(key: kept.key, header: fewer.header).open(fewer.content.dropFirst(62))
    }
    #expect(throws: VaultError(.badReaders, "")) {
      try DocumentSealing.removing(cast.ada.party, from: fewer, by: cast.ada.party, with: cast.ada.key)
    }
    #expect(throws: VaultError(.notAReader, "")) {
      try DocumentSealing.removing(cast.cai.party, from: fewer, by: cast.ada.party, with: cast.ada.key)
    }
  }

  @Test("no reader, sixty-five readers, one reader twice, an empty document and one too large are refused")
  func limits() throws {
    let many = try (0..<65).map { try Cast.Person(UInt8($0)).reader }
    for readers in [[], many, [many[0], many[0]]] {
      #expect(throws: VaultError(.badReaders, "")) { try DocumentSealing.seal(Cast.text(1), for: readers) }
    }
    let sealed = try DocumentSealing.seal(Cast.text(1), for: many.dropLast())
    #expect(sealed.keyring.readers == many.dropLast().sorted())
    #expect(sealed.keyring.encoded.count == Keyring.maximumByteCount)
    for length in [0, DocumentHeader.maximumLength + 1] {
      #expect(throws: VaultError(.badSize, "")) { try DocumentSealing.seal(Cast.text(length), for: [many[0]]) }
    }
  }

  @Test("keys of small order or in another form are no reader's keys")
  func badKeys() throws {
    // The points of small order (RFC 7748 and the tests of curve25519-donna), and p + 9.
    let bad = [
      String(repeating: "00", count: 32), "01" + String(repeating: "00", count: 31),
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      String(repeating: "00", count: 31), "09" + String(repeating: "00", count: 30) + "80",
    ]
    for text in bad {
      let key = try #require(Hexadecimal.decode(text))
      #expect(throws: VaultError(.badKey, ""), "\(text)") { try Reader(party: cast.ada.party, publicKey: key) }
    }
    #expect(throws: VaultError(.badKey, "")) { try ReaderKey(secret: [1, 2, 3]) }
  }
}
