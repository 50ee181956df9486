/// Something in a vault's directory that is not as it should be.
public struct VaultFinding: Sendable, Equatable {
  /// The file, relative to the vault.
  public let path: String
  /// What is the matter, in words.
  public let problem: String
  /// Whether the next opening puts it in order; else it is for a person.
  public let isMended: Bool
}

/// What a look at all files of a vault came to.
public struct VaultReport: Sendable {
  /// Cases with at least one file.
  public internal(set) var cases = 0
  /// Documents that are there.
  public internal(set) var documents = 0
  /// Documents that were erased.
  public internal(set) var erased = 0
  /// How far the access log goes.
  public internal(set) var head = AccessHead.empty
  /// What is not as it should be.
  public internal(set) var findings: [VaultFinding] = []

  /// Whether nothing is wrong but what the next opening deals with.
  public var isGood: Bool { findings.allSatisfy(\.isMended) }
}

/// Looks at every byte of a vault that no process uses, and changes nothing.
///
/// Without a reader's key it cannot open a document; but hashes, checks and the chain of the access log show damage,
/// and each document is held against the log: what the log does not know of was not put there by the vault.
public struct VaultFsck {
  private let directory: String
  private let disk: any VaultDisk
  private var report = VaultReport()
  /// What the access log says of each document: its place, and whether it was erased.
  private var logged: [DocumentPlace: Bool] = [:]
  /// The place of the last entry: what it speaks of may have been cut off.
  private var last: DocumentPlace?

  /// A look at a vault.
  public init(_ directory: String, disk: some VaultDisk = PosixVaultDisk()) {
    self.directory = directory
    self.disk = disk
  }

  /// Looks at everything.
  ///
  /// - Parameter known: a head of the access log from before, which must still be part of it.
  /// - Throws: `vault.unusable_directory` for what is no vault, what the disk throws.
  public mutating func run(known: AccessHead? = nil) throws(VaultError) -> VaultReport {
    try VaultStore.require(directory, disk)
    let lock = try disk.lock(directory + "/" + VaultStore.lockName)
    defer { withExtendedLifetime(lock) {} }
    try readLog(known)
    let ours = [VaultStore.marker, VaultStore.lockName, AccessLog.name, "cases"]
    for name in (try disk.list(directory) ?? []).sorted() where !ours.contains(name) {
      note(name, "belongs to no vault")
    }
    for name in (try disk.list(directory + "/cases") ?? []).sorted() {
      guard let caseID = CaseID(hexadecimal: name) else {
        note("cases/" + name, "is the folder of no case")
        continue
      }
      try look(at: caseID)
    }
    // What was looked at is struck off; what is left is gone.
    for place in logged.keys.sorted() {
      // Storing may have been cut off; erasing leaves either the document or its tombstone.
      let isCutOff = place == last && logged[place] == false
      note("cases/\(place)", "is in the access log and not on the disk", isMended: isCutOff)
    }
    return report
  }

  // MARK: Access log

  private mutating func readLog(_ known: AccessHead?) throws(VaultError) {
    let path = AccessLog.name
    guard let file = try disk.open(directory + "/" + path) else {
      // A vault that was made and never opened has none yet.
      if known.map({ $0.count > 0 }) ?? false { note(path, "is missing") }
      return
    }
    let size = try file.size()
    guard let (good, _) = try? AccessLog.end(of: file, path) else {
      note(path, "does not end in a good entry")
      return
    }
    if good < size { note(path, "ends in a torn entry", isMended: true) }
    var isKnown = known.map { $0 == .empty } ?? true
    let total = UInt64(good / AccessEntry.byteCount)
    while report.head.count < total {
      let limit = Int(min(4_096, total - report.head.count))
      let entries: [AccessEntry]
      do {
        entries = try AccessLog.entries(of: file, path, from: report.head.count, limit: limit)
      } catch {
        note(path, "has an entry after \(report.head.count) that does not read")
        return
      }
      for entry in entries {
        guard entry.previous == report.head.hash else {
          note(path, "entry \(entry.sequence) does not follow the one before")
          return
        }
        report.head = AccessHead(count: entry.sequence + 1, hash: entry.hash)
        if report.head == known { isKnown = true }
        last = DocumentPlace(caseID: entry.caseID, document: entry.document)
        take(entry, at: DocumentPlace(caseID: entry.caseID, document: entry.document))
      }
    }
    if !isKnown { note(path, "is not the one that the known head is of, or its end was taken away") }
  }

