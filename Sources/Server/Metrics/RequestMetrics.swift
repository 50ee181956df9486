internal import Hummingbird
internal import HummingbirdCore
internal import Metrics
internal import Synchronization

/// Counts requests and how long they take, by route and status class. Never by path: that would be endless.
struct RequestMetrics: RouterMiddleware {
  private let registry: PrometheusRegistry
  private let routes = Routes()

  init(registry: PrometheusRegistry) { self.registry = registry }

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let began = ContinuousClock.now
    let response = try await next(request, context)
    let series = routes.series(
      Route(path: context.endpointPath ?? "none", status: response.status.code / 100), registry)
    series.requests.increment()
    let elapsed = (ContinuousClock.now - began).components
    series.times.recordNanoseconds(elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000)
    return response
  }

  private struct Route: Hashable {
    let path: String
    let status: Int
  }

  private struct Series {
    let requests: Counter
    let times: Timer
  }

  /// Names and labels are put together once for each route, not for each request.
  private final class Routes: Sendable {
    private let known = Mutex<[Route: Series]>([:])

    func series(_ route: Route, _ registry: PrometheusRegistry) -> Series {
      known.withLock { known in
        if let found = known[route] { return found }
        let made = Series(
          requests: Counter(
            label: "tongzhou_http_requests_total",
            dimensions: [("route", route.path), ("status", "\(route.status)xx")], factory: registry),
          times: Timer(label: "tongzhou_http_request", dimensions: [("route", route.path)], factory: registry))
        known[route] = made
        return made
      }
    }
  }
}
