/// What a vault says of a document without opening it.
public struct StoredDocument: Sendable, Equatable {
  /// What the document says of itself.
  public let header: DocumentHeader
  /// Who can open it.
  public let readers: [Reader]
}

/// A document of a case.
public enum CaseDocument: Sendable, Equatable {
  /// It is there.
  case stored(StoredDocument)
  /// It was erased.
  case erased(Tombstone)
}

extension VaultStore {
  /// A document with the place of its keys.
  struct Found {
    let folder: CaseFolder
    let number: UInt32
    let sealed: SealedDocument
  }

  /// The documents of a case by name; none where there is no such case.
  ///
  /// - Throws: `vault.damaged` for a file that does not read.
  public func list(_ caseID: CaseID) throws(VaultError) -> [CaseDocument] {
    let folder = try CaseFolder(directory, caseID, disk)
    var found: [CaseDocument] = []
    for document in folder.ordered {
      if folder.documents[document]?.isErased == true {
        found.append(.erased(try tombstone(document, folder)))
      } else if let (keyring, _) = try keyring(document, folder) {
        found.append(.stored(StoredDocument(header: try header(keyring, folder), readers: keyring.readers)))
      }
    }
    return found
  }

  /// Puts a sealed document into a case.
  ///
  /// - Throws: `vault.document_exists`, `vault.full`, `vault.bad_size`, `vault.wrong_type` for a type that this vault
  ///   does not take, `vault.stopped`, what the disk throws.
  public func put(
    _ sealed: SealedDocument, in caseID: CaseID, by actor: PartyID, at time: UInt64
  ) throws(VaultError) {
    try requireGood()
    let header = sealed.header
    guard limits.types.contains(header.type) else {
      throw VaultError(.wrongType, "this vault takes no \(header.type.name)")
    }
    guard header.length <= limits.documentBytes else {
      throw VaultError(.badSize, "this vault takes documents of \(limits.documentBytes) bytes at most")
    }
    try requireRoom(for: caseID)
    let folder = try CaseFolder(directory, caseID, disk)
    let there = folder.documents[header.document]
    guard there.map({ !$0.isErased && $0.keys.isEmpty }) ?? true else {
      throw VaultError(.documentExists, "the case holds a document of this id, or held it once")
    }
    try requireRoom(for: sealed, in: folder)
    try log.append(.stored, by: actor, header.document, in: caseID, at: time)
    try changing { () throws(VaultError) in
      try makeFolder(caseID)
      try disk.replace(folder.content(header.document, sealed.keyring.content), with: sealed.content)
      // From here on it is there.
      try disk.replace(folder.keys(header.document, 1), with: sealed.keyring.encoded)
    }
  }

  /// The sealed document, for a reader who opens it elsewhere.
  ///
  /// - Throws: `vault.unknown_document`, `vault.erased`, `vault.not_a_reader`, `vault.damaged`.
  public func handOut(
    _ document: DocumentID, in caseID: CaseID, to party: PartyID, for purpose: AccessPurpose, at time: UInt64
  ) throws(VaultError) -> SealedDocument {
    let found = try find(document, in: caseID)
    guard found.sealed.keyring.readers.contains(where: { $0.party == party }) else {
      throw VaultError(.notAReader, "the document's key is not wrapped for this reader")
    }
    try log.append(.handedOut(purpose), by: party, document, in: caseID, at: time)
    return found.sealed
  }

