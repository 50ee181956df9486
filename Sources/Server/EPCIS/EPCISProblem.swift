internal import Exchange
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An error as EPCIS tells it: `application/problem+json` whose type is one of its own exceptions. `code` is ours,
/// where we have one that says more (docs/errors.md).
struct EPCISProblem {
  let error: EPCISError
  /// The same with status, code and fields, as the rest of the interface tells it.
  let problem: Problem

  /// Any error under EPCIS's names. What nobody foresaw is told as such, without its text.
  init(_ error: any Error) {
    problem = Problem(error)
    self.error = error as? EPCISError ?? EPCISError(EPCISProblem.exception(of: problem.status), problem.detail)
  }

  private static func exception(of status: HTTPResponse.Status) -> EPCISError.Exception {
    switch status.code {
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
      ("type", .string(error.exception.type)), ("title", .string(title)), ("status", .number("\(problem.status.code)")),
      ("detail", .string((error.event.map { "event \($0): " } ?? "") + error.message)),
      ("code", .string(problem.code.name)), ("event", error.event.map { .number("\($0)") }),
    ])
  }

  func response() -> Response {
    var fields = problem.fields
    fields[.contentType] = "application/problem+json"
    return EPCISManners.withVersions(
      Response(status: problem.status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: json.encoded))))
  }
}

extension Problem {
  /// An error of EPCIS with the status that belongs to it, and our own name where it has no code of the chain.
  init(_ error: EPCISError) {
    let code: Code =
      switch error.exception {
      case .validation, .query: .badRequest
      case .security: .epcisToken
      case .noSuchResource: .notFound
      case .notAcceptable: .notAcceptable
      case .alreadyExists: .epcisCaptured
      case .captureLimit: .tooLarge
      case .uriTooLong: .uriTooLong
      case .unsupportedMediaType: .unsupportedMediaType
      case .implementation: .internalError
      }
    self.init(
      .init(code: error.exception.status), error.code.map { Code($0) } ?? code, error.message,
      fields: error.exception == .security ? [.wwwAuthenticate: "Bearer"] : [:])
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

/// Refuses what asks for another form or version than there is, and says in every answer which versions are spoken.
struct EPCISManners: RouterMiddleware {
  /// The most bytes of an address.
  static let maximumURI = 8192

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    try EPCISManners.check(request)
    return EPCISManners.withVersions(try await next(request, context))
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
