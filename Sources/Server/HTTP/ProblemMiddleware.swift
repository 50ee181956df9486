internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOHTTP1

/// How whoever asked is told of an error. Decided here alone, also where there is no such path or method.
enum ErrorForm {
  /// A problem document with our own names.
  case problem
  /// A problem document with EPCIS's names.
  case epcis
  /// A page, for who came with a browser.
  case page

  init(for request: Request) {
    let path = request.uri.path
    if path.hasPrefix("/epcis/") {
      self = .epcis
    } else if ["/v1/", "/log/"].contains(where: { path.hasPrefix($0) }) {
      self = .problem
    } else {
      self = request.headers[.accept]?.contains("text/html") == true ? .page : .problem
    }
  }
}

/// Turns every error into a problem document, also those of the router itself.
struct ProblemMiddleware: RouterMiddleware {
  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPParserError {
      // Only the connection's own handler can answer what is no HTTP: 400, and the connection ends.
      throw error
    } catch {
      let problem = Problem(error)
      if let level = problem.level(of: error) {
        context.logger.log(
          level: level, "request failed", metadata: ["error": "\(type(of: error))", "code": "\(problem.code.name)"])
      }
      switch ErrorForm(for: request) {
      case .epcis: return EPCISProblem(error).response()
      // A page that could be made was made by now (``PageErrorMiddleware``).
      case .page, .problem: return try problem.response(from: request, context: context)
      }
    }
  }
}
