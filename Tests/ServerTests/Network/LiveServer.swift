import Hummingbird
import Logging
import Node
import ServiceLifecycle

@testable import Server

/// The server as the program runs it, on a free port of this machine, for as long as a test needs it.
struct LiveServer: Sendable {
  let port: Int

  static func with(
    _ chains: [any ServedChain], options: ServerApplication.Options = .init(), metrics: PrometheusRegistry? = nil,
    _ body: @escaping @Sendable (LiveServer) async throws -> Void
  ) async throws {
    var options = options
    options.port = 0
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let server = try ServerApplication.make(
      chains: chains, options: options, metrics: metrics, logger: logger, clock: { 1_800_000_000 },
      onRunning: { port.yield($0) })
    let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      do {
        for await port in ports {
          try await body(LiveServer(port: port))
          break
        }
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  /// A connection.
  func connect(receiveBuffer: Int32? = nil) throws -> RawConnection {
    try RawConnection(port: port, receiveBuffer: receiveBuffer)
  }

  /// A GET over a connection of its own, up to the end of the answer.
  func get(_ path: String, fields: String = "") async throws -> String {
    let connection = try connect()
    connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\r\n")
    return await connection.receive().text
  }
}
