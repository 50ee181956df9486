/// Why a node could not be asked, or what it answered instead of what was asked for.
public struct ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason: one of those below, or the node's own as it stands in its problem document.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// Not the address of a node or of a log.
    public static let badAddress = Code("client.bad_address")
    /// Nobody answers there, or the connection broke.
    public static let unreachable = Code("client.unreachable")
    /// No answer in the time allowed.
    public static let timedOut = Code("client.timed_out")
    /// The answer is longer than anything of its kind.
    public static let tooLarge = Code("client.answer_too_large")
    /// The answer is not what the interface describes.
    public static let badAnswer = Code("client.bad_answer")
    /// The answer comes with a proof, and the proof does not hold.
    public static let unproven = Code("client.unproven")
  }

  /// The reason.
  public let code: Code
  /// What happened, for people.
  public let message: String
  /// The HTTP status of the answer; `nil` where there was none.
  public let status: Int?
  /// How long the node asks to wait, in seconds.
  public let retryAfter: Int?

  /// An error.
  public init(_ code: Code, _ message: String, status: Int? = nil, retryAfter: Int? = nil) {
    self.code = code
    self.message = message
    self.status = status
    self.retryAfter = retryAfter
  }

  /// Whether the same request may succeed in a moment.
  var isPassing: Bool {
    switch status {
    case nil: code == .unreachable || code == .timedOut
    // A node that limits a sender for minutes does not say when to come again.
    case 429: retryAfter != nil
    case 502, 503, 504: true
    default: false
    }
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: ClientError, b: ClientError) -> Bool { a.code == b.code }
}
