internal import Consortium
internal import Credentials
internal import Exchange
internal import Foundation
public import HTTPTypes
public import Hummingbird
internal import Ledger
internal import Logging
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient

/// An error as HTTP gives it: RFC 9457, `application/problem+json`.
///
/// `code` is the stable name from docs/errors.md; programs decide by it, people read `detail`.
public struct Problem: Error, Sendable, HTTPResponseError {
  /// A stable name for what went wrong, as listed in docs/errors.md.
  public struct Code: Hashable, Sendable {
    /// The name.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// A parameter, a path or a body does not read.
    public static let badRequest = Code("http.bad_request")
    /// Nothing stands at this place.
    public static let notFound = Code("http.not_found")
    /// The path has other methods.
    public static let methodNotAllowed = Code("http.method_not_allowed")
    /// The body is larger than this place takes.
    public static let tooLarge = Code("http.too_large")
    /// The body is in a form that this place does not take.
    public static let unsupportedMediaType = Code("http.unsupported_media_type")
    /// The Idempotency-Key was used for another request.
    public static let idempotencyMismatch = Code("http.idempotency_mismatch")
    /// A body did not arrive in time.
    public static let tooSlow = Code("http.too_slow")
    /// More requests from one address than the window allows.
    public static let tooManyRequests = Code("http.too_many_requests")
    /// As many read the events as may at one time.
    public static let tooManyReaders = Code("http.too_many_readers")
    /// Something went wrong here that nobody foresaw.
    public static let internalError = Code("http.internal")
    /// The search index has not caught up with the chain.
    public static let searchBehind = Code("search.behind")

    /// What the framework's own errors are called.
    static func of(_ status: HTTPResponse.Status) -> Code {
      switch status {
      case .notFound: .notFound
      case .methodNotAllowed: .methodNotAllowed
      case .contentTooLarge: .tooLarge
      case .unsupportedMediaType: .unsupportedMediaType
      case .tooManyRequests: .tooManyRequests
      default: status.code < 500 ? .badRequest : .internalError
      }
    }
  }

  /// The HTTP status.
  public let status: HTTPResponse.Status
  /// The stable code.
  public let code: Code
  /// What happened in this case; never a secret, a name or a health fact.
  public let detail: String
  /// Further header fields.
  public let fields: HTTPFields

  /// A problem.
  public init(_ status: HTTPResponse.Status, _ code: Code, _ detail: String, fields: HTTPFields = [:]) {
    self.status = status
    self.code = code
    self.detail = detail
    self.fields = fields
  }

  /// The response.
  public func response(from request: Request, context: some RequestContext) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = try encoder.encode(
      ProblemDocument(
        type: "about:blank", title: status.reasonPhrase, status: status.code, detail: detail, code: code.name,
        // Not `context.id`, which traps where the log's handler keeps no metadata.
        request: context.logger[metadataKey: "hb.request.id"]?.description ?? "unknown"))
    var fields = fields
    fields[.contentType] = "application/problem+json"
    return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}

/// The members of a problem document.
private struct ProblemDocument: Encodable {
  let type: String
  let title: String
  let status: Int
  let detail: String
  let code: String
  let request: String
}

extension Problem {
  /// Nothing stands at this place.
  static func notFound(_ what: String) -> Problem { Problem(.notFound, .notFound, what) }

  /// A parameter, path or body that does not read.
  static func badRequest(_ what: String) -> Problem { Problem(.badRequest, .badRequest, what) }

  /// Any error as a problem. What nobody foresaw is told as such, without its text: that may hold anything.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as LedgerError: self.init(Problem.status(of: error.code), Code(error.code.name), error.message)
    case let error as NodeError:
      switch error.code {
      case .busy: self.init(.serviceUnavailable, Code(error.code.name), error.message, fields: [.retryAfter: "1"])
      case .notReady, .stopping, .witnessUnavailable:
        self.init(.serviceUnavailable, Code(error.code.name), error.message, fields: [.retryAfter: "5"])
      case .sourceLied: self.init(.serviceUnavailable, Code(error.code.name), error.message)
      case .readOnly: self.init(.forbidden, Code(error.code.name), error.message)
      default:
        self.init(.internalServerError, Code(error.code.name), "the node cannot go on; its operator has been told")
      }
    case let error as CredentialError:
      let status = Problem.status(of: error.code)
      self.init(
        status, Code(error.code.name), error.message, fields: status.code == 503 ? [.retryAfter: "600"] : [:])
    case let error as EPCISError: self.init(error)
    case is CancellationError:
      self.init(.serviceUnavailable, Code(NodeError.Code.stopping.name), "the node is stopping")
    case let error as ProofError where error.code == .tooManyCases || error.code == .tooManySteps:
      self.init(.badRequest, Code(error.code.name), error.message)
    case let error as ProofError where error.code == .notFound:
      self.init(.notFound, Code(error.code.name), error.message)
    case let error as HTTPError:
      self.init(error.status, .of(error.status), error.body ?? error.status.reasonPhrase)
    case let error as any HTTPResponseError:
      self.init(error.status, .of(error.status), error.status.reasonPhrase)
    default: self.init(.internalServerError, .internalError, "something went wrong here; nothing was changed")
    }
  }

  /// How loud the log says that a request failed; `nil` where only who asked has to know.
  ///
  /// What passes by itself, such as an index that lags, is no fault of the node, and whoever asked is told when to come
  /// again. What a node's own error means, the node has said already.
  func level(of error: any Error) -> Logger.Level? {
    guard status.code >= 500, !(error is NodeError) else { return nil }
    return status == .serviceUnavailable ? .debug : .error
  }

  private static func status(of code: ErrorCode) -> HTTPResponse.Status {
    switch code {
    case .malformed, .badAddress, .badKey, .unknownSuite, .overflow, .badTime: .badRequest
    case .badSignature, .wrongSigner, .unknownSender, .notAnOfficer: .forbidden
    case .tooLarge: .contentTooLarge
    case .replayed: .conflict
    case .quotaUsed: .tooManyRequests
    case .poolFull: .serviceUnavailable
    default: .unprocessableContent
    }
  }
}
