internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import Vault

extension VaultCommand {
  /// `tongzhou vault add`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "As a reader of a document: let somebody else read it.")

    @OptionGroup var document: VaultDocument

    @Option(name: .customLong("to"), help: "The new reader's card.")
    var card: String

    func run() throws {
      do {
        let reader = try ReaderCard(text: card).reader
        let (party, key) = try document.identity.reading()
        try document.place.open().addReader(
          reader, to: document.id(), in: document.place.caseID(), by: party, with: key,
          at: Timestamp.wallClock.seconds)
        Output.line("\(reader.party.address) can read it")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou vault remove`.
  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "As a reader of a document: let somebody read it no longer.",
      discussion: "The document is encrypted anew. What she has read or kept, nobody can take from her.")

    @OptionGroup var document: VaultDocument

    @Option(help: "The address of whoever is to be removed.")
    var reader: String

    func run() throws {
      do {
        let removed = PartyID(try Address(text: reader))
        let (party, key) = try document.identity.reading()
        try document.place.open().removeReader(
          removed, from: document.id(), in: document.place.caseID(), by: party, with: key,
          at: Timestamp.wallClock.seconds)
        Output.line("\(removed.address) can read it no longer")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou vault list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the documents of a case, erased ones too, and the one commitment to all of them.")

    @OptionGroup var place: VaultPlace
    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let found = try place.open().list(place.caseID())
        let commitments = found.map { document in
          switch document {
          case .stored(let stored): stored.header.commitment
          case .erased(let tombstone): tombstone.commitment
          }
        }
        let all = found.isEmpty ? nil : try DocumentCommitment.list(commitments)
        let documents = found.map(Document.init)
        if json.isOn { return try Output.json(Printed(documents: documents, commitment: all?.description)) }
        for document in documents { document.show() }
        if let all { Output.line("all together  \(all)") }
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Printed: Encodable {
      let documents: [Document]
      let commitment: String?
    }

    private struct Document: Encodable {
      let document: String
      let commitment: String
      var type: String?
      var bytes: Int?
      var readers: [String]?
      var erased: UInt64?
      var reason: String?

      init(_ found: CaseDocument) {
        switch found {
        case .stored(let stored):
          document = stored.header.document.description
          commitment = stored.header.commitment.description
          type = stored.header.type.name
          bytes = stored.header.length
          readers = stored.readers.map(\.party.address.description)
        case .erased(let tombstone):
          document = tombstone.document.description
          commitment = tombstone.commitment.description
          erased = tombstone.time
          reason = tombstone.reason.name
        }
      }

      func show() {
        Output.line("document      \(document)")
        if let type, let bytes { Output.line("  type        \(type), \(bytes) bytes") }
        if let erased, let reason { Output.line("  erased      \(erased), \(reason)") }
        Output.line("  commitment  \(commitment)")
        for reader in readers ?? [] { Output.line("  reader      \(reader)") }
      }
    }
  }

  /// `tongzhou vault erase`.
  struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Erase a document by destroying its keys; nobody can open it again.",
      discussion: "The reasons: \(ErasureReason.allCases.map(\.name).joined(separator: ", ")).")

    @OptionGroup var document: VaultDocument

    @Option(help: "Why it is erased.")
    var reason: String

    func run() throws {
      do {
        guard let reason = ErasureReason(name: reason) else {
          throw VaultError(.malformed, "the reasons are \(ErasureReason.allCases.map(\.name).joined(separator: ", "))")
        }
        let party = PartyID(try document.identity.key().publicKey.address)
        let tombstone = try document.place.open().erase(
          document.id(), in: document.place.caseID(), by: party, for: reason, at: Timestamp.wallClock.seconds)
        Output.line("erased \(tombstone.document) at \(tombstone.time), \(tombstone.reason.name)")
      } catch {
        throw Output.fail(error)
      }
    }
  }

  /// `tongzhou vault log`.
  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the access log: who, which document, when, what for.",
      discussion: """
        The head, count:hash, fixes all that was logged. Keep it elsewhere: `vault fsck --head` finds out later whether
        something was taken away.
        """)

    @Option(help: "The vault's directory.")
    var vault: String

    @Option(help: "The first entry to show.")
    var from: UInt64 = 0

    @Option(help: "How many entries to show at most.")
    var limit: Int = 1_000

    @OptionGroup var json: JSONOption

    func run() throws {
      do {
        let store = try VaultPlace.open(vault)
        let entries = try store.accesses(from: from, limit: limit).map(Entry.init)
        if json.isOn { return try Output.json(Printed(head: store.head.description, entries: entries)) }
        for entry in entries {
          Output.line(
            "\(entry.sequence)  \(entry.time)  \(entry.actor)  \(entry.access)"
              + [entry.purpose, entry.reason, entry.reader].compactMap { $0.map { " " + $0 } }.joined()
              + "  \(entry.case)/\(entry.document)")
        }
        Output.line("head  \(store.head)")
      } catch {
        throw Output.fail(error)
      }
    }

    private struct Printed: Encodable {
      let head: String
      let entries: [Entry]
    }

    private struct Entry: Encodable {
      let sequence, time: UInt64
      let actor, access, `case`, document: String
      var purpose: String?
      var reason: String?
      var reader: String?

      init(_ entry: AccessEntry) {
        sequence = entry.sequence
        time = entry.time
        actor = entry.actor.address.description
        access = entry.access.name
        self.case = entry.caseID.description
        document = entry.document.description
        switch entry.access {
        case .stored, .notDone: break
        case .opened(let purpose), .handedOut(let purpose), .foundInfected(let purpose), .notScanned(let purpose):
          self.purpose = purpose.name
        case .readerAdded(let party), .readerRemoved(let party): reader = party.address.description
        case .erased(let reason): self.reason = reason.name
        }
      }
    }
  }

  /// `tongzhou vault fsck`.
  struct Fsck: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Look at every file of a vault that no process uses, and change nothing.",
      discussion: "Exit status 1 when something is wrong that opening the vault does not put in order.")

    @Option(help: "The vault's directory.")
    var vault: String

    @Option(help: "A head of the access log from before, which must still be part of it.")
    var head: String?

    @OptionGroup var json: JSONOption

    func run() throws {
      let report: VaultReport
      do {
        let known = try head.map { text in
          guard let head = AccessHead(text) else {
            throw VaultError(.malformed, "a head is a number, a colon and 64 hexadecimal digits")
          }
          return head
        }
        var fsck = VaultFsck(vault)
        report = try fsck.run(known: known)
        if json.isOn { try Output.json(Printed(report)) } else { show(report) }
      } catch {
        throw Output.fail(error)
      }
      if !report.isGood { throw ExitCode(1) }
    }

    private func show(_ report: VaultReport) {
      Output.line("\(report.cases) cases, \(report.documents) documents, \(report.erased) erased")
      Output.line("head of the access log  \(report.head)")
      for finding in report.findings {
        Output.line("\(finding.path): \(finding.problem)" + (finding.isMended ? " (opening the vault mends it)" : ""))
      }
      Output.line(report.isGood ? "nothing is wrong" : "something is wrong")
    }

    private struct Printed: Encodable {
      let good: Bool
      let cases, documents, erased: Int
      let head: String
      let findings: [Finding]

      struct Finding: Encodable {
        let path, problem: String
        let mended: Bool
      }

      init(_ report: VaultReport) {
        good = report.isGood
        cases = report.cases
        documents = report.documents
        erased = report.erased
        head = report.head.description
        findings = report.findings.map { Finding(path: $0.path, problem: $0.problem, mended: $0.isMended) }
      }
    }
  }
}
