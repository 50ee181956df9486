internal import HTTPTypes
internal import Hummingbird

/// Answers a known path with a method it does not have: 405 with Allow, whatever the method is called.
///
/// A middleware, since a router only knows the methods it was told: what is not registered it calls not found. To be
/// added after every route, so that only what the router does not find comes by here.
struct MethodGuard: RouterMiddleware {
  private static let order: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

  /// A path in its parts, with the methods it has.
  private struct Known: Sendable {
    let parts: [Substring]
    var methods: Set<HTTPRequest.Method>

    func matches(_ path: [Substring]) -> Bool {
      for (place, part) in parts.enumerated() {
        if part == "**" { return path.count > place }
        guard place < path.count else { return false }
        if !part.hasPrefix("{"), part != path[place] { return false }
      }
      return path.count == parts.count
    }
  }

  private let known: [Known]

  /// Knows the routes that a router has by now; wherever there is `GET`, there is `HEAD`.
  init(_ router: Router<ServerContext>) {
    var known: [Known] = []
    for route in router.routes {
      let parts = MethodGuard.parts(route.path.description)
      let methods: Set<HTTPRequest.Method> = route.method == .get ? [.get, .head] : [route.method]
      if let place = known.firstIndex(where: { $0.parts == parts }) {
        known[place].methods.formUnion(methods)
      } else {
        known.append(Known(parts: parts, methods: methods))
      }
    }
    self.known = known
  }

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      let path = MethodGuard.parts(request.uri.path)
      // The router found no responder although the path is one of ours.
      let allowed = known.filter { $0.matches(path) }.reduce(into: Set()) { $0.formUnion($1.methods) }
      guard !allowed.isEmpty, !allowed.contains(request.method) else { throw error }
      let text = MethodGuard.order.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
      throw Problem(.methodNotAllowed, .methodNotAllowed, "use \(text)", fields: [.allow: text])
    }
  }

  private static func parts(_ path: String) -> [Substring] { path.split(separator: "/") }
}
