internal import HTTPTypes
internal import Hummingbird

/// Header fields that keep a browser from doing with our pages what we never meant.
struct SafetyMiddleware: RouterMiddleware {
  /// Nothing from elsewhere, nothing inline, no frames.
  static let policy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    // A page that needs more says so itself.
    if response.headers[.contentSecurityPolicy] == nil {
      response.headers[.contentSecurityPolicy] = SafetyMiddleware.policy
    }
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.xFrameOptions] = "DENY"
    response.headers[.referrerPolicy] = "no-referrer"
    response.headers[.permissionsPolicy] = "camera=(), geolocation=(), microphone=(), payment=()"
    response.headers[.crossOriginOpenerPolicy] = "same-origin"
    // No Strict-Transport-Security: on localhost it would lock out every other server of the machine, and where
    // there is a name of its own, the proxy that has its certificate says so.
    // The router answers HEAD without a body only where it knows the path; after the header of an error, a body would
    // be read as the beginning of the connection's next answer.
    return request.method == .head ? response.createHeadResponse() : response
  }
}

extension HTTPField.Name {
  static let referrerPolicy = HTTPField.Name.known("Referrer-Policy")
  static let xFrameOptions = HTTPField.Name.known("X-Frame-Options")
  static let xRobotsTag = HTTPField.Name.known("X-Robots-Tag")
  static let permissionsPolicy = HTTPField.Name.known("Permissions-Policy")
  static let crossOriginOpenerPolicy = HTTPField.Name.known("Cross-Origin-Opener-Policy")
  static let rateLimit = HTTPField.Name.known("RateLimit")
  static let rateLimitPolicy = HTTPField.Name.known("RateLimit-Policy")
  static let idempotencyKey = HTTPField.Name.known("Idempotency-Key")
  static let link = HTTPField.Name.known("Link")
  static let refresh = HTTPField.Name.known("Refresh")
  static let lastEventID = HTTPField.Name.known("Last-Event-ID")

  static func known(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else { preconditionFailure("a header field's name is a token") }
    return field
  }
}
