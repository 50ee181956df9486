public import Storage
public import TransparencyLog

/// The key with which a node cosigns other people's checkpoints, in `DATA/witness` beside what it cosigned: whoever
/// loses the one loses the other, and a witness that forgot what it cosigned must not go on under its old name.
public enum WitnessKey {
  /// The public half with its name, for reading.
  private static let publicFile = "vkey"

  /// The directory of a node's witness.
  public static func directory(data: String) -> String { "\(data)/witness" }

  /// The cosigner of a directory, made with a new key where there is none.
  ///
  /// - Parameters:
  ///   - name: the name it has to have; without it the one it has, and for a new one `fallback`.
  ///   - seed: 32 bytes for a new key.
  /// - Throws: ``NodeError`` `node.unusable_directory` for a key that others may read, that does not read, or that is
  ///   of a witness of another name: one key is one cosigner. `log.malformed_name`, `StorageError`.
  public static func open(
    _ directory: String, name: String?, fallback: String, disk: some Disk = PosixDisk(), seed: () -> [UInt8]
  ) throws -> NoteCosigner {
    let keys = KeyDirectory(directory)
    let file = "\(directory)/\(publicFile)"
    let known = try disk.read(file).map { try VerifierKey(text: $0.filter { $0 != 0x0A }) }
    let wanted = try name.map { try NoteName($0) }
    if let known, let wanted, known.name != wanted {
      throw NodeError(
        .unusableDirectory,
        "the key in \(directory) is that of the witness \(known.name); one key serves one name, so set witness-name to "
          + "it, or move the directory away")
    }
    if try keys.witness() == nil {
      guard known == nil else {
        throw NodeError(.unusableDirectory, "\(directory) has lost its key; move it away, and be a new witness")
      }
      try disk.makeDirectory(directory)
      try keys.write(witness: seed())
      try disk.syncDirectory(directory)
    }
    guard let seed = try keys.witness() else { throw NodeError(.unusableDirectory, "\(directory) has no key") }
    let cosigner = try NoteCosigner(name: known?.name ?? wanted ?? NoteName(fallback), seed: seed)
    if let known, known != cosigner.verifierKey {
      throw NodeError(.unusableDirectory, "the key in \(directory) is not that of \(file)")
    }
    if known == nil { try disk.replace(file, with: cosigner.verifierKey.text + [0x0A]) }
    return cosigner
  }
}
