import Ledger
import Testing
import TongzhouClient
import TransparencyLog

@testable import Vault

/// Types, commitments, records and texts: each has one form.
@Suite struct FormatTests {
  private static let samples: [(MediaType, [UInt8])] = [
    (.pdf, Array("%PDF-1.7\n".utf8)), (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0]),
    (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]),
    (.dicom, [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)),
    (.text, Array("诊断证明\r\n\tseen\n".utf8)),
  ]

  @Test("each type is known by its first bytes, and is no other")
  func types() {
    for (type, bytes) in Self.samples {
      #expect(MediaType(of: bytes) == type)
      #expect(MediaType.allCases.filter { $0.fits(bytes) } == [type], "\(type)")
      #expect(MediaType(name: type.name) == type)
      #expect([.text, .pdf].contains(type) || MediaType(of: Array(bytes.dropFirst())) == nil)
    }
  }

  @Test("programs, archives, pages with scripts in them, cut and disguised files are on no list")
  func otherTypes() {
    let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    // A DICOM file that Windows would run: the letters MZ stand where anything may stand.
    let disguised = Array("MZ".utf8) + [UInt8](repeating: 0, count: 126) + Array("DICM".utf8)
    let bad: [[UInt8]] = [
      [], elf, disguised, [0x50, 0x4B, 3, 4], Array("GIF89a\u{0}".utf8), [0xFF, 0xD8], Array("a\u{1B}[2J".utf8),
      [0x61, 0xC3], [0xC0, 0x80], Array("text\u{0}".utf8), Array(" %PDF".utf8) + [0xFF],
    ]
    for bytes in bad { #expect(MediaType(of: bytes) == nil, "\(bytes.prefix(8))") }
    #expect(MediaType(name: "text/html") == nil)
  }

  @Test("a salted commitment is the one that the client makes, and a photograph's mark what sha256sum gives")
  func commitments() throws {
    let salt = Hash.sha256([1])
    let content = Cast.text(100)
    #expect(
      DocumentCommitment.salted(content, salt: try #require(VaultHash(salt.bytes))).bytes
        == Commitment(to: content, salt: salt).hash.bytes)
    let photograph: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]
    #expect(try DocumentCommitment.photograph(photograph).bytes == Hash.sha256(photograph).bytes)
    #expect(throws: VaultError(.wrongType, "")) { try DocumentCommitment.photograph(content) }
    let keys = [1, 2].map { [UInt8](repeating: $0, count: 32) }
    let marks = try keys.map { try DocumentCommitment.hospitalRecord(content, key: $0) }
    #expect(try DocumentCommitment.hospitalRecord(content, key: keys[0]) == marks[0] && marks[0] != marks[1])
    #expect(throws: VaultError(.badKey, "")) {
      try DocumentCommitment.hospitalRecord(content, key: [UInt8](repeating: 1, count: 31))
    }
  }

  @Test("a list's commitment depends on every document and their order")
  func lists() throws {
    let (a, b) = (VaultHash.sha256([1]), VaultHash.sha256([2]))
    let lists = [[a], [a, b], [b, a], [a, a], [b]]
    #expect(try Set(lists.map { try DocumentCommitment.list($0) }).count == lists.count)
    for list in [[], [VaultHash](repeating: a, count: 1_001)] {
      #expect(throws: VaultError(.badSize, "")) { try DocumentCommitment.list(list) }
    }
  }

  @Test("a keyring out of order, with another check or with bytes behind it is refused")
  func keyrings() throws {
    let cast = Cast()
    let keyring = try DocumentSealing.seal(Cast.text(5), for: [cast.ada.reader, cast.bo.reader]).keyring
    #expect(try Keyring(keyring.encoded) == keyring)
    let head = Array(keyring.encoded.prefix(55))
    let (first, second) = (keyring.keys[0].encoded, keyring.keys[1].encoded)
    func made(_ keys: [[UInt8]]) -> [UInt8] {
      let body = head + keys.flatMap { $0 }
      return body + VaultHash.sha256(body).bytes
    }
    #expect(try Keyring(made([first, second])) == keyring)
    #expect(throws: VaultError(.malformed, "")) { try Keyring(made([second, first])) }
    #expect(throws: VaultError(.badReaders, "")) { try Keyring(made([first, first])) }
    #expect(throws: VaultError(.malformed, "")) { try Keyring(keyring.encoded + [0]) }
    #expect(throws: VaultError(.malformed, "")) { try Keyring(keyring.encoded.dropLast()) }
    var other = keyring.encoded
    other[4] = 2
    #expect(throws: VaultError(.unknownVersion, "")) { try Keyring(other) }
  }

  @Test("entries and tombstones are read as they were written, and no bit may differ")
  func records() throws {
    let cast = Cast()
    let (document, caseID) = (Cast.dice(1).documentID(), Cast.dice(2).caseID())
    let accesses: [Access] =
      [.stored, .notDone, .readerAdded(cast.bo.party), .readerRemoved(cast.bo.party)]
      + AccessPurpose.allCases.flatMap { [.opened($0), .handedOut($0), .foundInfected($0), .notScanned($0)] }
      + ErasureReason.allCases.map { .erased($0) }
    for access in accesses {
      let entry = AccessEntry(access, by: cast.ada.party, document, in: caseID, at: 7, after: .empty)
      #expect(entry.encoded.count == AccessEntry.byteCount)
      #expect(try AccessEntry(entry.encoded) == entry)
    }
    let entry = AccessEntry(.stored, by: cast.ada.party, document, in: caseID, at: 7, after: .empty).encoded
    let tombstone = Tombstone(
      .mistake, document, in: caseID, at: 9, by: cast.ada.party, commitment: .sha256([1]))
    #expect(try Tombstone(tombstone.encoded) == tombstone && tombstone.encoded.count == Tombstone.byteCount)
    for bit in 0..<(8 * Tombstone.byteCount) {
      var (changed, other) = (entry, tombstone.encoded)
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: VaultError.self) { try AccessEntry(changed) }
      #expect(throws: VaultError.self) { try Tombstone(other) }
    }
    for name in AccessPurpose.allCases.map(\.name) { #expect(AccessPurpose(name: name)?.name == name) }
    for name in ErasureReason.allCases.map(\.name) { #expect(ErasureReason(name: name)?.name == name) }
  }

  @Test("the text of a head and of a name has one form")
  func texts() throws {
    let head = AccessHead(count: 12, hash: .sha256([1]))
    #expect(AccessHead(head.description) == head)
    for text in ["12", "012:\(VaultHash.zero)", "-1:\(VaultHash.zero)", "1:ab", "1:\(VaultHash.zero):", ""] {
      #expect(AccessHead(text) == nil, "\(text)")
    }
    let document = Cast.dice(1).documentID()
    #expect(DocumentID(hexadecimal: document.description) == document)
    for text in [document.description.uppercased(), document.description + "00", "", "zz"] {
      #expect(DocumentID(hexadecimal: text) == nil)
    }
  }

  @Test("a card is of its account and of nobody else, and one mistyped digit shows")
  func cards() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 5, count: 32))
    let card = try ReaderCard(of: key)
    #expect(try ReaderCard(text: card.text) == card)
    #expect(card.reader.party.address == key.publicKey.address)
    #expect(card.reader.publicKey == (try ReaderKey(of: key)).publicKey)
    let letters = Array(card.text)
    for place in letters.indices {
      var changed = letters
      changed[place] = changed[place] == "1" ? "2" : "1"
      #expect(throws: VaultError(.badKey, ""), "letter \(place)") { try ReaderCard(text: String(changed)) }
    }
    // Somebody's own reading key under her account: he lacks her signature.
    let thief = try ReaderCard(of: SigningKey(seed: [UInt8](repeating: 6, count: 32)))
    let mixed = card.text.prefix(7 + 64) + thief.text.dropFirst(7 + 64)
    #expect(throws: VaultError(.badKey, "")) { try ReaderCard(text: String(mixed)) }
    for text in ["", "tzread:", String(card.text.dropLast()), card.text + "00", card.text.uppercased()] {
      #expect(throws: VaultError(.badKey, "")) { try ReaderCard(text: text) }
    }
  }

  @Test("a document signed for by one key is read with the key that follows from it")
  func readingKey() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 5, count: 32))
    let reader = try ReaderCard(of: key).reader
    let sealed = try DocumentSealing.seal(Cast.text(9), for: [reader])
    #expect(
      try DocumentSealing.open(sealed, by: PartyID(key.publicKey.address), with: ReaderKey(of: key)).bytes
        == Cast.text(9))
  }
}
