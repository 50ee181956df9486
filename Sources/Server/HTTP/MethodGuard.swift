internal import HTTPTypes
internal import Hummingbird

/// Answers a known path with a method it does not have: 405 with Allow, not 404.
enum MethodGuard {
  private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

  /// To be called after every route is there.
  static func add(to router: Router<ServerContext>) {
    var known: [(path: RouterPath, methods: Set<HTTPRequest.Method>)] = []
    for route in router.routes {
      if let place = known.firstIndex(where: { $0.path.description == route.path.description }) {
        known[place].methods.insert(route.method)
      } else {
        known.append((route.path, [route.method]))
      }
    }
    for (path, present) in known {
      var allowed = present
      if present.contains(.get) { allowed.insert(.head) }
      let text = methods.filter(allowed.contains).map(\.rawValue).joined(separator: ", ")
      for method in methods where !allowed.contains(method) {
        router.on(path, method: method) { _, _ -> Response in
          throw Problem(.methodNotAllowed, .methodNotAllowed, "use \(text)", fields: [.allow: text])
        }
      }
    }
  }
}
