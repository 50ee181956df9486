import Storage
import TestSupport

@testable import Vault

/// The forgetful disk of the tests under a vault.
struct MemoryVaultDisk: VaultDisk {
  let disk: MemoryDisk

  func open(_ path: String) throws(VaultError) -> (any VaultFile)? {
    try translated { () throws(StorageError) in try disk.open(path, .writing).map { MemoryVaultFile($0) } }
  }

  func create(_ path: String) throws(VaultError) -> any VaultFile {
    try translated { () throws(StorageError) in MemoryVaultFile(try disk.create(path)) }
  }

  func rename(_ path: String, to new: String) throws(VaultError) {
    try translated { () throws(StorageError) in try disk.rename(path, to: new) }
  }

  func remove(_ path: String) throws(VaultError) {
    try translated { () throws(StorageError) in try disk.remove(path) }
  }

  func createDirectory(_ path: String) throws(VaultError) {
    try translated { () throws(StorageError) in try disk.createDirectory(path) }
  }

  func syncDirectory(_ path: String) throws(VaultError) {
    try translated { () throws(StorageError) in try disk.syncDirectory(path) }
  }

  func list(_ path: String) throws(VaultError) -> [String]? {
    try translated { () throws(StorageError) in try disk.list(path)?.map(\.name) }
  }

  func lock(_ path: String) throws(VaultError) -> (any AnyObject & Sendable)? { nil }
}

private final class MemoryVaultFile: VaultFile {
  private let file: any DiskFile

  init(_ file: any DiskFile) { self.file = file }

  func size() throws(VaultError) -> Int {
    Int(try translated { () throws(StorageError) in try file.size() })
  }

  func read(at offset: Int, count: Int) throws(VaultError) -> [UInt8] {
    try translated { () throws(StorageError) in try file.read(at: UInt64(offset), count: count) }
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(VaultError) {
    try translated { () throws(StorageError) in try file.write(bytes, at: UInt64(offset)) }
  }

  func sync() throws(VaultError) {
    try translated { () throws(StorageError) in try file.sync() }
  }

  func truncate(to size: Int) throws(VaultError) {
    try translated { () throws(StorageError) in try file.truncate(to: UInt64(size)) }
  }
}

private func translated<Value>(_ body: () throws(StorageError) -> Value) throws(VaultError) -> Value {
  do {
    return try body()
  } catch {
    throw VaultError(error.code == .diskFull ? .diskFull : .inputOutput, error.message)
  }
}
