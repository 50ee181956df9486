internal import Consortium
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
  /// The HTTP status.
  public let status: HTTPResponse.Status
  /// The stable code.
  public let code: String
  /// What happened in this case; never a secret, a name or a health fact.
  public let detail: String
  /// Further header fields.
  public let fields: HTTPFields

  /// A problem.
  public init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, fields: HTTPFields = [:]) {
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
        type: "about:blank", title: status.reasonPhrase, status: status.code, detail: detail, code: code,
        request: context.id))
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
  static func notFound(_ what: String) -> Problem { Problem(.notFound, "http.not_found", what) }

  /// A parameter, path or body that does not read.
  static func badRequest(_ what: String) -> Problem { Problem(.badRequest, "http.bad_request", what) }

  /// Any error as a problem. What nobody foresaw is told as such, without its text: that may hold anything.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as LedgerError: self.init(Problem.status(of: error.code), error.code.name, error.message)
    case let error as NodeError:
      switch error.code {
      case .busy: self.init(.serviceUnavailable, error.code.name, error.message, fields: [.retryAfter: "1"])
      case .notReady, .stopping:
        self.init(.serviceUnavailable, error.code.name, error.message, fields: [.retryAfter: "5"])
      case .readOnly: self.init(.forbidden, error.code.name, error.message)
      default: self.init(.internalServerError, error.code.name, "the node cannot go on; its operator has been told")
      }
    case let error as ProofError where error.code == .notFound:
      self.init(.notFound, error.code.name, error.message)
    case let error as HTTPError:
      self.init(error.status, "http.\(error.status.code)", error.body ?? error.status.reasonPhrase)
    case let error as any HTTPResponseError:
      self.init(error.status, "http.\(error.status.code)", error.status.reasonPhrase)
    default: self.init(.internalServerError, "http.internal", "something went wrong here; nothing was changed")
    }
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

/// Turns every error into a problem, also those of the router itself.
struct ProblemMiddleware: RouterMiddleware {
  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = Problem(error)
      if problem.status.code >= 500, !(error is NodeError) {
        context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
      }
      return try problem.response(from: request, context: context)
    }
  }
}
