/// Why something could not be written or read.
public struct StorageError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// The operating system refused a read or write.
    public static let inputOutput = Code("storage.input_output")
    /// The directory holds something else, or a log of another chain.
    public static let foreignDirectory = Code("storage.foreign_directory")
    /// There is no room on the disk.
    public static let diskFull = Code("storage.disk_full")
    /// A file does not hold what was written to it; the message names the file and, where known, the offset.
    public static let damaged = Code("storage.damaged")
    /// A file was written by another version of the program.
    public static let unknownVersion = Code("storage.unknown_version")
    /// Something is larger than its limit.
    public static let tooLarge = Code("storage.too_large")
    /// An earlier write failed, so what is on the disk has to be read anew before more is written.
    public static let stopped = Code("storage.stopped")
  }

  /// The reason.
  public let code: Code
  /// What happened; names a file, never its content.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: StorageError, b: StorageError) -> Bool { a.code == b.code }
}
