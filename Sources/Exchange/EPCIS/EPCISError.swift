/// Why an EPCIS document, event or query was refused, under the names that EPCIS 2.0 gives its exceptions.
///
/// Equality looks at the exception and the code only. A message never repeats what a document says.
public struct EPCISError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exceptions of the REST binding that a repository of this subset raises.
  public enum Exception: String, Sendable, CaseIterable {
    /// A document or an event is not as the standard, this subset or the chain's rules ask.
    case validation = "ValidationException"
    /// A query's parameter does not read, or is not of this subset.
    case query = "QueryValidationException"
    /// Who asks is not known, or may not.
    case security = "SecurityException"
    /// Nothing has this name.
    case noSuchResource = "NoSuchResourceException"
    /// The asked version or form is not there.
    case notAcceptable = "NotAcceptableException"
    /// The event is there already.
    case alreadyExists = "ResourceAlreadyExistsException"
    /// More events or bytes than one capture may have.
    case captureLimit = "CaptureLimitExceededException"
    /// The address is too long.
    case uriTooLong = "URITooLongException"
    /// The body is in a form that is not taken.
    case unsupportedMediaType = "UnsupportedMediaTypeException"
    /// Something is wrong here, or not built.
    case implementation = "ImplementationException"

    /// As it stands in a problem's `type`.
    public var type: String { "epcisException:" + rawValue }

    /// The HTTP status that belongs to it; of `security` the one for who is not known.
    public var status: Int {
      switch self {
      case .validation, .query: 400
      case .security: 401
      case .noSuchResource: 404
      case .notAcceptable: 406
      case .alreadyExists: 409
      case .captureLimit: 413
      case .uriTooLong: 414
      case .unsupportedMediaType: 415
      case .implementation: 500
      }
    }
  }

  /// The exception.
  public let exception: Exception
  /// What was found.
  public let message: String
  /// The chain's own code, where the contract refused a row (docs/errors.md).
  public let code: String?
  /// Which event of the document, from 0; `nil` where it is about the whole.
  public var event: Int?

  /// An error with what was found.
  public init(_ exception: Exception, _ message: String, code: String? = nil, event: Int? = nil) {
    self.exception = exception
    self.message = message
    self.code = code
    self.event = event
  }

  /// All of it in one line.
  public var description: String {
    exception.type + ": " + (event.map { "event \($0): " } ?? "") + message + (code.map { " (\($0))" } ?? "")
  }

  /// Equal when exception and code are.
  public static func == (a: EPCISError, b: EPCISError) -> Bool { a.exception == b.exception && a.code == b.code }

  /// As equality has it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(exception)
    hasher.combine(code)
  }

  /// A document or event that is not as it has to be.
  static func invalid(_ message: String) -> EPCISError { EPCISError(.validation, message) }

  func at(_ event: Int) -> EPCISError { EPCISError(exception, message, code: code, event: event) }
}
