/// Why a credential, a presentation or a status list was refused.
///
/// Equality looks at the code only. A message never names a holder, a key or a salt.
public struct CredentialError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// It does not decode, or is longer than its limit.
    public static let malformed = Code("credential.malformed")
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
  public static func == (a: CredentialError, b: CredentialError) -> Bool { a.code == b.code }
}
