import Foundation
import Storage
import TestSupport
import Testing

@testable import Vault

/// What a look at a vault's files finds, and what a real disk makes of them.
@Suite struct FsckTests {
  /// A room with two documents, one erased, and a reader more.
  private func furnished() throws -> (Room, SealedDocument, erased: DocumentID) {
    let room = try Room()
    let kept = try room.put(Cast.text(2_000))
    let gone = try room.put(Cast.text(500)).header.document
    try room.store.erase(gone, in: room.caseID, by: room.cast.ada.party, for: .mistake, at: 1)
    return (room, kept, gone)
  }

  @Test("a vault in order has nothing to find, and its numbers are right")
  func good() throws {
    let (room, _, _) = try furnished()
    let report = try room.fsck(known: room.store.head)
    #expect(report.findings == [] && report.isGood)
    #expect((report.cases, report.documents, report.erased) == (1, 1, 1))
    #expect(report.head == room.store.head)
  }

  @Test("a bit turned round in any file of documents or the log is found")
  func everyFile() throws {
    let (good, _, _) = try furnished()
    let paths = good.disk.contents.keys.filter { $0.hasPrefix("v/cases") || $0.hasSuffix("access.log") }
    #expect(paths.count == 4)
    for path in paths {
      let size = try #require(good.disk.contents[path]).count
      for byte in Set([0, 4, size / 2, size - 1] + stride(from: 0, to: size, by: 37)) {
        let disk = good.disk.copy(seed: 3)
        disk.flip(path, byte: byte, bit: byte % 8)
        var fsck = VaultFsck("v", disk: MemoryVaultDisk(disk: disk))
        let report = try fsck.run(known: good.store.head)
        #expect(!report.isGood, "\(path) byte \(byte)")
      }
    }
  }

  @Test("what was taken away is missed: a content, a keyring, a tombstone, the end of the log")
  func taken() throws {
    let (good, _, _) = try furnished()
    let head = good.store.head
    for ending in [".content", ".keys", ".erased", "access.log"] {
      let disk = good.disk.copy(seed: 1)
      let path = try #require(disk.contents.keys.first { $0.hasSuffix(ending) })
      if ending == "access.log" {
        disk.edit(path) { $0.removeLast(AccessEntry.byteCount) }
      } else {
        try disk.remove(path)
      }
      var fsck = VaultFsck("v", disk: MemoryVaultDisk(disk: disk))
      let report = try fsck.run(known: head)
      // A document without keys looks as if it had never been put in to the end; the log knows better.
      #expect(!report.isGood, "\(ending): \(report.findings)")
    }
    let disk = good.disk.copy(seed: 1)
    try disk.remove("v/access.log")
    var fsck = VaultFsck("v", disk: MemoryVaultDisk(disk: disk))
    #expect(!(try fsck.run(known: head).isGood))
  }

  @Test("an entry taken out of the middle of the log, or put in, breaks its chain")
  func brokenLog() throws {
    let (good, _, _) = try furnished()
    let width = AccessEntry.byteCount
    for change in [
      { (bytes: inout [UInt8]) in bytes.removeSubrange(width..<(2 * width)) },
      { (bytes: inout [UInt8]) in bytes.insert(contentsOf: bytes[..<width], at: width) },
    ] {
      let disk = good.disk.copy(seed: 1)
      disk.edit("v/access.log", change)
      var fsck = VaultFsck("v", disk: MemoryVaultDisk(disk: disk))
      #expect(!(try fsck.run().isGood))
    }
  }

  @Test("what a crash cut off is not missed before the vault is opened again, and not afterwards")
  func cutOff() throws {
    for step in 1...20 {
      let room = try Room(seed: UInt64(step))
      let sealed = try room.seal()
      room.disk.fail(at: room.disk.calls + step, with: .crash)
      let isCutOff = (try? room.store.put(sealed, in: room.caseID, by: room.cast.ada.party, at: 1)) == nil
      room.disk.restart()
      room.disk.heal()
      let before = try room.fsck()
      #expect(before.isGood, "step \(step): \(before.findings)")
      let (store, _) = try room.opened()
      #expect(try room.fsck().findings == [], "step \(step)")
      let accesses = try store.accesses(limit: 9).map(\.access)
      let isThere = try !store.list(room.caseID).isEmpty
      #expect(isThere ? accesses == [.stored] : [[], [.stored, .notDone]].contains(accesses), "step \(step)")
      if !isCutOff { #expect(isThere) }
    }
  }

  @Test("a document put there behind the vault's back, and a file of nobody's, are found")
  func smuggled() throws {
    let (room, kept, _) = try furnished()
    let other = "v/cases/" + String(repeating: "ab", count: 16)
    try room.disk.createDirectory(other)
    for path in room.disk.contents.keys.sorted() where path.contains("\(kept.header.document)") {
      let name = try #require(path.split(separator: "/").last)
      try room.disk.create(other + "/" + name).write(try #require(room.disk.contents[path]), at: 0)
    }
    #expect(try room.fsck().findings.map(\.problem) == ["is not in the access log"])
    _ = try room.disk.create("v/notes.txt")
    _ = try room.disk.create(other + "/photo.jpg")
    #expect(try room.fsck().findings.count == 3)
  }

  @Test("on a real disk only the owner can read, no link is followed, and no second process gets in")
  func realDisk() throws {
    let folder = FileManager.default.temporaryDirectory.path() + "/tongzhou-vault-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let cast = Cast()
    let caseID = Dice.system.caseID()
    try VaultStore.create(folder)
    let sealed = try DocumentSealing.seal(Cast.text(150_000), for: [cast.ada.reader, cast.bo.reader])
    do {
      let (store, _) = try VaultStore.open(folder)
      #expect(throws: VaultError(.unusableDirectory, "")) { try VaultStore.open(folder) }
      try store.put(sealed, in: caseID, by: cast.ada.party, at: 1)
      try store.removeReader(
        cast.bo.party, from: sealed.header.document, in: caseID, by: cast.ada.party, with: cast.ada.key, at: 2)
    }
    let (store, mended) = try VaultStore.open(folder)
    #expect(mended == VaultStore.Mended(files: 0, logBytes: 0))
    let opened = try store.open(
      sealed.header.document, in: caseID, by: cast.ada.party, with: cast.ada.key, for: .own, at: 3,
      scanner: Answer(.clean), policy: .refuseUnscanned
    ).0
    #expect(opened.bytes == Cast.text(150_000))
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      let mode = try #require(attributes[.posixPermissions] as? Int)
      #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
    }
    let other = folder + "/cases/\(caseID)/\(Dice.system.documentID()).00000001.keys"
    try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: "/etc/hostname")
    #expect(throws: VaultError(.inputOutput, "")) { try PosixVaultDisk().open(other) }
    #expect(throws: VaultError(.inputOutput, "")) { try PosixVaultDisk().create(other) }
  }
}
