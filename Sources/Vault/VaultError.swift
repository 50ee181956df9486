/// Why the vault refused something.
///
/// Equality looks at the code only. A message names sizes, files and limits, never a person, a key or what a document
/// says.
public struct VaultError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// Bytes that are not in the one form a sealed document, a keyring or a record has.
    public static let malformed = Code("vault.malformed")
    /// Written by another version of the program.
    public static let unknownVersion = Code("vault.unknown_version")
    /// A document without a byte, or larger than its limit.
    public static let badSize = Code("vault.bad_size")
    /// The type is not on the list, or the first bytes are those of another type.
    public static let wrongType = Code("vault.wrong_type")
    /// A key of a wrong length or form, or one with which everybody would share a secret.
    public static let badKey = Code("vault.bad_key")
    /// No reader, more readers than a document may have, or one reader twice.
    public static let badReaders = Code("vault.bad_readers")
    /// The document's key is not wrapped for this reader.
    public static let notAReader = Code("vault.not_a_reader")
    /// The document or its wrapped key was changed, cut off or put together from other ones.
    public static let altered = Code("vault.altered")
    /// What was opened is not what the commitment stands for.
    public static let wrongCommitment = Code("vault.wrong_commitment")
    /// The case or the log is full.
    public static let full = Code("vault.full")
    /// There is no such document in this case.
    public static let unknownDocument = Code("vault.unknown_document")
    /// The case holds a document of this id, or held it once.
    public static let documentExists = Code("vault.document_exists")
    /// The document was erased.
    public static let erased = Code("vault.erased")
    /// The scanner found something in the document.
    public static let infected = Code("vault.infected")
    /// The scanner did not answer, and without it nothing is opened.
    public static let unscanned = Code("vault.unscanned")
    /// The operating system refused a read or write.
    public static let inputOutput = Code("vault.input_output")
    /// There is no room on the disk.
    public static let diskFull = Code("vault.disk_full")
    /// A file does not hold what was written to it.
    public static let damaged = Code("vault.damaged")
    /// The directory is no vault, or another process uses it.
    public static let unusableDirectory = Code("vault.unusable_directory")
    /// An earlier write failed: what is on the disk has to be looked at anew before more is written.
    public static let stopped = Code("vault.stopped")
  }

  /// The reason.
  public let code: Code
  /// What happened.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: VaultError, b: VaultError) -> Bool { a.code == b.code }
}
