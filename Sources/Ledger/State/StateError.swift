/// Why the state refused a change or a saved copy.
///
/// Two errors are equal when their codes are; the message is for people.
public struct StateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) {
      self.name = name
    }

    /// A record with the same key is already in the table.
    public static let duplicateKey = Code("state.duplicate_key")
    /// The key is all zero, which stands for the sentinel.
    public static let reservedKey = Code("state.reserved_key")
    /// The table holds the largest number of records that ordinals of four bytes can name.
    public static let tableFull = Code("state.table_full")
    /// The links of a saved table do not visit every record once in the order of the keys.
    public static let brokenLinks = Code("state.broken_links")
    /// A saved state lacks a table, or is not what the log says of it.
    public static let wrongImage = Code("state.wrong_image")
  }

  /// The reason.
  public let code: Code
  /// What happened, in words.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Whether both have the same code.
  public static func == (a: StateError, b: StateError) -> Bool { a.code == b.code }
}
