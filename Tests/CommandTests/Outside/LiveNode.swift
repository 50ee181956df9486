import Consortium
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import MutualAid
import ServiceLifecycle
import Storage
import Synchronization
import TestSupport
import TransparencyLog

@testable import Node
@testable import Server
@testable import TongzhouClient

extension Logger {
  /// Says nothing but what is critical. It keeps metadata: requests have their ids there.
  static let quiet: Logger = {
    var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .critical
    return logger
  }()
}

/// A server of this process on a free port of this machine.
final class LocalServer: Sendable {
  let port: Int
  private let group: ServiceGroup
  private let task: Task<Void, any Error>

  var address: String { "http://127.0.0.1:\(port)" }

  /// Starts an application and waits until it listens.
  init(_ make: (@escaping @Sendable (Int) -> Void) throws -> some ApplicationProtocol) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let application = try make { continuation.yield($0) }
    let group = ServiceGroup(
      services: [application], logger: .quiet)
    self.group = group
    task = Task {
      defer { continuation.finish() }
      try await group.run()
    }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else { throw POSIXError(.EADDRNOTAVAIL) }
    self.port = port
  }

  func stop() async {
    await group.triggerGracefulShutdown()
    _ = await task.result
  }

  /// Chains as a node serves them.
  static func serving(_ chains: [any ServedChain]) async throws -> LocalServer {
    var options = ServerApplication.Options()
    options.port = 0
    options.submissionsPerMinute = 100_000
    return try await LocalServer { onRunning in
      try ServerApplication.make(
        chains: chains, options: options, metrics: nil,
        logger: .quiet,
        clock: { UInt64(Date().timeIntervalSince1970) }, onRunning: { onRunning($0) })
    }
  }

  /// Whatever a function answers.
  static func answering(
    _ answer: @escaping @Sendable (_ path: String, _ body: [UInt8]) -> (status: Int, fields: [String: String], [UInt8])
  ) async throws -> LocalServer {
    let router = Router()
    let respond: @Sendable (Request, BasicRequestContext) async throws -> Response = { request, _ in
      let body = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
      let (status, fields, bytes) = answer(request.uri.path, body)
      var headers: HTTPFields = [:]
      for (name, value) in fields { if let name = HTTPField.Name(name) { headers[name] = value } }
      return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    router.get("**", use: respond)
    router.post("**", use: respond)
    return try await serving(router)
  }

  /// A space now and then, for a quarter of an hour.
  static func trickling() async throws -> LocalServer {
    let router = Router()
    router.get("**") { _, _ in
      Response(
        status: .ok,
        body: .init { writer in
          for _ in 0..<9_000 {
            try await writer.write(ByteBuffer(string: " "))
            try await Task.sleep(for: .milliseconds(100))
          }
          try await writer.finish(nil)
        })
    }
    return try await serving(router)
  }

  private static func serving(_ router: Router<BasicRequestContext>) async throws -> LocalServer {
    try await LocalServer { onRunning in
      Application(
        router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in onRunning(channel.localAddress?.port ?? 0) },
        logger: .quiet)
    }
  }
}

/// A node of four organisations with its server, on a chain that begins now.
final class LiveNode: Sendable {
  let network: TestNetwork
  let chain: NodeChain
  let server: LocalServer
  let client: NodeClient
  let trusted: TrustedChain
  private let run: Task<Void, Never>

  init(in folder: TemporaryFolder) async throws {
    let now = Timestamp(seconds: UInt64(Date().timeIntervalSince1970))
    network = try TestNetwork(endorsers: 4, time: now)
    let paths = ChainPaths(data: folder.path, chain: "aid")
    try folder.write("", to: "genesis/aid")
    try Data(network.genesis.bytes).write(to: URL(filePath: paths.genesis))
    for organisation in network.organisations {
      guard let keys = organisation.endorsing else { continue }
      try KeyDirectory(paths.keys).write(
        OrganisationKeys(vote: keys.vote, cosign: keys.cosign, log: keys.log), of: organisation.name)
    }
    let chain = try NodeChain(
      paths, clock: { Timestamp(seconds: UInt64(Date().timeIntervalSince1970)) },
      logger: .quiet)
    self.chain = chain
    run = Task { await chain.run() }
    server = try await LocalServer.serving([chain])
    client = try NodeClient.local(server.port, patience: 60)
    trusted = try TrustedChain(network.genesis)
  }

  func stop() async {
    await client.shutdown()
    await server.stop()
    run.cancel()
    await run.value
  }

  /// Does something as the organisation with a role.
  @discardableResult
  func perform(_ action: Action, as role: Role, rows: [[UInt8]] = []) async throws -> NodeClient.Submission {
    try await client.perform(action, by: network.organisation(role).officer, rows: rows, on: "aid", chain: trusted)
  }

  /// Opens a plan.
  @discardableResult
  func openPlan(key: String = "plain") async throws -> NodeClient.Submission {
    try await perform(
      MutualAid.openPlan(TestConvention.plain(key: key), custodian: 1, identity: 2), as: .platform)
  }

  /// People are attested, join plan 0 and pay; returns their memberships.
  @discardableResult
  func people(_ count: Int) async throws -> [UInt32] {
    let keys = try (0..<count).map { _ in try BackupSecret.random().key(chain: trusted.id, plan: 0) }
    let officer = network.organisation(.identity).officer
    let rules = try TestConvention.plain()
    let rows = try keys.map { key in
      try IdentityAuthority(officer: officer).attest(
        plan: 0, owner: key.publicKey.address, identity: key.publicKey.address.bytes, born: 1990 * 12, rules: rules,
        at: Timestamp(seconds: UInt64(Date().timeIntervalSince1970)))
    }
    let proven = try await client.attest(rows, plan: 0, by: officer, on: "aid", chain: trusted).proven
    var memberships: [UInt32] = []
    for (key, proven) in zip(keys, proven) {
      _ = try await client.perform(
        MutualAid.join(proven, insured: .label("insured", 1), health: .label("health", 1)), by: key, on: "aid",
        chain: trusted)
      memberships.append(try await client.membership(of: key.publicKey.address, plan: 0, on: "aid", chain: trusted))
    }
    _ = try await client.deposit(
      memberships.map { Deposit(membership: $0, amount: try Amount(yuan: 30), reference: Commitment(to: []).hash) },
      plan: 0, by: network.organisation(.custodian).officer, on: "aid", chain: trusted)
    return memberships
  }
}

/// Waits for something that comes soon.
func soon(_ seconds: Double = 120, _ condition: () async throws -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  var asked = 0
  while ContinuousClock.now < deadline || asked < 20 {
    asked += 1
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(20))
  }
  return try await condition()
}
