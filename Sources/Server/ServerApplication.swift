internal import Foundation
public import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import Node

/// The HTTP server of a node: interface, log files, pages.
public struct ServerApplication {
  /// What the server is told from outside.
  public struct Options: Sendable {
    /// Where it listens.
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port = 8080
    /// Connections at one time.
    public var connections = 2048
    /// Submissions from one address in a minute.
    public var submissionsPerMinute = 6000
    /// Readers of events at one time, each with a connection of its own.
    public var eventReaders = 512
    /// How long a reader of events may hear nothing before it gets a comment.
    public var eventBeat = Duration.seconds(15)

    /// The defaults.
    public init() {}
  }

  /// All routes, for serving and for tests.
  ///
  /// - Parameter clock: seconds since 1970.
  public static func router(
    chains: [any ServedChain], options: Options = Options(), metrics: PrometheusRegistry? = nil,
    clock: @escaping @Sendable () -> UInt64
  ) throws -> Router<ServerContext> {
    precondition(!chains.isEmpty, "a server serves at least one chain")
    let router = Router(context: ServerContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: SafetyMiddleware())
    if let metrics { router.add(middleware: RequestMetrics(registry: metrics)) }
    router.add(middleware: ProblemMiddleware())
    let pages = try Pages(chains: chains)
    router.add(middleware: pages.errors(ServerContext.self))
    router.add(middleware: RepresentationMiddleware())
    let limit = RateLimit(quota: options.submissionsPerMinute, windowSeconds: 60, clock: clock)
    API(
      chains: chains, limit: limit, eventReaders: Seats(options.eventReaders), eventBeat: options.eventBeat
    ).addRoutes(to: router)
    LogFiles(chains: chains).addRoutes(to: router)
    try Operations(chains: chains, metrics: metrics).addRoutes(to: router)
    pages.addRoutes(to: router)
    router.add(middleware: MethodGuard(router))
    return router
  }

  /// The application, to be run as a service.
  public static func make(
    chains: [any ServedChain], options: Options, metrics: PrometheusRegistry?, logger: Logger,
    clock: @escaping @Sendable () -> UInt64, onRunning: @escaping @Sendable (_ port: Int) async -> Void
  ) throws -> some ApplicationProtocol {
    Application(
      router: try router(chains: chains, options: options, metrics: metrics, clock: clock),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(options.connections)),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? options.port) }, logger: logger)
  }
}
