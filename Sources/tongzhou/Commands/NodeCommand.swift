internal import ArgumentParser
internal import Foundation
internal import Hummingbird
internal import Ledger
internal import Logging
internal import Metrics
internal import Node
internal import Server
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

/// `tongzhou node`.
struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Run a node: keep a chain going, and serve it.", subcommands: [Run.self])

  /// `tongzhou node run`.
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replay the log, then keep the chain going and serve pages, interface and log files.",
      discussion: """
        Runs the organisations whose keys lie in DATA/keys: on a demonstration's directory all four of them. The
        chain goes on by the wall clock. A node acknowledges only what is on its disk; kill it at any moment and
        it goes on where it was.
        """)

    @Option(help: "The data directory.")
    var data: String

    @OptionGroup var listening: ListeningOptions

    func run() async throws {
      do {
        try await NodeService.run(data: data, options: listening.server, logger: listening.logger()) { port in
          Output.line("serving \(data) on http://\(listening.host):\(port)/ (stop with Ctrl-C)")
        }
      } catch {
        throw Output.fail(error)
      }
    }
  }
}

/// Where a server listens and what it says.
struct ListeningOptions: ParsableArguments {
  @Option(help: "The port; 0 for any free one.")
  var port = 8080

  @Option(help: "The address to listen on; 0.0.0.0 for all of this machine's.")
  var host = "127.0.0.1"

  @Option(help: "The least important log lines to show: debug, info, warning, error.")
  var log = "info"

  var server: ServerApplication.Options {
    var options = ServerApplication.Options()
    options.host = host
    options.port = port
    return options
  }

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
    guard Logger.Level(rawValue: log) != nil else { throw ValidationError("--log is debug, info, warning or error") }
  }

  func logger() -> Logger {
    var logger = Logger(label: "tongzhou") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = Logger.Level(rawValue: log) ?? .info
    return logger
  }
}

/// A node with its server, as services that stop gracefully on SIGINT and SIGTERM.
enum NodeService {
  /// Runs until a signal comes.
  static func run(
    data: String, options: ServerApplication.Options, logger: Logger, onRunning: @escaping @Sendable (Int) -> Void
  ) async throws {
    let lock = try DirectoryLock(data)
    defer { lock.release() }
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    let clock: @Sendable () -> UInt64 = { UInt64(Date().timeIntervalSince1970) }
    var chains: [NodeChain] = []
    for name in try ChainPaths.chains(in: data) {
      var bar = ProgressBar("replaying \(name)")
      chains.append(
        try NodeChain(
          ChainPaths(data: data, chain: name), clock: { Timestamp(seconds: clock()) }, logger: logger
        ) { bar.show(Int($0), of: Int($1)) })
      bar.finish()
    }
    guard !chains.isEmpty else { throw NodeError(.unusableDirectory, "\(data) holds no chain") }
    let server = try ServerApplication.make(
      chains: chains, options: options, metrics: registry, logger: logger, clock: clock, onRunning: onRunning)
    let services: [any Service] = chains.map { ChainService(chain: $0) } + [server]
    let group = ServiceGroup(
      configuration: .init(
        services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
    try await group.run()
  }
}

/// A chain as a service: lives until it is asked to stop.
struct ChainService: Service {
  let chain: NodeChain

  func run() async throws {
    await cancelWhenGracefulShutdown { await chain.run() }
  }
}
