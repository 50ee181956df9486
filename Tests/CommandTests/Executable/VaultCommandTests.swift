import Foundation
import Ledger
import Node
import Testing
import TongzhouClient
import TransparencyLog
import Vault

/// `tongzhou vault`, from the card to the tombstone.
@Suite struct VaultCommandTests {
  /// A folder with two officers' keys, a member's secret and a document that nobody else may read.
  private struct Office {
    static let text = "Zhang San, thyroid carcinoma, seen on 2 January\n"
    static let chain = String(repeating: "5a", count: 32)
    let folder: TemporaryFolder
    var vault: String { folder.file("vault") }

    init(_ folder: TemporaryFolder) throws {
      self.folder = folder
      let keys = KeyDirectory(folder.file("keys"))
      for (number, name) in ["investigator", "platform"].enumerated() {
        try keys.write(officer: SigningKey(seed: [UInt8](repeating: UInt8(number + 1), count: 32)), of: name)
      }
      try folder.write(Self.text, to: "report.txt")
      let made = try Program.tongzhou.run("key", "new", "--output", folder.file("me.key"))
      try #require(made.status == 0)
    }

    func identity(_ name: String) -> [String] {
      name == "member"
        ? ["--secret", folder.file("me.key"), "--chain", Self.chain]
        : ["--officers", folder.file("keys"), "--organisation", name]
    }

    func run(_ words: String..., as name: String? = nil) throws -> Program.Run {
      let run = try Program.tongzhou.run(["vault"] + words + (name.map { identity($0) } ?? []))
      // Whatever is printed, no word of the document is in it, and nobody's name.
      for word in ["Zhang", "carcinoma", "January"] { #expect(!run.text.contains(word) && !run.errors.contains(word)) }
      return run
    }

    func object(_ words: String..., as name: String? = nil) throws -> [String: Any] {
      let run = try Program.tongzhou.run(["vault"] + words + ["--json"] + (name.map { identity($0) } ?? []))
      try #require(run.status == 0, "\(words): \(run.errors)")
      return try run.object()
    }

    func card(_ name: String) throws -> (address: String, card: String) {
      let card = try object("card", as: name)
      return (try #require(card["address"] as? String), try #require(card["card"] as? String))
    }

    /// Seals the document for some readers and puts it into the vault.
    func put(for readers: [String]) throws -> (document: String, caseID: String) {
      let cards = try readers.flatMap { ["--to", try card($0).card] }
      let sealed = try Program.tongzhou.run(
        ["vault", "seal", folder.file("report.txt"), "--output", folder.file("report.sealed"), "--json"] + cards)
      try #require(sealed.status == 0, "\(sealed.errors)")
      let put = try object("put", folder.file("report.sealed"), "--vault", vault, as: "platform")
      return (try #require(put["document"] as? String), try #require(put["case"] as? String))
    }
  }

  @Test("a member seals, the vault keeps ciphertext, an officer opens, adds and removes, and the log tells it")
  func life() throws {
    try TemporaryFolder.with { folder in
      let office = try Office(folder)
      let (document, caseID) = try office.put(for: ["member", "investigator"])
      let place = ["--vault", office.vault, "--case", caseID]
      func open(_ output: String, as name: String) throws -> Program.Run {
        try office.run(
          "open", document, place[0], place[1], place[2], place[3], "--purpose", "investigation", "--unscanned",
          "--output", folder.file(output), as: name)
      }
      for (path, data) in try folder.content() where path.hasPrefix("vault/") {
        #expect(data.range(of: Data("carcinoma".utf8)) == nil, "\(path)")
      }
      let opened = try open("opened", as: "investigator")
      #expect(opened.status == 0 && opened.errors.hasPrefix("warning: nobody scanned"), "\(opened.errors)")
      #expect(try Data(contentsOf: folder.url("opened")) == Data(Office.text.utf8))
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("opened"))
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(try open("mine", as: "member").status == 0)
      #expect(try open("theirs", as: "platform").errors.hasPrefix("vault.not_a_reader: "))

      let platform = try office.card("platform")
      let added = try office.run(
        "add", document, place[0], place[1], place[2], place[3], "--to", platform.card, as: "investigator")
      #expect(added.status == 0 && added.text.contains(platform.address), "\(added.errors)")
      #expect(try open("theirs", as: "platform").status == 0)
      let removed = try office.run(
        "remove", document, place[0], place[1], place[2], place[3], "--reader", platform.address, as: "member")
      #expect(removed.status == 0, "\(removed.errors)")
      #expect(try open("again", as: "platform").errors.hasPrefix("vault.not_a_reader: "))

      let erased = try office.run(
        "erase", document, place[0], place[1], place[2], place[3], "--reason", "consent-withdrawn", as: "platform")
      #expect(erased.status == 0, "\(erased.errors)")
      #expect(try open("never", as: "investigator").errors.hasPrefix("vault.erased: "))
      let listed = try office.object("list", place[0], place[1], place[2], place[3])
      let documents = try #require(listed["documents"] as? [[String: Any]])
      #expect(documents.map { $0["reason"] as? String } == ["consent-withdrawn"])

      let log = try office.object("log", "--vault", office.vault)
      let entries = try #require(log["entries"] as? [[String: Any]])
      #expect(
        entries.map { $0["access"] as? String } == [
          "stored", "opened", "not-scanned", "opened", "not-scanned", "reader-added", "opened", "not-scanned",
          "reader-removed", "erased",
        ])
      #expect(entries[1]["actor"] as? String == (try office.card("investigator").address))
      let head = try #require(log["head"] as? String)
      let good = try office.run("fsck", "--vault", office.vault, "--head", head)
      #expect(good.status == 0 && good.text.hasSuffix("nothing is wrong\n"), "\(good.text)\(good.errors)")
      let other = head.replacingOccurrences(of: "10:", with: "11:")
      #expect(try office.run("fsck", "--vault", office.vault, "--head", other).status == 1)
    }
  }

