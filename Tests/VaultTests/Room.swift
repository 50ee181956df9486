import TestSupport

@testable import Vault

/// A vault on a disk in memory with documents of one case.
struct Room {
  let cast = Cast()
  let disk: MemoryDisk
  let store: VaultStore
  let caseID = CaseID(counted: [UInt8](repeating: 0xCA, count: 16))

  init(seed: UInt64 = 1, limits: VaultLimits = VaultLimits()) throws {
    disk = MemoryDisk(seed: seed)
    try VaultStore.create("v", disk: MemoryVaultDisk(disk: disk))
    (store, _) = try VaultStore.open("v", disk: MemoryVaultDisk(disk: disk), limits: limits)
  }

  /// Another look at the same disk.
  func opened() throws -> (VaultStore, VaultStore.Mended) {
    try VaultStore.open("v", disk: MemoryVaultDisk(disk: disk))
  }

  func seal(_ content: [UInt8] = Cast.text(1_000), _ readers: [Reader]? = nil) throws -> SealedDocument {
    try DocumentSealing.seal(content, for: readers ?? [cast.ada.reader, cast.bo.reader])
  }

  /// Seals a text and puts it in.
  func put(_ content: [UInt8] = Cast.text(1_000), at time: UInt64 = 100) throws -> SealedDocument {
    let sealed = try seal(content)
    try store.put(sealed, in: caseID, by: cast.ada.party, at: time)
    return sealed
  }

  func read(
    _ document: DocumentID, by person: Cast.Person, from store: VaultStore? = nil, scanner: Answer = Answer(.clean),
    policy: ScanPolicy = .refuseUnscanned
  ) throws -> OpenedDocument {
    try (store ?? self.store).open(
      document, in: caseID, by: person.party, with: person.key, for: .investigation, at: 200, scanner: scanner,
      policy: policy
    ).0
  }

  func fsck(known: AccessHead? = nil) throws -> VaultReport {
    var fsck = VaultFsck("v", disk: MemoryVaultDisk(disk: disk))
    return try fsck.run(known: known)
  }

  /// Whether some bytes lie anywhere on the disk as it is seen.
  func holds(_ bytes: [UInt8]) -> Bool { disk.contents.values.contains { Cast.contains($0, bytes) } }
}

/// A scanner that says what it is told to.
struct Answer: DocumentScanner {
  let result: ScanResult
  init(_ result: ScanResult) { self.result = result }
  func scan(_ content: [UInt8]) -> ScanResult { result }
}
