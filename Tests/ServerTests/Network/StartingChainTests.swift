import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Node
import Synchronization
import TestSupport
import Testing

@testable import Server

@Suite("A node that listens before its log is replayed")
struct StartingChainTests {
  /// Opens a chain only when it is let.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }
    func pass() { semaphore.wait() }
  }

  private static func paths(_ folder: String) throws -> (ChainPaths, TestNetwork) {
    let network = try TestNetwork()
    let paths = ChainPaths(data: folder, chain: "aid")
    try LivingChain.prepare(network, paths)
    return (paths, network)
  }

  @Test("until the log is read everything answers 503, and then it lives")
  func starting() async throws {
    let folder = try LivingChain.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (paths, network) = try Self.paths(folder)
    let gate = Gate()
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let starting = try StartingChain(paths) {
      gate.pass()
      return try NodeChain(
        paths, clock: { Timestamp(seconds: network.genesis.time.seconds + 120) }, logger: logger)
    }
    let isOpen = Atomic(false)
    let running = Task { try await starting.run { isOpen.store(true, ordering: .relaxed) } }
    try await ServerProbe.with([starting]) { server in
      try await server.refuses("/readyz", "503 node.not_ready")
      try await server.refuses("/v1/chains", "503 node.not_ready")
      try await server.refuses("/v1/transactions", "503 node.not_ready")
      try await server.refuses("/v1/events", "503 node.not_ready")
      try await server.refuses("/log/aid/checkpoint", "503 node.not_ready")
      #expect(try await server.get("/healthz").status == .ok)
      let page = try await server.get("/plans?lang=en", headers: [.accept: "text/html"])
      #expect(page.status == .serviceUnavailable && page.headers[.retryAfter] == "5")
      #expect(page.text.contains("The node is reading its log"), "\(page.text)")
      #expect(page.headers[.refresh] == "5", "the browser comes back by itself")
      let early = try await server.ask(
        .post, "/v1/transactions", headers: [.contentType: "application/protobuf"], body: [1])
      #expect(try early.code() == "node.not_ready")
      let isEarly = !isOpen.load(ordering: .relaxed)
      #expect(isEarly)

      gate.open()
      var isReady = false
      for _ in 0..<500 where !isReady {
        try await Task.sleep(for: .milliseconds(20))
        isReady = try await server.get("/readyz").status == .ok
      }
      let wasTold = isOpen.load(ordering: .relaxed)
      #expect(isReady && wasTold)
      #expect(try await server.get("/v1/chains").status == .ok)
      #expect(try await server.get("/plans").status == .ok)
      #expect(try await server.get("/v1/blocks").status == .ok)
    }
    running.cancel()
    try await running.value
  }

  @Test("a chain whose log is still read is what an address is about, and no other is shown in its place")
  func kinds() async throws {
    let folder = try LivingChain.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (paths, _) = try Self.paths(folder)
    let starting = try StartingChain(paths) { throw NodeError(.unusableDirectory, "nobody opens it") }
    let heartPaths = ChainPaths(data: folder, chain: "heart")
    let genesis = try TestNetwork(heartsNamed: "heart", endorsers: 1).genesis
    try Data(genesis.bytes).write(to: URL(filePath: heartPaths.genesis))
    let hearts = try StartingChain(heartPaths) { throw NodeError(.unusableDirectory, "nobody opens it") }
    let unknown = try StartingChain(ChainPaths(data: folder, chain: "none")) {
      throw NodeError(.unusableDirectory, "nobody opens it")
    }
    #expect(starting.hasHearts == false && hearts.hasHearts == true && unknown.hasHearts == nil)
    #expect(starting.view == nil && hearts.view == nil)
    // Another chain of hearts that is read already, and one of members.
    var village = try HeartVillage(name: "other")
    let other = try village.show()
    let names = ServedNames([starting, hearts, other])
    #expect(names.aid == "aid" && names.hearts == "heart")
    #expect(names.standard(for: "/hearts/signs") == "heart")
    #expect(try API.heartChain(of: [starting, hearts, other]).name == "heart")
    #expect(try API.heartChain(of: [starting, other]).name == "other")
    #expect(throws: Problem.self) { try API.heartChain(of: [starting]) }
    #expect(throws: NodeError(.notReady, "")) { try API.heartChain(of: [starting, unknown]) }
    try await ServerProbe.with([starting, hearts, other]) { server in
      try await server.refuses("/v1/hearts", "503 node.not_ready")
      let page = try await server.get("/hearts?lang=en", headers: [.accept: "text/html"])
      #expect(page.status == .serviceUnavailable)
      #expect(try await server.get("/v1/hearts?chain=other").status == .ok)
    }
  }

  @Test("told to stop while the log is replayed, it does not wait for it")
  func stopped() async throws {
    let folder = try LivingChain.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (paths, _) = try Self.paths(folder)
    let gate = Gate()
    defer { gate.open() }
    let starting = try StartingChain(paths) {
      gate.pass()
      throw NodeError(.unusableDirectory, "nobody waits for this")
    }
    let running = Task { try await starting.run() }
    try await Task.sleep(for: .milliseconds(50))
    running.cancel()
    try await running.value
    #expect(starting.view == nil)
  }

  @Test("a log that does not open ends it with the reason")
  func unusable() async throws {
    let folder = try LivingChain.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (paths, _) = try Self.paths(folder)
    let starting = try StartingChain(paths) { throw NodeError(.unusableDirectory, "nothing here") }
    await #expect(throws: NodeError(.unusableDirectory, "")) { try await starting.run() }
  }
}
