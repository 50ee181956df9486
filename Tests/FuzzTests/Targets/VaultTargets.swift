import Ledger
import TestSupport

@testable import TongzhouClient
@testable import Vault

extension FuzzTarget {
  /// What comes into a vault, lies in it, and what a scanner says.
  static let vaultTargets: [FuzzTarget] = [
    .exact("vault-document", maximumBytes: 8_192, seeds: { try sealed().map(\.encoded) }) { bytes in
      try SealedDocument(bytes)
    } write: { document in
      try hold(document.content.count == document.header.contentBytes, "a content of another length")
      return document.encoded
    },
    FuzzTarget("vault-content", maximumBytes: 8_192, seeds: { try sealed().map(\.content) }) { bytes in
      // The keyring always fits, so that what lies behind its hashes is tried too.
      let good = try sealed()[0]
      guard
        let forged = try? SealedDocument(
          keyring: Keyring(document: good.keyring.document, content: .sha256(bytes), keys: good.keyring.keys),
          content: bytes)
      else { return bytes == (try sealed()[1].content) }
      guard let opened = try? DocumentSealing.open(forged, by: party(1), with: key(1)) else { return false }
      try hold(bytes == good.content && opened.bytes.count == good.header.length, "a forged content opens")
      return true
    },
    FuzzTarget(
      "vault-keyring", maximumBytes: 12_288, seeds: { try sealed().map { Array($0.keyring.encoded.dropLast(32)) } }
    ) { bytes in
      // The check over the keyring is always right.
      let whole = bytes + VaultHash.sha256(bytes).bytes
      guard let keyring = try? Keyring(whole) else { return false }
      try hold(keyring.encoded == whole, "a keyring is written as another one")
      try hold(keyring.readers == keyring.readers.sorted(), "readers out of order")
      return true
    },
    FuzzTarget("vault-access", maximumBytes: AccessEntry.byteCount, seeds: accesses) { bytes in
      let whole = bytes + VaultHash.sha256(parts: Array("tongzhou/vault-access/v1".utf8) + [0], bytes).bytes
      guard let entry = try? AccessEntry(whole) else { return false }
      try hold(entry.encoded == whole && AccessHead("1:\(entry.hash)")?.hash == entry.hash, "an entry becomes another")
      return true
    },
    FuzzTarget("vault-tombstone", maximumBytes: Tombstone.byteCount, seeds: tombstones) { bytes in
      let whole = bytes + VaultHash.sha256(bytes).bytes
      guard let tombstone = try? Tombstone(whole) else { return false }
      try hold(tombstone.encoded == whole, "a tombstone is written as another one")
      return true
    },
    FuzzTarget(
      "vault-names", maximumBytes: 128,
      seeds: {
        let document = String(repeating: "0a", count: 16)
        return ["\(document).00000001.keys", "\(document).0123456789abcdef.content", "\(document).erased"]
          .map { Array($0.utf8) }
      }
    ) { bytes in
      let name = String(decoding: bytes, as: UTF8.self)
      guard !name.isEmpty, !name.contains("/"), !name.contains("\0") else { return false }
      let caseID = CaseID(counted: [UInt8](repeating: 1, count: 16))
      let folder = try CaseFolder("v", caseID, OneName(name: name))
      guard let document = folder.ordered.first, let files = folder.documents[document] else { return false }
      let again =
        files.keys.map { folder.keys(document, $0) } + files.contents.map { folder.content(document, $0) }
        + (files.isErased ? [folder.tombstone(document)] : [])
      guard !again.isEmpty else { return false }
      try hold(again == [CaseFolder.path("v", caseID) + "/" + name], "a name is written as another one")
      return true
    },
    FuzzTarget(
      "clamd-reply", maximumBytes: 1_100,
      seeds: { ["stream: OK\0", "stream: Eicar FOUND\0"].map { Array($0.utf8) } }
    ) { bytes in
      switch ClamdReply.result(of: bytes) {
      case .clean: try hold(bytes == Array("stream: OK\0".utf8), "a document counts as clean without the word")
      case .infected(let name):
        try hold(
          !name.isEmpty && name.count <= 128 && name.allSatisfy { $0.isASCII && !$0.isWhitespace && $0 != "<" },
          "a name that is none")
      case .unavailable: return false
      }
      return true
    },
    FuzzTarget(
      "media-type", maximumBytes: 512, seeds: { [Array("%PDF-".utf8), Array("诊断".utf8), [0xFF, 0xD8, 0xFF]] }
    ) { bytes in
      let fitting = MediaType.allCases.filter { $0.fits(bytes) }
      try hold(fitting.count <= 1 && fitting.first == MediaType(of: bytes), "a document of two types")
      return !fitting.isEmpty
    },
    FuzzTarget("reader-card", maximumBytes: 300, seeds: { [Array(try card().text.utf8)] }) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let read = try? ReaderCard(text: text) else { return false }
      try hold(read == (try card()) && Array(read.text.utf8) == bytes, "a card that nobody signed")
      return true
    },
  ]

  private static func party(_ number: UInt8) -> PartyID { PartyID(counted: [UInt8](repeating: number, count: 20)) }

  private static func key(_ number: UInt8) throws -> ReaderKey {
    try ReaderKey(secret: [UInt8](repeating: number, count: 32))
  }

  private static func card() throws -> ReaderCard {
    try ReaderCard(of: SigningKey(seed: [UInt8](repeating: 5, count: 32)))
  }

  /// HPKE draws keys of its own, so they are made once.
  private static let made = Result {
    let readers = try (1...2).map { try key($0).reader(party($0)) }
    return [
      try DocumentSealing.seal(Array("seen and signed".utf8), for: readers),
      try DocumentSealing.seal([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 3, count: 500), for: [readers[0]]),
    ]
  }

  private static func sealed() throws -> [SealedDocument] { try made.get() }

  private static func accesses() throws -> [[UInt8]] {
    let (document, caseID) = (try sealed()[0].header.document, CaseID(counted: [UInt8](repeating: 1, count: 16)))
    let accesses: [Access] = [.stored, .opened(.jury), .readerAdded(party(2)), .erased(.unlawful), .notScanned(.own)]
    return accesses.map {
      let entry = AccessEntry($0, by: party(1), document, in: caseID, at: 9, after: .init(count: 0, hash: .zero))
      return Array(entry.encoded.dropLast(32))
    }
  }

  private static func tombstones() throws -> [[UInt8]] {
    let document = try sealed()[0].header
    let tombstone = Tombstone(
      .mistake, document.document, in: CaseID(counted: [UInt8](repeating: 1, count: 16)), at: 9, by: party(1),
      commitment: document.commitment)
    return [Array(tombstone.encoded.dropLast(32))]
  }
}

/// A disk with one name on it.
private struct OneName: VaultDisk {
  let name: String
  func list(_ path: String) throws(VaultError) -> [String]? { [name] }
  func open(_ path: String) throws(VaultError) -> (any VaultFile)? { nil }
  func create(_ path: String) throws(VaultError) -> any VaultFile { throw VaultError(.inputOutput, path) }
  func rename(_ path: String, to new: String) throws(VaultError) {}
  func remove(_ path: String) throws(VaultError) {}
  func createDirectory(_ path: String) throws(VaultError) {}
  func syncDirectory(_ path: String) throws(VaultError) {}
  func lock(_ path: String) throws(VaultError) -> (any AnyObject & Sendable)? { nil }
}