  @Test("without a scanner nothing is opened, unless that is said")
  func unscanned() throws {
    try TemporaryFolder.with { folder in
      let office = try Office(folder)
      let (document, caseID) = try office.put(for: ["investigator"])
      for scanner in [[], ["--clamd", folder.file("nobody")]] {
        let run = try Program.tongzhou.run(
          ["vault", "open", document, "--vault", office.vault, "--case", caseID, "--purpose", "jury", "--output"]
            + [folder.file("out")] + scanner + office.identity("investigator"))
        #expect(run.status == 1 && run.errors.hasPrefix("vault.unscanned: "), "\(run.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }
  }

  @Test("what cannot be is refused with its code, and nothing is written")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      let office = try Office(folder)
      let card = try office.card("member").card
      let bent = String(card.dropLast()) + (card.hasSuffix("0") ? "1" : "0")
      let archive = try folder.write("PK\u{3}\u{4}", to: "archive.zip")
      let output = folder.file("sealed")
      let report = folder.file("report.txt")
      let runs: [(String, Program.Run)] = [
        ("vault.wrong_type", try office.run("seal", archive, "--to", card, "--output", output)),
        ("vault.bad_key", try office.run("seal", report, "--to", bent, "--output", output)),
        ("vault.bad_readers", try office.run("seal", report, "--to", card, "--to", card, "--output", output)),
        ("vault.malformed", try office.run("put", report, "--vault", office.vault, as: "platform")),
        ("vault.unusable_directory", try office.run("fsck", "--vault", folder.path)),
        ("vault.bad_key", try office.run("card")),
      ]
      for (code, run) in runs {
        #expect(run.status == 1 && run.output.isEmpty && run.errors.hasPrefix(code + ": "), "\(code): \(run.errors)")
      }
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(!FileManager.default.fileExists(atPath: office.vault))
    }
  }

  @Test("a photograph and a hospital's record get the marks by which they show again")
  func marks() throws {
    try TemporaryFolder.with { folder in
      let office = try Office(folder)
      let card = try office.card("member").card
      let photograph = Data([0xFF, 0xD8, 0xFF, 0xE0] + (0..<100).map { UInt8($0) })
      try photograph.write(to: folder.url("photo.jpg"))
      try folder.write(String(repeating: "k", count: 32), to: "hospital.key")
      let sealed = try (0..<2).map { number in
        try office.object(
          "seal", folder.file("photo.jpg"), "--to", card, "--output", folder.file("sealed\(number)"), "--hospital-key",
          folder.file("hospital.key"))
      }
      let expected = Hash.sha256(Array(photograph)).description
      #expect(sealed.allSatisfy { $0["photograph"] as? String == expected })
      #expect(sealed[0]["record"] as? String == sealed[1]["record"] as? String && sealed[0]["record"] != nil)
      #expect(sealed[0]["commitment"] as? String != sealed[1]["commitment"] as? String)
    }
  }

  @Test(
    "a reader written from docs/vault.md alone, in another language, opens what was sealed",
    .enabled(if: PythonPrograms.has("cryptography"), "Scripts/setup --tests installs the package"))
  func independentReader() throws {
    try TemporaryFolder.with { folder in
      let office = try Office(folder)
      let long = (0..<150_000).map { UInt8(32 + $0 % 90) }
      try Data(long).write(to: folder.url("report.txt"))
      let (document, _) = try office.put(for: ["investigator", "member"])
      let read = try Program.run([
        PythonPrograms.python, PythonPrograms.checkout.appending(path: "Scripts/vault_reader.py").path(),
        folder.file("report.sealed"), folder.file("keys/investigator.officer"),
      ])
      try #require(read.status == 0, "\(read.errors)")
      let found = try read.object()
      #expect(found["document"] as? String == document)
      #expect(found["sha256"] as? String == Hash.sha256(long).description && found["type"] as? Int == 5)
    }
  }
}
