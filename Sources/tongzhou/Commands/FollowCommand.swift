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
internal import TongzhouClient
internal import TransparencyLog
internal import UnixSignals

/// `tongzhou follow`.
struct FollowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow",
    abstract: "A read replica that verifies: copy a node's log, execute every block, serve the same pages.",
    discussion: """
      Reads nothing but the published files: checkpoints, bundles, tiles. Every signature and certificate is
      verified, every block executed and its seal compared, so the node that is followed cannot make this one
      say anything the organisations did not agree on. The first time, pin the chain with --genesis; later the
      data directory is the pin.

        tongzhou follow http://127.0.0.1:8080 --data data/replica --port 8081 --genesis CHAIN-ID

      When the source publishes something that cannot be, it is not followed any further: what was verified is
      served on, and the log, /readyz, /v1/chains and the metric tongzhou_chain_stopped say what is wrong and
      where. A follower takes no transactions.
      """)

  @Argument(help: "The address of a node, or of one log such as http://HOST/log/aid, also on a plain file server.")
  var url: String

  @Option(help: "The data directory.")
  var data: String

  @OptionGroup var node: NodeOptions
  @OptionGroup var listening: ListeningOptions

  func run() async throws {
    do {
      try await NodeClient.with(url, options: node.client) { client in try await follow(client) }
    } catch {
      throw Output.fail(error)
    }
  }

  private func follow(_ client: NodeClient) async throws {
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    let lock = try DirectoryLock(data)
    defer { lock.release() }
    let settings = try await listening.settings()
    let logger = settings.logger()
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    let pinned = try node.pinned()
    var chains: [FollowerChain] = []
    for (name, remote) in try await names(client) {
      var bar = ProgressBar("replaying \(name)")
      chains.append(
        try await FollowerChain.open(
          ChainPaths(data: data, chain: name), from: client, log: remote, pinned: pinned, logger: logger
        ) { bar.show($0, of: $1) })
      bar.finish()
    }
    let witnesses = try WitnessPart(data: data, settings: settings, chains: chains, logger: logger)
    let webhooks = try WebhookPart(data: data, settings: settings, chains: chains, logger: logger)
    (witnesses.lines + webhooks.lines).forEach { Output.line($0) }
    let server = try ServerApplication.make(
      chains: chains, options: settings.server, witnessing: witnesses.witnessing,
      certificate: NodeService.certificate(data: data, settings, logger: logger), metrics: registry, logger: logger,
      clock: { Timestamp.wallClock.seconds }
    ) { port in
      let own = ServedAddress(host: settings.server.host, isSecure: settings.isSecure).url(port: port)
      Output.line("following \(url), serving \(data) on \(own) (stop with Ctrl-C)")
      if settings.isSecure { TrustAdvice.lines(data: data, url: own).forEach { Output.line($0) } }
    }
    let followers = chains.map { chain in LivingService { await chain.run() } }
    try await NodeService.serve(followers + witnesses.services + webhooks.services + [server], logger: logger)
  }

  /// The chains to follow, each with its name at the source; those of the data directory where there are some, so
  /// that a follower starts without its source.
  private func names(_ client: NodeClient) async throws -> [(name: String, remote: String?)] {
    if let range = url.range(of: "/log/") {
      var name = String(url[range.upperBound...])
      while name.hasSuffix("/") { name.removeLast() }
      guard NodeClient.isName(name) else { throw ClientError(.badAddress, "\(url) is not the address of a log") }
      return [(name, nil)]
    }
    var chains = LocalGenesis.ids(of: try ChainPaths.chains(in: data), in: data)
    if chains.isEmpty { chains = try await client.chains().map { ($0.name, $0.id) } }
    let names = try node.chosen(chains)
    guard !names.isEmpty else { throw ClientError(.badAnswer, "the node serves no such chain") }
    return names.map { ($0, $0) }
  }
}
