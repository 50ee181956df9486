/// The first thing an audit found wrong, and where.
public struct AuditFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What kind of thing is wrong.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// A file that must be there is not.
    public static let missingFile = Code("audit.missing_file")
    /// A file that belongs to no log of this size.
    public static let strangeFile = Code("audit.strange_file")
    /// A tile, bundle or policy is not what the entries give.
    public static let wrongFile = Code("audit.wrong_file")
    /// The checkpoint is malformed, or a line of it is unknown or does not verify.
    public static let badCheckpoint = Code("audit.bad_checkpoint")
    /// The log starts from another genesis than the one that was pinned.
    public static let wrongGenesis = Code("audit.wrong_genesis")
    /// Entries do not follow the form header, transactions and rows, seal.
    public static let badBlock = Code("audit.bad_block")
    /// A batch or its certificate is not valid.
    public static let invalidBatch = Code("audit.invalid_batch")
    /// Executing the block gives another seal than the one in the log.
    public static let wrongSeal = Code("audit.wrong_seal")
    /// A plan's money does not add up.
    public static let wrongMoney = Code("audit.wrong_money")
    /// The hearts or the lots of a chain of hearts do not add up.
    public static let wrongHearts = Code("audit.wrong_hearts")
  }

  /// What is wrong.
  public let code: Code
  /// The file, or the block and entry.
  public let place: String
  /// What was found and what was expected.
  public let message: String

  /// A failure at a place.
  public init(_ code: Code, _ place: String, _ message: String) {
    self.code = code
    self.place = place
    self.message = message
  }

  /// Place, then what is wrong there.
  public var description: String { "\(place): \(message) (\(code.name))" }

  /// Equal when code and place are.
  public static func == (a: AuditFailure, b: AuditFailure) -> Bool { a.code == b.code && a.place == b.place }
}
