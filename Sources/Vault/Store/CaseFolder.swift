/// The files of one case, by their names.
///
///     DOCUMENT.KEYS.keys           a keyring; KEYS counts from 1 in eight hexadecimal digits, and the highest is valid
///     DOCUMENT.CONTENT.content     header and chunks; CONTENT is the beginning of their hash
///     DOCUMENT.erased              a tombstone: where there is one, nothing else of the document counts
///     *.tmp                        what a crash left over
///
/// A keyring never takes the place of another under one name: the old one could then not be overwritten any more.
struct CaseFolder {
  /// The files of one document.
  struct Files {
    /// Numbers of keyrings, ascending.
    var keys: [UInt32] = []
    /// Beginnings of the hashes of contents.
    var contents: [String] = []
    /// Whether there is a tombstone.
    var isErased = false
  }

  static let hashDigits = 16
  private(set) var documents: [DocumentID: Files] = [:]
  /// Files without a name yet.
  private(set) var leftovers: [String] = []
  /// Names that are none of ours.
  private(set) var strange: [String] = []
  let path: String

  /// The folder of a case.
  static func path(_ directory: String, _ caseID: CaseID) -> String { "\(directory)/cases/\(caseID)" }

  /// Looks at a folder; one that does not exist is empty.
  init(_ directory: String, _ caseID: CaseID, _ disk: some VaultDisk) throws(VaultError) {
    path = Self.path(directory, caseID)
    for name in (try disk.list(path) ?? []).sorted() { take(name) }
  }

  /// The documents in the order of their names.
  var ordered: [DocumentID] { documents.keys.sorted() }

  func keys(_ document: DocumentID, _ number: UInt32) -> String {
    var bytes: [UInt8] = []
    bytes.append(number: number)
    return "\(path)/\(document).\(Hexadecimal.encode(bytes)).keys"
  }

  func content(_ document: DocumentID, _ hash: String) -> String { "\(path)/\(document).\(hash).content" }

  func content(_ document: DocumentID, _ hash: VaultHash) -> String { content(document, Self.beginning(of: hash)) }

  static func beginning(of hash: VaultHash) -> String { String(hash.description.prefix(hashDigits)) }

  func tombstone(_ document: DocumentID) -> String { "\(path)/\(document).erased" }

  private mutating func take(_ name: String) {
    if name.hasSuffix(PosixVaultDisk.temporaryEnding) { return leftovers.append(name) }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, let document = DocumentID(hexadecimal: parts[0]) else { return strange.append(name) }
    var files = documents[document] ?? Files()
    switch (parts.count, parts.last) {
    case (2, "erased"): files.isErased = true
    case (3, "keys"):
      guard let bytes = Hexadecimal.decode(parts[1]), bytes.count == 4 else { return strange.append(name) }
      files.keys.append(bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case (3, "content"):
      guard parts[1].utf8.count == Self.hashDigits, Hexadecimal.decode(parts[1]) != nil else {
        return strange.append(name)
      }
      files.contents.append(parts[1])
    default: return strange.append(name)
    }
    documents[document] = files
  }
}

extension CaseFolder {
  /// Makes the names durable as they are, finishes what was begun, and removes what never became anything.
  ///
  /// - Returns: the number of files that went.
  func mend(_ disk: some VaultDisk) throws(VaultError) -> Int {
    // First: what is destroyed below must not be what the disk falls back to.
    try disk.syncDirectory(path)
    var gone = 0
    for name in leftovers {
      // It may hold wrapped keys.
      name.contains(".keys") ? try disk.destroy(path + "/" + name) : try disk.remove(path + "/" + name)
      gone += 1
    }
    for document in ordered { gone += try mend(document, disk) }
    if gone > 0 { try disk.syncDirectory(path) }
    return gone
  }

  private func mend(_ document: DocumentID, _ disk: some VaultDisk) throws(VaultError) -> Int {
    guard let files = documents[document] else { return 0 }
    let isGone = files.isErased || files.keys.isEmpty
    let old = files.isErased ? files.keys[...] : files.keys.dropLast()
    for number in old { try disk.destroy(keys(document, number)) }
    var unused = isGone ? files.contents : []
    if !isGone, files.contents.count > 1, let number = files.keys.last,
      let bytes = try disk.read(keys(document, number), limit: Keyring.maximumByteCount),
      let keyring = try? Keyring(bytes)
    {
      unused = files.contents.filter { $0 != Self.beginning(of: keyring.content) }
    }
    for hash in unused { try disk.remove(content(document, hash)) }
    return old.count + unused.count
  }
}
