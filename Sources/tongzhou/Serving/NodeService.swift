internal import Foundation
internal import Hummingbird
internal import Ledger
internal import Logging
internal import Metrics
internal import NIOCore
internal import Node
internal import Server
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// A node with its server, as services that stop gracefully on SIGINT and SIGTERM.
enum NodeService {
  /// How long what is under way may take when the node is asked to stop.
  private static let farewell = Duration.seconds(60)

  /// Runs until a signal comes. The server listens before the logs are replayed.
  ///
  /// - Parameters:
  ///   - seconds: so long after every chain is open it stops by itself; without them only a signal stops it.
  ///   - onListening: called with the address when it listens; pages say that the log is being read.
  ///   - onWitness: called with what an operator has to tell those whose logs are witnessed here.
  ///   - onReady: called with the address when every chain is open.
  static func run(
    data: String, settings: ServingSettings, seconds: Int? = nil,
    onListening: @escaping @Sendable (_ url: String) -> Void = { _ in },
    onWitness: (_ lines: [String]) -> Void = { _ in },
    onReady: @escaping @Sendable (_ url: String) -> Void
  ) async throws {
    let lock = try DirectoryLock(data)
    defer { lock.release() }
    let logger = settings.logger()
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    let names = try ChainPaths.chains(in: data)
    guard !names.isEmpty else { throw NodeError(.unusableDirectory, "\(data) holds no chain") }
    let chains = try names.map { name in
      let paths = ChainPaths(data: data, chain: name)
      return try StartingChain(paths) {
        var bar = ProgressBar("replaying \(name)")
        defer { bar.finish() }
        return try NodeChain(paths, clock: { .wallClock }, logger: logger) {
          bar.show(Int(clamping: $0), of: Int(clamping: $1))
        }
      }
    }
    let witnesses = try WitnessPart(data: data, settings: settings, chains: chains, logger: logger)
    let webhooks = try WebhookPart(data: data, settings: settings, chains: chains, logger: logger)
    let green = try GreenPart(data: data)
    let epcis = try EPCISPart(data: data)
    onWitness(witnesses.lines + webhooks.lines + green.lines)
    let (opened, opening) = AsyncStream.makeStream(of: Never.self)
    let progress = Progress(waiting: chains.count) { url in
      onReady(url)
      opening.finish()
    }
    let address = ServedAddress(host: settings.server.host, isSecure: settings.isSecure)
    var options = settings.server
    if let texts = FileManager.default.contents(atPath: data + "/" + publishedTexts) {
      options.published = try PublishedTexts(json: texts)
    }
    let server = try ServerApplication.make(
      chains: chains, options: options, witnessing: witnesses.witnessing, green: green.green, epcis: epcis.gateway,
      certificate: certificate(data: data, settings, logger: logger), metrics: registry, logger: logger,
      clock: { Timestamp.wallClock.seconds }
    ) { port in
      let url = address.url(port: port)
      onListening(url)
      progress.listens(url)
    }
    let rollers = zip(names, chains).map { name, chain in
      let keys = KeyDirectory(ChainPaths(data: data, chain: name).keys)
      return DiceRoller(chain, clock: { .wallClock }, logger: logger) { organisation in
        guard let officer = try keys.officer(organisation), let dice = try keys.dice(organisation) else {
          return nil
        }
        return DiceRoller.Part(officer: officer, dice: dice)
      }
    }
    let duties = rollers.map { roller in LivingService { await roller.run() } }
    let closing = seconds.map { ClosingTime(seconds: $0, opened: opened) }
    try await serve(
      chains.map { ChainService(chain: $0, onOpen: progress.opened) } + duties + witnesses.services
        + webhooks.services + [server],
      closing: closing, logger: logger)
  }

  /// Where, in a data directory, the texts lie whose hashes stand on its chains.
  static let publishedTexts = "hearts/texts.json"

  /// Runs services until a signal comes, the time is over, or one of them fails.
  static func serve(_ services: [any Service], closing: ClosingTime? = nil, logger: Logger) async throws {
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
    if let closing {
      configuration.services.append(
        .init(service: closing, successTerminationBehavior: .gracefullyShutdownGroup))
    }
    configuration.maximumGracefulShutdownDuration = farewell
    do {
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw NodeError(.addressInUse, "another program listens there; choose another --port, or 0 for any free one")
    }
  }

  /// The certificate of a node's own authority, and how to trust it; `nil` where there is to be no TLS.
  static func certificate(
    data: String, _ settings: ServingSettings, logger: Logger
  ) throws -> RenewingCertificate? {
    guard settings.isSecure else { return nil }
    let authority = try LocalAuthority(directory: data + "/tls", names: settings.tlsNames, now: Date())
    return try RenewingCertificate(authority, names: settings.tlsNames, logger: logger)
  }
}

/// Tells once that a node listens and all its chains are open.
private final class Progress: Sendable {
  private struct State {
    var waiting: Int
    var url: String?
  }

  private let state: Mutex<State>
  private let onReady: @Sendable (String) -> Void

  init(waiting: Int, onReady: @escaping @Sendable (String) -> Void) {
    state = Mutex(State(waiting: waiting))
    self.onReady = onReady
  }

  func listens(_ url: String) { tell { $0.url = url } }

  @Sendable func opened() { tell { $0.waiting -= 1 } }

  private func tell(_ change: (inout State) -> Void) {
    let url = state.withLock { state -> String? in
      change(&state)
      return state.waiting == 0 ? state.url : nil
    }
    if let url { onReady(url) }
  }
}

/// A chain as a service: lives until it is asked to stop.
struct ChainService: Service {
  let chain: StartingChain
  var onOpen: @Sendable () -> Void = {}

  func run() async throws {
    try await cancelWhenGracefulShutdown { try await chain.run(onOpen: onOpen) }
  }
}

/// Something as a service: lives until it is asked to stop.
struct LivingService: Service {
  let life: @Sendable () async -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown { await life() }
  }
}

/// Ends all services so long after something was ready.
struct ClosingTime: Service {
  let seconds: Int
  /// Ends when it is ready.
  let opened: AsyncStream<Never>

  func run() async throws {
    // Cut short by a signal it has nothing more to end.
    await cancelWhenGracefulShutdown {
      for await _ in opened {}
      try? await Task.sleep(for: .seconds(seconds))
    }
  }
}

/// How to make a browser trust a node's authority, in a few lines.
enum TrustAdvice {
  static func lines(data: String, url: String) -> [String] {
    [
      "the certificate is by this node's own authority; trust \(data)/tls/ca.pem and nothing else in that folder:",
      "  curl --cacert \(data)/tls/ca.pem \(url)",
      "  Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import",
      "  Chrome: Settings, Privacy and security, Security, Manage certificates, Custom, Import",
    ]
  }
}
