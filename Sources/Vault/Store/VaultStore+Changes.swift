extension VaultStore {
  /// Lets somebody else read a document; done by one who can open it.
  ///
  /// - Throws: `vault.bad_readers` where she can read it already, or too many can; what
  ///   ``DocumentSealing/adding(_:to:by:with:)`` and the disk throw.
  public func addReader(
    _ reader: Reader, to document: DocumentID, in caseID: CaseID, by party: PartyID, with key: ReaderKey,
    at time: UInt64
  ) throws(VaultError) {
    let found = try find(document, in: caseID)
    let sealed = try DocumentSealing.adding(reader, to: found.sealed, by: party, with: key)
    try log.append(.readerAdded(reader.party), by: party, document, in: caseID, at: time)
    try replace(found, with: sealed)
  }

  /// Lets a party read a document no longer: it is encrypted anew under a key that she never had, and the old wrapped
  /// keys are destroyed. Done by one who can open it; she may remove herself.
  ///
  /// - Throws: `vault.bad_readers` where nobody would be left; what
  ///   ``DocumentSealing/removing(_:from:by:with:dice:)`` and the disk throw.
  public func removeReader(
    _ removed: PartyID, from document: DocumentID, in caseID: CaseID, by party: PartyID, with key: ReaderKey,
    at time: UInt64, dice: Dice = .system
  ) throws(VaultError) {
    let found = try find(document, in: caseID)
    let sealed = try DocumentSealing.removing(removed, from: found.sealed, by: party, with: key, dice: dice)
    try log.append(.readerRemoved(removed), by: party, document, in: caseID, at: time)
    try replace(found, with: sealed)
  }

  /// Erases a document: a tombstone takes its place, every wrapped key is overwritten and removed, then the ciphertext.
  ///
  /// What cannot be reached from here (backups, what a disk keeps of overwritten blocks, what a reader kept) is named
  /// in docs/privacy.md. Where an erasure was cut off, this finishes it.
  ///
  /// - Returns: what stays.
  /// - Throws: `vault.unknown_document`, `vault.stopped`, what the disk throws.
  @discardableResult
  public func erase(
    _ document: DocumentID, in caseID: CaseID, by actor: PartyID, for reason: ErasureReason, at time: UInt64
  ) throws(VaultError) -> Tombstone {
    try requireGood()
    let folder = try CaseFolder(directory, caseID, disk)
    guard let files = folder.documents[document], files.isErased || !files.keys.isEmpty else {
      throw VaultError(.unknownDocument, "the case holds no such document")
    }
    if files.isErased { return try tombstone(document, folder) }
    let tombstone = Tombstone(
      reason, document, in: caseID, at: time, by: actor, commitment: try commitment(document, folder))
    try log.append(.erased(reason), by: actor, document, in: caseID, at: time)
    try changing { () throws(VaultError) in
      try disk.replace(folder.tombstone(document), with: tombstone.encoded)
      // From here on it is erased; a crash leaves the rest to the next opening.
      _ = try CaseFolder(directory, caseID, disk).mend(disk)
    }
    return tombstone
  }

  /// The new keyring under the next number is the moment of change; then the old one is overwritten and goes.
  private func replace(_ found: Found, with sealed: SealedDocument) throws(VaultError) {
    let folder = found.folder
    let document = sealed.header.document
    guard found.number < .max else { throw VaultError(.full, "the document's keys were changed too often") }
    try changing { () throws(VaultError) in
      if sealed.keyring.content != found.sealed.keyring.content {
        try disk.replace(folder.content(document, sealed.keyring.content), with: sealed.content)
      }
      try disk.replace(folder.keys(document, found.number + 1), with: sealed.keyring.encoded)
      try disk.destroy(folder.keys(document, found.number))
      if sealed.keyring.content != found.sealed.keyring.content {
        try disk.remove(folder.content(document, found.sealed.keyring.content))
      }
      try disk.syncDirectory(folder.path)
    }
  }

  /// The commitment, where a content still has a header; a damaged document can be erased too.
  private func commitment(_ document: DocumentID, _ folder: CaseFolder) throws(VaultError) -> VaultHash {
    for hash in folder.documents[document]?.contents ?? [] {
      guard let file = try disk.open(folder.content(document, hash)) else { continue }
      var reader = ByteReader(try file.read(at: 0, count: DocumentHeader.byteCount))
      if let header = try? DocumentHeader(&reader), header.document == document { return header.commitment }
    }
    return .zero
  }
}
