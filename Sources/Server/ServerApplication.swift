internal import Foundation
public import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
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
    /// Connections at one time; who comes beyond them waits until one ends.
    public var connections = 2048
    /// How long a connection may say nothing: between requests, and before a request's header is whole.
    public var idle = Duration.seconds(60)
    /// How long a request may take from its header to its end.
    public var request = Duration.seconds(30)
    /// How long a reader may take nothing of an answer that waits for it.
    public var stall = Duration.seconds(30)
    /// Bytes of tiles and bundles kept in memory.
    public var tileCacheBytes = 64 << 20
    /// Bytes of a request's header, with its address.
    public var headerBytes = 32_768
    /// Submissions from one address in a minute.
    public var submissionsPerMinute = 6000
    /// Readers of events at one time, each with a connection of its own.
    public var eventReaders = 512
    /// How long a reader of events may hear nothing before it gets a comment.
    public var eventBeat = Duration.seconds(15)

    /// The address under which readers reach the server, `https://aid.example`, for what is printed: QR codes. Without
    /// it they get the host that their request names.
    public var publicAddress: String?
    /// Texts whose hashes stand on the chains, for pages.
    public var published = PublishedTexts()
    /// Whether the server itself speaks TLS; set where it gets its certificate.
    var isSecure = false

    /// The defaults.
    public init() {}
  }

  /// All routes, for serving and for tests.
  ///
  /// - Parameters:
  ///   - witnessing: the node's part as a witness, and what outside witnesses say of its chains.
  ///   - green: what issues and checks credentials; `nil` where the node has no issuer's key.
  ///   - epcis: what captures events of EPCIS; `nil` where the node captures for nobody.
  ///   - clock: seconds since 1970.
  public static func router(
    chains: [any ServedChain], options: Options = Options(), witnessing: Witnessing = Witnessing(),
    green: GreenChannel? = nil, epcis: EPCISGateway? = nil, metrics: PrometheusRegistry? = nil,
    clock: @escaping @Sendable () -> UInt64
  ) throws -> Router<ServerContext> {
    precondition(!chains.isEmpty, "a server serves at least one chain")
    let router = Router(context: ServerContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: SafetyMiddleware())
    if let metrics { router.add(middleware: RequestMetrics(registry: metrics)) }
    router.add(middleware: ProblemMiddleware())
    let signs = SignShelf()
    let pages = try Pages(
      chains: chains, publicAddress: options.publicAddress, isSecure: options.isSecure, published: options.published,
      signs: signs)
    router.add(middleware: pages.errors(ServerContext.self))
    router.add(middleware: RepresentationMiddleware())
    let limit = RateLimit("submit", quota: options.submissionsPerMinute, windowSeconds: 60, clock: clock)
    API(
      chains: chains, limit: limit, patience: options.request, eventReaders: Seats(options.eventReaders),
      eventBeat: options.eventBeat, proofs: ProofShelf(chains), signs: signs
    ).addRoutes(to: router)
    LogFiles(chains: chains, cacheBytes: options.tileCacheBytes, witnessing: witnessing).addRoutes(to: router)
    WitnessRoutes(witness: witnessing.witness, limit: limit, patience: options.request).addRoutes(to: router)
    GreenRoutes(green: green, chains: chains, limit: limit, patience: options.request).addRoutes(to: router)
    try EPCISRoutes(gateway: epcis, chains: chains, limit: limit, patience: options.request, clock: clock)
      .addRoutes(to: router)
    try Operations(chains: chains, metrics: metrics, witnessing: witnessing).addRoutes(to: router)
    pages.addRoutes(to: router)
    router.add(middleware: MethodGuard(router))
    return router
  }

  /// The application, to be run as a service.
  ///
  /// - Parameters:
  ///   - witnessing: the node's part as a witness, and what outside witnesses say of its chains.
  ///   - green: what issues and checks credentials; `nil` where the node has no issuer's key.
  ///   - epcis: what captures events of EPCIS; `nil` where the node captures for nobody.
  ///   - certificate: what the server shows over TLS; without it, it speaks plain HTTP.
  ///   - clock: seconds since 1970.
  ///   - onRunning: called when the server listens.
  public static func make(
    chains: [any ServedChain], options: Options, witnessing: Witnessing = Witnessing(),
    green: GreenChannel? = nil, epcis: EPCISGateway? = nil, certificate: RenewingCertificate? = nil,
    metrics: PrometheusRegistry?, logger: Logger, clock: @escaping @Sendable () -> UInt64,
    onRunning: @escaping @Sendable (_ port: Int) async -> Void
  ) throws -> some ApplicationProtocol {
    let files = OpenFiles.raiseLimit(to: options.connections + 1024)
    if files < options.connections + 1024 {
      logger.warning("this process may open few files", metadata: ["files": "\(files)"])
    }
    var told = options
    told.isSecure = certificate != nil
    let plain = HTTPServerBuilder.http1(configuration: connections(options))
    return Application(
      router: try router(
        chains: chains, options: told, witnessing: witnessing, green: green, epcis: epcis, metrics: metrics,
        clock: clock),
      server: try certificate.map { try .tls(plain, tlsConfiguration: $0.configuration()) } ?? plain,
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(options.connections)),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? options.port) }, logger: logger)
  }

  /// What a connection may do, and for how long.
  private static func connections(_ options: Options) -> HTTP1Channel.Configuration {
    // The answer that says that a request came too slowly goes first.
    let request = TimeAmount(options.request + .seconds(2))
    let stall = TimeAmount(options.stall)
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [Patience(request: request, stall: stall)], idleTimeout: TimeAmount(options.idle),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: options.headerBytes, maxHeaderListSize: options.headerBytes, maxHeaderFieldCount: 100))
  }
}