  private mutating func take(_ entry: AccessEntry, at place: DocumentPlace) {
    switch entry.access {
    case .stored: logged[place] = false
    case .erased: logged[place] = true
    case .notDone: logged[place] = logged[place] == true ? false : nil
    default: break
    }
  }

  // MARK: Cases

  private mutating func look(at caseID: CaseID) throws(VaultError) {
    let folder = try CaseFolder(directory, caseID, disk)
    let place = "cases/\(caseID)/"
    for name in folder.strange { note(place + name, "is no file of a document") }
    for name in folder.leftovers { note(place + name, "was left over by a crash", isMended: true) }
    if !folder.documents.isEmpty { report.cases += 1 }
    for document in folder.ordered {
      guard let files = folder.documents[document] else { continue }
      let path = place + "\(document)"
      if files.isErased {
        try look(atErased: document, files, caseID, folder, path)
      } else if files.keys.isEmpty {
        note(path, "was not put in to the end", isMended: true)
      } else {
        try look(at: document, files, caseID, folder, path)
      }
    }
  }

  private mutating func look(
    at document: DocumentID, _ files: CaseFolder.Files, _ caseID: CaseID, _ folder: CaseFolder, _ path: String
  ) throws(VaultError) {
    report.documents += 1
    let place = DocumentPlace(caseID: caseID, document: document)
    switch logged.removeValue(forKey: place) {
    case nil: note(path, "is not in the access log")
    case true: note(path, "was erased by the access log, and is there", isMended: place == last)
    default: break
    }
    if files.keys.count > 1 { note(path, "has an old keyring still to be destroyed", isMended: true) }
    guard let number = files.keys.last,
      let bytes = try read(folder.keys(document, number), Keyring.maximumByteCount),
      let keyring = try? Keyring(bytes), keyring.document == document
    else { return note(path, "has no good keyring: nobody can open it") }
    let name = CaseFolder.beginning(of: keyring.content)
    if files.contents.contains(where: { $0 != name }) {
      note(path, "has an old content still to be removed", isMended: true)
    }
    guard let content = try read(folder.content(document, name), SealedDocument.maximumByteCount) else {
      return note(path, "has no content")
    }
    do {
      _ = try SealedDocument(keyring: keyring, content: content)
    } catch {
      note(path, "has a content that is not the one its keys are for")
    }
  }

  private mutating func look(
    atErased document: DocumentID, _ files: CaseFolder.Files, _ caseID: CaseID, _ folder: CaseFolder, _ path: String
  ) throws(VaultError) {
    report.erased += 1
    if logged.removeValue(forKey: DocumentPlace(caseID: caseID, document: document)) != true {
      note(path, "was erased, and the access log does not say so")
    }
    if !files.keys.isEmpty || !files.contents.isEmpty {
      note(path, "was erased, and its files are still to be destroyed", isMended: true)
    }
    guard let bytes = try read(folder.tombstone(document), Tombstone.byteCount),
      let tombstone = try? Tombstone(bytes), tombstone.document == document, tombstone.caseID == caseID
    else { return note(path, "has a tombstone that does not read") }
  }

  /// A file that is not too long; one that is counts as none.
  private func read(_ path: String, _ limit: Int) throws(VaultError) -> [UInt8]? {
    do {
      return try disk.read(path, limit: limit)
    } catch {
      guard error.code == .damaged else { throw error }
      return nil
    }
  }

  private mutating func note(_ path: String, _ problem: String, isMended: Bool = false) {
    report.findings.append(VaultFinding(path: path, problem: problem, isMended: isMended))
  }
}

/// A document of a case.
private struct DocumentPlace: Hashable, Comparable, CustomStringConvertible {
  let caseID: CaseID
  let document: DocumentID
  var description: String { "\(caseID)/\(document)" }

  static func < (a: DocumentPlace, b: DocumentPlace) -> Bool {
    a.caseID == b.caseID ? a.document < b.document : a.caseID < b.caseID
  }
}
