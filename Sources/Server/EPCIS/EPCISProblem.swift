internal import Exchange
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Node
internal import Storage

/// An error as EPCIS tells it: `application/problem+json` whose type is one of its own exceptions. `code` is ours,
/// where we have one that says more (docs/errors.md).
struct EPCISProblem {
  let error: EPCISError
  let status: Int
  let code: String
  let fields: HTTPFields

  /// Any error under EPCIS's names. What nobody foresaw is told as such, without its text.
  init(_ error: any Error) {
    if let error = error as? EPCISError {
      var fields: HTTPFields = [:]
      if error.exception == .security { fields[.wwwAuthenticate] = "Bearer" }
      self.init(error, error.exception.status, error.code ?? EPCISProblem.name(error.exception), fields)
      return
    }
    if error is EPCISForbidden {
      let forbidden = EPCISError(.security, "this node has no key of the token's organisation")
      self.init(forbidden, 403, EPCISProblem.name(.security), [:])
      return
    }
    let problem = Problem(error)
    let exception: EPCISError.Exception =
      switch problem.status.code {
      case 400, 422: .validation
      case 401, 403: .security
      case 404: .noSuchResource
      case 406: .notAcceptable
      case 409: .alreadyExists
      case 413: .captureLimit
      case 414: .uriTooLong
      case 415: .unsupportedMediaType
      default: .implementation
      }
    self.init(EPCISError(exception, problem.detail), problem.status.code, problem.code.name, problem.fields)
  }

  private init(_ error: EPCISError, _ status: Int, _ code: String, _ fields: HTTPFields) {
    (self.error, self.status, self.code, self.fields) = (error, status, code, fields)
  }

  /// Our own names for what has no code of the chain.
  private static func name(_ exception: EPCISError.Exception) -> String {
    switch exception {
    case .validation, .query: Problem.Code.badRequest.name
    case .security: Problem.Code.epcisToken.name
    case .noSuchResource: Problem.Code.notFound.name
    case .notAcceptable: Problem.Code.notAcceptable.name
    case .alreadyExists: Problem.Code.epcisCaptured.name
    case .captureLimit: Problem.Code.tooLarge.name
    case .uriTooLong: Problem.Code.uriTooLong.name
    case .unsupportedMediaType: Problem.Code.unsupportedMediaType.name
    case .implementation: Problem.Code.internalError.name
    }
  }

  private var title: String {
    switch error.exception {
    case .validation: "The event or document is not valid"
    case .query: "The query is not valid"
    case .security: "Not authorised"
    case .noSuchResource: "No such resource"
    case .notAcceptable: "Not acceptable"
    case .alreadyExists: "The event exists already"
    case .captureLimit: "Too large a capture"
    case .uriTooLong: "The URI is too long"
    case .unsupportedMediaType: "Unsupported media type"
    case .implementation: "A problem of the server"
    }
  }

  /// The problem as an object, without what only a response has.
  var json: JSONValue {
    .make([
      ("type", .string(error.exception.type)), ("title", .string(title)), ("status", .number("\(status)")),
      ("detail", .string((error.event.map { "event \($0): " } ?? "") + error.message)), ("code", .string(code)),
      ("event", error.event.map { .number("\($0)") }),
    ])
  }

  func response() -> Response {
    var fields = fields
    fields[.contentType] = "application/problem+json"
    return Response(
      status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: json.encoded)))
  }
}

extension Problem.Code {
  /// No token, or none that an organisation has, or one whose organisation cannot sign here.
  public static let epcisToken = Problem.Code("epcis.token")
  /// The event was captured before.
  public static let epcisCaptured = Problem.Code("epcis.captured")
  /// Nothing here has the form or the version that is asked for.
  public static let notAcceptable = Problem.Code("http.not_acceptable")
  /// The address is longer than this place takes.
  public static let uriTooLong = Problem.Code("http.uri_too_long")
}

/// Tells every error under `/epcis` by EPCIS's own names, and says in every answer which versions are spoken.
struct EPCISManners: RouterMiddleware {
  /// The most bytes of an address.
  static let maximumURI = 8192

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let response: Response
    do {
      try EPCISManners.check(request)
      response = try await next(request, context)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      let problem = EPCISProblem(error)
      if let level = Problem(error).level(of: error), !(error is EPCISError), !(error is EPCISForbidden) {
        context.logger.log(level: level, "request failed", metadata: ["error": "\(type(of: error))"])
      }
      response = problem.response()
    }
    return EPCISManners.withVersions(response)
  }

  /// An answer that says which versions are spoken.
  static func withVersions(_ response: Response) -> Response {
    var response = response
    for (name, value) in versions {
      if let name = HTTPField.Name(name) { response.headers[name] = value }
    }
    return response
  }

  static let versions = [
    ("GS1-EPCIS-Version", "2.0.0"), ("GS1-CBV-Version", "2.0.0"),
    ("GS1-Extensions", "\(GiftFields.prefix)=\(GiftFields.vocabulary)"),
  ]

  private static func check(_ request: Request) throws {
    guard request.uri.string.utf8.count <= maximumURI else {
      throw EPCISError(.uriTooLong, "an address has at most \(maximumURI) bytes")
    }
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
    for name in ["GS1-EPCIS-Version", "GS1-CBV-Version"] {
      guard header(name).map({ $0 == "2" || $0 == "2.0" || $0.hasPrefix("2.0.") }) ?? true else {
        throw EPCISError(.notAcceptable, "EPCIS and CBV 2.0 are spoken here")
      }
    }
    guard header("GS1-EPCIS-Min").map({ number($0) <= 20 }) ?? true,
      header("GS1-EPCIS-Max").map({ number($0) >= 20 }) ?? true
    else { throw EPCISError(.notAcceptable, "EPCIS 2.0 is spoken here") }
    if let accept = request.headers[.accept], !accept.isEmpty {
      let kinds = ["*/*", "application/*", "application/json", "application/ld+json", "application/problem+json"]
      let asked = accept.split(separator: ",").map { part in
        part.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
      }
      let isDescription = request.uri.path.hasSuffix(".yaml")
      guard isDescription || asked.contains(where: kinds.contains) else {
        throw EPCISError(.notAcceptable, "answers are application/json or application/ld+json")
      }
    }
  }

  /// Major and minor version as one number; 99 for what is none, which asks for too much.
  private static func number(_ text: String) -> Int {
    let parts = text.split(separator: ".").map { Int($0) ?? 99 }
    guard let major = parts.first, (0...9).contains(major) else { return 99 }
    return major * 10 + min(parts.count > 1 ? parts[1] : 0, 9)
  }
}
