internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import Vault

/// `tongzhou vault`.
struct VaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault",
    abstract: "Documents of cases: seal them for readers, keep them encrypted, open them, erase them.",
    discussion: """
      Whoever is to read gives out her card; whoever has a document seals it for the cards' readers on his own machine.
      The vault keeps what was sealed and cannot open it. Each access stands in its log.

        tongzhou vault card --officers data/demo/keys --organisation insurer.tongzhou.example
        tongzhou vault seal report.pdf --to tzread:… --output report.sealed
        tongzhou vault put report.sealed --vault data/vault --officers data/demo/keys \\
          --organisation hospital.tongzhou.example
        tongzhou vault open DOCUMENT --vault data/vault --case CASE --purpose investigation --output report.pdf \\
          --clamd /run/clamav/clamd.ctl --officers data/demo/keys --organisation insurer.tongzhou.example

      Formats and rules: docs/vault.md.
      """,
    subcommands: [
      Card.self, Seal.self, Put.self, Open.self, Add.self, Remove.self, List.self, Erase.self, Log.self, Fsck.self,
    ])

  /// `tongzhou vault card`.
  struct Card: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the card that others seal documents for.")

    @OptionGroup var identity: VaultIdentity
    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let card = try ReaderCard(of: identity.key())
        let address = card.account.address.description
        if json.isOn { return try Output.json(["address": address, "card": card.text]) }
        Output.line("address  \(address)")
        Output.line("card     \(card.text)")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou vault seal`.
  struct Seal: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Encrypt a document for its readers, on this machine.",
      discussion: "Takes PDF, JPEG, PNG, DICOM and plain text, up to 64 MiB, and looks at the first bytes.")

    @Argument(help: "The document.")
    var file: String

    @Option(name: .customLong("to"), help: "A reader's card; once for each reader.")
    var cards: [String]

    @Option(help: "Write the sealed document to this file; it must not exist.")
    var output: String

    @Option(
      help: "A file with a hospital's secret of at least 32 bytes: print the mark by which its record shows again.")
    var hospitalKey: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let content = try SmallFile.read(file)
        let readers = try cards.map { try ReaderCard(text: $0).reader }
        let sealed = try DocumentSealing.seal(content, for: readers)
        let mark = try hospitalKey.map { path in
          try DocumentCommitment.hospitalRecord(content, key: SmallFile.read(path, limit: 4_096))
        }
        try PrivateFile.create(output, sealed.encoded)
        let printed = Printed(
          document: sealed.header.document.description, type: sealed.header.type.name, bytes: sealed.header.length,
          commitment: sealed.header.commitment.description,
          photograph: (try? DocumentCommitment.photograph(content))?.description, record: mark?.description,
          readers: sealed.keyring.readers.map(\.party.address.description))
        if json.isOn { return try Output.json(printed) }
        Output.line("document    \(printed.document), \(printed.type), \(printed.bytes) bytes")
        Output.line("commitment  \(printed.commitment)")
        if let photograph = printed.photograph { Output.line("photograph  \(photograph)") }
        if let record = printed.record { Output.line("record      \(record)") }
        for reader in printed.readers { Output.line("reader      \(reader)") }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Printed: Encodable {
      let document, type: String
      let bytes: Int
      let commitment: String
      let photograph, record: String?
      let readers: [String]
    }
  }

  /// `tongzhou vault put`.
  struct Put: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a sealed document into a vault.",
      discussion: "Makes the vault where there is none, and a new case without --case.")

    @Argument(help: "The sealed document.")
    var file: String

    @Option(help: "The vault's directory.")
    var vault: String

    @Option(name: .customLong("case"), help: "The case's id in the vault: 32 hexadecimal digits; a new one without.")
    var caseText: String?

    @OptionGroup var identity: VaultIdentity
    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let sealed = try SealedDocument(SmallFile.read(file, limit: SealedDocument.maximumByteCount))
        let party = PartyID(try identity.key().publicKey.address)
        let caseID = try caseText.map { try VaultPlace.caseID($0) } ?? Dice.system.caseID()
        try VaultStore.create(vault)
        try VaultPlace.open(vault).put(sealed, in: caseID, by: party, at: Timestamp.wallClock.seconds)
        let document = sealed.header.document.description
        if json.isOn { return try Output.json(["case": caseID.description, "document": document]) }
        Output.line("case      \(caseID)")
        Output.line("document  \(document)")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou vault open`.
  struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Open a document of which you are a reader, and have it scanned first.",
      discussion: "The purposes: \(AccessPurpose.allCases.map(\.name).joined(separator: ", ")).")

    @OptionGroup var document: VaultDocument
    @OptionGroup var scan: ScanOptions

    @Option(help: "What you open it for.")
    var purpose: String

    @Option(help: "Write the document to this file, which only you can read; it must not exist.")
    var output: String

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        guard let purpose = AccessPurpose(name: purpose) else {
          throw VaultError(.malformed, "the purposes are \(AccessPurpose.allCases.map(\.name).joined(separator: ", "))")
        }
        let (party, key) = try document.identity.reading()
        let (opened, result) = try document.place.open().open(
          document.id(), in: document.place.caseID(), by: party, with: key, for: purpose,
          at: Timestamp.wallClock.seconds, scanner: scan.scanner, policy: scan.policy)
        try PrivateFile.create(output, opened.bytes)
        if case .unavailable(let reason) = result {
          Output.note("warning: nobody scanned this document (\(reason)); open it in a program that you can lose")
        }
        let scanned = result == .clean ? "clean" : "not scanned"
        if json.isOn {
          return try Output.json(["output": output, "scan": scanned, "type": opened.header.type.name])
        }
        Output.line("\(output): \(opened.header.type.name), \(opened.bytes.count) bytes, \(scanned)")
      } catch {
        throw Output.fail(error)
      }
    }
  }
}
