public import TransparencyLog

/// The file that keeps a chain's newest witnessed checkpoint. What is lost with it comes again from the witnesses.
public struct WitnessedFile: Sendable {
  private let path: String
  private let disk: any Disk

  /// The file at a path.
  public init(_ path: String, disk: some Disk = PosixDisk()) {
    self.path = path
    self.disk = disk
  }

  /// What is kept of these witnesses; `nil` for nothing, and for what does not read.
  public func read(witnesses: [VerifierKey]) throws(StorageError) -> WitnessedCheckpoint? {
    guard let bytes = try disk.read(path) else { return nil }
    return try? WitnessedCheckpoint(bytes, witnesses: witnesses)
  }

  /// Keeps another one: whole for every reader, and not synced.
  public func write(_ bytes: [UInt8]) throws(StorageError) {
    try disk.makeDirectory(type(of: disk).directory(of: path), durability: .buffered)
    try disk.replace(path, with: bytes, durability: .buffered)
  }
}
