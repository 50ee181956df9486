/// Why a webhook cannot be set up, signed or sent.
public struct WebhookError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// Not a secret of the Standard Webhooks kind.
    public static let badSecret = Code("webhook.bad_secret")
    /// Not an address that webhooks are sent to.
    public static let badAddress = Code("webhook.bad_address")
    /// The address is one of an inner network.
    public static let innerAddress = Code("webhook.inner_address")
    /// The name of the receiver's host does not resolve.
    public static let unresolved = Code("webhook.unresolved")
  }

  /// The reason.
  public let code: Code
  /// What happened, for people; never holds an address or a secret.
  public let message: String

  /// An error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: WebhookError, b: WebhookError) -> Bool { a.code == b.code }
}
