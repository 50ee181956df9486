public import TransparencyLog

/// What a witness cosigned last for each log, one file a log: `<hexadecimal SHA-256 of the origin>` holds the cosigned
/// checkpoint.
///
/// The file is the only memory there is: nothing is kept beside it that could say something else. To be used by one
/// thread at a time.
public struct WitnessDirectory: Sendable {
  /// The most bytes of a file: a signed note's.
  private static let maximumBytes = UInt64(SignedNote.maximumByteCount)

  private let path: String
  private let key: VerifierKey
  private let disk: any Disk

  /// The memory of the witness that has this key, in a directory, which is made where there is none.
  public init(_ path: String, key: VerifierKey, disk: some Disk = PosixDisk()) throws(StorageError) {
    self.path = path
    self.key = key
    self.disk = disk
    try disk.makeDirectory(path)
  }

  /// What was cosigned last for a log; `nil` for nothing.
  ///
  /// - Parameter origin: the SHA-256 of the log's origin.
  /// - Throws: `storage.damaged` for a file that is not a checkpoint of that log with a cosignature by the witness.
  public func read(_ origin: Hash) throws(StorageError) -> CosignedCheckpoint? {
    let file = place(origin)
    guard let opened = try disk.open(file, .reading) else { return nil }
    let size = try opened.size()
    guard size <= Self.maximumBytes else { throw StorageError(.damaged, "\(file) is too long") }
    let bytes = try opened.read(at: 0, count: Int(size))
    do {
      let cosigned = try CosignedCheckpoint(bytes, by: key)
      guard Hash.sha256(cosigned.checkpoint.origin) == origin else {
        throw StorageError(.damaged, "\(file) is of another log")
      }
      return cosigned
    } catch let error as StorageError {
      throw error
    } catch {
      throw StorageError(.damaged, "\(file): \(error)")
    }
  }

  /// Puts a checkpoint in the place of the last one; durable when it returns.
  ///
  /// Where it throws, one of the two stands there, whole, and the caller has promised nothing yet.
  public func write(_ cosigned: CosignedCheckpoint) throws(StorageError) {
    try disk.replace(place(.sha256(cosigned.checkpoint.origin)), with: cosigned.bytes)
  }

  private func place(_ origin: Hash) -> String { "\(path)/\(origin)" }
}
