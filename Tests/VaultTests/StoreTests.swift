import TestSupport
import Testing

@testable import Vault

/// The whole life of documents in a vault.
@Suite struct StoreTests {
  @Test("a document is put in, listed, opened by its readers only, and lies there as ciphertext")
  func life() throws {
    let room = try Room()
    let content = Array("diagnosed on 2 January with thyroid carcinoma".utf8) + Cast.text(70_000)
    let sealed = try room.put(content)
    let document = sealed.header.document
    #expect(
      try room.store.list(room.caseID)
        == [.stored(StoredDocument(header: sealed.header, readers: sealed.keyring.readers))])
    #expect(try room.read(document, by: room.cast.bo).bytes == content)
    #expect(throws: VaultError(.notAReader, "")) { try room.read(document, by: room.cast.cai) }
    #expect(!room.holds(Array("thyroid carcinoma".utf8)) && !room.holds(Array(content[1_000..<1_016])))
    let again = try room.opened().0
    #expect(try room.read(document, by: room.cast.ada, from: again).bytes == content)
    #expect(try room.fsck().isGood)
  }

  @Test("a sealed document is handed out to its readers, and opens elsewhere")
  func handOut() throws {
    let room = try Room()
    let sealed = try room.put()
    let given = try room.store.handOut(
      sealed.header.document, in: room.caseID, to: room.cast.bo.party, for: .jury, at: 5)
    #expect(given == sealed)
    #expect(throws: VaultError(.notAReader, "")) {
      try room.store.handOut(sealed.header.document, in: room.caseID, to: room.cast.cai.party, for: .jury, at: 5)
    }
    #expect(try room.store.accesses(limit: 10).map(\.access) == [.stored, .handedOut(.jury)])
  }

  @Test("every access stands in the log: who, which document, when and what for")
  func accessLog() throws {
    let room = try Room()
    let (ada, bo, cai) = (room.cast.ada, room.cast.bo, room.cast.cai)
    let document = try room.put().header.document
    _ = try room.read(document, by: bo)
    try room.store.addReader(cai.reader, to: document, in: room.caseID, by: bo.party, with: bo.key, at: 300)
    try room.store.removeReader(bo.party, from: document, in: room.caseID, by: cai.party, with: cai.key, at: 400)
    try room.store.erase(document, in: room.caseID, by: ada.party, for: .consentWithdrawn, at: 500)
    let entries = try room.store.accesses(limit: 100)
    #expect(
      entries.map(\.access) == [
        .stored, .opened(.investigation), .readerAdded(cai.party), .readerRemoved(bo.party),
        .erased(.consentWithdrawn),
      ])
    #expect(entries.map(\.time) == [100, 200, 300, 400, 500])
    #expect(entries.map(\.actor) == [ada, bo, bo, cai, ada].map(\.party))
    #expect(entries.allSatisfy { $0.document == document && $0.caseID == room.caseID })
    #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.hash == $1.previous })
    #expect(room.store.head == AccessHead(count: 5, hash: try #require(entries.last).hash))
    #expect(try room.store.accesses(from: 3, limit: 1).map(\.sequence) == [3])
    #expect(try room.store.accesses(from: 9, limit: 1).isEmpty)
  }

  @Test("what fails before anything is opened or changed leaves no line in the log")
  func refusedWithoutTrace() throws {
    let room = try Room()
    let document = try room.put().header.document
    _ = try? room.read(document, by: room.cast.cai)
    _ = try? room.read(DocumentID(counted: [UInt8](repeating: 1, count: 16)), by: room.cast.ada)
    #expect(room.store.head.count == 1)
  }

  @Test("an infected document is not opened, one that nobody scanned as the policy says, and the log says so")
  func scanning() throws {
    let room = try Room()
    let document = try room.put().header.document
    #expect(throws: VaultError(.infected, "")) {
      try room.read(document, by: room.cast.ada, scanner: Answer(.infected("Some.Thing")), policy: .warnUnscanned)
    }
    #expect(throws: VaultError(.unscanned, "")) {
      try room.read(document, by: room.cast.ada, scanner: Answer(.unavailable("away")))
    }
    let (opened, result) = try room.store.open(
      document, in: room.caseID, by: room.cast.ada.party, with: room.cast.ada.key, for: .audit, at: 1,
      scanner: NoScanner(), policy: .warnUnscanned)
    #expect(opened.bytes == Cast.text(1_000))
    #expect(result == .unavailable("no scanner is set up"))
    #expect(
      try room.store.accesses(limit: 10).map(\.access) == [
        .stored, .opened(.investigation), .foundInfected(.investigation), .opened(.investigation),
        .notScanned(.investigation), .opened(.audit), .notScanned(.audit),
      ])
  }

  @Test("readers come and go; the old wrapped keys and the old ciphertext are gone from the disk")
  func readers() throws {
    let room = try Room()
    let (ada, bo, cai) = (room.cast.ada, room.cast.bo, room.cast.cai)
    let content = Cast.text(70_000)
    let sealed = try room.put(content)
    let document = sealed.header.document
    try room.store.addReader(cai.reader, to: document, in: room.caseID, by: ada.party, with: ada.key, at: 1)
    #expect(try room.read(document, by: cai).bytes == content)
    #expect(throws: VaultError(.badReaders, "")) {
      try room.store.addReader(cai.reader, to: document, in: room.caseID, by: ada.party, with: ada.key, at: 1)
    }
    try room.store.removeReader(bo.party, from: document, in: room.caseID, by: ada.party, with: ada.key, at: 2)
    #expect(throws: VaultError(.notAReader, "")) { try room.read(document, by: bo) }
    for person in [ada, cai] { #expect(try room.read(document, by: person).bytes == content) }
    for key in sealed.keyring.keys { #expect(!room.holds(Array(key.encoded.suffix(112)))) }
    #expect(!room.holds(Array(sealed.content.dropFirst(62).prefix(64))))
    guard case .stored(let stored)? = try room.store.list(room.caseID).first else { throw Missing() }
    #expect(stored.header == sealed.header && stored.readers == [ada.reader, cai.reader])
    #expect(try room.fsck().findings == [])
  }

  @Test("what was erased cannot be opened, leaves a tombstone, and never comes back")
  func erasure() throws {
    let room = try Room()
    let sealed = try room.put()
    let document = sealed.header.document
    let tombstone = try room.store.erase(
      document, in: room.caseID, by: room.cast.bo.party, for: .unlawful, at: 700)
    #expect(tombstone.reason == .unlawful && tombstone.time == 700 && tombstone.actor == room.cast.bo.party)
    #expect(tombstone.commitment == sealed.header.commitment)
    #expect(throws: VaultError(.erased, "")) { try room.read(document, by: room.cast.ada) }
    #expect(throws: VaultError(.documentExists, "")) {
      try room.store.put(sealed, in: room.caseID, by: room.cast.ada.party, at: 800)
    }
    for key in sealed.keyring.keys { #expect(!room.holds(Array(key.encoded.suffix(112)))) }
    #expect(!room.holds(Array(sealed.content.suffix(64))))
    #expect(try room.opened().0.list(room.caseID) == [.erased(tombstone)])
    // Again changes nothing.
    #expect(
      try room.store.erase(document, in: room.caseID, by: room.cast.ada.party, for: .mistake, at: 900) == tombstone)
    #expect(room.store.head.count == 2)
    #expect(try room.fsck().findings == [])
  }

  @Test("limits of documents, bytes, cases and types; what is refused leaves nothing behind")
  func limits() throws {
    var limits = VaultLimits()
    limits.documents = 2
    limits.caseBytes = 3_000
    limits.documentBytes = 2_000
    limits.cases = 1
    limits.types = [.text]
    let room = try Room(limits: limits)
    let first = try room.put()
    try room.store.erase(first.header.document, in: room.caseID, by: room.cast.ada.party, for: .mistake, at: 1)
    func refuses(_ code: VaultError.Code, _ content: [UInt8], in caseID: CaseID? = nil) throws {
      let sealed = try room.seal(content)
      #expect(throws: VaultError(code, "")) {
        try room.store.put(sealed, in: caseID ?? room.caseID, by: room.cast.ada.party, at: 1)
      }
    }
    try refuses(.badSize, Cast.text(2_001))
    try refuses(.wrongType, Array("%PDF-1.7".utf8))
    try refuses(.full, Cast.text(1), in: CaseID(counted: [UInt8](repeating: 1, count: 16)))
    _ = try room.put(Cast.text(2_000))
    try refuses(.full, Cast.text(1))
    #expect(room.store.head.count == 3)
    #expect(try room.fsck().documents == 1)
    let wide = try Room(limits: limits)
    _ = try wide.put(Cast.text(2_000))
    #expect(throws: VaultError(.full, "")) { try wide.put(Cast.text(1_000)) }
  }

  @Test("a document is put in once, and what is not there is unknown")
  func unknownAndDouble() throws {
    let room = try Room()
    let sealed = try room.put()
    #expect(throws: VaultError(.documentExists, "")) {
      try room.store.put(sealed, in: room.caseID, by: room.cast.ada.party, at: 1)
    }
    let nowhere = CaseID(counted: [UInt8](repeating: 1, count: 16))
    #expect(try room.store.list(nowhere) == [])
    #expect(throws: VaultError(.unknownDocument, "")) {
      try room.store.erase(sealed.header.document, in: nowhere, by: room.cast.ada.party, for: .mistake, at: 1)
    }
    #expect(throws: VaultError(.unknownDocument, "")) {
      try room.store.handOut(sealed.header.document, in: nowhere, to: room.cast.ada.party, for: .own, at: 1)
    }
  }

  @Test("a directory that is no vault is neither made one nor opened")
  func foreign() throws {
    let room = try Room()
    let disk = MemoryVaultDisk(disk: room.disk)
    try disk.createDirectory("other")
    #expect(throws: VaultError(.unusableDirectory, "")) { try VaultStore.open("other", disk: disk) }
    #expect(throws: VaultError(.unusableDirectory, "")) { try VaultStore.open("nowhere", disk: disk) }
    try VaultStore.create("other", disk: disk)
    _ = try VaultStore.open("other", disk: disk)
    try disk.createDirectory("full")
    _ = try disk.create("full/photo.jpg")
    #expect(throws: VaultError(.unusableDirectory, "")) { try VaultStore.create("full", disk: disk) }
    room.disk.edit("v/vault") { $0[$0.count - 2] = UInt8(ascii: "2") }
    #expect(throws: VaultError(.unusableDirectory, "")) { try room.opened() }
  }
}

struct Missing: Error {}
