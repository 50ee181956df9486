internal import Hummingbird
internal import Ledger
internal import Logging
internal import Node
internal import Server
internal import ServiceLifecycle

/// A node's server in the bench's own process, on a free port of the loopback address.
final class BenchServer: Sendable {
  let address: String
  private let group: ServiceGroup
  private let running: Task<Void, any Error>

  /// Starts it and waits until it listens.
  init(_ node: NodeChain, _ clock: BenchClock) async throws {
    var options = ServerApplication.Options()
    options.port = 0
    let logger = Logger.standardError(.warning)
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    // With metrics, as `node run` has them.
    let application = try ServerApplication.make(
      chains: [node], options: options, metrics: PrometheusRegistry(), logger: logger,
      clock: { clock.now.seconds }, onRunning: { found.yield($0) })
    let group = ServiceGroup(services: [application], logger: logger)
    running = Task {
      defer { found.finish() }
      try await group.run()
    }
    self.group = group
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else { throw NodeError(.notReady, "the server did not start") }
    address = "http://127.0.0.1:\(port)"
  }

  func stop() async {
    await group.triggerGracefulShutdown()
    _ = await running.result
  }
}
