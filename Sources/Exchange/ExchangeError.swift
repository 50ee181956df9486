/// Why a document of another standard was refused, or could not be made.
///
/// Equality looks at the code only. A message never repeats what a document says.
public struct ExchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// It does not decode, or is longer than its limit.
    public static let malformed = Code("exchange.malformed")
    /// More than one document takes.
    public static let tooLarge = Code("exchange.too_large")
    /// A document of that standard has at least one entry, and there is none.
    public static let nothing = Code("exchange.nothing")
  }

  /// The reason.
  public let code: Code
  /// What was found.
  public let message: String

  /// An error with its reason and what was found.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: ExchangeError, b: ExchangeError) -> Bool { a.code == b.code }
}