  /// Opens a document with the reader's key and has it scanned before anybody sees it.
  ///
  /// - Parameters:
  ///   - purpose: what it is opened for.
  ///   - scanner: who looks for malicious content.
  ///   - policy: what happens when the scanner does not answer.
  /// - Returns: the document, and what the scanner said of it: clean, or that it could not be asked.
  /// - Throws: `vault.infected`, `vault.unscanned`, `vault.unknown_document`, `vault.erased`, `vault.not_a_reader`,
  ///   `vault.altered`, `vault.wrong_commitment`, `vault.damaged`.
  public func open(
    _ document: DocumentID, in caseID: CaseID, by party: PartyID, with key: ReaderKey, for purpose: AccessPurpose,
    at time: UInt64, scanner: some DocumentScanner, policy: ScanPolicy
  ) throws(VaultError) -> (OpenedDocument, ScanResult) {
    let found = try find(document, in: caseID)
    let publicKey = key.publicKey
    guard found.sealed.keyring.readers.contains(where: { $0.party == party && $0.publicKey == publicKey }) else {
      throw VaultError(.notAReader, "the document's key is not wrapped for this reader")
    }
    try log.append(.opened(purpose), by: party, document, in: caseID, at: time)
    let opened = try DocumentSealing.open(found.sealed, by: party, with: key)
    let result = scanner.scan(opened.bytes)
    switch result {
    case .clean: break
    case .infected(let signature):
      try log.append(.foundInfected(purpose), by: party, document, in: caseID, at: time)
      throw VaultError(.infected, "the scanner found \(signature); the document was not opened")
    case .unavailable(let reason):
      try log.append(.notScanned(purpose), by: party, document, in: caseID, at: time)
      if policy == .refuseUnscanned {
        throw VaultError(.unscanned, "the scanner did not answer (\(reason)); the document was not opened")
      }
    }
    return (opened, result)
  }

  // MARK: Files

  /// Reads a document's files and holds them together.
  func find(_ document: DocumentID, in caseID: CaseID) throws(VaultError) -> Found {
    try requireGood()
    let folder = try CaseFolder(directory, caseID, disk)
    if folder.documents[document]?.isErased == true {
      throw VaultError(.erased, "the document was erased")
    }
    guard let (keyring, number) = try keyring(document, folder) else {
      throw VaultError(.unknownDocument, "the case holds no such document")
    }
    let path = folder.content(document, keyring.content)
    guard let content = try disk.read(path, limit: SealedDocument.maximumByteCount),
      let sealed = try? SealedDocument(keyring: keyring, content: content)
    else { throw VaultError(.damaged, "\(path) is missing or is not what the keyring names") }
    return Found(folder: folder, number: number, sealed: sealed)
  }

  /// The valid keyring of a document; `nil` where there is none.
  private func keyring(_ document: DocumentID, _ folder: CaseFolder) throws(VaultError) -> (Keyring, UInt32)? {
    guard let number = folder.documents[document]?.keys.last else { return nil }
    let path = folder.keys(document, number)
    guard let bytes = try disk.read(path, limit: Keyring.maximumByteCount), let keyring = try? Keyring(bytes),
      keyring.document == document
    else { throw VaultError(.damaged, "\(path) is no keyring of its document") }
    return (keyring, number)
  }

  private func header(_ keyring: Keyring, _ folder: CaseFolder) throws(VaultError) -> DocumentHeader {
    let path = folder.content(keyring.document, keyring.content)
    guard let file = try disk.open(path) else { throw VaultError(.damaged, "\(path) is missing") }
    var reader = ByteReader(try file.read(at: 0, count: DocumentHeader.byteCount))
    guard let header = try? DocumentHeader(&reader), header.document == keyring.document else {
      throw VaultError(.damaged, "\(path) has no header of its document")
    }
    return header
  }

  func tombstone(_ document: DocumentID, _ folder: CaseFolder) throws(VaultError) -> Tombstone {
    let path = folder.tombstone(document)
    guard let bytes = try disk.read(path, limit: Tombstone.byteCount), let tombstone = try? Tombstone(bytes),
      tombstone.document == document, folder.path == CaseFolder.path(directory, tombstone.caseID)
    else { throw VaultError(.damaged, "\(path) is no tombstone of its document") }
    return tombstone
  }

  private func requireRoom(for sealed: SealedDocument, in folder: CaseFolder) throws(VaultError) {
    guard folder.documents.count < limits.documents else {
      throw VaultError(.full, "the case holds \(limits.documents) documents")
    }
    var bytes = sealed.content.count
    for document in folder.ordered {
      for hash in folder.documents[document]?.contents ?? [] {
        bytes += try disk.open(folder.content(document, hash))?.size() ?? 0
      }
    }
    guard bytes <= limits.caseBytes else {
      throw VaultError(.full, "the case's documents would have \(bytes) bytes, at most \(limits.caseBytes)")
    }
  }
}
